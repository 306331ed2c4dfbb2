"""A new document, or a new version of one: from when it holds, what it takes the place of, which questions it inherits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from handlers.policy.corpus import PREAMBLE, Regulation, count_of
from handlers.policy.dates import effective_in
from handlers.policy.normalise import fold, tokens
from handlers.policy.overlaps import Overlap, overlaps, pairs
from handlers.policy.quantities import quantities
from storage.policies import DEFAULT_RANK, Article, Document, Policies

DIGEST_MARK = "（要点）"
"""Stands in the title of a digest, but not in that of the official text."""
LEAST_SHARED = 0.3
"""Share of the shorter text's pairs of characters that the other has to have, to speak of the same matter."""

REWORDED = 0.2
SAME_CHARACTERS = 0.6
"""Shares of the pairs and of the characters that tell the same: in other words, with the same characters."""
SUMMARY_SHARED = 0.4
"""Share of the pairs from which on a summary may go on."""
NEARLY_EQUAL = 0.75
"""Share of the pairs from which on one «not» more or less turns the sense round."""
_DENIALS = re.compile("[不未无非禁勿免]")

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


def inherit(articles: Sequence[Article], before: Iterable[Sequence[Article]]) -> tuple[list[Article], list[str]]:
    """The articles with the questions of those before them whose number and matter agree, and their numbers.

    The summary goes on only where the old one still is true of the new text, as far as that can be told. An introduction
    inherits nothing: what people ask about a digest's is not true of the official text.
    """
    matters = [{old.number: old for old in document} for document in before]
    found: list[Article] = []
    inherited: list[str] = []
    for article in articles:
        old = next((one for matter in matters if (one := _same_matter(article, matter)) is not None), None)
        if old is None or not (old.questions or old.summary):
            found.append(article)
            continue
        questions = tuple(dict.fromkeys((*article.questions, *old.questions)))
        summary = article.summary or (old.summary if _is_still_true(old, article) else "")
        found.append(replace(article, questions=questions, summary=summary))
        inherited.append(article.number)
    return found, inherited


def _changes(old: Sequence[Article], new: Sequence[Article]) -> Changes:
    before, after = ({article.number: article.text for article in articles} for articles in (old, new))
    return Changes(
        reworded=tuple(number for number, text in after.items() if before.get(number, text) != text),
        added=tuple(number for number in after if number not in before),
        removed=tuple(number for number in before if number not in after),
    )


def _is_alike(articles: Sequence[Article], digest: Sequence[Article]) -> bool:
    return len(inherit(articles, [digest])[1]) >= LEAST_ALIKE * count_of(articles)


def _same_matter(article: Article, before: Mapping[str, Article]) -> Article | None:
    old = before.get(article.number)
    if old is None or article.number.startswith(PREAMBLE):
        return None
    share = _shared(pairs(article.text), pairs(old.text))
    is_same = share >= LEAST_SHARED or (
        share >= REWORDED and _shared(_characters(article.text), _characters(old.text)) >= SAME_CHARACTERS
    )
    return old if is_same else None


def _is_still_true(old: Article, new: Article) -> bool:
    """The summary of the old text can stand before the new one: it is worded much the same, the numbers of the summary are
    still in it, and it denies as often as the old one where the two are nearly equal.
    """
    share = _shared(pairs(old.text), pairs(new.text))
    told = quantities(old.summary)
    if share < SUMMARY_SHARED or (quantities(new.text).lacks(told) and not quantities(old.text).lacks(told)):
        return False
    return share < NEARLY_EQUAL or len(_DENIALS.findall(old.text)) == len(_DENIALS.findall(new.text))


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the smaller set that the other has too."""
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def _characters(text: str) -> frozenset[str]:
    return frozenset(token for run in tokens(fold(text)) for token in run)


def _bare(title: str) -> str:
    """A title for comparing: without the mark of an edition or a digest, brackets and spaces."""
    return _EDITION.sub("", fold("".join(title.split()))).strip("《》")
