"""Parts of an article that people can name: 第十二条第二款, 第十二条第（三）项, 第十二条第二款第三项第一目.

款 are the paragraphs of an article, 项 the items （一） or 1. in one, 目 the items within an item.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from handlers.numerals import value
from handlers.policy.documents.marks import level
from handlers.policy.documents.numbers import parts as counts
from storage.policies import Article

_NUMBER = r"\(?\s*(\d{1,3}|[〇零一二两三四五六七八九十百]{1,5})\s*\)?"
_NAMED = re.compile(rf"(?:第\s*)?{_NUMBER}\s*([款项目])")
_BARE_ITEM = re.compile(r"条(?:之[一二三四五六七八九十]+)?\s*\(\s*(\d{1,3}|[一二三四五六七八九十]{1,3})\s*\)\s*$")
"""第十二条（三） is its item."""
_UNIT = {"款": 0, "项": 1, "目": 2}
_ENDED = "。！？；;：:"


@dataclass(frozen=True, slots=True)
class Part:
    """A span of an article's text; counts begin at 1, and 0 stands where the part is larger than that."""

    paragraph: int
    item: int
    point: int
    start: int
    end: int


def parts_of(article: Article) -> tuple[Part, ...]:
    """The paragraphs, items and points of an article, each as long as all that belongs to it, in the order of the text."""
    open_parts: list[Part] = []
    found: list[Part] = []
    for start, end, depth, count in _steps(article.text):
        if depth < 0:  # the line goes on from the one before
            open_parts = [replace(part, end=end) for part in open_parts]
            continue
        found += open_parts[depth:]
        open_parts = [replace(part, end=end) for part in open_parts[:depth]]
        above = open_parts[-1] if open_parts else Part(0, 0, 0, start, end)
        if depth == 0:
            opened = Part(count, 0, 0, start, end)
        elif depth == 1:
            opened = Part(above.paragraph, count, 0, start, end)
        else:
            opened = Part(above.paragraph, above.item, count, start, end)
        open_parts.append(opened)
    return tuple(sorted((*found, *open_parts), key=lambda part: (part.start, -part.end)))


def part(article: Article, naming: str) -> Part | None:
    """The part of an article that a number names: `第十二条第二款`, `二.6第三项`; None where it names none that is there.

    An item that is named without its paragraph is looked for in all of them.
    """
    wanted = _wanted(naming)
    if not any(wanted):
        return None
    deepest = 2 if wanted[2] else 1 if wanted[1] else 0
    for one in parts_of(article):
        have = (one.paragraph, one.item, one.point)
        is_this_deep = bool(have[deepest]) and not any(have[deepest + 1 :])
        if is_this_deep and all(not want or want == has for want, has in zip(wanted, have, strict=True)):
            return one
    return None


def missing(article: Article, naming: str) -> bool:
    """The number names a part, and the article has no such part, nor is it that part itself."""
    is_itself = counts(naming) == counts(article.number)
    return any(_wanted(naming)) and not is_itself and part(article, naming) is None


def _wanted(naming: str) -> list[int]:
    """The counts of paragraph, item and point that are named; 0 where none is."""
    wanted = [0, 0, 0]
    plain = unicodedata.normalize("NFKC", naming)
    for found in _NAMED.finditer(plain):
        wanted[_UNIT[found[2]]] = value(found[1])
    if item := _BARE_ITEM.search(plain):
        wanted[1] = value(item[1])
    return wanted


def lines_of(article: Article, naming: str) -> tuple[tuple[int, int, int], ...]:
    """The lines of the part that a number names, each with its first and its last character: what an answer marks."""
    found = part(article, naming)
    if found is None:
        return ()
    marked, at = [], 0
    for line, text in enumerate(article.text.split("\n")):
        start, end = max(found.start, at), min(found.end, at + len(text))
        if start < end:
            marked.append((line, start - at, end - at))
        at += len(text) + 1
    return tuple(marked)


def _steps(text: str) -> Iterator[tuple[int, int, int, int]]:
    """Each line: where it starts and ends, how deep what it opens is (-1: it opens nothing), and its count there."""
    kinds: list[str] = []
    paragraphs = at = 0
    before = ""
    for line in text.split("\n"):
        start, end = at, at + len(line)
        at = end + 1
        numbered = level(line) if paragraphs else None
        if numbered is not None and (count := counts(numbered.label)):
            depth = kinds.index(numbered.level) if numbered.level in kinds else len(kinds)
            del kinds[depth:]
            kinds.append(numbered.level)
            yield start, end, min(depth, 1) + 1, count[-1]
        elif not paragraphs or before[-1:] in tuple(_ENDED):
            paragraphs += 1
            kinds.clear()
            yield start, end, 0, paragraphs
        else:
            yield start, end, -1, 0
        before = line
