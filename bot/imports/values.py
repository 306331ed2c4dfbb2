"""What people write into the cells of their tables, and what they mean."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2}))?\s*[月日号]?(?:[\sT].*)?")
_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_DAYS = range(20_000, 80_000)
"""From 1954 to 2119."""
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
_CELL_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!")
_HAN = "\u3400-\u9fff\U00020000-\U0003ffff"


def parse_date(text: str) -> date | None:
    """`2026-06-30`, `2026/6/30`, `2026年6月30日`, `20260630`, a day as Excel counts them; a month is its first day.

    None for an empty text. Raises ValueError.
    """
    text = text.strip()
    if not text:
        return None
    if re.fullmatch(r"\d{5}(\.\d+)?", text) and int(float(text)) in _EXCEL_DAYS:
        return _EXCEL_EPOCH + timedelta(days=int(float(text)))
    if re.fullmatch(r"\d{8}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    found = _DATE.fullmatch(text)
    if not found:
        raise ValueError(text)
    return date(int(found[1]), int(found[2]), int(found[3] or 1))


def identifier(text: str) -> str:
    """A staff id: `00012` stays, `12.0` is 12, full-width letters become plain ones."""
    plain = unicodedata.normalize("NFKC", text).strip().removeprefix("'")
    return re.sub(r"^(\d+)\.0+$", r"\1", plain)


def is_mangled(text: str) -> bool:
    """A spreadsheet has made `4.2E+11` of a long number, or stands there with an error: the value is lost."""
    return bool(_SCIENTIFIC.fullmatch(text)) or text.upper() in _CELL_ERRORS


def person_name(text: str) -> str:
    """A name without the spaces that make short names look as wide as long ones: `张　三`."""
    text = unicodedata.normalize("NFKC", text)
    return re.sub(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])", "", text).strip()


def mobile(text: str) -> str:
    """A phone number's digits; anything else as it stands."""
    plain = re.sub(r"\.0+$", "", unicodedata.normalize("NFKC", text).strip())
    digits = re.sub(r"[\s\-]", "", plain).removeprefix("+86")
    return digits if digits.isdigit() else plain


def department_path(text: str) -> str:
    """`教务处/教学科` for whatever stands between the levels."""
    levels = re.split(r"[/／＞>\\→|]", text)
    return "/".join(level.strip() for level in levels if level.strip())


def is_written_in_han(text: str) -> bool:
    """Looks like a name rather than an id."""
    return bool(re.search(rf"[{_HAN}]", text))
