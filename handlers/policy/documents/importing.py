"""A new document, or a new version of one: from when it holds, what it takes the place of, which questions it inherits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from handlers.policy.documents.corpus import PREAMBLE, Regulation, count_of
from handlers.policy.documents.dates import effective_in
from handlers.policy.documents.inheriting import inherit
from handlers.policy.documents.overlaps import Overlap, overlaps
from handlers.policy.normalise import fold
from storage.policies import DEFAULT_RANK, Article, Document, Policies

DIGEST_MARK = "（要点）"
"""Stands in the title of a digest, but not in that of the official text."""
LEAST_ALIKE = 0.5
"""Share of the articles that agree with a digest's, from which on the digest is taken to be of this very regulation."""
_EDITION = re.compile(r"[（(][^（）()]{0,20}(?:修订|修正|修改|试行|暂行|要点)[^（）()]{0,10}[）)]")
"""What two versions of a title may differ in: `（试行）`, `（2024年修订）`."""
_REPEALS = re.compile(
    r"(?:《[^《》\n]{2,60}》(?:[（(][^（）()\n]{0,40}[）)])?[、,，和及与]?){1,8}[^。；;《》\n]{0,12}废止"
)
_TITLES = re.compile(r"《([^《》\n]{2,60})》")


@dataclass(frozen=True, slots=True)
class Changes:
    """In what a version differs from the one before it: numbers of articles, in order. All empty: not a word differs."""

    reworded: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.reworded or self.added or self.removed)


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import is going to do."""

    document: Document
    """With the title, dates, owner and rank that it will have, not yet stored."""
    articles: tuple[Article, ...]
    inherited: tuple[str, ...]
    """Numbers of the articles that take over the questions and the summary of an article before them."""
    needing: tuple[str, ...]
    """Numbers of those that have no questions of their own yet, though the document before has some."""
    superseded: tuple[Document, ...]
    """What the document takes the place of, at once or on the day on which it comes into force."""
    replaced: tuple[Document, ...] = ()
    """What goes out of force with `only_one`, though it is about something else."""
    overlaps: tuple[Overlap, ...] = ()
    """Which articles speak of the same matter as which of other documents in force."""
    said: str = ""
    """The words of the text that name the effective date, where nobody gave one."""
    changes: Changes | None = None
    """What differs from the version before; None where there is none, or only a digest."""

    @property
    def count(self) -> int:
        """How many numbered articles there are."""
        return count_of(self.articles)

    @property
    def newer(self) -> Document | None:
        """One that it takes the place of, though that has the later date: perhaps this is an old version."""
        begins = self.document.effective
        return next(
            (one for one in self.superseded if begins and one.effective and one.effective > begins),
            None,
        )


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    document: Document
    plan: Plan

    @property
    def articles(self) -> tuple[Article, ...]:
        """As they were stored."""
        return self.plan.articles

    @property
    def inherited(self) -> tuple[str, ...]:
        """See `Plan.inherited`."""
        return self.plan.inherited

    @property
    def superseded(self) -> tuple[Document, ...]:
        """Everything that goes out of force by it."""
        return (*self.plan.superseded, *self.plan.replaced)

    @property
    def count(self) -> int:
        """How many numbered articles there are."""
        return self.plan.count


def plan(
    regulation: Regulation,
    policies: Policies,
    today: date,
    *,
    effective: date | None = None,
    repealed: date | None = None,
    source_name: str = "",
    only_one: bool = False,
) -> Plan:
    """What importing a regulation would do; nothing is changed.

    It takes the place of what has the same title, of what it says to repeal (`原《…》同时废止`), of a digest of it, and of
    everything if `only_one`; what is `repealed` already takes no place. Without `effective` the day counts that the text itself names. Owner and rank go on.
    """
    found = None if effective is not None else effective_in(article.text for article in regulation.articles)
    living = [] if repealed is not None and repealed <= today else policies.documents()
    living = [one for one in living if not one.is_over(today)]
    texts = {one.id: policies.articles(one.id) for one in living}
    ended = {_bare(regulation.title), *map(_bare, repealed_in(regulation.articles))}
    superseded = [
        one
        for one in living
        if _bare(one.title) in ended or (one.is_digest and _is_alike(regulation.articles, texts[one.id]))
    ]
    others = [one for one in living if one not in superseded]
    articles, inherited = inherit(regulation.articles, [texts[one.id] for one in superseded])
    has_questions = any(article.questions for one in superseded for article in texts[one.id])
    before = next((one for one in superseded if one.is_in_force(today)), None)
    previous = next(
        (one for one in superseded if one.is_in_force(today) and _bare(one.title) == _bare(regulation.title)), None
    )
    if previous is not None and previous.is_digest:
        previous = None  # in other words throughout
    return Plan(
        document=Document(
            regulation.title,
            effective=effective if found is None else found.day,
            repealed=repealed,
            source_name=source_name,
            owner=None if before is None else before.owner,
            rank=DEFAULT_RANK if before is None else before.rank,
        ),
        articles=tuple(articles),
        inherited=tuple(inherited),
        needing=tuple(
            article.number
            for article in articles
            if has_questions and not article.questions and not article.number.startswith(PREAMBLE)
        ),
        superseded=tuple(superseded),
        replaced=tuple(others) if only_one else (),
        overlaps=()
        if only_one
        else tuple(overlaps(articles, [(one, texts[one.id]) for one in others if one.is_in_force(today)])),
        said="" if found is None else found.said,
        changes=None if previous is None else _changes(texts[previous.id], regulation.articles),
    )


def carry_out(planned: Plan, policies: Policies, now: datetime, today: date) -> Imported:
    """Store what was planned."""
    document = policies.add(
        planned.document,
        planned.articles,
        now,
        today=today,
        supersedes=[one.id for one in planned.superseded],
        replaces=[one.id for one in planned.replaced],
    )
    return Imported(document, planned)


def take_in(
    regulation: Regulation,
    policies: Policies,
    now: datetime,
    today: date,
    *,
    effective: date | None = None,
    repealed: date | None = None,
    source_name: str = "",
    only_one: bool = False,
) -> Imported:
    """Plan an import, and carry it out."""
    planned = plan(
        regulation,
        policies,
        today,
        effective=effective,
        repealed=repealed,
        source_name=source_name,
        only_one=only_one,
    )
    return carry_out(planned, policies, now, today)


def repealed_in(articles: Iterable[Article]) -> list[str]:
    """The titles of which a regulation says that they are out of force with it."""
    sentences = (found[0] for article in articles for found in _REPEALS.finditer(article.text))
    return [title for sentence in sentences for title in _TITLES.findall(sentence)]


def _changes(old: Sequence[Article], new: Sequence[Article]) -> Changes:
    before, after = ({article.number: article.text for article in articles} for articles in (old, new))
    return Changes(
        reworded=tuple(number for number, text in after.items() if before.get(number, text) != text),
        added=tuple(number for number in after if number not in before),
        removed=tuple(number for number in before if number not in after),
    )


def _is_alike(articles: Sequence[Article], digest: Sequence[Article]) -> bool:
    return len(inherit(articles, [digest])[1]) >= LEAST_ALIKE * count_of(articles)


def _bare(title: str) -> str:
    """A title for comparing: without the mark of an edition or a digest, brackets and spaces."""
    return _EDITION.sub("", fold("".join(title.split()))).strip("《》")
