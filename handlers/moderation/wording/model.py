"""The model: a text is as likely of a category as the weights of its pieces add up to."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import accumulate
from operator import add
from typing import Final, NamedTuple, Self

from handlers.moderation.normalise import LAST_MARK, SENTENCE_END, Folded
from handlers.moderation.rule import CATEGORIES

LONGEST_PIECE: Final = 3
"""Characters."""
AT_ONCE: Final = 90
"""Characters that are read at once. Of longer texts the sentences are read: what one says is not lost among others."""
SENTENCE: Final = 30
"""Characters; shorter sentences are read together with the next."""
MOST_READ: Final = 20_000
"""Characters of a text that are read; no message is nearly as long."""

_DIGITS = str.maketrans("123456789", "000000000")
_BITS = 24
"""Room for the sum of a category's weights within the one number that stands for all categories."""
_HALF, _MASK = 1 << (_BITS - 1), (1 << _BITS) - 1


class Read(NamedTuple):
    """How likely each category is in a part of the bare text, as log odds against an innocent text; 0 is as likely as not."""

    start: int
    end: int
    odds: tuple[float, ...]
    """In the order of `CATEGORIES`."""


class Numbers(NamedTuple):
    """What goes with the weights.

    From the odds `sure` on a text is taken for one of a category. A weight counts `scale` through the root of the number of pieces; `base` are the odds of a text of which nothing is known.
    """

    sure: float
    scale: float
    base: tuple[float, ...]


class Model:
    """Weights of pieces by category. Never changes; a look at a message of twenty characters takes some forty microseconds."""

    def __init__(self, numbers: Numbers, weights: Mapping[str, Sequence[int]]) -> None:
        """`weights` by piece, in the order of `CATEGORIES`."""
        self.sure = numbers.sure
        self._base = numbers.base
        self._scale = numbers.scale
        self._weights = {piece: _packed(values) for piece, values in weights.items()}

    @classmethod
    def from_lines(cls, lines: Iterable[str]) -> Self:
        """From the form in which `lines_of` writes one. Lines that begin with `#` say something to people."""
        content = (line.rstrip("\n").split(" ") for line in lines if not line.startswith("#"))
        sure, scale, *base = map(float, next(content))
        weights = {piece: tuple(map(int, values)) for piece, *values in content}
        return cls(Numbers(sure, scale, tuple(base)), weights)

    def read(self, folded: Folded) -> list[Read]:
        """The text, or its parts where it is long; nothing of a text without letters and digits."""
        text = folded.bare[:MOST_READ].translate(_DIGITS)
        return [self._part(text, start, end) for start, end in _parts(folded, len(text))]

    def _part(self, text: str, start: int, end: int) -> Read:
        found = pieces(text[start:end])
        total = sum(filter(None, map(self._weights.get, found)))
        share = self._scale / math.sqrt(len(found))
        odds: list[float] = []
        for base in self._base:
            value = total & _MASK
            if value >= _HALF:
                value -= _MASK + 1
            total = (total - value) >> _BITS
            odds.append(base + share * value)
        return Read(start, end, tuple(odds))

    def telling(self, bare: str, part: Read, category: int) -> tuple[int, int]:
        """The span of the bare text, within this part, that speaks most for the category."""
        text = bare[part.start : part.end].translate(_DIGITS)
        weights = [0.0] * len(text)
        for size in range(1, LONGEST_PIECE + 1):
            for at in range(len(text) - size + 1):
                packed = self._weights.get(text[at : at + size])
                if packed is not None:
                    value = _unpacked(packed, category) / size
                    for place in range(at, at + size):
                        weights[place] += value
        first, last = _heaviest(weights)
        while first > 0 and _belong_together(text[first - 1], text[first]):
            first -= 1
        while last < len(text) and _belong_together(text[last - 1], text[last]):
            last += 1
        return part.start + first, part.start + last


@cache
def shipped() -> Model:
    """The model that comes with Steward; read when first needed."""
    with weights_file().open(encoding="utf-8") as lines:
        return Model.from_lines(lines)


def weights_file() -> Traversable:
    """Where the shipped model lies; its first line says what it was fitted to."""
    return files("handlers.moderation.wording").joinpath("weights.txt")


def pieces(text: str) -> list[str]:
    """All pieces of a bare text whose digits are all `0`, its ends marked: `^代写`, `论文$`."""
    marked = f"^{text}$"
    behind = marked[1:]
    pairs = list(map(add, marked, behind))
    return [*text, *pairs, *map(add, pairs, behind[1:])]


def with_one_digit(bare: str) -> str:
    """The bare text with `0` for every digit: which number it is tells nothing."""
    return bare.translate(_DIGITS)


def lines_of(numbers: Numbers, weights: Mapping[str, Sequence[int]]) -> Iterator[str]:
    """What `Model.from_lines` reads."""
    yield " ".join(f"{value:.5g}" for value in (numbers.sure, numbers.scale, *numbers.base))
    for piece, values in sorted(weights.items()):
        yield " ".join([piece, *map(str, values)])


def _parts(folded: Folded, length: int) -> Iterator[tuple[int, int]]:
    """The spans of the bare text that are read at once: all of it, or a few sentences, or windows of a long one."""
    if length <= AT_ONCE:
        yield from [(0, length)] if length else []
        return
    start = end = 0
    for sentence in folded.form.split(SENTENCE_END):
        end = min(length, end + sum(one > LAST_MARK for one in sentence))
        if end - start >= SENTENCE:
            yield from _windows(start, end)
            start = end
        if end == length:
            break
    if start < length:
        yield max(0, length - SENTENCE), length


def _windows(start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > AT_ONCE:
        yield start, start + AT_ONCE
        start += AT_ONCE // 2
    yield start, end


def _packed(values: Sequence[int]) -> int:
    """All categories in one number, so that the weights of many pieces are added in one go."""
    return sum(value << (_BITS * place) for place, value in enumerate(values))


def _unpacked(packed: int, category: int) -> int:
    for _ in range(category):
        packed = (packed - _lowest(packed)) >> _BITS
    return _lowest(packed)


def _lowest(packed: int) -> int:
    value = packed & _MASK
    return value - _MASK - 1 if value >= _HALF else value


def _heaviest(weights: Sequence[float]) -> tuple[int, int]:
    """The stretch that weighs most above half the average; all of it where nothing stands out."""
    usual = max(0.0, sum(weights) / len(weights) / 2)
    sums = [0.0, *accumulate(weight - usual for weight in weights)]
    best, span, lowest = 0.0, (0, len(weights)), 0
    for at, value in enumerate(sums):
        if value < sums[lowest]:
            lowest = at
        if value - sums[lowest] > best:
            best, span = value - sums[lowest], (lowest, at)
    return span


def _belong_together(one: str, other: str) -> bool:
    return one.isascii() and other.isascii()


NUMBER_OF: Final[Mapping[str, int]] = {category: number for number, category in enumerate(CATEGORIES)}
"""The place of a category's odds."""
