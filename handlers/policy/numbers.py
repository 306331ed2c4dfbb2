"""Numbers of articles, however people write them."""

from __future__ import annotations

import re
import unicodedata

from handlers.numerals import value

_PART = re.compile(r"\d+|[〇零一二两三四五六七八九十百千]+")


def parts(number: str) -> tuple[int, ...]:
    """The counts in a number, outermost first: (2, 6, 3) for `二.6.(三)` and `2.6.3`, (12,) for `第十二条`."""
    return tuple(value(part) for part in _PART.findall(unicodedata.normalize("NFKC", number)))
