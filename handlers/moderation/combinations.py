"""Words that say something only together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple


class Part(NamedTuple):
    """An occurrence of part number `part` of a combination: in the bare text from `start` to `end`, and in the original."""

    combination: int
    part: int
    start: int
    end: int
    span: tuple[int, int]


def combine(parts: Iterable[Part], sizes: Sequence[int], within: int) -> list[tuple[int, int]]:
    """The spans of the original text over which all parts of a combination occur close together.

    `sizes` says of how many parts each combination consists. The parts may come in any order, across commas and
    sentence ends; between them, in all, there are at most `within` letters and digits. A window that contains a
    smaller one is not given.
    """
    by_combination: dict[int, list[Part]] = defaultdict(list)
    for part in parts:
        by_combination[part.combination].append(part)
    spans: list[tuple[int, int]] = []
    for combination, found in by_combination.items():
        spans += _windows(sorted(found, key=lambda part: (part.start, part.end)), sizes[combination], within)
    return spans


def _windows(parts: Sequence[Part], size: int, within: int) -> Iterator[tuple[int, int]]:
    latest: dict[int, Part] = {}
    held: tuple[int, int] | None = None
    for part in parts:
        latest[part.part] = part
        if len(latest) < size or _between(latest.values()) > within:
            continue
        window = (min(one.span[0] for one in latest.values()), max(one.span[1] for one in latest.values()))
        if held is not None and not (window[0] <= held[0] and held[1] <= window[1]):
            yield held
            held = window
        elif held is None:
            held = window
    if held is not None:
        yield held


def _between(parts: Iterable[Part]) -> int:
    """Characters of the bare text that lie among the parts and belong to none."""
    chosen = list(parts)
    length = max(part.end for part in chosen) - min(part.start for part in chosen)
    return length - sum(part.end - part.start for part in chosen)
