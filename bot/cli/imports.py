"""`steward import staff|groups|members FILE`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from bot.cli.options import config_option, end_with, load_or_exit, open_or_exit
from bot.clock import SystemClock
from bot.imports import rosters
from bot.imports.tables import TableError, read_table
from storage.audit import AuditEntry
from storage.store import Store


@click.group("import")
def imports() -> None:
    """导入人员、群、群成员 / import people, groups, members."""


def _verb(
    name: str,
    summary: str,
    columns: Mapping[str, Sequence[str]],
    required: Sequence[Sequence[str]],
    take: Callable[..., rosters.Import],
) -> None:
    @imports.command(name, help=f"{summary}\n\n列 / columns: {' '.join(columns)}\n\nCSV (UTF-8, GB18030) or XLSX.")
    @config_option
    @click.option("--keep-good", is_flag=True, help="有坏行时仍收下好的行 / take the good rows in spite of bad ones")
    @click.argument("file", type=click.Path(path_type=Path))
    def verb(config: Path | None, keep_good: bool, file: Path) -> None:
        settings = load_or_exit(config)
        try:
            rows = read_table(file, columns, required)
        except TableError as error:
            end_with(str(error))
        with open_or_exit(settings) as database:
            store, now = Store(database), SystemClock().now()
            with database.transaction():
                result = take(rows, store, now, keep_good=keep_good)
                if keep_good or not result.bad:
                    store.audit.add(AuditEntry(now, "cli", f"import {name}", file.name, f"{result.good} rows"))
        for bad in result.bad:
            click.echo(f"{file} {bad}", err=True)
        if result.bad and not keep_good:
            end_with(
                f"有 {len(result.bad)} 处错误，什么都没有改；改好再来，或加 --keep-good 先收下其余 {result.good} 行 / "
                "nothing was changed"
            )
        click.echo(f"已导入 {result.good} 行 / imported", err=True)

    _keep: Any = verb


_verb(
    "staff",
    "导入人事档案，其中的状态优先于通讯录 / the personnel file, which overrules the directory",
    rosters.STAFF_COLUMNS,
    rosters.STAFF_REQUIRED,
    rosters.import_staff,
)
_verb(
    "groups",
    "导入群登记表 / the register of groups",
    rosters.GROUP_COLUMNS,
    rosters.GROUP_REQUIRED,
    rosters.import_groups,
)
_verb(
    "members",
    "导入群成员名单 / lists of members",
    rosters.MEMBER_COLUMNS,
    rosters.MEMBER_REQUIRED,
    rosters.import_members,
)
