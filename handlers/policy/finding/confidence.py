"""How well an article fits a question, and how sure we are that it answers it: two things, measured by the same signals.

Which article comes first is decided among articles, whether there is an answer at all among questions: a question about
something else also has an article that fits it best.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from operator import attrgetter, mul

SHORTEST = 4
"""A question of at most so many tokens is a catchword: it cannot score high, but may be covered wholly."""
LONGEST = 20
"""Tokens; what is told around a question shares words with any article, so a longer one is less sure."""
EXCESS = -2.0
"""What that counts. Set by hand: there are few long questions to fit it to."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known about a question and an article that may answer it.

    Scores count in rarities of a word that stands nowhere and are logarithms, as counts are; shares of the question are
    weighted by the rarity of its words.
    """

    text: float
    """The score of the article's own text."""
    meant: float
    """What it has of the same meaning in other words."""
    asked: float
    """The score of what people ask about the article; 0 where nothing is known of that."""
    coverage: float
    """The share of the question that the article, its questions or words of the same meaning speak of."""
    text_coverage: float
    """The share that its own text has word for word."""
    likeness: float
    """How like the question is to the three likest that people ask about the article."""
    document: float
    """The share of the question that the document speaks of anywhere."""
    topic: float
    """How like the question is to one about something that regulations do not speak of, as far as this one does not."""
    nearness: float
    """The score of the article against that of the best such topic, as log odds."""
    lead: float
    """The score against that of the next best article."""
    catchword: float
    """The coverage, if the question is a catchword."""
    excess: float
    """By how much the question is longer than `LONGEST`."""
    asks_how_to: float
    reports_trouble: float
    asks_trivia: float
    lacks_measure: float
    """It wants an amount, a time or a count, and the article has none."""
    lacks_other: float
    """It wants a person, steps, a permission, …, and the article has none."""
    has_questions: float
    """It is known what people ask about the article; so other things count."""
    text_with_questions: float
    coverage_with_questions: float


@dataclass(frozen=True, slots=True)
class Weights:
    """Of a logistic regression over the signals."""

    constant: float
    signals: Signals
    fitness: float = 0.0
    """Of how well the article fits."""
    second: float = 0.0
    """Of how well the next best one does."""


FITNESS = Weights(
    -2.71,
    Signals(
        text=2.75,
        meant=0.63,
        asked=2.27,
        coverage=7.60,
        text_coverage=0.29,
        likeness=9.28,
        document=-10.03,
        topic=-3.99,
        nearness=1.02,
        lead=0.17,
        catchword=0.11,
        excess=0.00,
        asks_how_to=-1.30,
        reports_trouble=-0.58,
        asks_trivia=-2.36,
        lacks_measure=-0.87,
        lacks_other=-0.43,
        has_questions=-4.96,
        text_with_questions=-2.73,
        coverage_with_questions=0.82,
    ),
)
CONFIDENCE = Weights(
    2.56,
    Signals(
        text=1.65,
        meant=-0.05,
        asked=1.14,
        coverage=1.49,
        text_coverage=-5.72,
        likeness=-0.92,
        document=-1.31,
        topic=-8.77,
        nearness=1.08,
        lead=0.49,
        catchword=1.88,
        excess=0.00,
        asks_how_to=-1.51,
        reports_trouble=-1.06,
        asks_trivia=-1.98,
        lacks_measure=-1.57,
        lacks_other=-0.07,
        has_questions=-2.09,
        text_with_questions=0.03,
        coverage_with_questions=0.20,
    ),
    fitness=0.55,
    second=-0.03,
)
"""Fitted by `python -m bench.evaluation.fit` to the questions that are there to tune on; docs/evaluation.md says what they
lead to on others."""


def fitness(found: Signals) -> float:
    """The log odds that the article is a right one, whatever the question is."""
    return _evidence(FITNESS, found)


def confidence(found: Signals, fit: float, second: float) -> float:
    """Between 0 and 1 that the question is answered by the article which fits it best.

    `fit` and `second` are the fitness of that article and of the next best. At .5 answering and refusing are equally
    likely to be right, as far as the questions that it was fitted to tell.
    """
    evidence = (
        _evidence(CONFIDENCE, found) + CONFIDENCE.fitness * fit + CONFIDENCE.second * second + EXCESS * found.excess
    )
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, evidence))))


_values: Callable[[Signals], tuple[float, ...]] = attrgetter(*(field.name for field in fields(Signals)))


def _evidence(weights: Weights, found: Signals) -> float:
    weighed: Iterable[float] = map(mul, _values(weights.signals), _values(found))
    return weights.constant + sum(weighed)
