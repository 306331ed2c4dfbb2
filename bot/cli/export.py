"""`steward export`: everything that is stored about a person."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bot.cli.forget import forget_in
from bot.cli.options import config_option, end_with, load_or_exit, open_or_exit
from bot.clock import SystemClock
from bot.exports.files import put
from bot.exports.person import as_data, as_json, as_zip
from handlers import persons
from storage.audit import AuditEntry
from storage.store import Store

_FORMATS = {".json": as_json, ".zip": as_zip}


@click.command("export")
@config_option
@click.option("--person", required=True, metavar="STAFFID", help="谁的：工号 / whose: the staff id")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="写到文件：.zip（带表格）或 .json；默认 JSON 写到标准输出 / .zip with tables, or .json; default: JSON on standard output",
)
@click.option("--forget", is_flag=True, help="导出后删掉，同 steward forget / afterwards forget them")
@click.option("--yes", is_flag=True, help="和 --forget 一起用：不再询问 / with --forget: do not ask")
def export(config: Path | None, person: str, output: Path | None, forget: bool, yes: bool) -> None:
    """导出存着的关于一个人的全部内容，机器人运行中也可以 / all that is stored about a person, while the bot runs, too.

    不含密钥和别人的编号；谁举报了谁，受保护。/ Without secrets and other people's ids; whoever reported is protected.

    Exit status 0: done, or nothing is stored; 2: nothing was written.
    """
    settings = load_or_exit(config)
    if output is not None and output.suffix.lower() not in _FORMATS:
        end_with(f"--output {output}：文件名要以 .zip 或 .json 结尾 / must end in .zip or .json")
    if not settings.database_path.exists():
        end_with(f"还没有数据库 {settings.database_path} / there is no database yet")
    now = SystemClock().now()
    with open_or_exit(settings) as database:
        store = Store(database)
        found = store.persons.found(person)
        data = as_data(person, found, now, settings.scheduler.timezone)
        if output is None:
            sys.stdout.buffer.write(as_json(data))
            sys.stdout.flush()
        else:
            try:
                put(output, _FORMATS[output.suffix.lower()](data))
            except OSError as error:
                end_with(f"{output}：写不了（{error.strerror}）/ cannot be written")
            for line in persons.counted(found):
                click.echo(line, err=True)
        click.echo(persons.NOT_WHOLE if found else persons.NOTHING, err=True)
        store.audit.add(AuditEntry(now, "cli", "export person", person, f"{sum(len(one.rows) for one in found)} rows"))
        if forget and found:
            forget_in(database, person, dry_run=False, is_sure=yes, err=True)
