"""Data that shows itself by its form: numbers of people, plates, addresses, classification marks."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from handlers.moderation.detecting.digits import numbers_of_people
from handlers.moderation.detecting.found import Detected
from handlers.moderation.detecting.marks import marks
from handlers.moderation.detecting.papers import passports, plates
from handlers.moderation.normalise import Folded
from handlers.moderation.rule import Rule

_HAS_DIGITS = re.compile("[0-9]{7}")

_NARROW = {0xFEE0 + code: chr(code) for code in range(0x21, 0x7F)}
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z]{2,24}(?![A-Za-z0-9])"
)


def _emails(folded: Folded) -> Iterator[Detected]:
    for found in _EMAIL.finditer(folded.text.translate(_NARROW)):
        yield Detected("email", *found.span())


NAMES = ("id-number", "mobile", "bank-card", "passport", "plate", "email", "landline", "classification-mark")
"""What a rule may name under `detectors`."""

LABELS: Mapping[str, str] = {
    "id-number": "身份证号",
    "mobile": "手机号",
    "bank-card": "银行卡号",
    "passport": "护照号",
    "plate": "车牌号",
    "email": "邮箱",
    "landline": "座机号",
    "classification-mark": "密级标志",
}
"""What people call them."""


def detect(folded: Folded, wanted: Collection[str]) -> list[Detected]:
    """What the wanted detectors find, in order. A text without digits, `@` and 密 costs next to nothing."""
    found: list[Detected] = []
    bare = folded.bare
    if not bare.isalpha() and _HAS_DIGITS.search(bare):
        found += numbers_of_people(folded.text, folded.form)
        if "passport" in wanted:
            found += passports(folded)
    if "plate" in wanted and not bare.isalpha():
        found += plates(folded)
    if "email" in wanted and ("@" in folded.text or "＠" in folded.text):
        found += _emails(folded)
    if "classification-mark" in wanted and "密" in bare:
        found += marks(folded)
    if not found:
        return found
    return sorted((one for one in found if one.detector in wanted), key=lambda one: (one.start, one.end, one.detector))


@dataclass(frozen=True, slots=True)
class Known:
    """What the settings tell the detectors: domains that links may lead to, and what a student number looks like."""

    domains: tuple[str, ...] = ()
    student_number: str = ""


_NOTHING_KNOWN = Known()


class Detection(NamedTuple):
    """What a detector found for a rule, given by its index: a span of the original text, and the passes it took."""

    rule: int
    detector: str
    start: int
    end: int
    passes: tuple[str, ...] = ()


class Detectors:
    """The detectors that a set of rules names. Never changes and holds no state between texts."""

    def __init__(self, rules: Sequence[Rule], known: Known = _NOTHING_KNOWN) -> None:
        """`rules` in the order of the scanner's."""
        self._known = known
        self._rules: dict[str, list[int]] = defaultdict(list)
        for number, rule in enumerate(rules):
            for name in dict.fromkeys(rule.detectors):
                self._rules[name].append(number)

    def find(self, folded: Folded, numerals: str | None = None) -> list[Detection]:
        """What is found, for each rule that names the detector.

        `numerals` is the form of the text with digits in place of Chinese numerals, as long as `folded.form`; None
        where the text has none to speak of.
        """
        return [
            Detection(number, found.detector, found.start, found.end)
            for found in detect(folded, self._rules)
            for number in self._rules[found.detector]
        ]
