"""BM25: which of many texts speaks most of the words of a question."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence

K1 = 1.2
B = 0.75


class Bm25:
    """Texts as bags of grams, with what each gram is worth in each text reckoned beforehand.

    A look-up reads only the texts that share a gram with the question.
    """

    def __init__(self, texts: Iterable[Sequence[str]]) -> None:
        """`texts`: the grams of each text; its place in the order is its number from then on."""
        bags = [Counter(text) for text in texts]
        lengths = [bag.total() for bag in bags]
        mean = sum(lengths) / len(lengths) if any(lengths) else 1.0
        self._size = len(bags)
        self.rarest = self._rarity(0)
        """The rarity of a gram that occurs nowhere."""
        self._postings: dict[str, tuple[array[int], array[float]]] = {}
        for number, bag in enumerate(bags):
            norm = K1 * (1 - B + B * lengths[number] / mean)
            for gram, count in bag.items():
                numbers, worth = self._postings.setdefault(gram, (array("l"), array("d")))
                numbers.append(number)
                worth.append(count * (K1 + 1) / (count + norm))
        for numbers, worth in self._postings.values():
            rarity = self._rarity(len(numbers))
            for at, value in enumerate(worth):
                worth[at] = value * rarity

    def _rarity(self, texts: int) -> float:
        return math.log(1 + (self._size - texts + 0.5) / (texts + 0.5))

    def __len__(self) -> int:
        """How many texts there are."""
        return self._size

    def knows(self, gram: str) -> bool:
        """The gram stands in some text."""
        return gram in self._postings

    def rarity(self, gram: str) -> float:
        """Inverse document frequency: the higher, the rarer; highest for what occurs nowhere."""
        posting = self._postings.get(gram)
        return self._rarity(0 if posting is None else len(posting[0]))

    def has(self, gram: str, number: int) -> bool:
        """The gram stands in the text of this number."""
        posting = self._postings.get(gram)
        if posting is None:
            return False
        at = bisect_left(posting[0], number)
        return at < len(posting[0]) and posting[0][at] == number

    def scores(self, grams: Iterable[str]) -> list[float]:
        """The score of every text for a question of these grams; 0 for those which share none."""
        totals = [0.0] * self._size
        for gram in dict.fromkeys(grams):
            posting = self._postings.get(gram)
            if posting is not None:
                for number, value in zip(*posting, strict=True):
                    totals[number] += value
        return totals
