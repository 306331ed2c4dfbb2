"""RE2 expressions, which no input can make slow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import re2

from handlers.moderation.normalise import bare

_OPTIONS = re2.Options()
_OPTIONS.log_errors = False
_OPTIONS.case_sensitive = False
_OPTIONS.max_mem = 1 << 20


class ExpressionError(ValueError):
    """The expression is not usable; the text says why, in Chinese and English."""


class Expression:
    """A compiled expression."""

    def __init__(self, pattern: str) -> None:
        """Raises `ExpressionError` for what RE2 does not take, and for what matches nothing at all."""
        try:
            self._compiled: Any = re2.compile(_folded(pattern), _OPTIONS)
        except re2.error as error:
            raise ExpressionError(f"RE2 不认识这个表达式（{_reason(error)}）/ not a valid RE2 expression") from None
        if self._compiled.search("") is not None:
            raise ExpressionError("会匹配空文字，请至少要求一个字符 / matches the empty text")

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """The spans of what matches, leftmost first, not overlapping; `text` is the `readable` form of a text."""
        for found in self._compiled.finditer(text):
            if found.end() > found.start():
                yield found.span()


def compile_expression(pattern: str) -> Expression:
    """The compiled expression. Raises `ExpressionError`."""
    return Expression(pattern)


def _folded(pattern: str) -> str:
    """The pattern with its letters in the form that texts have, so that 贷款 in it finds 貸款 written either way."""
    return "".join(bare(one) or one if one.isalpha() and not one.isascii() else one for one in pattern)


def _reason(error: Exception) -> str:
    told = error.args[0] if error.args else ""
    return told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)
