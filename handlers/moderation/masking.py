"""Numbers that identify somebody, made unreadable before anything is stored, logged or shown."""

from __future__ import annotations

import re

LEAST_DIGITS = 7
"""A run this long is masked: the shortest landline has seven digits."""

_KEPT_FRONT, _KEPT_BACK = 3, 2

_GAP = r"[\s\-‐-―−_.·•*/|~()（）－＿．／～\u200b-\u200f\u2060\ufeff]"
# A day such as 2026-11-25 names nobody; without it every dated sentence would be masked.
_DATE = r"(?<!\d)(?:19|20)\d\d(?P<between>[-/.])(?:0?[1-9]|1[0-2])(?P=between)(?:0?[1-9]|[12]\d|3[01])(?!\d)"
_DIGIT = r"[\d①-⑨⓪⁰-⁹₀-₉²³¹❶-❾➀-➈➊-➒]"
_NUMBER = re.compile(rf"{_DATE}|(?P<number>{_DIGIT}(?:{_GAP}{{0,3}}{_DIGIT})*(?:{_GAP}{{0,3}}[xXｘＸ](?![a-zA-Z]))?)")
_ONE_DIGIT = re.compile(_DIGIT)


def mask(text: str) -> str:
    """`text` with mobile, landline, ID and bank-card numbers masked: `138******00`.

    Any run of seven or more digits counts, also full-width, in other scripts, circled, or with up to three spaces,
    dashes, dots or invisible characters between two digits; a plain date doesn't. The first three and the last two
    digits stay, every other one becomes `*`, so the length stays too. Masking what is masked changes nothing.
    """
    return _NUMBER.sub(_masked, text)


def _masked(found: re.Match[str]) -> str:
    number = found["number"]
    if number is None:
        return found[0]
    places = [digit.start() for digit in _ONE_DIGIT.finditer(number)]
    if len(places) < LEAST_DIGITS:
        return found[0]
    hidden = set(places[_KEPT_FRONT:-_KEPT_BACK])
    return "".join("*" if place in hidden else character for place, character in enumerate(number))
