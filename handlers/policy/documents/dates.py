"""Dates as regulations and admins write them, and the day from which on a regulation says that it is in force."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.numerals import NUMERAL, value

_YEAR = r"(?P<year>\d{4}|[〇零一二三四五六七八九]{4})"
_DATE = rf"{_YEAR}\s*(?:年\s*(?P<month>{NUMERAL})\s*月\s*(?P<day>{NUMERAL})\s*[日号]|[-./](?P<m>\d{{1,2}})[-./](?P<d>\d{{1,2}}))"
_BEGINS = r"起\s*(?:正式|开始)?\s*(?:施行|实施|执行|生效|试行|实行|启用)"
_NAMED = re.compile(rf"[自从于]\s*{_DATE}\s*{_BEGINS}")
_ISSUED_ON = re.compile(
    rf"[自从]\s*(?:发布|公布|印发|下发|颁布|通过)\s*之?\s*日\s*[(]\s*(?:即|为)?\s*{_DATE}\s*[)]\s*{_BEGINS}"
)
_AT_ONCE = re.compile(rf"[自从]\s*(?:发布|公布|印发|下发|颁布|发文|通过)\s*之?\s*日\s*{_BEGINS}")
_SIGNED = re.compile(rf"(?:^|\s|[(]){_DATE}\s*(?:起?(?:印发|发布|公布|颁布|通过))?\s*[)]?[。.]?$")
_OF_ANOTHER = re.compile(r"(?:原|旧|此前|以往|废止)[^。;]{0,60}$|《[^》]{1,60}》\s*(?:已经?)?\s*$")
"""Before a date: it speaks of another regulation."""
_LONGEST_LINE = 400
_SIGNATURE_LINES = 12
"""Where the date of issue stands: among so many lines at the end, or in the introduction, with which signatures go."""
_ALONE = re.compile(_DATE)
_WORDS = {"今天": 0, "今日": 0, "today": 0, "明天": 1, "明日": 1, "昨天": -1}


@dataclass(frozen=True, slots=True)
class Effective:
    """The day on which a text says that it comes into force, and where it says so."""

    day: date
    said: str
    """The words that say it."""


def effective_in(texts: Iterable[str]) -> Effective | None:
    """The day that the regulation itself names, in its last sentence of that kind: «自2024年3月1日起施行», or «自发布之日起
    施行» with the date under which it was issued. None where it names none.
    """
    parts = [_lines(text) for text in texts]
    lines = [line for part in parts for line in part]
    found: Effective | None = None
    for line in lines:
        for pattern in (_NAMED, _ISSUED_ON):
            for match in pattern.finditer(line):
                day = _day(match)
                if day is not None and not _OF_ANOTHER.search(line[: match.start()]):
                    found = Effective(day, match[0])
    if found is not None:
        return found
    at_once = next(filter(None, map(_AT_ONCE.search, reversed(lines))), None)
    issued = None if at_once is None else _issued([*parts[0], *lines[-_SIGNATURE_LINES:]])
    return None if at_once is None or issued is None else Effective(issued, at_once[0])


def day_in(text: str, today: date) -> date | None:
    """The day that somebody writes as an argument: `2026-09-01`, `2026年9月1日`, `今天`. None for anything else."""
    written = unicodedata.normalize("NFKC", text).strip()
    return today + timedelta(days=_WORDS[written]) if written in _WORDS else date_in(written)


def date_in(text: str) -> date | None:
    """The date that a text is: `2026-09-01`, `2026年9月1日`. None for anything else."""
    match = _ALONE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return None if match is None else _day(match)


def in_words(day: date) -> str:
    """`2026 年 9 月 1 日`."""
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def _lines(text: str) -> list[str]:
    return [unicodedata.normalize("NFKC", line[:_LONGEST_LINE]).strip() for line in text.splitlines() if line.strip()]


def _issued(lines: list[str]) -> date | None:
    """The date of the signature, or of the note below the title, in the last of the lines that has one."""
    for line in reversed(lines):
        signed = _SIGNED.search(line)
        if signed is not None and "起" not in line[signed.end() - 1 :]:
            day = _day(signed)
            if day is not None:
                return day
    return None


def _day(match: re.Match[str]) -> date | None:
    try:
        return date(value(match["year"]), value(match["month"] or match["m"]), value(match["day"] or match["d"]))
    except ValueError:
        return None
