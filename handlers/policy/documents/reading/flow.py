"""Printed pages back to paragraphs: which lines are margins of the page, and which line goes on from the one before."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from handlers.policy.documents.marks import is_numbered

_MARGIN = 0.15
"""Share of a page's height at its top and bottom where headers and footers are."""
_OUTERMOST = 2
"""Lines at each end of a page that may be a header or footer."""
_PAGE_NUMBER = re.compile(
    r"^[\s—–\-－·.•~|/]*(?:第\s*)?(?:page\s*)?(?:\d{1,4}|[ivxlc]{1,6}|[一二三四五六七八九十百]{1,5}(?=\s*页))\s*(?:页)?"
    r"[\s,，/|]*(?:(?:共|of|/)\s*\d{1,4}\s*(?:页)?)?[\s—–\-－·.•~|]*$",
    re.IGNORECASE,
)
_NARROWEST = 12
"""Characters; text is not set narrower, but titles are."""
_ENDED = "。；;！？!?：:”》）)"
_DIGITS = re.compile(r"\d+")
_CELLS = re.compile(r"(?<=[^\x00-\x7f]) (?=\S)|(?<=\S) (?=[^\x00-\x7f])")
_ROWS = 3
"""Lines with words apart, one below the other, that make a table."""
_LATIN = re.compile(r"[A-Za-z0-9,.;:)%]$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line on a page, in points from the lower left corner."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    page_height: float

    @property
    def is_in_margin(self) -> bool:
        """Near the upper or lower edge of the page."""
        return self.bottom > (1 - _MARGIN) * self.page_height or self.top < _MARGIN * self.page_height


def without_margins(pages: Sequence[Sequence[Line]]) -> tuple[list[list[Line]], list[str]]:
    """The pages without page numbers and running titles, and the text of each kind of those."""
    outer = [_outermost(page) for page in pages]
    repeated = Counter(text for page in outer for text in {_shape(line.text) for line in page.values()})
    often = max(2, len(pages) / 3)
    kept: list[list[Line]] = []
    dropped: dict[str, str] = {}
    for page, edges in zip(pages, outer, strict=True):
        kept.append([])
        for at, line in enumerate(page):
            is_number = at in edges and _PAGE_NUMBER.match(line.text)
            if is_number or (at in edges and repeated[_shape(line.text)] >= often and not is_numbered(line.text)):
                dropped.setdefault(_shape(line.text), line.text)
            else:
                kept[-1].append(line)
    return kept, list(dropped.values())


def _outermost(page: Sequence[Line]) -> dict[int, Line]:
    """The lines at the upper and the lower end of a page that stand in its margin, by their place in it."""
    order = sorted(range(len(page)), key=lambda at: -page[at].top)
    ends = {*order[:_OUTERMOST], *order[-_OUTERMOST:]}
    return {at: page[at] for at in ends if page[at].is_in_margin}


def _shape(text: str) -> str:
    """A line without its numbers and spaces: running titles differ in nothing else."""
    return "".join(_DIGITS.sub("#", text).split())


def like_tables(lines: Sequence[str]) -> list[int]:
    """Where rows of a table seem to stand, from 1: a PDF has its words, but not its rows and columns."""
    found: list[int] = []
    run = 0
    for at, line in enumerate([*lines, ""], 1):
        if line and _has_cells(line):
            run += 1
            continue
        if run >= _ROWS:
            found.append(at - run)
        run = 0
    return found


def _has_cells(text: str) -> bool:
    return not is_numbered(text) and len(_CELLS.findall(text)) > 0 and text[-1] not in _ENDED


def paragraphs(pages: Sequence[Sequence[Line]]) -> list[str]:
    """The lines joined where a paragraph goes on, over the end of a page too."""
    lines = [line for page in pages for line in page]
    if not lines:
        return []
    form = _Form(lines)
    found = [lines[0].text]
    for before, line in itertools.pairwise(lines):
        if form.goes_on(before, line):
            found[-1] = _joined(found[-1], line.text)
        else:
            found.append(line.text)
    return found


class _Form:
    """How a document is set: its margins, the size of its characters, whether first lines are indented."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._size = max(median(line.top - line.bottom for line in lines), 6.0) * 1.1
        long = [line for line in lines if len(line.text) > 12] or list(lines)
        self._right = sorted(line.right for line in long)[len(long) * 9 // 10]
        lefts = Counter(round(line.left / 3) for line in long)
        common = [left for left, count in lefts.items() if count >= max(2, len(long) / 20)] or list(lefts)
        self._left = min(common) * 3.0
        self._is_indented = sum(self._indent(line) > 1.2 for line in long) >= max(1, len(long) / 10)

    def _indent(self, line: Line) -> float:
        """In characters."""
        return (line.left - self._left) / self._size

    def goes_on(self, before: Line, line: Line) -> bool:
        """The line is of the same paragraph as the one before it."""
        is_full = before.right > self._right - 2.2 * self._size and before.right - before.left > _NARROWEST * self._size
        if not is_full or is_numbered(line.text) or (_has_cells(before.text) and _has_cells(line.text)):
            return False
        if before.text[-1] in _ENDED:
            return self._is_indented and self._indent(line) < 1.0
        return True


def _joined(before: str, after: str) -> str:
    if before[-1:] == "-" and before[-2:-1].islower() and after[:1].islower():
        return before[:-1] + after  # a word broken at the end of the line
    if _LATIN.search(before) and after[:1].isascii() and after[:1].isalnum():
        return f"{before} {after}" if not (before[-1].isdecimal() and after[0].isdecimal()) else before + after
    return before + after
