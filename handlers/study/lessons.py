"""What is studied in which order: the articles of the regulations in force, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.context import Context
from handlers.policy.documents.corpus import PREAMBLE
from handlers.policy.documents.numbers import parts
from storage.policies import Article, Document
from storage.study import Position


@dataclass(frozen=True, slots=True)
class Lesson:
    """One article to be read at a time."""

    document: Document
    article: Article

    @property
    def position(self) -> Position:
        """How it is remembered where a department stands: by title and number, which outlive a new version."""
        return Position(self.document.title, self.article.number)


def lessons(context: Context, title: str = "", numbers: Sequence[str] = ()) -> list[Lesson]:
    """All lessons of the document of this title that is in force, or of all that are, in order; only the articles of
    these numbers, where there are any."""
    documents = [one for one in context.store.policies.documents() if one.is_in_force(context.today)]
    chosen = [one for one in documents if title in ("", one.title)] or [one for one in documents if title in one.title]
    return [
        Lesson(document, article)
        for document in chosen
        for article in _chosen(context.store.policies.articles(document.id), numbers)
    ]


def _chosen(articles: Sequence[Article], numbers: Sequence[str]) -> list[Article]:
    if not numbers:
        return worth_reading(articles)
    counts = {parts(number) for number in numbers}
    return [article for article in articles if article.number in numbers or parts(article.number) in counts]


def worth_reading(articles: Sequence[Article]) -> list[Article]:
    """The articles without preamble and bare titles, and without items that stand whole in the article above them."""
    texts = {article.number: article.text for article in articles}
    return [
        article
        for article in articles
        if not article.number.startswith(PREAMBLE) and not _is_title(article) and not _is_said_above(article, texts)
    ]


def _is_title(article: Article) -> bool:
    bare = article.text.strip()
    return bare == article.number or bare in article.heading


def _is_said_above(article: Article, texts: dict[str, str]) -> bool:
    """`二.6.(三)` where 二.6 lists its items."""
    above = article.number.rpartition(".")[0]
    if above not in texts:
        return False
    lines = [line for line in article.text.splitlines() if line.strip()]
    said = set(texts[above].splitlines())
    return all(line in said for line in lines)


def following(known: Sequence[Lesson], last: Position | None, *, repeat: bool) -> Lesson | None:
    """The lesson after the last one; the first where nothing was sent. None when all is done and nothing repeats.

    A new version goes on at the same number. Where that number is gone, the next higher one of the same document
    comes; where the document is gone and only one is studied, it takes its place; else the next title.
    """
    if not known:
        return None
    if last is None:
        return known[0]
    place = _after(known, last)
    if place < len(known):
        return known[place]
    return known[0] if repeat else None


def _after(known: Sequence[Lesson], last: Position) -> int:
    """The place behind the last one; the number of all lessons at the end."""
    titles = list(dict.fromkeys(lesson.document.title for lesson in known))
    title = last.document
    if title not in titles and len(titles) == 1:
        title = titles[0]
    if title not in titles:
        later = [place for place, lesson in enumerate(known) if lesson.document.title > title]
        return later[0] if later else len(known)
    own = [place for place, lesson in enumerate(known) if lesson.document.title == title]
    for place in own:
        if known[place].article.number == last.article:
            return place + 1
    counts = parts(last.article)
    behind = [place for place in own if parts(known[place].article.number) > counts]
    return behind[0] if behind else own[-1] + 1
