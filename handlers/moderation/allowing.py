"""Which allow-word would have kept a rule quiet: the found word with its neighbours."""

from __future__ import annotations

from handlers.moderation.scanner import Scanner

_LEAST_MORE = 1
"""A word without neighbours would switch the rule's word off altogether."""


def allow_word(rule: str, excerpt: str, scanner: Scanner) -> str | None:
    """The first find of the rule in a masked excerpt, with one letter on each side (`打开黑板` for 开黑); None for numbers,
    and where it stands alone."""
    for hit in scanner.scan(excerpt):
        if hit.rule.id != rule or hit.detector or "*" in hit.matched:
            continue
        start, end = hit.span
        first = start - 1 if start and _is_letter(excerpt[start - 1]) else start
        last = end + 1 if end < len(excerpt) and _is_letter(excerpt[end]) else end
        if (last - first) - (end - start) >= _LEAST_MORE and not any(map(str.isspace, excerpt[first:last])):
            return excerpt[first:last]
    return None


def _is_letter(character: str) -> bool:
    return character.isalnum()
