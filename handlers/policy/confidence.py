"""How sure we are that an article answers a question."""

from __future__ import annotations

import math
from dataclasses import dataclass

CONSTANT = -9.83
STRENGTH = 2.83
COVERAGE = 1.06
NEARNESS = 2.70
BREVITY = 3.79
HOW_TO = -2.30
TROUBLE = -2.20
LENGTH = -2.0
"""Weights of a logistic regression over the signals below, fitted by cross-validation to the questions that ship.
`LENGTH` is set by hand, for these are all short: what people tell around a question shares words with any article.

`python -m bench.policy` prints what they lead to on questions that they were not fitted to.
"""
SHORTEST = 4
"""A question of at most so many tokens is a catchword: it cannot score high, but may be covered wholly."""
LONGEST = 20
"""Tokens; what a question has beyond them counts against it."""
_TYPICAL_RARITY = 5.37
"""The rarity of an unknown gram in the index that the weights were fitted on; larger indexes are scaled to it."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known about a question and the article that fits it best.

    `score` is the article's BM25 score and `rarest` the rarity of an unknown gram; `coverage` is the share of the
    question, weighted by rarity, that the article speaks of (words that occur nowhere count most); `elsewhere` is the
    best score of a topic that no regulation speaks of; `length` counts the tokens of the question.
    """

    score: float
    rarest: float
    coverage: float
    elsewhere: float
    length: int
    asks_how_to: bool = False
    reports_trouble: bool = False


def confidence(found: Signals) -> float:
    """Between 0 and 1; .5 is where answering and refusing are equally likely to be right."""
    if found.score <= 0 or found.rarest <= 0:
        return 0.0
    strength = math.log1p(found.score * _TYPICAL_RARITY / found.rarest)
    share = found.score / (found.score + found.elsewhere)
    nearness = math.log((share + 0.02) / (1.02 - share))
    brevity = found.coverage if found.length <= SHORTEST else 0.0
    excess = math.log(max(found.length, LONGEST) / LONGEST)
    evidence = (
        CONSTANT
        + STRENGTH * strength
        + COVERAGE * found.coverage
        + NEARNESS * nearness
        + BREVITY * brevity
        + LENGTH * excess
        + HOW_TO * found.asks_how_to
        + TROUBLE * found.reports_trouble
    )
    return 1 / (1 + math.exp(-evidence))
