"""Two documents that speak on the same matter: which articles do."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import pairwise
from math import fsum, log

from handlers.policy.documents.corpus import PREAMBLE
from handlers.policy.normalise import fold, tokens
from storage.policies import Article, Document

SAME_MATTER = 0.4
"""Share of the shorter text's pairs of characters that the other has too."""
LEAST_SHARED = 4
"""Pairs; fewer say nothing."""

_OVERLAP = 0.35
"""The same share weighted by rarity, from which on an import warns."""
_RAREST = 24
"""Of an article so many of its rarest pairs look for others: what is common finds everything, and takes long."""
_MOST_FOUND = 40
"""A pair that more articles have than this looks for nothing."""
_COMPARED = 12
"""Of those that were found so many are compared as a whole: those that share the most of the rarest pairs."""
_LONGEST = 2000
"""Characters of an article that are compared."""
_BOILERPLATE = re.compile(
    r"起(?:正式)?(?:施行|实施|执行|生效|试行)|(?:负责|共同)解释|^为.{0,200}制定(?:本|以下)|适用于|(?:同时|即行|予以)废止"
)
"""Every regulation says these; that two of them do is no overlap."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """An article of a new document, and one of another in force that speaks of the same. `share` is between 0 and 1."""

    article: Article
    document: Document
    other: Article
    share: float


def pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters in a text; punctuation divides, Latin words and numbers are one character."""
    return frozenset(first + second for run in tokens(fold(text)) for first, second in pairwise(run))


def is_same_matter(one: Article, other: Article) -> bool:
    """Both texts speak of the same thing, as far as their words tell."""
    if _says_nothing(one) or _says_nothing(other):
        return False
    own, others = pairs(one.text[:_LONGEST]), pairs(other.text[:_LONGEST])
    shared = len(own & others)
    return shared >= LEAST_SHARED and shared >= SAME_MATTER * min(len(own), len(others))


def overlaps(articles: Iterable[Article], others: Iterable[tuple[Document, Sequence[Article]]]) -> list[Overlap]:
    """Which articles speak of the same matter as which of other documents; of each the nearest one, the surest first.

    Looks each article up by its rarest pairs, so that it takes time in proportion to their number.
    """
    known = [(document, one) for document, found in others for one in found if not _says_nothing(one)]
    new = [article for article in articles if not _says_nothing(article)]
    known_pairs = [pairs(one.text[:_LONGEST]) for _, one in known]
    new_pairs = [pairs(article.text[:_LONGEST]) for article in new]
    holders: dict[str, list[int]] = defaultdict(list)
    for number, own in enumerate(known_pairs):
        for pair in own:
            holders[pair].append(number)
    count = Counter({pair: len(found) for pair, found in holders.items()})
    for own in new_pairs:
        count.update(own)
    size = len(known) + len(new)
    weights = {pair: log(1 + size / found) for pair, found in count.items()}
    sums = [_sum(own, weights) for own in known_pairs]
    found: list[Overlap] = []
    for article, own in zip(new, new_pairs, strict=True):
        nearest = _nearest(own, known_pairs, sums, holders, weights)
        if nearest is not None:
            document, other = known[nearest[0]]
            found.append(Overlap(article, document, other, nearest[1]))
    return sorted(found, key=lambda overlap: -overlap.share)


def _nearest(
    own: frozenset[str],
    known: Sequence[frozenset[str]],
    sums: Sequence[float],
    holders: Mapping[str, Sequence[int]],
    weights: Mapping[str, float],
) -> tuple[int, float] | None:
    telling = nsmallest(
        _RAREST,
        (pair for pair in own if 0 < len(holders.get(pair, ())) <= _MOST_FOUND),
        key=lambda pair: (len(holders[pair]), pair),
    )
    meeting = Counter(number for pair in telling for number in holders[pair])
    own_sum = _sum(own, weights)
    best: tuple[int, float] | None = None
    for number, _ in meeting.most_common(_COMPARED):
        shared = own & known[number]
        if len(shared) < LEAST_SHARED:
            continue
        share = _sum(shared, weights) / min(own_sum, sums[number])
        if share >= _OVERLAP and (best is None or share > best[1]):
            best = number, share
    return best


def _sum(found: Iterable[str], weights: Mapping[str, float]) -> float:
    return fsum(weights[pair] for pair in found)  # exact, so the order of a set does not matter


def _says_nothing(article: Article) -> bool:
    return article.number == PREAMBLE or _BOILERPLATE.search(article.text[:_LONGEST]) is not None
