"""A new document, or a new version of one: what it takes the place of, and which questions it inherits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise

from handlers.policy.corpus import PREAMBLE, Regulation, count_of
from handlers.policy.normalise import fold, tokens
from storage.policies import Article, Document, Policies

DIGEST_MARK = "（要点）"
"""Stands in the title of a digest, but not in that of the official text."""
LEAST_SHARED = 0.3
"""Share of the shorter text's pairs of characters that the other has to have, to speak of the same matter."""

LEAST_ALIKE = 0.5
"""Share of the articles that agree with a digest's, from which on the digest is taken to be of this very regulation."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    document: Document
    articles: tuple[Article, ...]
    inherited: tuple[str, ...]
    """Numbers of the articles that took over the questions and the summary of an article before them."""
    superseded: tuple[Document, ...]
    """What the document takes the place of, at once or on the day on which it comes into force."""

    @property
    def count(self) -> int:
        """How many numbered articles there are."""
        return count_of(self.articles)


def take_in(
    regulation: Regulation,
    policies: Policies,
    now: datetime,
    today: date,
    *,
    effective: date | None = None,
    source_name: str = "",
    only_one: bool = False,
) -> Imported:
    """Store a regulation. It takes the place of what has the same title, of a digest of it, and of everything if `only_one`."""
    in_force = [document for document in policies.documents() if document.is_in_force(today)]
    superseded = [
        one
        for one in in_force
        if only_one
        or _bare(one.title) == _bare(regulation.title)
        or (one.is_digest and _is_alike(regulation.articles, policies.articles(one.id)))
    ]
    articles, inherited = inherit(regulation.articles, [policies.articles(one.id) for one in superseded])
    document = policies.add(
        Document(regulation.title, effective=effective, source_name=source_name),
        articles,
        now,
        supersedes=[one.id for one in superseded],
    )
    return Imported(
        document=document,
        articles=tuple(articles),
        inherited=tuple(inherited),
        superseded=tuple(superseded),
    )


def inherit(articles: Sequence[Article], before: Iterable[Sequence[Article]]) -> tuple[list[Article], list[str]]:
    """The articles with the questions and summaries of those before them whose number and matter agree, and their numbers.

    An introduction inherits nothing: what people ask about a digest's is not true of the official text.
    """
    matters = [{old.number: (old, _pairs(old.text)) for old in document} for document in before]
    found: list[Article] = []
    inherited: list[str] = []
    for article in articles:
        old = next(filter(None, (_same_matter(article, matter) for matter in matters)), None)
        if old is None or not (old.questions or old.summary):
            found.append(article)
            continue
        questions = tuple(dict.fromkeys((*article.questions, *old.questions)))
        found.append(replace(article, questions=questions, summary=article.summary or old.summary))
        inherited.append(article.number)
    return found, inherited


def _is_alike(articles: Sequence[Article], digest: Sequence[Article]) -> bool:
    return len(inherit(articles, [digest])[1]) >= LEAST_ALIKE * count_of(articles)


def _same_matter(article: Article, before: dict[str, tuple[Article, frozenset[str]]]) -> Article | None:
    if article.number not in before or article.number == PREAMBLE:
        return None
    old, pairs = before[article.number]
    own = _pairs(article.text)
    return old if own and pairs and len(own & pairs) >= LEAST_SHARED * min(len(own), len(pairs)) else None


def _pairs(text: str) -> frozenset[str]:
    return frozenset(first + second for run in tokens(fold(text)) for first, second in pairwise(run))


def _bare(title: str) -> str:
    """A title for comparing: without the mark of a digest, brackets and spaces."""
    return fold("".join(title.replace(DIGEST_MARK, "").split())).strip("《》")
