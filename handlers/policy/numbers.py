"""Numbers of articles, however people write them."""

from __future__ import annotations

import re
import unicodedata

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_PART = re.compile(r"\d+|[〇零一二两三四五六七八九十百千]+")


def value(numeral: str) -> int:
    """What a run of Chinese or Arabic digits counts: 十二, 一百零三, 二〇, 12. Raises ValueError for anything else."""
    if numeral.isdecimal():
        return int(numeral)
    if not numeral or any(character not in _DIGITS and character not in _UNITS for character in numeral):
        raise ValueError(f"not a number: {numeral!r}")
    if not any(character in _UNITS for character in numeral):
        return int("".join(str(_DIGITS[character]) for character in numeral))
    total = digit = 0
    for character in numeral:
        if character in _UNITS:
            total += (digit or 1) * _UNITS[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit


def parts(number: str) -> tuple[int, ...]:
    """The counts in a number, outermost first: (2, 6, 3) for `二.6.(三)` and `2.6.3`, (12,) for `第十二条`."""
    return tuple(value(part) for part in _PART.findall(unicodedata.normalize("NFKC", number)))
