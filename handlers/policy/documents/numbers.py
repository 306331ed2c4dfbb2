"""Numbers of articles, however people write them."""

from __future__ import annotations

import re
import unicodedata

from handlers.numerals import value
from storage.policies import Article

_PART = re.compile(r"\d+|[〇零一二两三四五六七八九十百千]+")
_CHAPTER = re.compile(r"(第[\d〇零一二两三四五六七八九十百千]+)章")
_ANNEX = re.compile(r"^\s*附\s*[件录表图]\s*([A-Za-z])?")
ANNEX = -1
"""The first count of a number in an annex, so that `附件1.2` is not taken for 1.2."""


def parts(number: str) -> tuple[int, ...]:
    """The counts in a number, outermost first: (2, 6, 3) for `二.6.(三)` and `2.6.3`, (12,) for `第十二条`.

    In an annex `ANNEX` comes first: (-1, 1, 3) for `附件1第三条`, and letters count from A.
    """
    plain = unicodedata.normalize("NFKC", number).partition("#")[0]  # 第一条#2 is another 第一条
    counts = tuple(value(part) for part in _PART.findall(plain))
    annex = _ANNEX.match(plain)
    if annex is None:
        return counts
    return (ANNEX, *((ord(annex[1].upper()) - ord("A") + 1,) if annex[1] else ()), *counts)


def in_chapter(article: Article) -> tuple[int, ...]:
    """The counts of a clause that comes again, with its chapter: (2, 1) for the second 第一条 below 第二章; else nothing."""
    if "#" not in article.number or "条" not in article.number:
        return ()
    chapters = _CHAPTER.findall(article.heading)
    return (*parts(chapters[-1]), *parts(article.number)) if chapters else ()
