"""Whoever quotes the regulations has not broken them: the sentence that forbids adverts names them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from handlers.moderation.scanner import Hit
from storage.policies import Article, Document

LEAST = 12
"""So many letters and digits in a row that a message shares with an article are no chance; marks between them don't count."""

_MOST_QUOTED = 4_000
"""Characters of a message in which quotations are looked for."""
_MOST_COMPARED = 300
"""Articles. A word that stands in so many is no rule's word."""
_MARKS = re.compile(r"[\W_]+")


def without_quotations(text: str, hits: Sequence[Hit], articles: Iterable[tuple[Document, Article]]) -> list[Hit]:
    """The hits that stay when those are taken out that lie in a stretch which an article in force has word for word.

    What detectors found stays: the data lies open, whoever is quoted.
    """
    if all(hit.is_data for hit in hits) or len(text) > _MOST_QUOTED:
        return list(hits)
    said, places = _without_marks(text)
    open_spans = {hit.span: (places[hit.span[0]], places[hit.span[1]]) for hit in hits if not hit.is_data}
    words = {said[slice(*at)] for at in open_spans.values()}
    compared = 0
    for _, article in articles:
        # Most have none of the words, and to see that costs next to nothing.
        if not any(word in article.text for word in words):
            continue
        plain = _MARKS.sub("", article.text)
        open_spans = {span: at for span, at in open_spans.items() if not _shares(plain, said, *at)}
        compared += 1
        if compared == _MOST_COMPARED or not open_spans:
            break
    return [hit for hit in hits if hit.is_data or hit.span in open_spans]


def _shares(article: str, said: str, start: int, end: int) -> bool:
    """Some stretch of `said` around the word, long enough, stands in the article."""
    if end - start >= LEAST:
        return said[start:end] in article
    starts = range(max(0, end - LEAST), min(start, len(said) - LEAST) + 1)
    return any(said[first : first + LEAST] in article for first in starts)


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
