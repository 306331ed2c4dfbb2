"""`steward study import|export`."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

import click

from bot.cli.options import config_option, end_with, load_or_exit, open_or_exit
from bot.clock import SystemClock
from bot.exports.workbooks import Sheet, write
from bot.imports.questions import read_questions
from bot.imports.wrong import TableError
from bot.settings import Settings
from handlers.cleanup.roster import Roster
from handlers.policy.finding.index import PolicyIndex
from handlers.study import report as study
from handlers.study.written import Written
from storage.audit import AuditEntry
from storage.quiz import Question
from storage.store import Store


@click.group("study")
def study_verbs() -> None:
    """学习与测验（五.4） / study and quizzes (五.4)."""


@study_verbs.command("import")
@config_option
@click.argument("file", type=click.Path(path_type=Path))
def import_(config: Path | None, file: Path) -> None:
    """导入测验题目（.csv .xlsx .toml） / import questions for quizzes.

    表格的列：条款 题干 A B C D E 答案，文件可省；TOML 里每道题一个 [[question]]：article、stem、options、answer，document 可省。
    有一处错就什么都不导入；已有的同一道题不重复。/ Columns or keys as named. With one mistake nothing is imported; a question that
    is there already is passed over.

    Exit status 0: imported; 2: bad input, nothing was imported.
    """
    settings = load_or_exit(config)
    try:
        found, bad = read_questions(file)
    except TableError as error:
        end_with(str(error))
    with open_or_exit(settings) as database:
        store, now = Store(database), SystemClock().now()
        index = PolicyIndex.load(store.policies, now.astimezone(settings.scheduler.timezone).date())
        questions: list[Question] = []
        for where, written in found:
            question, why = _resolved(written, index)
            bad += [f"{where}：{why}"] if why else []
            questions += [question] if question is not None else []
        if bad or not questions:
            more = () if bad else (f"{file}：没有题目 / there are no questions",)
            end_with(*bad, *more, "什么都没有导入 / nothing was imported")
        with database.transaction():
            new = [one for one in dict.fromkeys(questions) if not store.quiz.has(one)]
            numbers = [store.quiz.add(one, "cli", now) for one in new]
            store.audit.add(AuditEntry(now, "cli", "study import", file.name, f"{len(numbers)} questions"))
    shown = f"，编号 {numbers[0]}–{numbers[-1]}" if numbers else ""
    click.echo(f"已导入 {len(numbers)} 道题{shown} / imported", err=True)


def _resolved(written: Written, index: PolicyIndex) -> tuple[Question | None, str]:
    """The question on the article that is meant, or why there is none."""
    found = [one for one in index.named(written.article) if written.title in one[0].title]
    exact = [one for one in found if one[0].title == written.title]
    if len(found) != 1 and len(exact) != 1:
        what = f"《{written.title}》{written.article}" if written.title else written.article
        if found:
            return None, f"「{what}」几份文件都有，请写明文件 / several documents have it: name one"
        return None, f"没有「{what}」这一条 / there is no such article in force"
    document, article = (exact or found)[0]
    return Question(document.title, article.number, written.stem, written.options, written.answer), ""


@study_verbs.command("export")
@config_option
@click.option("--since", metavar="DATE", help="只要这一天以来的，如 2026-09-01 / only since this day")
@click.option("--counts-only", is_flag=True, help="不含人员明细 / without the people")
@click.argument("file", type=click.Path(path_type=Path))
def export(config: Path | None, since: str | None, counts_only: bool, file: Path) -> None:
    """导出学习台账（.xlsx）：部门进度、人员明细、题目 / export who has studied what.

    人员明细只写是否完成，没有任何人的对错；题目的答对比例满 5 人作答才写。已有的文件会被替换。/ The people's sheet says whether
    they have finished, nobody's results; the share of right answers stands where five or more answered. A file that is there
    is replaced.

    Exit status 0: written; 2: nothing was written.
    """
    settings = load_or_exit(config)
    if file.suffix.lower() != ".xlsx":
        end_with(f"{file}：文件名请以 .xlsx 结尾 / the name must end in .xlsx")
    begin = None if since is None else _begin(since, settings)
    with open_or_exit(settings) as database:
        store, now = Store(database), SystemClock().now()
        zone = settings.scheduler.timezone
        roster = Roster.load(store.staff, now.astimezone(zone).date())
        made = study.report(store, roster, zone, begin)
        sheets = [Sheet("部门进度", study.DEPARTMENT_HEADER, made.departments)]
        sheets += [] if counts_only else [Sheet("人员明细", study.PEOPLE_HEADER, made.people)]
        sheets.append(Sheet("题目", study.QUESTION_HEADER, made.questions))
        try:
            write(file, sheets)
        except OSError as error:
            end_with(f"{file}：写不了（{error.strerror}）/ cannot be written")
        detail = "counts" if counts_only else f"{len(made.people)} rows of people"
        store.audit.add(AuditEntry(now, "cli", "study export", file.name, detail))
    click.echo(f"已导出 / exported: {file}", err=True)


def _begin(text: str, settings: Settings) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), time(), settings.scheduler.timezone)
    except ValueError:
        end_with(f"--since {text}：不是日期，请写成 2026-09-01 / not a date, write it as 2026-09-01")
