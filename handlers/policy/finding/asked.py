"""The grams of what people ask about an article, for comparing a question with each of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence, Set
from functools import lru_cache
from heapq import nlargest

from handlers.policy.normalise import core, grams

_KEPT = 10_000
"""Questions that are kept taken apart; about 15 MB. By question, as many articles have few, and some the same."""


def taken_apart(questions: Iterable[str]) -> tuple[frozenset[str], ...]:
    """The grams of each question."""
    return tuple(map(_grams, questions))


@lru_cache(maxsize=_KEPT)
def _grams(question: str) -> frozenset[str]:
    return frozenset(grams(core(question)))


def likest(
    question: Set[str], others: Sequence[frozenset[str]], rarity: Callable[[str], float], most: int
) -> list[float]:
    """How like the question is to the likest of these, best first: the cosine of their grams, weighted by rarity (0–1).

    Sets have no order that lasts from one process to the next, so sums are such that none matters.
    """
    own = math.fsum(map(rarity, question))
    if own <= 0:
        return []
    shared = ((other, math.fsum(map(rarity, question & other))) for other in others)
    found = (value / math.sqrt(own * math.fsum(map(rarity, other))) for other, value in shared if value > 0)
    return nlargest(most, found)
