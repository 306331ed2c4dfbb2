"""`steward policy import|list|test`; what concerns one document is in `policy_documents.py`."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from bot.cli.options import config_option, end_with, json_lines, load_or_exit, write_json
from bot.cli.policy_documents import VERBS
from bot.cli.policy_exchange import curated
from bot.cli.policy_questions import questions
from bot.cli.policy_store import day_or_exit, now_and_today, open_store
from bot.cli.policy_synonyms import synonyms
from bot.cli.policy_told import told
from bot.own_words import OwnWords
from bot.past import PastIndexes
from bot.vectors.console import sighted
from handlers.policy.documents.corpus import PREAMBLE, CorpusError, Regulation, parse_source, read_file
from handlers.policy.documents.doubts import Doubt
from handlers.policy.documents.importing import carry_out, plan
from handlers.policy.documents.ranks import rank_name
from handlers.policy.documents.tree import tree
from handlers.policy.finding.decision import Decision, decide
from handlers.policy.finding.in_force import resolve
from handlers.policy.finding.index import PolicyIndex
from storage.audit import AuditEntry
from storage.policies import DEFAULT_RANK, Document


@click.group("policy")
def policy() -> None:
    """规章：导入、列表、测试、负责人和起止日期 / regulations: import, list, test, owners and dates."""


for _verb in VERBS:
    policy.add_command(_verb)
policy.add_command(curated)
policy.add_command(questions)
policy.add_command(synonyms)


@policy.command("import")
@config_option
@click.option("--title", default="", help="文件名称，默认取正文标题 / title; default: the text's first line")
@click.option(
    "--effective", "begin", metavar="DATE", help="施行日期，默认取正文写的 / in force from; default: as the text says"
)
@click.option(
    "--until", "end", metavar="DATE", help="停用日期，导入旧版本时用 / in force until, for versions of the past"
)
@click.option("--replace", "only_one", is_flag=True, help="只按这一份作答 / make it the only one in force")
@click.option("--dry-run", is_flag=True, help="只看会怎样，不导入 / only show what it would do")
@click.option("--yes", is_flag=True, help="不再询问 / do not ask")
@click.argument("file", type=click.Path(path_type=Path))
def import_(
    config: Path | None,
    title: str,
    begin: str | None,
    end: str | None,
    only_one: bool,
    dry_run: bool,
    yes: bool,
    file: Path,
) -> None:
    """导入规章正文（.docx .pdf .html .md .txt），同名文件作为新版本 / import a regulation.

    在终端里先列出条款和拿不准的地方，问过再导入；在脚本里直接导入，拿不准的写到标准错误。/ A text under a title that is already
    there is a new version of it. On a terminal its articles are shown, with what was doubtful, and it asks; in a script it
    goes on, and what was doubtful goes to standard error. Exit status 0: imported; 2: bad input.
    """
    settings = load_or_exit(config)
    now, today = now_and_today(settings)
    effective = None if begin is None else day_or_exit("--effective", begin)
    repealed = None if end is None else day_or_exit("--until", end)
    regulation = _regulation_or_exit(file, title.strip())
    with open_store(settings) as store:
        planned = plan(
            regulation,
            store.policies,
            today,
            effective=effective,
            repealed=repealed,
            source_name=file.name,
            only_one=only_one,
        )
        is_asking = not yes and not dry_run and _is_terminal()
        for line in tree(regulation) if is_asking or dry_run else map(_doubt, regulation.doubts):
            click.echo(line, err=True)
        if dry_run or is_asking:
            for line in told(planned, today):
                click.echo(line, err=True)
        if dry_run:
            return
        if is_asking and not click.confirm("确定导入吗 / import it", err=True):
            end_with("没有导入 / nothing was imported")
        with store.database.transaction():
            done = carry_out(planned, store.policies, now, today)
            detail = f"version {done.document.version}, {done.count} articles, {len(done.inherited)} inherited"
            store.audit.add(AuditEntry(now, "cli", "policy import", done.document.title, detail))
    document = done.document
    click.echo(
        f"已导入《{document.title}》第 {document.version} 版，{done.count} 条 / "
        f"imported, version {document.version}, {done.count} articles",
        err=True,
    )
    for line in () if is_asking else told(planned, today, document.id):
        click.echo(line, err=True)


def _regulation_or_exit(file: Path, title: str) -> Regulation:
    try:
        return parse_source(read_file(file), title, file.name)
    except CorpusError as error:
        end_with(str(error) if str(error).startswith(str(file)) else f"{file}：{error}")


def _is_terminal() -> bool:
    """Somebody sits there who can be asked, and who sees the question."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _doubt(doubt: Doubt) -> str:
    return f"⚠ 第 {doubt.line} 行：{doubt.text} / doubtful" if doubt.line else f"⚠ {doubt.text} / doubtful"


@policy.command("list")
@config_option
@click.option("--json", "as_json", is_flag=True, help="每行一个 JSON / one JSON object a line")
def list_(config: Path | None, as_json: bool) -> None:
    """列出全部规章和版本，* 为现行 / all documents and versions, * marks those in force."""
    settings = load_or_exit(config)
    with open_store(settings) as store:
        today = now_and_today(settings)[1]
        counts = store.policies.article_counts(without=PREAMBLE)
        for document in store.policies.documents():
            count = counts.get(document.id, 0)
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
    with open_store(settings) as store:
        today = now_and_today(settings)[1]
        words = OwnWords(settings.synonyms_path).current
        index, past = PolicyIndex.load(store.policies, today, words()), PastIndexes(store.policies, words)
        index = sighted(index, store, settings.semantic, asked)
        for text in asked:
            then = resolve(text, today, store.policies, index, past.of)
            decision = decide(then.question, then.index, settings.policy.refusal_threshold)
            if as_json:
                write_json(_result(text, decision))
            else:
                click.echo(_result_line(text, decision))
    sys.stdout.flush()


def _is_file(argument: str) -> bool:
    """A question may be longer than any file name."""
    if argument.lower().endswith(".jsonl"):
        return True
    try:
        return Path(argument).is_file()
    except OSError:
        return False


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
        "id": document.id,
        "owner": document.owner,
        "rank": rank_name(document.rank),
        "superseded_by": document.superseded_by,
    }


def _as_line(document: Document, count: int, today: date) -> str:
    mark = "*" if document.is_in_force(today) else " "
    effective = "" if document.effective is None else f"，{document.effective} 起施行"
    repealed = "" if document.repealed is None else f"，{document.repealed} 停用"
    kind = "，要点" if document.is_digest else ""
    superseded = "" if document.superseded_by is None else f"，由 {document.superseded_by} 号取代"
    rank = "" if document.rank == DEFAULT_RANK else f"，{rank_name(document.rank)}"
    owner = "" if document.owner is None else f"，负责人 {document.owner}"
    return (
        f"{mark} {document.id} 号《{document.title}》第 {document.version} 版{effective}{repealed}{superseded}，"
        f"{count} 条{kind}{rank}{owner}"
    )


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
