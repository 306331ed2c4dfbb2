"""Student numbers, whose form each college has for itself and tells in the settings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handlers.moderation.detecting.found import Detected

LONGEST = 24
SHORTEST = 6
_ITEM = re.compile(r"(?P<one>[0-9A-Za-z]|#|\[(?P<set>[0-9](?:-?[0-9]){0,18})\])(?:\{(?P<times>[0-9]{1,2})\})?")


class StudentNumberError(ValueError):
    """The pattern is not usable; the text says why, in Chinese and English."""


class StudentNumber:
    """What a student number looks like: `20########`, `20[12][0-9]#{6}`, `B2#{7}|S2#{7}`.

    Digits and letters stand for themselves, `#` for any digit, `[12]` or `[0-4]` for one of these digits, `{6}` repeats
    what is before it, `|` parts kinds of numbers.
    """

    def __init__(self, pattern: str) -> None:
        """Raises `StudentNumberError`."""
        kinds = "|".join(_kind(kind.strip()) for kind in pattern.split("|"))
        self._compiled = re.compile(f"(?<![a-z0-9])(?:{kinds})(?!\0*[a-z0-9])")

    def find(self, form: str) -> Iterator[Detected]:
        """Student numbers in the folded form of a text; a part of a longer number is none."""
        for found in self._compiled.finditer(form):
            yield Detected("student-number", *found.span())


def _kind(written: str) -> str:
    items: list[str] = []
    at = 0
    while at < len(written):
        item = _ITEM.match(written, at)
        if item is None:
            raise StudentNumberError(
                f"看不懂 {written[at:][:12]!r}：可写数字、字母、#（任意数字）、[1-4]、{{6}}（重复）和 |"
                " / only digits, letters, # for any digit, [1-4], {6} and | are known"
            )
        choices = item["set"]
        one = "[0-9]" if item["one"] == "#" else f"[{_digits(choices)}]" if choices else item["one"].lower()
        items += [one] * int(item["times"] or 1)
        at = item.end()
    if not SHORTEST <= len(items) <= LONGEST:
        raise StudentNumberError(
            f"学号要有 {SHORTEST} 到 {LONGEST} 位 / a student number has {SHORTEST} to {LONGEST} characters"
        )
    return "\0*".join(items)


def _digits(written: str) -> str:
    """The digits of `[0-46]`, one by one, so that a range written backwards is none and no error of `re`."""
    digits: set[str] = set()
    for first, last in re.findall("([0-9])(?:-([0-9]))?", written):
        digits.update(str(digit) for digit in range(int(first), int(last or first) + 1))
    if not digits:
        raise StudentNumberError(f"[{written}] 里的范围写反了 / the range is written backwards")
    return "".join(sorted(digits))
