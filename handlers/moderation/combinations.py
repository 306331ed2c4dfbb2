"""Words that say something only together: all of them, or some of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from handlers.moderation.rule import Rule

OR: Final = "|"
"""Parts the words that stand for each other in a combination: `代写|代做`."""


class Part(NamedTuple):
    """An occurrence of part number `part` of a combination: in the bare text from `start` to `end`, and in the original."""

    combination: int
    part: int
    start: int
    end: int
    span: tuple[int, int]


def alternatives(word: str) -> tuple[str, ...]:
    """The words any of which is this part of a combination: `代写|代做` is 代写 or 代做."""
    return tuple(word.split(OR))


def needed(rule: Rule) -> tuple[int, ...]:
    """How many different words of each of the rule's combinations must occur: `at_least`, or all where that is 0."""
    sizes = (len(set(words)) for words in rule.combinations)
    return tuple(min(rule.at_least, size) if rule.at_least else size for size in sizes)


def combine(parts: Iterable[Part], needed: Sequence[int], within: int) -> list[tuple[int, int]]:
    """The spans of the original text over which enough parts of a combination occur close together.

    `needed` says how many different parts of each combination it takes. They may come in any order, across commas and
    sentence ends; between them, in all, there are at most `within` letters and digits. Parts that overlap in the text
    count as one: 代写论文 is not 代写论文 and 代写. A window that contains a smaller one is not given.
    """
    by_combination: dict[int, list[Part]] = defaultdict(list)
    for part in parts:
        by_combination[part.combination].append(part)
    spans: list[tuple[int, int]] = []
    for combination, found in by_combination.items():
        spans += _windows(sorted(found, key=lambda part: (part.start, part.end)), needed[combination], within)
    return spans


def _windows(parts: Sequence[Part], size: int, within: int) -> Iterator[tuple[int, int]]:
    """Windows by where they end. Costs a few steps a part, whatever the text: what is too far behind is not looked at."""
    latest: dict[int, Part] = {}
    held: tuple[int, int] | None = None
    for part in parts:
        latest.pop(part.part, None)
        latest[part.part] = part
        chosen = _nearest(latest, size, within) if len(latest) >= size else []
        if len(chosen) < size:
            continue
        window = (min(one.span[0] for one in chosen), max(one.span[1] for one in chosen))
        if held is not None and window[0] <= held[0] and held[1] <= window[1]:
            continue
        if held is not None and not (held[0] <= window[0] and window[1] <= held[1]):
            yield held
        held = window
    if held is not None:
        yield held


def _nearest(latest: dict[int, Part], size: int, within: int) -> list[Part]:
    """The last occurrences of so many parts, from the newest back, that do not overlap; fewer where they are too far."""
    chosen: list[Part] = []
    room = within
    for part in reversed(latest.values()):
        if chosen:
            if part.end > chosen[-1].start:
                continue
            room -= chosen[-1].start - part.end
            if room < 0:
                break
        chosen.append(part)
        if len(chosen) == size:
            break
    return chosen
