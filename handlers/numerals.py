"""Numbers as people write them: `3`, `三`, `十二`, `一百零三`, `二〇`."""

from __future__ import annotations

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}

NUMERAL = r"(?:\d{1,3}|[一二三四五六七八九]?十[一二三四五六七八九]?|[零〇一二两三四五六七八九])"
"""One number below a hundred in Chinese, below a thousand in Arabic numerals; full-width ones after NFKC."""


def value(numeral: str) -> int:
    """What a run of Chinese or Arabic digits counts. Raises ValueError for anything else."""
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
