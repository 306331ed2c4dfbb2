"""What the model says to a set of rules: where it finds on its own, and what rules find in harmless messages."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

from handlers.moderation.normalise import Folded
from handlers.moderation.rule import Rule
from handlers.moderation.wording import model
from handlers.moderation.wording.model import NUMBER_OF, Read

DETECTOR: Final = "wording"
"""What a rule names under `detectors` to be found by what a message reads like."""
HARMLESS: Final = 0.0
"""Odds up to which a message reads as harmless: none of the categories is likelier than not."""
BESIDE: Final = 2.0
"""What is less likely than the likeliest category by more than this is not what the message is."""

Span = tuple[int, int]


class Reading:
    """The rules that ask for the model, by their index among the rules of a scanner."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        """The model is read from disk where a rule asks for it."""
        self._finding = [(number, NUMBER_OF[rule.category]) for number, rule in enumerate(rules) if _finds(rule)]
        self._doubting = frozenset(number for number, rule in enumerate(rules) if rule.unless_harmless)
        self.finds, self.doubts = bool(self._finding), bool(self._doubting)
        self._model = model.shipped() if self.finds or self.doubts else None

    def parts(self, folded: Folded) -> list[Read]:
        """What the parts of a text read like; none where no rule asks."""
        return [] if self._model is None else self._model.read(folded)

    def find(self, folded: Folded, parts: Sequence[Read]) -> Iterator[tuple[int, Span]]:
        """For each rule of a category that the text surely is of, the span of the original that says so most."""
        if self._model is None:
            return
        for number, category in self._finding:
            part = max(parts, key=lambda one: one.odds[category], default=None)
            if part is not None and part.odds[category] >= max(self._model.sure, max(part.odds) - BESIDE):
                yield number, folded.span(*self._model.telling(folded.bare, part, category))

    def is_harmless(self, number: int, span: Span, folded: Folded, parts: Sequence[Read]) -> bool:
        """Whether what the rule found there does not count: it asks for that, and all around reads as harmless."""
        if number not in self._doubting:
            return False
        start, end = bisect_left(folded.places, span[0]), bisect_left(folded.places, span[1])
        around = [max(one.odds) for one in parts if one.start < end and start < one.end]
        return bool(around) and max(around) <= HARMLESS


def _finds(rule: Rule) -> bool:
    return DETECTOR in rule.detectors
