"""`steward policy import|list|test`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import click

from bot.cli.options import config_option, end_with, json_lines, load_or_exit, open_or_exit, write_json
from bot.clock import SystemClock
from bot.settings import Settings
from handlers.policy import shipped
from handlers.policy.corpus import CorpusError, count_of, parse, read_text
from handlers.policy.decision import Decision, decide
from handlers.policy.importing import Imported, take_in
from handlers.policy.index import PolicyIndex
from storage.audit import AuditEntry
from storage.policies import Document
from storage.store import Store


@click.group("policy")
def policy() -> None:
    """规章：导入、列表、测试 / regulations: import, list, test."""


@policy.command("import")
@config_option
@click.option("--title", default="", help="文件名称，默认取正文标题 / title; default: the text's first line")
@click.option("--effective", "day", default=None, metavar="DATE", help="施行日期，如 2026-09-01 / in force from")
@click.option("--replace", "only_one", is_flag=True, help="只按这一份作答 / make it the only one in force")
@click.argument("file", type=click.Path(path_type=Path))
def import_(config: Path | None, title: str, day: str | None, only_one: bool, file: Path) -> None:
    """导入规章正文（.txt .md，UTF-8 或 GB18030），同名文件作为新版本 / import a regulation.

    A text under a title that is already there is a new version of it. Exit status 0: imported; 2: bad input.
    """
    settings = load_or_exit(config)
    effective = None if day is None else _day_or_exit(day)
    try:
        regulation = parse(read_text(file), title.strip())
    except CorpusError as error:
        end_with(str(error) if str(error).startswith(str(file)) else f"{file}：{error}")
    with _store(settings) as store, store.database.transaction():
        now, today = _now(settings)
        done = take_in(
            regulation,
            store.policies,
            now,
            today,
            effective=effective,
            source_name=file.name,
            only_one=only_one,
        )
        detail = f"version {done.document.version}, {done.count} articles, {len(done.inherited)} inherited"
        store.audit.add(AuditEntry(now, "cli", "policy import", done.document.title, detail))
    for line in _told(done, today):
        click.echo(line, err=True)


@policy.command("list")
@config_option
@click.option("--json", "as_json", is_flag=True, help="每行一个 JSON / one JSON object a line")
def list_(config: Path | None, as_json: bool) -> None:
    """列出全部规章和版本，* 为现行 / all documents and versions, * marks those in force."""
    settings = load_or_exit(config)
    with _store(settings) as store:
        _, today = _now(settings)
        for document in store.policies.documents():
            count = count_of(store.policies.articles(document.id))
            if as_json:
                write_json(_as_json(document, count, today))
            else:
                click.echo(_as_line(document, count, today))
    sys.stdout.flush()


@policy.command("test")
@config_option
@click.option("--json", "as_json", is_flag=True, help="每行一个 JSON / one JSON object a line")
@click.argument("question", metavar="QUESTION|FILE.jsonl")
def test(config: Path | None, as_json: bool, question: str) -> None:
    """试问题：一句话，或每行 {"question": …} 的文件 / what questions would get; offline, sends nothing.

    Exit status 0: done; 2: bad input.
    """
    settings = load_or_exit(config)
    asked = [text for _, text in json_lines(Path(question), "question")] if _is_file(question) else [question]
    with _store(settings) as store:
        index = PolicyIndex.load(store.policies, _now(settings)[1])
    for text in asked:
        decision = decide(text, index, settings.policy.refusal_threshold)
        if as_json:
            write_json(_result(text, decision))
        else:
            click.echo(_result_line(text, decision))
    sys.stdout.flush()


def _day_or_exit(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        end_with(f"--effective {text}：不是日期，请写成 2026-09-01 / not a date, write it as 2026-09-01")


def _is_file(argument: str) -> bool:
    """A question may be longer than any file name."""
    if argument.lower().endswith(".jsonl"):
        return True
    try:
        return Path(argument).is_file()
    except OSError:
        return False


@contextmanager
def _store(settings: Settings) -> Iterator[Store]:
    """The database; a new one has the digest that ships."""
    with open_or_exit(settings) as database:
        store = Store(database)
        shipped.install_if_empty(store, SystemClock().now())
        yield store


def _now(settings: Settings) -> tuple[datetime, date]:
    now = SystemClock().now()
    return now, now.astimezone(settings.scheduler.timezone).date()


def _told(done: Imported, today: date) -> Iterator[str]:
    document = done.document
    yield (
        f"已导入《{document.title}》第 {document.version} 版，{done.count} 条 / "
        f"imported, version {document.version}, {done.count} articles"
    )
    if document.effective is not None and document.effective > today:
        yield f"{document.effective} 起施行，在那以前仍按原来的作答 / in force from {document.effective}"
    for old in done.superseded:
        yield f"取代《{old.title}》第 {old.version} 版 / takes the place of version {old.version}"
    if done.superseded:
        yield (
            f"{len(done.inherited)} 条编号和内容对得上，沿用了原来的常见问法 / "
            f"{len(done.inherited)} articles inherited their questions"
        )


def _as_json(document: Document, count: int, today: date) -> dict[str, object]:
    return {
        "title": document.title,
        "version": document.version,
        "in_force": document.is_in_force(today),
        "effective": None if document.effective is None else document.effective.isoformat(),
        "repealed": None if document.repealed is None else document.repealed.isoformat(),
        "digest": document.is_digest,
        "articles": count,
        "source": document.source_name,
    }


def _as_line(document: Document, count: int, today: date) -> str:
    mark = "*" if document.is_in_force(today) else " "
    effective = "" if document.effective is None else f"，{document.effective} 起施行"
    repealed = "" if document.repealed is None else f"，{document.repealed} 停用"
    kind = "，要点" if document.is_digest else ""
    return f"{mark} 《{document.title}》第 {document.version} 版{effective}{repealed}，{count} 条{kind}"


def _result(question: str, decision: Decision) -> dict[str, object]:
    """A refused question names its nearest articles too; `answered` says that they would not be shown as the answer."""
    return {
        "question": question,
        "answered": decision.is_answered,
        "document": decision.hits[0].document.title if decision.hits else None,
        "articles": [hit.article.number for hit in decision.hits[:3]],
        "score": round(decision.score, 4),
    }


def _result_line(question: str, decision: Decision) -> str:
    verdict = "作答" if decision.is_answered else "不作答"
    near = "、".join(f"{hit.article.number}（{hit.confidence:.0%}）" for hit in decision.hits[:3]) or "没有沾边的条款"
    return f"{verdict}\t{question}\t{near}"
