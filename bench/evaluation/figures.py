"""How often answers are right and refusals are due, as a share of the questions asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bench.evaluation.sets import Kind, Question
from handlers.policy.finding.decision import Decision, decide
from handlers.policy.finding.index import PolicyIndex


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a question got: whether an article that answers it came first, or among three, and whether it was answered."""

    question: Question
    is_answered: bool
    is_first: bool
    is_among_three: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares between 0 and 1. `first` and `among_three` count only what was answered, `found_…` what was refused too."""

    in_scope: int
    found_first: float
    found_among_three: float
    first: float
    among_three: float
    near_misses: int
    near_misses_refused: float
    out_of_scope: int
    out_of_scope_refused: float


def outcomes(
    asked: Iterable[Question],
    index: PolicyIndex,
    title: str,
    threshold: float,
    ask: Callable[[str, PolicyIndex, float], Decision] = decide,
) -> list[Outcome]:
    """Ask every question, as people would; `title` is that of the document which the questions are about."""
    found = []
    for question in asked:
        decision = ask(question.text, index, threshold)
        right = [hit.document.title == title and hit.article.number in question.articles for hit in decision.hits[:3]]
        found.append(Outcome(question, decision.is_answered, right[:1] == [True], any(right)))
    return found


def figures(found: Iterable[Outcome]) -> Figures:
    """What they come to."""
    by_kind: dict[Kind, list[Outcome]] = defaultdict(list)
    for outcome in found:
        by_kind[outcome.question.kind].append(outcome)
    asked, near, outside = by_kind["in_scope"], by_kind["near_miss"], by_kind["out_of_scope"]
    return Figures(
        in_scope=len(asked),
        found_first=_share(one.is_first for one in asked),
        found_among_three=_share(one.is_among_three for one in asked),
        first=_share(one.is_first and one.is_answered for one in asked),
        among_three=_share(one.is_among_three and one.is_answered for one in asked),
        near_misses=len(near),
        near_misses_refused=_share(not one.is_answered for one in near),
        out_of_scope=len(outside),
        out_of_scope_refused=_share(not one.is_answered for one in outside),
    )


def _share(found: Iterable[bool]) -> float:
    counted = list(found)
    return sum(counted) / len(counted) if counted else 0.0
