"""The weights of `handlers/moderation/wording`, fitted to the messages that are there for it: `python -m bench.evaluation.flags.fit`.

Needs scikit-learn, which nothing else here does (docs/dependencies.md), and a quarter of an hour. Prints what the model and the shipped rules find in
messages of hands that the model was not fitted to, at several limits, and writes `weights.txt` with the least limit that flags few enough.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy
from scipy.sparse import csr_matrix
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from bench.evaluation.flags.measure import ASKED_FOR
from bench.evaluation.flags.sets import digest, hands, negatives, positives
from handlers.moderation import wording
from handlers.moderation.excused import serious
from handlers.moderation.normalise import Folded, bare
from handlers.moderation.rule import CATEGORIES, Rule
from handlers.moderation.rules import load_rule_files
from handlers.moderation.scanner import Hit, Scanner
from handlers.moderation.wording.model import Model, Numbers, lines_of, pieces, with_one_digit
from handlers.moderation.wording.reading import BESIDE, DETECTOR, HARMLESS

INNOCENT = ""
SCALE = 5.0
STRENGTH = 10.0
"""The inverse of the ridge: larger follows the messages more closely."""
SEEN_IN = 2
"""Messages that a piece must be in."""
MOST_PIECES = 30_000
STEP = 0.05
"""Weights are whole numbers of these."""
OF_ONE_KIND, OF_RULES = 0.3, 3.0
"""What a message counts that stands in a list of one kind, not among all that one hand would write; and an example of a rule."""
FOLDS = 5
MOST_FLAGGED = 0.009
"""Of innocent messages of other hands: below the bar of 1 %, for the next hand is another one again."""
_LIKELY = [Rule(category, category, "", detectors=(DETECTOR,)) for category in CATEGORIES]  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Fitted:
    """What `Model` takes, but for the limits."""

    base: tuple[float, ...]
    weights: dict[str, tuple[int, ...]]

    def numbers(self, sure: float) -> Numbers:
        return Numbers(sure, SCALE * STEP, self.base)


def fit(of: Sequence[str]) -> Fitted:
    """Weights by multinomial logistic regression over these hands, all categories counting alike.

    First with all pieces; then with those that weigh most in most messages.
    """
    texts: list[str] = []
    labels: list[str] = []
    counts: list[float] = []
    for hand, is_positive in product(of, (True, False)):
        for one in positives("dev", hand) if is_positive else negatives("dev", hand):
            texts.append(with_one_digit(bare(one.text)))
            labels.append(one.category if is_positive else INNOCENT)
            counts.append(OF_ONE_KIND if hand.startswith("kind-") else OF_RULES if hand == "examples" else 1.0)
    totals: Counter[str] = Counter()
    for label, count in zip(labels, counts, strict=True):
        totals[label] += count  # type: ignore[assignment]
    shares = [count / totals[label] * totals.total() / len(totals) for label, count in zip(labels, counts, strict=True)]
    counted = [Counter(pieces(text)) for text in texts]
    seen = Counter(piece for one in counted for piece in one)
    known = sorted(piece for piece in seen if seen[piece] >= SEEN_IN)
    rows = _rows(counted, known)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # only to see which pieces matter
        first = _regression(80).fit(rows, labels, shares)
    says = numpy.abs(first.coef_).max(axis=0) * numpy.sqrt([seen[piece] for piece in known])
    kept = sorted(numpy.argsort(-says)[:MOST_PIECES])
    found = _regression(300).fit(rows[:, kept], labels, shares)
    order = list(found.classes_)
    against, places = order.index(INNOCENT), [order.index(category) for category in CATEGORIES]
    steps = numpy.rint((found.coef_[places] - found.coef_[against]) / STEP).astype(int)
    base = found.intercept_[places] - found.intercept_[against]
    return Fitted(
        tuple(map(float, base)),
        {known[number]: tuple(map(int, steps[:, place])) for place, number in enumerate(kept) if steps[:, place].any()},
    )


def _regression(steps: int) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=steps)


def _rows(counted: Sequence[Counter[str]], known: Iterable[str]) -> csr_matrix:
    numbers = {piece: number for number, piece in enumerate(known)}
    values: list[float] = []
    rows: list[int] = []
    columns: list[int] = []
    for row, one in enumerate(counted):
        share = SCALE / max(1, one.total()) ** 0.5
        for piece, times in one.items():
            if piece in numbers:
                values.append(share * times)
                rows.append(row)
                columns.append(numbers[piece])
    return csr_matrix((values, (rows, columns)), shape=(len(counted), len(numbers)))


@dataclass(frozen=True, slots=True)
class Judged:
    """A message of a hand that the model does not know: its odds, and of which categories the rules found something.

    `excused` are the categories for which the model could not hold it against anybody, whatever the odds.
    """

    category: str
    counts: bool
    odds: tuple[float, ...]
    excused: frozenset[str]
    by_rules: frozenset[str]
    by_detectors: frozenset[str]

    def flags(self, sure: float, beside: float = BESIDE) -> set[str]:
        """The categories that it is flagged for."""
        odds = dict(zip(CATEGORIES, self.odds, strict=True))
        least = max(sure, max(self.odds) - beside)
        return {
            *(one for one in CATEGORIES if odds[one] >= least and one not in self.excused),
            *(self.by_rules if max(self.odds) > HARMLESS else ()),
            *self.by_detectors,
        }


def judged(known: Sequence[str]) -> Iterator[Judged]:
    """Every message of these hands, by a model that was fitted to other hands."""
    scanner = Scanner.from_rules(
        [_by_words_alone(rule) for rule in load_rule_files([]) if DETECTOR not in rule.detectors]
    )
    for fold in range(FOLDS):
        out = known[fold::FOLDS]
        fitted = fit([hand for hand in hands("dev") if hand not in out])
        model = Model(fitted.numbers(0.0), fitted.weights)
        for hand, is_positive in product(out, (True, False)):
            for one in positives("dev", hand) if is_positive else negatives("dev", hand):
                hits = serious(one.text, scanner.scan(one.text))
                odds, likely = _read(model, one.text)
                open_ones = {hit.rule.category for hit in serious(one.text, likely)}
                yield Judged(
                    one.category if is_positive else INNOCENT,
                    one.technique not in ASKED_FOR,
                    odds,
                    frozenset(CATEGORIES) - open_ones,
                    frozenset(hit.rule.category for hit in hits if not hit.detector),
                    frozenset(hit.rule.category for hit in hits if hit.detector),
                )


def _by_words_alone(rule: Rule) -> Rule:
    return replace(rule, unless_harmless=False)


def _read(model: Model, text: str) -> tuple[tuple[float, ...], list[Hit]]:
    """The odds of a message, and the hits that there would be."""
    folded = Folded(text)
    parts = model.read(folded)
    odds: list[float] = []
    hits: list[Hit] = []
    for number, rule in enumerate(_LIKELY if parts else ()):
        part = max(parts, key=lambda one: one.odds[number])
        span = folded.span(*model.telling(folded.bare, part, number))
        odds.append(part.odds[number])
        hits.append(Hit(rule, span, text[slice(*span)], DETECTOR))
    return tuple(odds) or (-9.0,) * len(CATEGORIES), hits


def shares(of: Sequence[Judged], sure: float, beside: float = BESIDE) -> tuple[float, float]:
    """Share found in its category, of what must be; share flagged, of what is innocent."""
    found = [one.category in one.flags(sure, beside) for one in of if one.category and one.counts]
    flagged = [bool(one.flags(sure, beside)) for one in of if not one.category]
    return sum(found) / len(found), sum(flagged) / len(flagged)


def main() -> None:
    """Choose the limit, fit to all messages, and write the weights."""
    known = list(judged([hand for hand in hands("dev") if hand.isdigit()]))
    tried = {step / 20: shares(known, step / 20) for step in range(20, 70)}
    for limit, (recall, flagged) in tried.items():
        print(f"sure {limit}: {recall:.1%} found, {flagged:.2%} flagged")
    sure = min(limit for limit, (_, flagged) in tried.items() if flagged <= MOST_FLAGGED)
    print(f"other hands: {tried[sure][0]:.1%} found, {tried[sure][1]:.2%} flagged; sure {sure}")
    for beside in (0.0, 1.0, 2.0, 3.0, 99.0):
        print(f"categories up to {beside} beside the likeliest: {shares(known, sure, beside)[0]:.1%} found")
    fitted = fit(hands("dev"))
    target = Path(wording.__file__).parent / "weights.txt"
    with target.open("w", encoding="utf-8") as out:
        out.write(
            f"# Fitted by `python -m bench.evaluation.flags.fit` to the messages {digest()}; not to be changed by hand.\n"
            "# First line: limit (sure), scale, odds of an empty text. Then the pieces with their weights: "
            f"{' '.join(CATEGORIES)}\n"
        )
        out.writelines(f"{line}\n" for line in lines_of(fitted.numbers(sure), fitted.weights))
    print(f"{len(fitted.weights)} pieces, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
