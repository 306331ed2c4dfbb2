"""Curated answers as lines of a file: what an import would add and change, and what is wrong with it. Reads only.

A line with a number is that answer; one without is the answer that has one of its questions word for word, else a new one.
Answers that the file does not name stay as they are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, tzinfo

from handlers.policy.curated.curating import (
    MOST_PHRASINGS,
    CuratingError,
    checked_answer,
    checked_phrasing,
)
from handlers.policy.curated.matching import article_named, link_to
from handlers.policy.curated.settling import MOST_LINKS
from handlers.policy.documents.dates import date_in
from handlers.policy.documents.naming import is_number
from handlers.policy.finding.index import PolicyIndex
from handlers.policy.normalise import fold
from storage.curated import CuratedAnswer, CuratedState, Link

COLUMNS = ("编号", "问法", "答案", "条款", "状态", "复核日期")
"""What each line has; in TOML the keys are `KEYS`, in the same order."""
KEYS = ("number", "questions", "answer", "articles", "state", "reviewed")
STATES: dict[str, CuratedState] = {"在用": "given", "停用": "stopped", "given": "given", "stopped": "stopped"}
_ARTICLE = re.compile(r"(?:《(.{1,200}?)》)?\s*(\S{1,40})")


@dataclass(frozen=True, slots=True)
class Line:
    """One answer as a file has it. All texts are as they were written."""

    number: str
    questions: tuple[str, ...]
    answer: str
    articles: tuple[str, ...]
    """`《文件》五.8`, or the number alone where only one document has it."""
    state: str
    reviewed: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """What cannot be taken: of which line (the first is 0), in which column, and why."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Change:
    """An answer that would be stored. `before` is None for a new one."""

    before: CuratedAnswer | None
    after: CuratedAnswer


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do; with anything wrong, it does nothing."""

    changes: tuple[Change, ...]
    same: int
    """Lines that say what is already so."""
    wrong: tuple[Wrong, ...]


@dataclass(frozen=True, slots=True)
class _WrongError(Exception):
    column: str
    reason: str


def line_of(answer: CuratedAnswer, zone: tzinfo) -> Line:
    """An answer as it is written into a file."""
    return Line(
        number=str(answer.id),
        questions=answer.phrasings,
        answer=answer.answer,
        articles=tuple(f"《{link.document}》{link.article}" for link in answer.links),
        state="在用" if answer.state == "given" else "停用",
        reviewed=answer.reviewed_at.astimezone(zone).date().isoformat(),
    )


def plan(
    lines: Sequence[Line],
    existing: Iterable[CuratedAnswer],
    policies: PolicyIndex,
    now: datetime,
    zone: tzinfo,
    by: str,
) -> Plan:
    """What these lines would do to what there is."""
    known = {answer.id: answer for answer in existing}
    by_question = {fold(question): answer.id for answer in known.values() for question in answer.phrasings}
    changes: list[Change] = []
    wrong: list[Wrong] = []
    same = 0
    targets: Counter[int] = Counter()
    asked: dict[str, int] = {}
    for place, line in enumerate(lines):
        try:
            before = _before(line, known, by_question)
            after = _after(line, before, policies, now, zone, by)
            _refuse_again(after, before, asked, by_question, place, targets)
        except _WrongError as error:
            wrong.append(Wrong(place, error.column, error.reason))
            continue
        if before is not None and _says(before) == _says(after):
            same += 1
        else:
            changes.append(Change(before, after))
    return Plan(tuple(changes), same, tuple(wrong))


def _before(line: Line, known: dict[int, CuratedAnswer], by_question: dict[str, int]) -> CuratedAnswer | None:
    number = line.number.strip()
    if number:
        if not number.isdecimal() or int(number) not in known:
            raise _WrongError("编号", f"没有问答「{number[:20]}」；新的请留空")
        return known[int(number)]
    found = next((by_question[fold(one.strip())] for one in line.questions if fold(one.strip()) in by_question), None)
    return None if found is None else known[found]


def _after(
    line: Line, before: CuratedAnswer | None, policies: PolicyIndex, now: datetime, zone: tzinfo, by: str
) -> CuratedAnswer:
    questions = tuple(dict.fromkeys(_checked("问法", checked_phrasing, one) for one in line.questions if one.strip()))
    if not questions:
        raise _WrongError("问法", "没有填，至少写一个问题")
    if len(questions) > MOST_PHRASINGS:
        raise _WrongError("问法", f"最多 {MOST_PHRASINGS} 个")
    links = tuple(dict.fromkeys(_link(one, before, policies) for one in line.articles if one.strip()))
    if len(links) > MOST_LINKS:
        raise _WrongError("条款", f"最多 {MOST_LINKS} 条")
    state = STATES.get(line.state.strip() or "在用")
    if state is None:
        raise _WrongError("状态", f"认不出「{line.state[:20]}」，请写 在用 或 停用")
    reviewed = _reviewed(line.reviewed, now, zone)
    return CuratedAnswer(
        id=0 if before is None else before.id,
        answer=_checked("答案", checked_answer, line.answer),
        phrasings=questions,
        links=links,
        document=links[0].document if links else None if before is None else before.document,
        state=state,
        author=by if before is None else before.author,
        created_at=now if before is None else before.created_at,
        reviewed_by=by,
        reviewed_at=(reviewed or now) if before is None else now,
    )


def _link(written: str, before: CuratedAnswer | None, policies: PolicyIndex) -> Link:
    found = _ARTICLE.fullmatch(written.strip())
    if found is None or not (is_number(fold(found[2])) or policies.named(found[2])):
        raise _WrongError("条款", f"看不懂「{written[:30]}」，请写成《文件》五.8")
    title, number = found[1], found[2]
    kept = [one for one in (before.links if before else ()) if (one.document, one.article) == (title, number)]
    if kept:
        return kept[0]  # as it read when it was reviewed
    named = policies.named(number)
    if title is None:
        if len(named) > 1:
            raise _WrongError("条款", f"几份文件都有「{number}」，请写成《文件》{number}")
        if named:
            return link_to(*named[0])
    else:
        article = article_named(number, title, policies)
        if article is not None:
            return link_to(*article)
    raise _WrongError("条款", f"现行文件里没有「{written.strip()[:60]}」这一条")


def _refuse_again(
    after: CuratedAnswer,
    before: CuratedAnswer | None,
    asked: dict[str, int],
    by_question: dict[str, int],
    place: int,
    targets: Counter[int],
) -> None:
    """The same question, and the same answer, may be there once only."""
    if before is not None and targets[before.id]:
        raise _WrongError("编号", f"问答 {before.id} 在文件里出现了两次")
    for question in map(fold, after.phrasings):
        owner = by_question.get(question)
        if question in asked and asked[question] != place:
            raise _WrongError("问法", "同一个问题在文件里出现了两次")
        if owner is not None and owner != after.id:
            raise _WrongError("问法", f"问答 {owner} 已经有这个问题了，请改那一条")
        asked[question] = place
    if before is not None:
        targets[before.id] += 1


def _reviewed(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    if not text.strip():
        return None
    day = date_in(text)
    if day is None or day > now.astimezone(zone).date():
        raise _WrongError("复核日期", f"「{text.strip()[:20]}」不是过去的日期，请写成 2026-09-01，或留空")
    return datetime.combine(day, time(12), zone)


def _checked(column: str, check: Callable[[str], str], text: str) -> str:
    try:
        return check(text)
    except CuratingError as error:
        raise _WrongError(column, str(error)) from error


def _says(answer: CuratedAnswer) -> tuple[object, ...]:
    return (answer.answer, answer.phrasings, answer.links, answer.state)


def differences(change: Change) -> tuple[str, ...]:
    """The columns in which an answer would change; all of them for a new one."""
    before, after = change.before, change.after
    if before is None:
        return ()
    pairs = (
        ("问法", before.phrasings, after.phrasings),
        ("答案", before.answer, after.answer),
        ("条款", before.links, after.links),
        ("状态", before.state, after.state),
    )
    return tuple(name for name, old, new in pairs if old != new)
