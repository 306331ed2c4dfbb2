"""Whoever quotes the regulations has not broken them: the sentence that forbids adverts names them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from handlers.moderation.scanner import Hit
from storage.policies import Article, Document

LEAST = 12
"""So many letters and digits in a row that a message shares with an article are no chance; marks between them don't count."""

_MOST_QUOTED = 4_000
"""Characters of a message in which quotations are looked for."""
_MARKS = re.compile(r"[\W_]+")


def without_quotations(text: str, hits: Sequence[Hit], articles: Iterable[tuple[Document, Article]]) -> list[Hit]:
    """The hits that stay when those are taken out that lie in a stretch which an article in force has word for word.

    What detectors found stays: the data lies open, whoever is quoted.
    """
    if all(hit.detector for hit in hits) or len(text) > _MOST_QUOTED:
        return list(hits)
    said, places = _without_marks(text)
    spans = {hit.span: (places[hit.span[0]], places[hit.span[1]]) for hit in hits if not hit.detector}
    quoted: set[tuple[int, int]] = set()
    for _, article in articles:
        if len(quoted) == len(spans):
            break
        quoted.update(_quoted(article.text, said, {span: at for span, at in spans.items() if span not in quoted}))
    return [hit for hit in hits if hit.detector or hit.span not in quoted]


def _quoted(article: str, said: str, spans: dict[tuple[int, int], tuple[int, int]]) -> Iterable[tuple[int, int]]:
    for span, (start, end) in spans.items():
        word = said[start:end]
        if not word or word not in article:  # most have no such word, and this costs next to nothing
            continue
        plain = _plain(article)
        if _shares(plain, said, start, end):
            yield span


def _shares(article: str, said: str, start: int, end: int) -> bool:
    """Some stretch of `said` around the word, long enough, stands in the article."""
    if end - start >= LEAST:
        return True
    starts = range(max(0, end - LEAST), min(start, len(said) - LEAST) + 1)
    return any(said[first : first + LEAST] in article for first in starts)


@lru_cache(maxsize=256)
def _plain(article: str) -> str:
    return _MARKS.sub("", article)


def _without_marks(text: str) -> tuple[str, list[int]]:
    """The letters and digits of the text, and for each place of the original, and its end, the place among them."""
    kept: list[str] = []
    places: list[int] = []
    for character in text:
        places.append(len(kept))
        if not _MARKS.match(character):
            kept.append(character)
    places.append(len(kept))
    return "".join(kept), places
