"""RE2 expressions, which no input can make slow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import re2

from handlers.moderation.normalise import bare

_OPTIONS = re2.Options()
_OPTIONS.log_errors = False
_OPTIONS.case_sensitive = False
_OPTIONS.max_mem = 1 << 20

_OPTIONS_OF_SETS = re2.Options()
_OPTIONS_OF_SETS.log_errors = False
_OPTIONS_OF_SETS.case_sensitive = False
_OPTIONS_OF_SETS.max_mem = 8 << 20


class ExpressionError(ValueError):
    """The expression is not usable; the text says why, in Chinese and English."""


LONGEST_PATTERN = 500
"""Characters of a pattern."""
MOST_STEPS = 2_000
"""Size of the program that RE2 makes of a pattern. An everyday expression has less than a hundred."""
MOST_MATCHES = 200
"""Places of a text that one expression tells of. Each may take a look at all that follows, so there is an end to them."""

LONGEST_TOGETHER = 2_000
"""Characters of a text; in a longer one, made for it, many expressions at once could take longer than one after the other."""

# What other engines have and RE2 has not, because it could take for ever, with what does the same here.
_UNKNOWN = (
    (
        ("(?=", "(?!", "(?<=", "(?<!"),
        "前后查看 (?=…) (?<!…)，请把例外的说法写进 allow / look-around; put what is harmless into allow",
    ),
    (
        ("\\1", "\\2", "\\3", "(?P=", "(?("),
        "反向引用 \\1，请把各种写法用 | 列出来 / back-references; list the variants with |",
    ),
    (("(?>", "++", "*+", "?+", "}+"), "占有量词，去掉多余的 + 就行 / possessive quantifiers; leave the second + out"),
    (("(?#",), "注释 (?#…)，请写在 TOML 的 # 后面 / comments; write them behind a # of TOML"),
    (
        ("\\Z", "\\h", "\\R", "\\X", "\\K", "\\G"),
        "这个转义，可用 \\z \\s \\d \\w / this escape; \\z \\s \\d \\w are known",
    ),
)
_REPETITION = "重复次数太大，{} 里至多 1000 / a repetition of more than 1000"


class Expression:
    """A compiled expression."""

    def __init__(self, pattern: str) -> None:
        """Raises `ExpressionError` for what RE2 does not take, what is too large, and what matches nothing at all."""
        if len(pattern) > LONGEST_PATTERN:
            raise ExpressionError(f"太长，至多 {LONGEST_PATTERN} 个字符，请分成几条 / too long, split it into several")
        self.pattern = _folded(pattern)
        """As it is compared: with the forms of letters that texts have."""
        try:
            self._compiled: Any = re2.compile(self.pattern, _OPTIONS)
        except re2.error as error:
            raise ExpressionError(_said(pattern, _reason(error))) from None
        if self._compiled.programsize > MOST_STEPS:
            raise ExpressionError("太大，请减少 {n} 的重复次数或分成几条 / too large, repeat less or split it")
        if self._compiled.search("") is not None:
            raise ExpressionError("会匹配空文字，请至少要求一个字符 / matches the empty text")

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """The spans of what matches, leftmost first, not overlapping, `MOST_MATCHES` at most.

        `text` is the `readable` form of a text.
        """
        matches = (found.span() for found in self._compiled.finditer(text) if found.end() > found.start())
        return islice(matches, MOST_MATCHES)


class Expressions:
    """Tells in one pass over a text which of many expressions may match in it; most match in hardly any text."""

    def __init__(self, expressions: Sequence[Expression]) -> None:
        self._all: Sequence[int] = range(len(expressions))
        self._set: Any = re2.Set.SearchSet(_OPTIONS_OF_SETS)
        for expression in expressions:
            self._set.Add(expression.pattern)
        # Where RE2 has not memory enough it finds nothing and does not say so; this it would always find.
        self._always = self._set.Add("(?s).")
        try:
            self._set.Compile()
        except re2.error:  # together they are too large
            self._set = None

    def matching(self, text: str) -> Sequence[int]:
        """The places of those that may match, in order: of a short text those that do, else all of them."""
        if self._set is None or len(text) > LONGEST_TOGETHER:
            return self._all
        if not text:
            return ()
        found = self._set.Match(text)
        return sorted(found)[:-1] if self._always in found else self._all


def compile_expression(pattern: str) -> Expression:
    """The compiled expression. Raises `ExpressionError`."""
    return Expression(pattern)


def _folded(pattern: str) -> str:
    """The pattern with its letters in the form that texts have, so that 贷款 in it finds 貸款 written either way."""
    return "".join(bare(one) or one if one.isalpha() and not one.isascii() else one for one in pattern)


def _said(pattern: str, reason: str) -> str:
    """One line on what is wrong: what RE2 has not and what to write instead, else RE2's own words."""
    if "repetition size" in reason:
        return _REPETITION
    for signs, instead in _UNKNOWN:
        if any(sign in pattern and sign.rstrip("+=") in reason for sign in signs):
            return f"RE2 没有{instead}"
    if "too large" in reason:
        return "太大，请减少重复次数或分成几条 / too large, repeat less or split it"
    return f"RE2 不认识这个表达式（{reason}）/ not a valid RE2 expression"


def _reason(error: Exception) -> str:
    told = error.args[0] if error.args else ""
    return told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)
