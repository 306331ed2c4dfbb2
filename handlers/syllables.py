"""How characters sound: syllables without tones, for words that were typed by their sound or in Latin letters."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LONGEST = 6
"""Letters of a syllable: `zhuang`."""


@cache
def characters() -> Mapping[str, str]:
    """By syllable, all characters of GB 2312 that are read so; `v` stands for ü. Usual second readings are in it."""
    lines = files("handlers").joinpath("syllables.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split(" ") for line in lines)


@cache
def readings() -> Mapping[str, tuple[str, ...]]:
    """By character, its syllables."""
    found: dict[str, tuple[str, ...]] = {}
    for syllable, alike in characters().items():
        for character in alike:
            found[character] = (*found.get(character, ()), syllable)
    return found


@cache
def alike(character: str) -> str:
    """The other characters that sound the same."""
    sounding = "".join(characters()[syllable] for syllable in readings().get(character, ()))
    return "".join(dict.fromkeys(sounding.replace(character, "")))


def spelled(letters: str) -> tuple[str, ...]:
    """A run of lower-case Latin letters as syllables, `tuixiu` as `("tui", "xiu")`; empty when it is none.

    Of several ways the one with the fewest syllables: `xian` is one, as people mean it more often.
    """
    best: list[tuple[str, ...] | None] = [(), *[None] * len(letters)]
    for end in range(1, len(letters) + 1):
        for begin in range(max(0, end - LONGEST), end):
            before = best[begin]
            if before is None or letters[begin:end] not in characters():
                continue
            if (so_far := best[end]) is None or len(before) + 1 < len(so_far):
                best[end] = (*before, letters[begin:end])
    return best[-1] or ()
