"""`steward forget`: take a person out of the database, as far as it is neither evidence nor still to be done."""

from __future__ import annotations

import secrets
from pathlib import Path

import click

from bot.cli.options import config_option, end_with, load_or_exit, open_or_exit
from bot.clock import SystemClock
from handlers import persons
from storage.audit import AuditEntry
from storage.database import Database
from storage.store import Store


@click.command("forget")
@config_option
@click.argument("person", metavar="STAFFID")
@click.option("--dry-run", is_flag=True, help="只看会怎样，不动 / only say what would happen")
@click.option("--yes", is_flag=True, help="不再询问 / do not ask")
def forget(config: Path | None, person: str, dry_run: bool, yes: bool) -> None:
    """删掉一个人的记录（工号 STAFFID），机器人运行中也可以 / forget a person, while the bot runs, too.

    先列出会删什么、匿名什么、保留什么和为什么，再问一次才动手。凭据和还没办完的会留下。/
    First says what is deleted, made anonymous and kept, and why; then asks. Evidence and what is not done yet stay.

    Exit status 0: done, or nothing is stored; 2: nothing was changed.
    """
    settings = load_or_exit(config)
    if not settings.database_path.exists():
        end_with(f"还没有数据库 {settings.database_path} / there is no database yet")
    with open_or_exit(settings) as database:
        forget_in(database, person, dry_run=dry_run, is_sure=yes)


def forget_in(database: Database, person: str, *, dry_run: bool, is_sure: bool, err: bool = False) -> None:
    """Say what would become of a person, with `err` on standard error, and after a yes let it be so."""
    store = Store(database)
    plan = store.persons.plan(person)
    if not plan:
        click.echo(persons.NOTHING, err=err)
        return
    for line in persons.planned(plan):
        click.echo(line, err=err)
    if person in store.staff.in_directory():
        click.echo(persons.STILL_HERE, err=err)
    if dry_run:
        return
    if not is_sure:
        _ask()
    # Made up, so that nobody can tell afterwards who it was, and what belongs together is still counted together.
    gone = f"已删除-{secrets.token_hex(4)}"
    with database.transaction():
        done = store.persons.forget(person, gone)
        store.audit.add(AuditEntry(SystemClock().now(), "cli", "forget person", gone, persons.summary(done)))
    click.echo("已完成；备份里的要等备份过期 / done; backups hold it until they expire", err=err)


def _ask() -> None:
    try:
        is_sure = click.confirm("做了就恢复不了，确定吗 / it cannot be undone: go on", err=True)
    except click.Abort:
        end_with("没有人回答，什么都没有动；确定的话加 --yes / nobody answered, nothing was changed: add --yes")
    if not is_sure:
        end_with("什么都没有动 / nothing was changed")
