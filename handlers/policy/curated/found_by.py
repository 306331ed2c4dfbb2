"""The questions by which an article is found are added and taken out, in every version that they go on to."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Protocol

from handlers.policy.curated.likeness import gist, likeness
from handlers.policy.documents.inheriting import inherit
from handlers.policy.finding.index import PolicyIndex
from storage.article_questions import ArticleQuestion, QuestionSource
from storage.policies import Article, Document
from storage.store import Store

Asked = dict[str, list[tuple[Document, Article]]]

MOST_QUESTIONS = 100
"""Of one article; more would make it answer everything."""
_MOST_HEIRS = 5


class Ground(Protocol):
    """What this rests on: a `Context`, or as much of one as the command line has."""

    @property
    def now(self) -> datetime: ...
    @property
    def today(self) -> date: ...
    @property
    def store(self) -> Store: ...
    @property
    def policies(self) -> PolicyIndex: ...


@dataclass(slots=True)
class Sorted:
    """What becomes of questions that somebody wants to add to an article."""

    new: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    """The article has them already, in these or other words."""
    elsewhere: list[tuple[str, Document, Article]] = field(default_factory=list)
    """Another article in force has them; a question leads to one article only."""


def sort(
    questions: Sequence[str], document: Document, article: Article, ground: Ground, asked: Asked | None = None
) -> Sorted:
    """Look at each question before anything is written. `asked`: see `all_asked`, which is asked where it is not given."""
    found, asked = Sorted(), all_asked(ground.policies) if asked is None else asked
    mine = [gist(one.question) for one in ground.store.article_questions.of(document.id, article.number)]
    here = (document.id, article.number)
    for question in questions:
        asks = gist(question)
        others = [one for one in asked.get(plain(question), ()) if (one[0].id, one[1].number) != here]
        if any(likeness(asks, one) > 0 for one in mine):
            found.known.append(question)
        elif others:
            found.elsewhere.append((question, *others[0]))
        else:
            found.new.append(question)
            mine.append(asks)
    return found


def all_asked(index: PolicyIndex) -> Asked:
    """By its plain words, which articles in force have a question."""
    found: Asked = {}
    for document, article in index.articles:
        for question in article.questions:
            found.setdefault(plain(question), []).append((document, article))
    return found


def add(
    questions: Sequence[str],
    document: Document,
    article: Article,
    by: str,
    ground: Ground,
    source: QuestionSource | None = None,
) -> None:
    """Add questions, used from the next message on. `by` is a staff id or `cli`; `source` is looked up where not given."""
    store = ground.store.article_questions
    added = [ArticleQuestion(one, source or store.origin(one), by, ground.now) for one in questions]
    for version in (document, *_heirs(document, article, ground)):
        for one in added:
            store.add(version.id, article.number, one)


def remove(question: str, document: Document, article: Article, ground: Ground) -> None:
    """Take a question out."""
    for version in (document, *_heirs(document, article, ground)):
        ground.store.article_questions.remove(version.id, article.number, question)


def _heirs(document: Document, article: Article, ground: Ground) -> list[Document]:
    """The later versions, imported but not in force yet, whose article of this number is of the same matter: they have
    taken over its questions when they were imported, and must not fall behind."""
    found: list[Document] = []
    policies, old = ground.store.policies, replace(article, questions=("?",))
    following = document.superseded_by
    while following is not None and len(found) < _MOST_HEIRS:
        version = policies.get(following)
        if version is None or version.is_over(ground.today) or version.id in {one.id for one in found}:
            break
        later = [one for one in policies.articles(version.id) if one.number == article.number]
        if not inherit(later, [[old]])[1]:
            break
        found.append(version)
        following = version.superseded_by
    return found


def plain(question: str) -> str:
    """Only its letters, without width and case: quick enough for every question of every article."""
    said = unicodedata.normalize("NFKC", question).casefold()
    return said if said.isalnum() else "".join(filter(str.isalnum, said))
