"""The little of a message that is kept: the place that a rule found, masked (design §5)."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.moderation.masking import mask
from handlers.moderation.scanner import Hit

AROUND = 8
"""Characters that are kept on each side of a hit."""
LONGEST = 40
_SHOWN_DETECTORS = ("classification-mark",)
"""What these find is no secret in itself."""


def excerpt(text: str, hits: Iterable[Hit]) -> str:
    """A line of at most about fifty characters around the first hit, with all that the detectors found masked.

    Whatever looks like a number of a person is masked too, also where no rule asked for it. Never the whole text of
    a longer message.
    """
    found = sorted(hits, key=lambda hit: hit.span)
    shown = list(mask(text))
    for hit in found:
        if hit.detector and hit.detector not in _SHOWN_DETECTORS:
            start, end = hit.span
            for place in range(start + 1, end - 1):
                if text[place].isalnum():
                    shown[place] = "*"
    start, end = found[0].span if found else (0, 0)
    first, last = max(0, start - AROUND), min(len(text), max(end, start + 1) + AROUND)
    last = min(last, first + LONGEST)
    line = " ".join("".join(shown[first:last]).split())
    return f"{'…' if first else ''}{_encodable(line)}{'…' if last < len(text) else ''}"


def _encodable(line: str) -> str:
    """Lone surrogates cannot be stored."""
    return line.encode("utf-8", "replace").decode("utf-8")
