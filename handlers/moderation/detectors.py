"""Data that shows itself by its form: numbers of people, plates, addresses, classification marks."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from handlers.moderation.digits import Detected, numbers_of_people
from handlers.moderation.normalise import Folded
from handlers.moderation.rule import Rule

_GAP = "[\0\1]{0,3}"
_HAS_DIGITS = re.compile("[0-9]{7}")

_PASSPORT = re.compile(
    "(?<![a-z0-9])(?:[eg](?:\0*[0-9]){8}|e\0*[a-hj-np-z](?:\0*[0-9]){7}|[pds]\0*e(?:\0*[0-9]){7})(?!\0*[a-z0-9])"
)
_SAYS_PASSPORT = re.compile("护照|passport")


def _passports(folded: Folded) -> Iterator[Detected]:
    """Passports of China. What looks like a year and a running number counts only where a passport is spoken of."""
    for found in _PASSPORT.finditer(folded.form):
        digits = "".join(character for character in found[0] if character.isdecimal())
        before = folded.form[max(0, found.start() - 12) : found.start()]
        if not digits.startswith(("19", "20")) or _SAYS_PASSPORT.search(before):
            yield Detected("passport", *found.span())


_PLATE = re.compile(
    "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]\0*[a-hj-np-z][\0\1]{0,2}"
    "(?:[a-hj-np-z0-9]\0*){4,5}[a-hj-np-z0-9警学挂港澳](?![a-z0-9])"
)
_LEAST_DIGITS_OF_A_PLATE = 3


def _plates(folded: Folded) -> Iterator[Detected]:
    """Number plates of the mainland: province, letter, then five or six with at least three digits among them."""
    for found in _PLATE.finditer(folded.form):
        if sum(character.isdecimal() for character in found[0]) >= _LEAST_DIGITS_OF_A_PLATE:
            yield Detected("plate", *found.span())


_NARROW = {0xFEE0 + code: chr(code) for code in range(0x21, 0x7F)}
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z]{2,24}(?![A-Za-z0-9])"
)


def _emails(folded: Folded) -> Iterator[Detected]:
    for found in _EMAIL.finditer(folded.text.translate(_NARROW)):
        yield Detected("email", *found.span())


_STARS = frozenset("★☆⭐✩✭✮✯⋆🌟")
_PERIOD = f"(?:(?:[0-9]\0*){{1,2}}|[一二三四五六七八九十两]{{1,3}}){_GAP}(?:年|个月|月|天)|长期|永久|启用前|解密前"
_LEVEL = f"(?:绝{_GAP}密|机{_GAP}密|秘{_GAP}密)"
_MARK = re.compile(
    f"{_LEVEL}{_GAP}★(?:[★\0\1]{{0,3}}(?:{_PERIOD}))?|{_LEVEL}{_GAP}\\*[*\0\1]{{0,3}}(?:{_PERIOD})"
    f"|密{_GAP}级[\0\1\2]{{0,3}}(?:[是为定]{{1,2}})?[\0\1\2]{{0,3}}{_LEVEL}"
)


def _marks(folded: Folded) -> Iterator[Detected]:
    """Classification marks as documents carry them: a level with a star, or one that is named as the level (五.2)."""
    text = folded.text
    form = "".join(
        "★" if text[at] in _STARS else "*" if text[at] in "*＊✱" else character
        for at, character in enumerate(folded.form)
    )
    for found in _MARK.finditer(form):
        yield Detected("classification-mark", *found.span())


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
        found += numbers_of_people(folded)
        if "passport" in wanted:
            found += _passports(folded)
    if "plate" in wanted and not bare.isalpha():
        found += _plates(folded)
    if "email" in wanted and ("@" in folded.text or "＠" in folded.text):
        found += _emails(folded)
    if "classification-mark" in wanted and "密" in bare:
        found += _marks(folded)
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
