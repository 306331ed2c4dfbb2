"""Numbers of papers that letters begin: passports, travel permits, number plates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handlers.moderation.detecting.found import Detected
from handlers.moderation.normalise import Folded

_PASSPORT = re.compile(
    "(?<![a-z0-9])(?:[eg](?:[\0\1]{0,2}[0-9]){8}|e\0*[a-hj-np-z](?:[\0\1]{0,2}[0-9]){7}"
    "|[pds]\0*e(?:[\0\1]{0,2}[0-9]){7}|[kj]\0*[0-9](?:[\0\1]{0,2}[0-9]){7})(?!\0*[a-z0-9])"
)
_PERMIT = re.compile(r"(?<![a-z0-9])[chmwt](?:[\0\1]{0,2}[0-9]){8}(?:(?:[\0\1]{0,2}[0-9]){2})?(?!\0*[a-z0-9])")
_SAYS_PASSPORT = re.compile("护照|passport")
_SAYS_PERMIT = re.compile("通行证|回乡证|台胞证|入台证")


def passports(form: str) -> Iterator[Detected]:
    """Passports of China, and permits for Hong Kong, Macao and Taiwan where one is spoken of.

    What looks like a year and a running number counts only where a passport is spoken of, and so does what is spaced.
    """
    for found in _PASSPORT.finditer(form):
        letters = found[0].replace("\0", "")
        is_usual = letters.isalnum() and letters[0] not in "kj" and not letters.lstrip("eg").startswith(("19", "20"))
        if is_usual or _SAYS_PASSPORT.search(_before(form, found.start())):
            yield Detected("passport", *found.span())
    if _SAYS_PERMIT.search(form):
        for found in _PERMIT.finditer(form):
            if _SAYS_PERMIT.search(_before(form, found.start())):
                yield Detected("passport", *found.span())


def _before(form: str, at: int) -> str:
    return form[max(0, at - 16) : at].replace("\0", "").replace("\1", "")


_PLATE = re.compile(
    "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][\0\1]{0,2}[a-hj-np-z][\0\1]{0,2}"
    "(?:[a-hj-np-z0-9][\0\1]{0,2}){4,5}[a-hj-np-z0-9警学挂港澳](?!\0*[a-z0-9])"
)
_LEAST_DIGITS_OF_A_PLATE = 3


def plates(folded: Folded) -> Iterator[Detected]:
    """Number plates of the mainland: province, letter, then five or six with at least three digits among them."""
    for found in _PLATE.finditer(folded.form):
        if sum(character.isdecimal() for character in found[0]) >= _LEAST_DIGITS_OF_A_PLATE:
            yield Detected("plate", *found.span())
