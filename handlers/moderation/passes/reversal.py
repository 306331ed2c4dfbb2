"""Words written backwards: `博赌`. Only for rules that ask for it, for what is harmless forwards may not be so backwards."""

from __future__ import annotations


def reversed_form(word: str) -> str | None:
    """The bare word backwards; None for what is the same both ways, and for words that are not of Chinese characters."""
    backwards = word[::-1]
    return None if backwards == word or word.isascii() else backwards
