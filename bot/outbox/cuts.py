"""Where a long text may be cut: at ends of paragraphs, and never inside a link, a run of code or one sign. Pure."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable

SHORTEST_PART = 500
"""However long the commands below are, a part holds this many characters of the text."""
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})([^\n`]{0,30})", re.MULTILINE)
_CLOSING = 12
"""Characters that are kept free to close a block of code."""
_HEADING = re.compile(r"#{1,6}\s")
_WHOLE = re.compile(
    r"!?\[[^\]\n]*\]\([^)\n]*\)"  # a link
    r"|https?://[^\s)）」』】》]+"
    r"|\*\*[^*\n]+\*\*"
    r"|`[^`\n]+`"
    r"|@[\w.$:-]+"  # a mention
)
_LONGEST_WHOLE = 2000
_SENTENCE = re.compile(r"[。！？；!?;][”’」』）)]*|\.(?=\s)")


def parts(text: str, longest: int, most_bytes: int) -> list[str]:
    """`text` in parts of at most `longest` characters and `most_bytes` bytes as JSON, cut where it disturbs least.

    A block of code that is too long itself is closed at the end of a part and opened again in the next.
    """
    found: list[str] = []
    rest, opening = text, ""
    while rest:
        window = opening + rest
        end = _fitting(window, longest, most_bytes)
        if end < len(window):
            end = _good_end(window, _fitting(window, longest - _CLOSING, most_bytes - _CLOSING), len(opening))
        part, rest = window[:end].rstrip(), window[end:].lstrip("\n")
        # What is open at the very end was never closed in the text itself, and is nobody's business.
        opening, closing = _open_fence(part) if rest else ("", "")
        if part:
            found.append(part + closing)
    return found


def beginning(text: str, most: int) -> str:
    """At most so many characters of it, without cutting a sign."""
    return text if len(text) <= most else text[: _between_signs(text, most, 0)]


def size(text: str) -> int:
    """Bytes of the text inside JSON."""
    return len(json.dumps(text, ensure_ascii=False).encode("utf-8", "replace"))


def _fitting(text: str, longest: int, most_bytes: int) -> int:
    """How many characters of `text` fit, by number and by size."""
    end = min(len(text), longest)
    while end > SHORTEST_PART and size(text[:end]) > most_bytes:
        end = max(SHORTEST_PART, end * 4 // 5)
    return end


def _good_end(text: str, end: int, opening: int) -> int:
    """Where to cut before `end`, never in the first tenth, nor in the `opening` that stands before the text itself."""
    least = max(end // 10, opening)
    window = text[:end]
    blocks = _code_blocks(window)
    for ends in (
        (
            place
            for place in _after(window, "\n\n", least)
            if not _inside(place, blocks) and not _is_heading(window, place)
        ),
        (place for place in _after(window, "\n", least) if not _inside(place, blocks)),
        _after(window, "\n", least),
        (place for place in _sentence_ends(window, least) if _whole_around(text, place) is None),
        (place for place in _after(window, " ", least) if _whole_around(text, place) is None),
    ):
        if (place := next(iter(ends), None)) is not None:
            return place
    begin = _whole_around(text, end)
    return _between_signs(text, end if begin is None or begin <= least else begin, least)


def _after(window: str, mark: str, least: int) -> Iterable[int]:
    """The places just behind each `mark`, the last first; none before `least`."""
    place = window.rfind(mark)
    while place > least:
        yield place + len(mark)
        place = window.rfind(mark, 0, place)


def _sentence_ends(window: str, least: int) -> Iterable[int]:
    return (place for found in reversed(list(_SENTENCE.finditer(window))) if (place := found.end()) > least + 1)


def _is_heading(window: str, place: int) -> bool:
    """What stands before `place` is a heading, which belongs to what comes behind."""
    line = window[:place].rstrip("\n").rpartition("\n")[2]
    return _HEADING.match(line) is not None


def _whole_around(text: str, place: int) -> int | None:
    """Where the link, code or mention begins that a cut at `place` would go through."""
    begin = max(0, place - _LONGEST_WHOLE)
    for found in _WHOLE.finditer(text, begin, place + _LONGEST_WHOLE):
        if found.start() >= place:
            return None
        if found.end() > place:
            return found.start()
    return None


def _code_blocks(text: str) -> list[tuple[int, int]]:
    """Where blocks of code begin and end; one that is not closed goes on to the end."""
    found: list[tuple[int, int]] = []
    open_at, fence = -1, ""
    for line in _FENCE.finditer(text):
        if open_at < 0:
            open_at, fence = line.start(), line[1]
        elif line[1].startswith(fence) and not line[2].strip():
            found.append((open_at, line.end()))
            open_at = -1
    return [*found, (open_at, len(text) + 1)] if open_at >= 0 else found


def _inside(place: int, blocks: list[tuple[int, int]]) -> bool:
    return any(begin < place <= end for begin, end in blocks)


def _open_fence(part: str) -> tuple[str, str]:
    """The line that opens again the block of code in which `part` ends, and what closes it; nothing where none is open."""
    blocks = _code_blocks(part)
    if not blocks or blocks[-1][1] <= len(part):
        return "", ""
    line = _FENCE.match(part, blocks[-1][0])
    assert line is not None
    fence = line[1][: _CLOSING - 1]
    return f"{fence}{line[2].strip()}\n", f"\n{fence}"


def _between_signs(text: str, end: int, least: int) -> int:
    """`end`, or the nearest place before it where no sign is cut that is made of several characters."""
    place = end
    while place > least + 1 and _is_one_sign(text, place):
        place -= 1
    return place if place > least + 1 else end


def _is_one_sign(text: str, place: int) -> bool:
    """The characters on both sides of `place` are one sign: an emoji, a letter with its accents, a flag."""
    before, after = text[place - 1], text[place : place + 1]
    if not after:
        return False
    if before == "\u200d" or after == "\u200d" or unicodedata.category(after) in ("Mn", "Me", "Mc"):
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":
        return True
    if "\ud800" <= before <= "\udbff" and "\udc00" <= after <= "\udfff":
        return True
    if not ("\U0001f1e6" <= after <= "\U0001f1ff"):
        return False
    flags = len(text[:place]) - len(text[:place].rstrip("".join(map(chr, range(0x1F1E6, 0x1F200)))))
    return flags % 2 == 1
