"""`steward policy curated export|import`: answers that people wrote, as a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from bot.cli.options import config_option, end_with, load_or_exit
from bot.cli.policy_store import now_and_today, open_store
from bot.exports.curated import as_csv, as_toml
from bot.exports.files import put
from bot.imports.curated import Read, read
from bot.imports.tables import TableError
from handlers.policy.curated.exchange import Change, Plan, differences, line_of, plan
from handlers.policy.finding.index import PolicyIndex
from storage.audit import AuditEntry

_LONGEST_SHOWN = 30
_MOST_SHOWN = 200
"""Lines of what would change; of more there is only the count."""


@click.group("curated")
def curated() -> None:
    """人工问答：导出、导入 / answers that people wrote: export, import."""


@curated.command("export")
@config_option
@click.argument("file", type=click.Path(path_type=Path))
def export(config: Path | None, file: Path) -> None:
    """导出全部问答（.toml 或 .csv） / write all of them to a file, stopped ones too.

    Exit status 0: done; 2: bad usage, or the file cannot be written.
    """
    settings = load_or_exit(config)
    kinds = {".toml": as_toml, ".csv": as_csv}
    if file.suffix.lower() not in kinds:
        end_with(f"{file}：文件名要以 .toml 或 .csv 结尾 / must end in .toml or .csv")
    with open_store(settings) as store:
        lines = [line_of(answer, settings.scheduler.timezone) for answer in store.curated.all()]
    write_or_exit(file, kinds[file.suffix.lower()](lines))
    click.echo(f"已导出 {len(lines)} 条问答 / {len(lines)} answers exported", err=True)


@curated.command("import")
@config_option
@click.option("--dry-run", is_flag=True, help="只看会改什么，不导入 / only show what it would change")
@click.argument("file", type=click.Path(path_type=Path))
def import_(config: Path | None, dry_run: bool, file: Path) -> None:
    """导入问答（.toml .csv .xlsx）；有错就什么都不改 / take answers in; with anything wrong nothing is changed.

    文件里没写到的问答不受影响。/ Answers that the file does not name stay. Exit status 0: done; 2: bad input.
    """
    settings = load_or_exit(config)
    try:
        found = read(file)
    except TableError as error:
        end_with(str(error))
    with open_store(settings) as store, store.database.transaction():
        now, today = now_and_today(settings)
        policies = PolicyIndex.load(store.policies, today)
        planned = plan(found.lines, store.curated.all(), policies, now, settings.scheduler.timezone, "cli")
        if planned.wrong:
            _end_with_wrong(file, found, planned)
        if not dry_run:
            for change in planned.changes:
                if change.before is None:
                    store.curated.add(change.after)
                else:
                    store.curated.replace(change.after)
            added = sum(change.before is None for change in planned.changes)
            detail = f"{added} added, {len(planned.changes) - added} changed"
            store.audit.add(AuditEntry(now, "cli", "policy curated import", file.name, detail))
    for line in _told(planned, is_dry_run=dry_run):
        click.echo(line, err=True)


def write_or_exit(file: Path, data: bytes) -> None:
    """Write a file, or end the program with one line that says why not."""
    try:
        put(file, data)
    except OSError as error:
        end_with(f"{file}：写不了（{error.strerror}）/ cannot be written")


def _end_with_wrong(file: Path, found: Read, planned: Plan) -> None:
    lines = []
    for wrong in planned.wrong:
        chinese, _, english = found.places[wrong.line].partition(" / ")
        column = found.columns[wrong.column]
        lines.append(f"{file} {chinese}「{column}」：{wrong.reason} / {english}, {column}")
    end_with(*lines, f"有 {len(lines)} 处错误，什么都没有改 / nothing was changed")


def _told(planned: Plan, *, is_dry_run: bool) -> Iterator[str]:
    yield from map(_line, planned.changes[:_MOST_SHOWN])
    if len(planned.changes) > _MOST_SHOWN:
        yield f"…… 还有 {len(planned.changes) - _MOST_SHOWN} 条 / and more"
    added = sum(change.before is None for change in planned.changes)
    changed = len(planned.changes) - added
    begin = "会" if is_dry_run else "已"
    yield (
        f"{begin}新增 {added} 条，修改 {changed} 条，{planned.same} 条没变{'；没有导入' if is_dry_run else ''} / "
        f"{added} added, {changed} changed, {planned.same} the same{'; nothing was stored' if is_dry_run else ''}"
    )


def _line(change: Change) -> str:
    question = change.after.phrasings[0]
    shown = question if len(question) <= _LONGEST_SHOWN else question[:_LONGEST_SHOWN] + "…"
    if change.before is None:
        return f"+ 新增 / new：{shown}"
    return f"~ 问答 {change.after.id} / answer {change.after.id}：{'、'.join(differences(change))}：{shown}"
