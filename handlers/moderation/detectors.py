"""Data that shows itself by its form: numbers of people, plates, addresses, classification marks.

What the detectors are called, and asking those that rules name. Each stands in `detecting`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from handlers.moderation.detecting.addresses import MOST
from handlers.moderation.detecting.digits import numbers_of_people
from handlers.moderation.detecting.emails import emails
from handlers.moderation.detecting.found import Detected
from handlers.moderation.detecting.hosts import domain_of, is_within
from handlers.moderation.detecting.links import links
from handlers.moderation.detecting.marks import marks
from handlers.moderation.detecting.papers import passports, plates
from handlers.moderation.detecting.student import StudentNumber
from handlers.moderation.normalise import Folded
from handlers.moderation.rule import Rule
from handlers.moderation.wording.reading import DETECTOR
from handlers.settings import ModerationSettings

_HAS_DIGITS = re.compile("[0-9]{7}")

NAMES = (
    "id-number",
    "mobile",
    "bank-card",
    "passport",
    "plate",
    "email",
    "landline",
    "student-number",
    "classification-mark",
    "link",
    "short-link",
    "qr-text",
)
"""The detectors of data."""
ALL_NAMES = (*NAMES, DETECTOR)
"""What a rule may name under `detectors`: those, and what a message reads like as a whole."""

LABELS: Mapping[str, str] = {
    "id-number": "身份证号",
    "mobile": "手机号",
    "bank-card": "银行卡号",
    "passport": "护照号",
    "plate": "车牌号",
    "email": "邮箱",
    "landline": "座机号",
    "student-number": "学号",
    "classification-mark": "密级标志",
    "link": "站外链接",
    "short-link": "短链接",
    "qr-text": "二维码内容",
    DETECTOR: "整句措辞",
}
"""What people call them."""

_OF_DIGITS = ("id-number", "mobile", "bank-card", "passport", "landline", "student-number")
_OF_ADDRESSES = ("email", "link", "short-link", "qr-text")
_MAY_BE_PASSPORT = re.compile("[a-z][0-9]{7}")
_LATIN = re.compile("[a-z]{2}")


@dataclass(frozen=True, slots=True)
class Known:
    """What the settings tell the detectors: domains that links may lead to, and what a student number looks like."""

    domains: tuple[str, ...] = ()
    student_number: str = ""

    @classmethod
    def of(cls, settings: ModerationSettings) -> Known:
        """What `[moderation]` says."""
        return cls(tuple(map(domain_of, settings.domains)), settings.student_number)


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
        """`rules` in the order of the scanner's. Raises `StudentNumberError` for a pattern that is none."""
        self._rules: dict[str, list[int]] = defaultdict(list)
        self._domains = [frozenset((*known.domains, *map(domain_of, rule.domains))) for rule in rules]
        for number, rule in enumerate(rules):
            for name in dict.fromkeys(rule.detectors):
                self._rules[name].append(number)
        self._student = StudentNumber(known.student_number) if known.student_number else None
        self.wants_numerals = any(name in self._rules for name in _OF_DIGITS)
        self._wants_addresses = any(name in self._rules for name in _OF_ADDRESSES)

    def find(self, folded: Folded, numerals: str | None = None) -> list[Detection]:
        """What is found, for each rule that names the detector, in order.

        `numerals` is the form of the text with digits in place of Chinese numerals, as long as `folded.form`; None
        where the text has none to speak of.
        """
        found = self._detect(folded, folded.form)
        if numerals is not None and self.wants_numerals:
            known = {(one.start, one.end) for one in found}
            disguised = [one for one in self._of_digits(folded, numerals) if (one.start, one.end) not in known]
            return self._for_rules([*found, *disguised], frozenset(disguised))
        return self._for_rules(found, frozenset()) if found else []

    def _for_rules(self, found: Iterable[Detected], disguised: Collection[Detected]) -> list[Detection]:
        return [
            Detection(number, one.detector, one.start, one.end, ("numerals",) if one in disguised else ())
            for one in sorted(found, key=lambda one: (one.start, one.end, one.detector))
            for number in self._rules.get(one.detector, ())
            if not (one.host and is_within(one.host, self._domains[number]))
        ]

    def _detect(self, folded: Folded, form: str) -> list[Detected]:
        """A text without digits, Latin letters and 密 or 内部 costs next to nothing."""
        wanted, bare = self._rules, folded.bare
        found: list[Detected] = []
        if not wanted:
            return found
        if self.wants_numerals and not bare.isalpha() and _HAS_DIGITS.search(bare):
            found += self._of_digits(folded, form)
        if "plate" in wanted and not bare.isalpha():
            found += plates(folded)
        if "classification-mark" in wanted and ("密" in bare or "内部" in bare):
            found += marks(folded)
        if self._wants_addresses and _LATIN.search(bare):
            found += _addresses(folded)
        return found

    def _of_digits(self, folded: Folded, form: str) -> list[Detected]:
        found = list(numbers_of_people(folded.text, form))
        if "passport" in self._rules and (form is not folded.form or _MAY_BE_PASSPORT.search(folded.bare)):
            found += passports(form)
        if self._student is not None and "student-number" in self._rules:
            taken = [(one.start, one.end) for one in found]
            found += [
                one
                for one in self._student.find(form)
                if not any(start < one.end and one.start < end for start, end in taken)
            ]
        return found


def _addresses(folded: Folded) -> list[Detected]:
    """Mail and links; the host of an address of mail is no link, and what stands inside a link is no mail."""
    mails, found = list(islice(emails(folded), MOST)), list(links(folded))
    if not mails or not found:
        return mails + found
    return [
        *(mail for mail in mails if not any(link.start < mail.start and mail.end <= link.end for link in found)),
        *(link for link in found if not any(mail.start < link.start and link.end <= mail.end for mail in mails)),
    ]
