"""The questions by which an article is found are added and taken out, in every version that they go on to."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from handlers.context import Context
from handlers.policy.inheriting import inherit
from handlers.policy.likeness import gist, likeness
from storage.article_questions import ArticleQuestion
from storage.policies import Article, Document

MOST_QUESTIONS = 100
"""Of one article; more would make it answer everything."""
_MOST_HEIRS = 5


@dataclass(slots=True)
class Sorted:
    """What becomes of questions that somebody wants to add to an article."""

    new: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    """The article has them already, in these or other words."""
    elsewhere: list[tuple[str, Document, Article]] = field(default_factory=list)
    """Another article in force has them; a question leads to one article only."""


def sort(questions: Sequence[str], document: Document, article: Article, context: Context) -> Sorted:
    """Look at each question before anything is written."""
    found = Sorted()
    mine = [gist(one.question) for one in context.store.article_questions.of(document.id, article.number)]
    others = _others(document, article, context)
    for question in questions:
        asks, other = gist(question), others.get(_plain(question))
        if any(likeness(asks, one) > 0 for one in mine):
            found.known.append(question)
        elif other is not None:
            found.elsewhere.append((question, *other))
        else:
            found.new.append(question)
            mine.append(asks)
    return found


def add(questions: Sequence[str], document: Document, article: Article, by: str, context: Context) -> None:
    """Add questions, used from the next message on. `by` is a staff id."""
    store = context.store.article_questions
    added = [ArticleQuestion(one, store.origin(one), by, context.now) for one in questions]
    for version in (document, *_heirs(document, article, context)):
        for one in added:
            store.add(version.id, article.number, one)


def remove(question: str, document: Document, article: Article, context: Context) -> None:
    """Take a question out."""
    for version in (document, *_heirs(document, article, context)):
        context.store.article_questions.remove(version.id, article.number, question)


def _heirs(document: Document, article: Article, context: Context) -> list[Document]:
    """The later versions, imported but not in force yet, whose article of this number is of the same matter: they have
    taken over its questions when they were imported, and must not fall behind."""
    found: list[Document] = []
    policies, old = context.store.policies, replace(article, questions=("?",))
    following = document.superseded_by
    while following is not None and len(found) < _MOST_HEIRS:
        version = policies.get(following)
        if version is None or version.is_over(context.today) or version.id in {one.id for one in found}:
            break
        later = [one for one in policies.articles(version.id) if one.number == article.number]
        if not inherit(later, [[old]])[1]:
            break
        found.append(version)
        following = version.superseded_by
    return found


def _others(document: Document, article: Article, context: Context) -> dict[str, tuple[Document, Article]]:
    """By their plain words, the questions of all other articles in force."""
    return {
        _plain(question): (owner, other)
        for owner, other in context.policies.articles
        if (owner.id, other.number) != (document.id, article.number)
        for question in other.questions
    }


def _plain(question: str) -> str:
    """Only its letters, without width and case: quick enough for every question of every article."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", question))).casefold()
