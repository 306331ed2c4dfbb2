"""Which allow-word would have kept a rule quiet: the found word with the words around it."""

from __future__ import annotations

from handlers.moderation.boundary import is_everyday
from handlers.moderation.excerpts import without_kinds
from handlers.moderation.scanner import Scanner

_LONGEST_WORD = 5


def allow_word(rule: str, excerpt: str, scanner: Scanner) -> str | None:
    """The first find of the rule in a masked excerpt, with what it cuts into (`打开黑板` for 开黑), else with the words
    beside it, else with a letter on each side. None for numbers, and where it stands alone: that would switch the
    rule's word off altogether."""
    text = without_kinds(excerpt)
    for hit in scanner.scan(text):
        if hit.rule.id != rule or hit.detector or "*" in hit.matched:
            continue
        start, end = hit.span
        first, last = _cut_into(text, start, end)
        if (first, last) == (start, end):
            first, last = _beside(text, start, end)
        if (first, last) == (start, end):
            first = start - 1 if start and text[start - 1].isalnum() else start
            last = end + 1 if end < len(text) and text[end].isalnum() else end
        if last - first > end - start and not any(map(str.isspace, text[first:last])):
            return text[first:last]
    return None


def _cut_into(text: str, start: int, end: int) -> tuple[int, int]:
    """Over the everyday words that reach across a border of the find, the farthest on each side."""
    first, last = start, end
    for begin in range(max(0, start - _LONGEST_WORD + 1), end):
        for stop in range(begin + 2, min(len(text), begin + _LONGEST_WORD) + 1):
            crosses_front, crosses_back = begin < start < stop, begin < end < stop
            if crosses_front != crosses_back and is_everyday(text[begin:stop]):
                first, last = min(first, begin), max(last, stop)
    return first, last


def _beside(text: str, start: int, end: int) -> tuple[int, int]:
    """Over the everyday words right before and behind the find."""
    before = [at for at in range(max(0, start - _LONGEST_WORD), start - 1) if is_everyday(text[at:start])]
    behind = [at for at in range(end + 2, min(len(text), end + _LONGEST_WORD) + 1) if is_everyday(text[end:at])]
    return min(before, default=start), max(behind, default=end)
