"""The little of a message that is kept: the place that a rule found, masked."""

from __future__ import annotations

import re
from collections.abc import Iterable

from handlers.moderation.detectors import LABELS
from handlers.moderation.masking import mask
from handlers.moderation.scanner import Hit

AROUND = 8
"""Characters that are kept on each side of a hit."""
LONGEST = 40
_SHOWN_DETECTORS = ("classification-mark",)
"""What these find is no secret in itself."""
_KIND = re.compile(f"〔(?:{'|'.join(map(re.escape, LABELS.values()))})〕")
_NUMBERS = ("id-number", "bank-card", "mobile", "landline")
"""Of these people recognise their own by the beginning and the end."""


def excerpt(text: str, hits: Iterable[Hit]) -> str:
    """A line of at most forty characters from the first hit on, with all that the detectors found masked; behind that
    stands what it was, `138******00〔手机号〕`, so that its kind and its length can still be told.

    Whatever looks like a number of a person is masked too, also where no rule asked for it. Never the whole text of
    a longer message.
    """
    found = sorted(hits, key=lambda hit: hit.span)
    shown = list(mask(text))
    for hit in found:
        for place, character in enumerate(masked(hit), start=hit.span[0]):
            if character == "*":  # what one of two overlapping hits hides stays hidden
                shown[place] = "*"
    _name(found, shown)
    start, end = (found[0].span[0], max(hit.span[1] for hit in found)) if found else (0, 0)
    first, last = max(0, start - AROUND), min(len(text), max(end, start + 1) + AROUND)
    last = min(last, first + LONGEST)
    line = " ".join("".join(shown[first:last]).split())
    return f"{'…' if first else ''}{_encodable(line)}{'…' if last < len(text) else ''}"


def without_kinds(line: str) -> str:
    """An excerpt as it was written, without what `excerpt` says of the kinds."""
    return _KIND.sub("", line)


def together(excerpts: Iterable[str]) -> list[str]:
    """Excerpts of one message, in their order, without those that others hold already."""
    found = {line: without_kinds(line).strip("…") for line in excerpts}
    kept: list[str] = []
    for line, words in sorted(found.items(), key=lambda one: (-len(one[1]), -len(one[0]))):
        if not any(words in found[other] for other in kept):
            kept.append(line)
    return [line for line in found if line in kept]


def _name(hits: Iterable[Hit], shown: list[str]) -> None:
    """Put its kind behind each hit that was masked, once where several detectors find the same."""
    named_until = 0
    for hit in hits:
        if _is_masked(hit) and hit.span[0] >= named_until:
            named_until = hit.span[1]
            shown[named_until - 1] += f"〔{LABELS.get(hit.detector, hit.detector)}〕"


def _is_masked(hit: Hit) -> bool:
    return hit.is_data and hit.detector not in _SHOWN_DETECTORS


def masked(hit: Hit) -> str:
    """What a hit matched, as long as it was, with the data that a detector found made unreadable."""
    if not _is_masked(hit):
        return mask(hit.matched)
    front, back = (3, 2) if hit.detector in _NUMBERS else (1, 1)
    telling = [place for place, character in enumerate(hit.matched) if character.isalnum()]
    hidden = set(telling[front:-back])
    return "".join("*" if place in hidden else character for place, character in enumerate(hit.matched))


def _encodable(line: str) -> str:
    """Lone surrogates cannot be stored."""
    return line.encode("utf-8", "replace").decode("utf-8")
