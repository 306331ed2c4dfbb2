"""Numbers of articles, however people write them."""

from __future__ import annotations

import re
import unicodedata

from handlers.numerals import value

_PART = re.compile(r"\d+|[〇零一二两三四五六七八九十百千]+")
_ANNEX = re.compile(r"^\s*附\s*[件录表图]\s*([A-Za-z])?")
ANNEX = -1
"""The first count of a number in an annex, so that `附件1.2` is not taken for 1.2."""


def parts(number: str) -> tuple[int, ...]:
    """The counts in a number, outermost first: (2, 6, 3) for `二.6.(三)` and `2.6.3`, (12,) for `第十二条`.

    In an annex `ANNEX` comes first: (-1, 1, 3) for `附件1第三条`, and letters count from A.
    """
    plain = unicodedata.normalize("NFKC", number)
    counts = tuple(value(part) for part in _PART.findall(plain))
    annex = _ANNEX.match(plain)
    if annex is None:
        return counts
    return (ANNEX, *((ord(annex[1].upper()) - ord("A") + 1,) if annex[1] else ()), *counts)
