"""`steward policy synonyms export|import`: the admins' own groups of words, as a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from bot.cli.options import config_option, end_with, load_or_exit
from bot.cli.policy_exchange import write_or_exit
from bot.cli.policy_store import now_and_today, open_store
from bot.exports.synonyms import BETWEEN, as_csv, as_toml
from bot.own_words import look_at
from bot.settings import Settings
from handlers.policy.finding.synonyms import Group, shipped
from storage.audit import AuditEntry

_MOST_SHOWN = 200
"""Lines of what would change; of more there is only the count."""


@click.group("synonyms")
def synonyms() -> None:
    """同义词：导出、导入 / words that stand for each other: export, import."""


@synonyms.command("export")
@config_option
@click.option("--shipped", "with_shipped", is_flag=True, help="连同自带的一起 / those that ship as well")
@click.argument("file", type=click.Path(path_type=Path))
def export(config: Path | None, with_shipped: bool, file: Path) -> None:
    """导出自己的同义词（.toml 或 .csv） / write your own groups to a file.

    Exit status 0: done; 2: bad usage, the groups are wrong, or the file cannot be written.
    """
    settings = load_or_exit(config)
    kinds = {".toml": as_toml, ".csv": as_csv}
    if file.suffix.lower() not in kinds:
        end_with(f"{file}：文件名要以 .toml 或 .csv 结尾 / must end in .toml or .csv")
    groups = (*_own(settings), *(shipped().groups if with_shipped else ()))
    write_or_exit(file, kinds[file.suffix.lower()](groups))
    click.echo(f"已导出 {len(groups)} 组 / {len(groups)} groups exported", err=True)


@synonyms.command("import")
@config_option
@click.option("--dry-run", is_flag=True, help="只看会改什么，不导入 / only show what it would change")
@click.argument("file", type=click.Path(path_type=Path))
def import_(config: Path | None, dry_run: bool, file: Path) -> None:
    """用文件里的同义词换掉自己原来的（.toml .csv .xlsx），马上用上 / put the file's groups in the place of your own.

    自带的不受影响，原文件里的注释不保留；有错就什么都不改。/ Those that ship stay; with anything wrong nothing is changed. Exit status
    0: done; 2: bad input.
    """
    settings = load_or_exit(config)
    path = settings.synonyms_path
    if path is None:
        end_with("[policy] synonyms 是空的，不知道写到哪里 / [policy] synonyms is empty: there is no file to write to")
    groups, problems = look_at(file)
    if problems:
        end_with(*problems, f"有 {len(problems)} 处错误，什么都没有改 / nothing was changed")
    known = {_row(group) for group in shipped().groups}
    new = tuple(dict.fromkeys(group for group in groups if _row(group) not in known))
    before = _own(settings)
    if not dry_run and new != before:
        with open_store(settings) as store, store.database.transaction():
            detail = f"{len(new)} groups, before {len(before)}"
            store.audit.add(AuditEntry(now_and_today(settings)[0], "cli", "policy synonyms import", file.name, detail))
            write_or_exit(path, as_toml(new))
    for line in _told(before, new, len(groups) - len(new), is_dry_run=dry_run):
        click.echo(line, err=True)


def _own(settings: Settings) -> tuple[Group, ...]:
    """The admins' own groups; ends the program where the file is wrong."""
    path = settings.synonyms_path
    if path is None or not path.exists():
        return ()
    groups, problems = look_at(path)
    if problems:
        end_with(*problems)
    return groups


def _told(before: tuple[Group, ...], new: tuple[Group, ...], known: int, *, is_dry_run: bool) -> Iterator[str]:
    taken, put = [one for one in before if one not in new], [one for one in new if one not in before]
    lines = [*(f"- {_shown(group)}" for group in taken), *(f"+ {_shown(group)}" for group in put)]
    yield from lines[:_MOST_SHOWN]
    if len(lines) > _MOST_SHOWN:
        yield f"…… 还有 {len(lines) - _MOST_SHOWN} 组 / and more"
    if known:
        yield f"{known} 组是自带的或重复的，不再收 / {known} groups ship already or are there twice"
    begin = "会" if is_dry_run else "已"
    same = len(new) - len(put)
    yield (
        f"{begin}新增 {len(put)} 组，去掉 {len(taken)} 组，{same} 组没变{'；没有导入' if is_dry_run else ''} / "
        f"{len(put)} added, {len(taken)} taken out, {same} the same{'; nothing was stored' if is_dry_run else ''}"
    )


def _shown(group: Group) -> str:
    return BETWEEN.join(group.words) + (f" → {group.means}" if group.means else "")


def _row(group: Group) -> tuple[frozenset[str], str]:
    return frozenset(group.words), group.means
