"""Weights for `handlers/policy/finding/confidence.py`, fitted to the questions that are there to tune on: `python -m bench.evaluation.fit`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields, replace
from operator import mul

from bench.evaluation.sets import Question, documents, of_the_digest, questions, shipped
from handlers.policy.finding.confidence import Signals, Weights
from handlers.policy.finding.index import PolicyIndex
from storage.policies import Article, Document

RIDGE, RIDGE_OF_CONFIDENCE = 1.0, 3.0
"""Holds weights of signals that say nothing near 0; in units of a signal's deviation."""
_STEPS = 25
EXCERPT = 8
"""Articles of a short regulation."""
Row = tuple[tuple[float, ...], bool]


@dataclass(frozen=True, slots=True)
class Case:
    """A question, and each article that may answer it: what is known of it, and whether it does."""

    is_in_scope: bool
    candidates: tuple[Row, ...]


def cases(index: PolicyIndex, title: str, asked: Iterable[Question]) -> list[Case]:
    """What the index knows of questions about the document of this title."""
    return [
        Case(
            question.kind == "in_scope",
            tuple(
                (
                    astuple(replace(one.signals, excess=0.0)),
                    question.kind == "in_scope"
                    and one.document.title == title
                    and one.article.number in question.articles,
                )
                for one in index.candidates(question.text)[0]
            ),
        )
        for question in asked
    ]


def both(data: Sequence[Case]) -> tuple[Weights, Weights]:
    """The weights by which articles are ordered, and those by which questions are answered.

    The latter are fitted to the article that comes first; questions whose first one is wrong say nothing about either.
    """
    constant, weights = fit([row for case in data for row in case.candidates], RIDGE)
    order = Weights(constant, Signals(*weights))
    first: list[Row] = []
    for case in data:
        found = sorted(
            ((constant + sum(map(mul, weights, values)), values, is_right) for values, is_right in case.candidates),
            key=lambda one: -one[0],
        )
        if found and (found[0][2] or not case.is_in_scope):
            best, values, is_right = found[0]
            first.append(((*values, best, found[1][0] if len(found) > 1 else best), is_right))
    constant, weights = fit(first, RIDGE_OF_CONFIDENCE)
    return order, Weights(constant, Signals(*weights[:-2]), weights[-2], weights[-1])


def fit(data: Sequence[Row], ridge: float) -> tuple[float, list[float]]:
    """The constant and the weights of a logistic regression with a ridge, by Newton's method."""
    size = len(data[0][0])
    means = [sum(row[0][i] for row in data) / len(data) for i in range(size)]
    deviations = [math.sqrt(sum((row[0][i] - means[i]) ** 2 for row in data) / len(data)) or 1.0 for i in range(size)]
    scaled = [([1.0, *((v - m) / d for v, m, d in zip(row, means, deviations, strict=True))], y) for row, y in data]
    weights = [0.0] * (size + 1)
    for _ in range(_STEPS):
        gradient = [-ridge * w if i else 0.0 for i, w in enumerate(weights)]
        hessian = [[ridge if i == j and i else 0.0 for j in range(size + 1)] for i in range(size + 1)]
        for values, is_right in scaled:
            p = 1 / (1 + math.exp(-sum(w * v for w, v in zip(weights, values, strict=True))))
            spread = p * (1 - p)
            for i, value in enumerate(values):
                gradient[i] += (is_right - p) * value
                row = hessian[i]
                for j in range(i + 1):
                    row[j] += spread * value * values[j]
        for i in range(size + 1):
            for j in range(i):
                hessian[j][i] = hessian[i][j]
        step = _solve(hessian, gradient)
        weights = [w + s for w, s in zip(weights, step, strict=True)]
        if max(map(abs, step)) < 1e-6:
            break
    own = [w / d for w, d in zip(weights[1:], deviations, strict=True)]
    return weights[0] - sum(w * m for w, m in zip(own, means, strict=True)), own


def _solve(matrix: list[list[float]], vector: list[float]) -> list[float]:
    """Gauss with pivots."""
    size = len(vector)
    rows_ = [[*row, value] for row, value in zip(matrix, vector, strict=True)]
    for i in range(size):
        pivot = max(range(i, size), key=lambda r: abs(rows_[r][i]))
        rows_[i], rows_[pivot] = rows_[pivot], rows_[i]
        for r in range(i + 1, size):
            factor = rows_[r][i] / rows_[i][i]
            for c in range(i, size + 1):
                rows_[r][c] -= factor * rows_[i][c]
    solved = [0.0] * size
    for i in reversed(range(size)):
        solved[i] = (rows_[i][size] - sum(rows_[i][c] * solved[c] for c in range(i + 1, size))) / rows_[i][i]
    return solved


def tuning() -> list[Case]:
    """Each regulation alone, and all of them together."""
    digest, plain = shipped(), documents("tuned")
    everything = PolicyIndex([digest, *plain.values()])
    about_digest = of_the_digest("tune", "test", "fresh")
    found = cases(PolicyIndex([digest]), digest[0].title, about_digest)
    found += cases(everything, digest[0].title, about_digest)
    for name, one in plain.items():
        asked = questions("tuned", name)
        found += cases(PolicyIndex([one]), one[0].title, asked)
        found += cases(everything, one[0].title, asked)
        for few in _excerpts(one, asked):
            found += cases(PolicyIndex([few[0]]), one[0].title, few[1])
    return found


def _excerpts(
    one: tuple[Document, Sequence[Article]], asked: Sequence[Question]
) -> Iterator[tuple[tuple[Document, Sequence[Article]], list[Question]]]:
    """A regulation of a few articles, with the questions that those answer and those that none does."""
    document, articles = one
    refused = [question for question in asked if question.kind != "in_scope"]
    for begin in range(0, len(articles), EXCERPT):
        few = articles[begin : begin + EXCERPT]
        numbers = {article.number for article in few}
        answered = [question for question in asked if numbers & set(question.articles)]
        share = slice(begin // EXCERPT, None, max(1, len(articles) // EXCERPT))
        yield (document, few), [*answered, *refused[share]]


def main() -> None:
    """Print them as they stand in the module."""
    for name, weights in zip(("FITNESS", "CONFIDENCE"), both(tuning()), strict=True):
        print(f"{name} = Weights(\n    {weights.constant:.2f},\n    Signals(")
        for field in fields(Signals):
            print(f"        {field.name}={getattr(weights.signals, field.name):.2f},")
        print("    ),")
        if weights.fitness or weights.second:
            print(f"    fitness={weights.fitness:.2f},\n    second={weights.second:.2f},")
        print(")")


if __name__ == "__main__":
    main()
