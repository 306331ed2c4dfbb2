"""Characters taken apart (拆字): `贝者十尃` for 赌博, `亻言` for 信, `君羊` for 群.

The table is our own. What is two ordinary words side by side (女子, 人才) is not in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Joined(NamedTuple):
    """A bare text with characters put together; its character `i` stands for `bare[begins[i] : begins[i + 1]]`."""

    text: str
    begins: list[int]


@cache
def components() -> Mapping[str, str]:
    """By the components side by side, the character that they make."""
    lines = files("handlers.moderation.passes").joinpath("split.txt").read_text(encoding="utf-8").splitlines()
    table: dict[str, str] = {}
    for line in lines:
        character, *ways = line.split()
        table |= dict.fromkeys(ways, character)
    return table


def triggers(words: Iterable[str]) -> list[str]:
    """The components of which some character of the bare words is made; words of one character have none."""
    characters = {character for word in words if len(word) > 1 for character in word}
    return [parts for parts, character in components().items() if character in characters]


def joined(bare: str, found: Iterable[tuple[int, int]]) -> Joined:
    """The text with what was found at these places put together: from left to right, and the longest first."""
    pieces: list[str] = []
    begins: list[int] = []
    last = 0
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if start < last:
            continue
        begins += range(last, start + 1)
        pieces += (bare[last:start], components()[bare[start:end]])
        last = end
    begins += range(last, len(bare) + 1)
    pieces.append(bare[last:])
    return Joined("".join(pieces), begins)
