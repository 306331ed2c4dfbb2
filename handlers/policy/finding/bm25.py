"""BM25: which of many texts speaks most of the words of a question."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Self

K1 = 1.2
B = 0.75


def rarity(texts: int, having: int) -> float:
    """Inverse document frequency of what `having` of so many texts have: the higher, the rarer."""
    return math.log(1 + (texts - having + 0.5) / (having + 0.5))


class Bm25:
    """Texts as bags of grams, with what each gram is worth in each text reckoned beforehand.

    A look-up reads only the texts that share a gram with the question. What is there never changes: `adding` and
    `without` return another one that shares with this one whatever they leave alone, so that others may go on reading.
    """

    def __init__(self) -> None:
        self._postings: dict[str, tuple[array[int], array[float]]] = {}
        """By gram, the numbers of the texts that have it, in order, and its worth in each."""
        self.end = 0
        """All numbers are below it; those of texts that were taken out lie idle."""
        self.size = 0
        """How many texts there are that are not empty."""

    def adding(self, texts: Iterable[Sequence[str]]) -> tuple[Self, range]:
        """With these texts too, given by their grams, and the numbers that they have from now on.

        They are taken for one document: a text counts as long when it is longer than theirs are in the mean.
        """
        other, (numbers,) = self.adding_all([texts])
        return other, numbers

    def adding_all(self, documents: Iterable[Iterable[Sequence[str]]]) -> tuple[Self, list[range]]:
        """With the texts of several documents; sooner done than with one after the other."""
        other, places = self._copy(), []
        fresh: dict[str, tuple[array[int], array[float]]] = {}
        for texts in documents:
            bags = [Counter(text) for text in texts]
            lengths = [bag.total() for bag in bags if bag]
            mean = sum(lengths) / len(lengths) if lengths else 1.0
            numbers = range(other.end, other.end + len(bags))
            for number, bag in zip(numbers, bags, strict=True):
                norm = K1 * (1 - B + B * bag.total() / mean)
                for gram, count in bag.items():
                    posting = fresh.get(gram)
                    if posting is None:
                        posting = fresh[gram] = (array("i"), array("f"))
                    posting[0].append(number)
                    posting[1].append(count * (K1 + 1) / (count + norm))
            places.append(numbers)
            other.end = numbers.stop
            other.size += len(lengths)
        for gram, posting in fresh.items():
            before = self._postings.get(gram)
            other._postings[gram] = posting if before is None else (before[0] + posting[0], before[1] + posting[1])
        return other, places

    def without(self, numbers: range, texts: Iterable[Sequence[str]]) -> Self:
        """Without the texts that `adding` gave these numbers, which are not used again."""
        other = self._copy()
        grams: set[str] = set()
        for text in texts:
            grams.update(text)
            other.size -= bool(text)
        for gram in grams:
            places, worth = self._postings[gram]
            begin, end = bisect_left(places, numbers.start), bisect_left(places, numbers.stop)
            if end - begin == len(places):
                del other._postings[gram]
            else:
                other._postings[gram] = (places[:begin] + places[end:], worth[:begin] + worth[end:])
        return other

    def _copy(self) -> Self:
        other = type(self)()
        other._postings, other.end, other.size = dict(self._postings), self.end, self.size
        return other

    def having(self, gram: str) -> Sequence[int]:
        """The numbers of the texts that the gram stands in, in order."""
        posting = self._postings.get(gram)
        return () if posting is None else posting[0]

    def count(self, gram: str) -> int:
        """In how many texts the gram stands."""
        posting = self._postings.get(gram)
        return 0 if posting is None else len(posting[0])

    def known(self, grams: Set[str]) -> Set[str]:
        """Those of the grams that stand in any text."""
        return self._postings.keys() & grams

    def rarity(self, gram: str) -> float:
        """Inverse document frequency: the higher, the rarer; highest for what occurs nowhere."""
        return rarity(self.size, self.count(gram))

    def is_among(self, gram: str, numbers: range) -> bool:
        """The gram stands in one of the texts of these numbers."""
        places = self.having(gram)
        at = bisect_left(places, numbers.start)
        return at < len(places) and places[at] < numbers.stop

    def scores(self, weights: Mapping[str, float]) -> list[float]:
        """The score of every text, by its number, for a question of these grams; 0 for those which share none.

        `weights`: what each gram of the question counts, its rarity included.
        """
        totals = [0.0] * self.end
        for gram, weight in weights.items():
            posting = self._postings.get(gram)
            if posting is not None:
                for number, value in zip(*posting, strict=True):
                    totals[number] += value * weight
        return totals

    def score(self, weights: Mapping[str, float], number: int) -> float:
        """The score of one text."""
        total = 0.0
        for gram, weight in weights.items():
            posting = self._postings.get(gram)
            if posting is not None:
                at = bisect_left(posting[0], number)
                if at < len(posting[0]) and posting[0][at] == number:
                    total += posting[1][at] * weight
        return total
