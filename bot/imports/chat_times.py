"""The times that stand in exported chats, in whichever way they are written."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

DATE = r"(?:\d{4}\s?[-/.年]\s?)?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?"
TIME = (
    r"(?:上午|下午|晚上|中午|凌晨)?\s?\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:\s?[AaPp][Mm])?(?:Z|[+-]\d{2}:?\d{2})?"
)
STAMP = rf"{DATE}[ \tT　]{{0,3}}{TIME}"
"""A day and a time, the year perhaps left out."""

_STAMP = re.compile(
    r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})\s?日?"
    r"(?:[ \tT　]{0,3}(上午|下午|晚上|中午|凌晨)?\s?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,6})?)?(?:\s?([AaPp])[Mm])?(Z|[+-]\d{2}:?\d{2})?)?"
)
_SECONDS = range(1_000_000_000, 10_000_000_000)
"""Since 1970: from 2001 on; three digits more are milliseconds."""


def moment(text: str, zone: ZoneInfo) -> datetime | None:
    """The moment in the zone; None where there is none, or no year. Bare numbers count seconds or milliseconds."""
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) <= 13:
        number = int(text) // (1000 if len(text) == 13 else 1)
        return datetime.fromtimestamp(number, zone) if number in _SECONDS else None
    found = _STAMP.fullmatch(text)
    if found is None:
        return None
    year, month, day, part, hour, minute, second, half, offset = found.groups()
    try:
        at = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=zone)
        if at.hour < 12 and (part in ("下午", "晚上") or (half or "").lower() == "p"):
            at = at.replace(hour=at.hour + 12)
        if offset is None:
            return at
        shift = UTC if offset == "Z" else datetime.strptime(offset.replace(":", ""), "%z").tzinfo
        return at.replace(tzinfo=shift).astimezone(zone)
    except (ValueError, OverflowError):
        return None
