"""Tables of contents in a text: their titles come again below, and are not taken for those."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from handlers.policy.documents.lines import Line, compact
from handlers.policy.documents.marks import clause, level

_NAMES = ("目录", "目次")
_LEADER = re.compile(r"^(.{1,60}?)\s*[.…·•．⋯]{3,}\s*[（(]?\d{1,4}[)）]?$")
_PAGE = re.compile(r"(?:[\s.…·•．⋯]+|\t)[（(]?\d{1,4}[)）]?$")
_LEAST = 3
"""Lines with dots and a page number that make a table of contents without its name."""


def split(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The lines up to the end of the table of contents, and those after it. Without one, all are after it."""
    begin = _begin(lines)
    if begin is None:
        return [], list(lines)
    keys = [_key(line.text) for line in lines]
    counts = Counter(keys[begin:])
    listed: set[str] = set()
    end = begin
    while end < len(lines) and keys[end] not in listed:
        text = lines[end].text
        comes_again = counts[keys[end]] > 1 and (clause(text) or level(text) or _PAGE.search(text))
        if not comes_again and not _LEADER.match(text):
            break
        listed.add(keys[end])
        end += 1
    if not any(counts[key] > 1 for key in listed):
        return [], list(lines)
    return list(lines[:end]), list(lines[end:])


def _begin(lines: Sequence[Line]) -> int | None:
    """Where the first entry stands."""
    for at, line in enumerate(lines):
        if compact(line.text) in _NAMES:
            return at + 1
        if _LEADER.match(line.text) and all(_LEADER.match(one.text) for one in lines[at : at + _LEAST]):
            return at
        if clause(line.text) or level(line.text):
            return None
    return None


def _key(text: str) -> str:
    return compact(_PAGE.sub("", text))
