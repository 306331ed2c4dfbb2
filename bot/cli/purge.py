"""`steward purge`: forget now what has been kept long enough, and give the space back."""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import date, datetime, time, timedelta
from pathlib import Path

import click

from bot.cli.options import config_option, end_with, load_or_exit, open_or_exit
from bot.clock import SystemClock
from bot.settings import Settings
from handlers import retention
from storage.audit import AuditEntry
from storage.database import Database, DatabaseError
from storage.lock import AlreadyInUseError, ProcessLock
from storage.retention import Before, Forgotten
from storage.store import Store

ROWS_A_STEP = 1000
"""Each deletion is a transaction of its own, so that a running bot waits for some milliseconds at most."""
_LEAST_AGE = timedelta(days=1)


@click.command("purge")
@config_option
@click.option(
    "--before", metavar="DATE", help="改按这一天以前，如 2026-09-01；默认按 [privacy] / everything before this day"
)
@click.option("--dry-run", is_flag=True, help="只看会删多少，不删 / only say how much would go")
@click.option("--yes", is_flag=True, help="用了 --before 也不再询问 / do not ask, even with --before")
def purge(config: Path | None, before: str | None, dry_run: bool, yes: bool) -> None:
    """删除超过保留期限的记录，机器人运行中也可以 / delete what is older than the retention says, while the bot runs, too.

    规则与每晚自动做的一样：收发记录、问过的问题、内容提醒；还没办完的、清理的答复和操作记录不删。机器人停着的时候，数据库文件也会变小。/
    The rules are those of every night: messages, questions, flags; what is not dealt with yet, answers of the clean-up
    and the audit stay. While the bot is stopped the file shrinks, too.

    Exit status 0: done; 2: nothing was deleted.
    """
    settings = load_or_exit(config)
    now = SystemClock().now()
    old = retention.limits(settings, now) if before is None else _limits_at(settings, now, before)
    if not settings.database_path.exists():
        end_with(f"还没有数据库 {settings.database_path} / there is no database yet")
    with open_or_exit(settings) as database:
        found = Store(database).retention.count(old)
        click.echo(f"{_since(settings, old)}：{_words(found)}")
        if dry_run:
            return
        if before is not None and found and not yes:
            _ask()
        forgotten = _forget(database, old, now)
    click.echo(f"已删除 / deleted: {_words(forgotten)}")
    _shrink(settings)


def _limits_at(settings: Settings, now: datetime, text: str) -> Before:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        end_with(f"--before {text}：不是日期，请写成 2026-09-01 / not a date, write it as 2026-09-01")
    moment = datetime.combine(day, time(), settings.scheduler.timezone)
    if moment > now - _LEAST_AGE:
        end_with(
            f"--before {text}：最近一天的要留着，钉钉重发时才认得出 / the last day is kept, so that what DingTalk delivers "
            "again is known"
        )
    return retention.limits_at(settings, now, moment)


def _ask() -> None:
    try:
        is_sure = click.confirm("删了就没有了，确定吗 / they will be gone: go on", err=True)
    except click.Abort:
        end_with("没有人回答，什么都没有删；确定的话加 --yes / nobody answered, nothing was deleted: add --yes")
    if not is_sure:
        end_with("什么都没有删 / nothing was deleted")


def _forget(database: Database, old: Before, now: datetime) -> Forgotten:
    store, total = Store(database), Forgotten()
    while step := store.retention.forget(old, ROWS_A_STEP):
        total += step
    if total:
        store.audit.add(AuditEntry(now, "cli", "purge", detail=retention.detail(total)))
    return total


def _shrink(settings: Settings) -> None:
    """Write the file anew without its holes. Nobody else may have it open meanwhile."""
    path = settings.database_path
    try:
        lock = ProcessLock(path)
    except (AlreadyInUseError, DatabaseError):
        click.echo(
            "机器人在运行：空出的地方会接着用，文件不变小；要变小，停下机器人再执行一次 / the bot is running: the space is used "
            "again; to shrink the file, stop the bot and purge once more",
            err=True,
        )
        return
    with contextlib.ExitStack() as opened:
        opened.callback(lock.release)
        before = path.stat().st_size
        with open_or_exit(settings) as database:
            database.connection.execute("pragma busy_timeout = 500")
            try:
                database.connection.execute("vacuum")
            except sqlite3.OperationalError as error:  # another command has it open, or the disk is full
                click.echo(f"文件没有变小（{error}）/ the file did not shrink", err=True)
                return
        click.echo(f"文件 / file: {before / 1e6:.1f} → {path.stat().st_size / 1e6:.1f} MB")


def _since(settings: Settings, old: Before) -> str:
    zone = settings.scheduler.timezone
    messages, flags = old.messages.astimezone(zone), old.flags.astimezone(zone)
    return f"收发记录早于 {messages:%Y-%m-%d}、内容提醒早于 {flags:%Y-%m-%d} 的 / older than this"


def _words(forgotten: Forgotten) -> str:
    return f"收发记录 {forgotten.messages}、内容提醒 {forgotten.flags}、内部记录 {forgotten.notes} / {retention.detail(forgotten)}"
