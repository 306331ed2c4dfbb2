"""Numbers as people type them: `3`, `三`, `十二`, `二十一`."""

from __future__ import annotations

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}

NUMERAL = r"(?:\d{1,3}|[一二三四五六七八九]?十[一二三四五六七八九]?|[零〇一二两三四五六七八九])"
"""One number below a hundred in Chinese, below a thousand in Arabic numerals; full-width ones after NFKC."""


def value(text: str) -> int:
    """The number that a text stands for which `NUMERAL` matches. Raises ValueError for any other."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    try:
        if not ten:
            return _DIGITS[text]
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    except KeyError:
        raise ValueError(f"no number: {text}") from None
