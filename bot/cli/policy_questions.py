"""`steward policy questions export|import`: the questions by which articles are found, as a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import click

from bot.cli.options import config_option, end_with, load_or_exit
from bot.cli.policy_exchange import write_or_exit
from bot.cli.policy_store import now_and_today, open_store
from bot.exports.cells import csv_bytes
from bot.imports.article_questions import COLUMNS, Line, read
from bot.imports.tables import TableError
from handlers.policy.curated import found_by
from handlers.policy.curated.curating import CuratingError, checked_phrasing
from handlers.policy.documents.corpus import PREAMBLE
from handlers.policy.finding.index import PolicyIndex
from storage.audit import AuditEntry
from storage.policies import Article, Document
from storage.store import Store

_MOST_SHOWN = 200
"""Lines of what is wrong or left out; of more there is only the count."""


@dataclass(frozen=True, slots=True)
class _Ground:
    now: datetime
    today: date
    store: Store
    policies: PolicyIndex


class _WrongError(Exception):
    """A line cannot be taken; the text says why."""


@click.group("questions")
def questions() -> None:
    """常见问法：导出、导入 / the questions by which articles are found: export, import."""


@questions.command("export")
@config_option
@click.argument("file", type=click.Path(path_type=Path))
def export(config: Path | None, file: Path) -> None:
    """导出现行文件的常见问法（.csv），还没有问法的条款也列出来 / write the questions of what is in force, and what has none.

    Exit status 0: done; 2: bad usage, or the file cannot be written.
    """
    settings = load_or_exit(config)
    if file.suffix.lower() != ".csv":
        end_with(f"{file}：文件名要以 .csv 结尾 / must end in .csv")
    with open_store(settings) as store:
        articles = PolicyIndex.load(store.policies, now_and_today(settings)[1]).articles
    rows = [
        (document.title, article.number, question)
        for document, article in articles
        if article.questions or not article.number.startswith(PREAMBLE)
        for question in article.questions or ("",)
    ]
    write_or_exit(file, csv_bytes(COLUMNS, rows))
    count = sum(bool(question) for _, _, question in rows)
    click.echo(f"已导出 {count} 个问法 / {count} questions exported", err=True)


@questions.command("import")
@config_option
@click.option("--dry-run", is_flag=True, help="只看会加什么，不导入 / only show what it would add")
@click.argument("file", type=click.Path(path_type=Path))
def import_(config: Path | None, dry_run: bool, file: Path) -> None:
    """加常见问法（.csv .xlsx，列：文件、条款、问法）；只加不删，有错就什么都不改 / add questions; none is taken out.

    已经有的、在别的条款那里的不再加，会说一声。/ What an article has already, or another one has, is left out and told. With anything
    wrong nothing is changed. Exit status 0: done; 2: bad input.
    """
    settings = load_or_exit(config)
    try:
        lines = read(file)
    except TableError as error:
        end_with(str(error))
    with open_store(settings) as store, store.database.transaction():
        now, today = now_and_today(settings)
        ground = _Ground(now, today, store, PolicyIndex.load(store.policies, today))
        wanted = _wanted(lines, ground, file)
        told, added = list[str](), 0
        asked = found_by.all_asked(ground.policies)
        for (document, article), said in wanted:
            found = found_by.sort(said, document, article, ground, asked)
            for question, owner, other in found.elsewhere:
                told.append(f"没有加「{question}」：已经在《{owner.title}》{other.number} / another article has it")
            added += len(found.new)
            for question in found.new:
                asked.setdefault(found_by.plain(question), []).append((document, article))
            if not dry_run:
                found_by.add(found.new, document, article, "cli", ground, "import")
        if added and not dry_run:
            store.audit.add(AuditEntry(now, "cli", "policy questions import", file.name, f"{added} added"))
    total = sum(len(said) for _, said in wanted)
    for line in (*_first(told), _sum(added, total - added, is_dry_run=dry_run)):
        click.echo(line, err=True)


def _wanted(lines: list[Line], ground: _Ground, file: Path) -> list[tuple[tuple[Document, Article], list[str]]]:
    """The questions by article. Ends the program where a line names none, holds what is no question, or is one too many."""
    wanted: dict[tuple[int, str], tuple[tuple[Document, Article], list[str]]] = {}
    wrong: list[str] = []
    for line in lines:
        try:
            document, article = _article(line, ground.policies)
            said = wanted.setdefault((document.id, article.number), ((document, article), []))[1]
            said += [checked_phrasing(one) for one in line.questions]
        except (_WrongError, CuratingError) as error:
            wrong.append(f"{file} 第 {line.number} 行：{error} / line {line.number}")
    for (document, article), said in wanted.values():
        if len({*article.questions, *said}) > found_by.MOST_QUESTIONS:
            wrong.append(
                f"{file}《{document.title}》{article.number}：一条最多 {found_by.MOST_QUESTIONS} 个问法 / too many for one article"
            )
    if wrong:
        end_with(*_first(wrong), f"有 {len(wrong)} 处错误，什么都没有改 / nothing was changed")
    return [(one, list(dict.fromkeys(said))) for one, said in wanted.values()]


def _article(line: Line, index: PolicyIndex) -> tuple[Document, Article]:
    title = line.title.removeprefix("《").removesuffix("》")
    named = index.named(line.article)
    exact = [one for one in named if one[0].title == title]
    found = exact or [one for one in named if title in one[0].title]
    if not found:
        raise _WrongError(f"《{title}》里没有「{line.article}」这一条")
    if len(found) > 1:
        raise _WrongError(f"几份文件都有「{line.article}」，请写全文件名")
    return found[0]


def _first(lines: list[str]) -> Iterator[str]:
    yield from lines[:_MOST_SHOWN]
    if len(lines) > _MOST_SHOWN:
        yield f"…… 还有 {len(lines) - _MOST_SHOWN} 处 / and more"


def _sum(added: int, left: int, *, is_dry_run: bool) -> str:
    begin = "会" if is_dry_run else "已"
    return (
        f"{begin}加 {added} 个问法，{left} 个不用再加{'；没有导入' if is_dry_run else ''} / "
        f"{added} added, {left} left out{'; nothing was stored' if is_dry_run else ''}"
    )
