"""What makes a row of digits somebody's number. Pure checks; finding the digits in a text is the part of `digits`."""

from __future__ import annotations

import re
from datetime import date

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10x98765432"
# Of residents; a 9 before it has the card of foreigners who live here for good.
_PROVINCE = re.compile("9?(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[123])")
_FIRST_YEAR, _LAST_YEAR = 1900, 2099

_MOBILE = re.compile(r"1(?:3\d|4[5-9]|5[0-35-9]|6[2567]|7[0-8]|8\d|9[0-35-9])\d{8}")

# First digits of cards that are in use in China, with the lengths that they come in: 62 is the country's own, then
# those that some banks gave out before there was 62, then the large networks of the world.
_CARDS = re.compile(
    r"62\d{14,17}"
    r"|(?:9558|9559|9843|9000|9001|9002|6011|6014|6013|603[2-7]|6858|6839|6901|6907|6958)\d{12,15}|103000\d{13}"
    r"|4\d{15}(?:\d{3})?|5[1-5]\d{14}(?:\d{3})?|2[2-7]\d{14}|35\d{14}|3[47]\d{13}"
)
_CARD_LENGTHS = range(15, 20)

_AREAS = r"(?:010|02\d|0[3-9]\d{2})"
_LANDLINE = re.compile(rf"{_AREAS}[2-8]\d{{6,7}}|[48]00[1-9]\d{{6}}")


_DOUBLED = str.maketrans("0123456789", "0246813579")
"""Twice a digit, its two digits added."""


def is_id_number(digits: str) -> bool:
    """A resident ID number: 18 characters with province, day of birth and check (`x` as the last may be it), or 15."""
    if len(digits) == 18:
        return (
            digits[:17].isdecimal()
            and _PROVINCE.match(digits) is not None
            and _is_day(digits[6:14])
            and _ID_CHECKS[sum(int(d) * w for d, w in zip(digits, _ID_WEIGHTS, strict=False)) % 11] == digits[17]
        )
    return (
        len(digits) == 15
        and digits.isdecimal()
        and digits[0] != "9"
        and _PROVINCE.match(digits) is not None
        and _is_day("19" + digits[6:12])
    )


def is_mobile(digits: str) -> bool:
    """A mobile number of the mainland: eleven digits of a range that carriers use."""
    return _MOBILE.fullmatch(digits) is not None


def is_bank_card(digits: str) -> bool:
    """A bank card: known first digits, a length that goes with them, and the Luhn check."""
    return len(digits) in _CARD_LENGTHS and _CARDS.fullmatch(digits) is not None and has_luhn_check(digits)


def is_landline(digits: str) -> bool:
    """A landline with its area code, or a 400 or 800 number."""
    return _LANDLINE.fullmatch(digits) is not None


def has_luhn_check(digits: str) -> bool:
    """The last digit is the check that Luhn's rule gives for the ones before."""
    return (sum(map(int, digits[::-2])) + sum(map(int, digits[-2::-2].translate(_DOUBLED)))) % 10 == 0


def _is_day(digits: str) -> bool:
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:8])
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return False
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
