"""First letters of pinyin: `db`, `d博` for 赌博. Only for rules that ask for it, for `db` may be anything."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product
from typing import Final

from handlers.moderation.passes.pinyin import syllables_of

_MIXED_UP_TO: Final = 3
"""Characters of a word of which only some may be letters."""
_MOST: Final = 12


def initial_forms(word: str) -> Iterator[str]:
    """How a bare word of two or more Chinese characters may be written with first letters, bare; nothing for others."""
    initials = [tuple(dict.fromkeys(one[0] for one in syllables_of(character))) for character in word]
    if len(word) < 2 or not all(initials):
        return
    choices = [(*letters, character) for letters, character in zip(initials, word, strict=True)]
    ways = product(*(choices if len(word) <= _MIXED_UP_TO else initials))
    yield from islice((form for way in ways if (form := "".join(way)) != word), _MOST)
