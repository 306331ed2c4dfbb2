"""`steward restore`: a backup becomes the database again."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import click

from bot.cli.options import config_option, end_with, load_or_exit
from bot.clock import SystemClock
from bot.settings import Settings
from storage.audit import AuditEntry
from storage.backup import BackupError, Contents, companions
from storage.database import Database, DatabaseError
from storage.lock import AlreadyInUseError, ProcessLock
from storage.restore import Settled, exchange, is_in_use, settle, take_in
from storage.store import Store

OPEN_IN_BACKUP = "备份时还没有办完，之后可能已经办过，为免重复不再自动办理"
"""What is told about rows that were open in the backup."""


@click.command("restore")
@config_option
@click.option("--yes", is_flag=True, help="不再询问 / do not ask")
@click.option(
    "--send-queued",
    is_flag=True,
    help="备份里没办完的照常办；仅当备份之后机器人没有再运行过 / do what was open in the backup; only if the bot has not "
    "run since",
)
@click.argument("file", type=click.Path(path_type=Path))
def restore(config: Path | None, yes: bool, send_queued: bool, file: Path) -> None:
    """用备份换掉数据库，要先停下机器人 / put a backup in the database's place; stop the bot first.

    现在的数据库不会删，另存在旁边。备份之后收过的消息、发过的提醒、到过的定时，能从现在的数据库里查到的都带过来，不会再办一遍；查不到的先搁置。
    / The present database is not deleted but put aside. Messages, reminders and schedules since the backup are taken over
    from it as far as it can be read, and not done again; what nobody can tell is parked.

    Exit status 0: restored; 2: nothing was changed.
    """
    settings = load_or_exit(config)
    try:
        lock = ProcessLock(settings.database_path)
    except (AlreadyInUseError, DatabaseError) as error:
        end_with(str(error))
    name = settings.database_path.name
    part, look = (settings.database_path.with_name(f"{name}.{suffix}") for suffix in ("restoring", "present"))
    try:
        _restore(settings, file, part, look, is_sure=yes, resume=send_queued)
    except (BackupError, DatabaseError) as error:
        end_with(str(error))
    except (OSError, sqlite3.Error) as error:
        end_with(f"没有恢复成，现在的数据库没有动（{error}）/ not restored, the present database is as it was")
    finally:
        for leftover in (part, *companions(part), look, *companions(look)):
            with contextlib.suppress(OSError):
                leftover.unlink(missing_ok=True)
        lock.release()


def _restore(settings: Settings, file: Path, part: Path, look: Path, *, is_sure: bool, resume: bool) -> None:
    """Work on copies, `part` of the backup and `look` of the present database, until all is ready."""
    path, now, zone = settings.database_path, SystemClock().now(), settings.scheduler.timezone
    aside = path.with_name(f"{path.name}.before-restore-{now.astimezone(zone):%Y%m%d-%H%M%S}")
    if not file.is_file():
        why = "不是文件 / is no file" if file.exists() else "没有这个文件 / there is no such file"
        raise BackupError(f"{file}：{why}")
    if path.exists() and path.samefile(file):
        raise BackupError(f"{file} 就是现在的数据库 / is the present database itself")
    contents = take_in(file, part)
    present = _present(path, look)
    if path.exists() and not is_sure:
        known = "读不了 / unreadable" if present is None else present.told(zone)
        _ask(f"{file}（{contents.told(zone)}）", f"{path}（{known}）", aside)
    with Database(part) as database:
        detail = "--send-queued" if resume else ""
        Store(database).audit.add(AuditEntry(now, "cli", "restore", file.name, detail))
        settled = settle(database, look if present else None, now, OPEN_IN_BACKUP, resume=resume)
    had_one = path.exists()
    exchange(part, path, aside)
    _tell(f"{file}（{contents.told(zone)}）", aside if had_one else None, settled)


def _present(path: Path, look: Path) -> Contents | None:
    """What the present database holds; None where there is none that can be read. Raises `BackupError` when in use.

    A damaged one is never opened itself: SQLite might clear away what could still be rescued.
    """
    if not path.exists():
        return None
    try:
        contents = take_in(path, look)
    except BackupError as error:
        click.echo(f"现在的数据库读不了，里面的没法带过来：{error} / the present database cannot be read", err=True)
        return None
    if is_in_use(path):
        raise BackupError(
            f"{path} 正被别的程序或命令打开着，等它结束再来 / something has it open: try again when that has ended"
        )
    return contents


def _ask(backup: str, present: str, aside: Path) -> None:
    lines = [
        f"要恢复的备份 / the backup: {backup}",
        f"现在的数据库 / the present one: {present}",
        f"备份之后的登记、答复、规则等改动都会没有；现在的会另存为 / changes since are lost; it is kept as {aside.name}",
    ]
    click.echo("\n".join(lines), err=True)
    try:
        is_sure = click.confirm("确定恢复吗 / restore", err=True)
    except click.Abort:
        end_with("没有人回答，什么都没有改；确定的话加 --yes / nobody answered, nothing was changed: add --yes")
    if not is_sure:
        end_with("什么都没有改 / nothing was changed")


def _tell(backup: str, aside: Path | None, settled: Settled) -> None:
    click.echo(f"已恢复 / restored: {backup}")
    if aside is not None:
        click.echo(f"原来的数据库另存为 / the database before is kept as {aside}", err=True)
    if settled.known or settled.done:
        click.echo(
            f"备份之后收到的 {settled.known} 条都认得，不会答两遍；办过的 {settled.done} 件不会再办 / what was taken in and done "
            "since is known and not done twice",
            err=True,
        )
    if settled.parked:
        click.echo(
            f"备份时没办完的 {settled.parked} 件已搁置，用 /自检 搁置 查看 / what was open in the backup is parked",
            err=True,
        )
