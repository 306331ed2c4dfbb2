"""The last day of a «keep», as people write it: `到6月30日`, `2027-06-30`, `明年6月`, `半年`, `本学期末`."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.numerals import NUMERAL, value

_TERM_ENDS = ((1, 31), (7, 15))
"""Month and day by which a college's terms are over."""


@dataclass(frozen=True, slots=True)
class Until:
    """What a text says about a last day. `day` is None where it names one that has passed or does not exist."""

    day: date | None
    said: str
    """The words that say it, to be left out of the reason."""


def find_until(words: str, today: date) -> Until | None:
    """The last day that the words name, None where they name none. Whole months and years mean their last day."""
    for pattern, read in _FORMS:
        match = pattern.search(words)
        if match is not None:
            day = read(match, today)
            return Until(day if day is not None and day >= today else None, match[0])
    return None


def _exact(match: re.Match[str], today: date) -> date | None:
    return _day(int(match["year"]), int(match["month"]), int(match["day"]))


def _of_year(match: re.Match[str], today: date) -> date | None:
    """A day or month; without a year it is the next one of that name."""
    month = value(match["month"])
    named = match["year"] or ""
    year = {"今年": today.year, "明年": today.year + 1, "后年": today.year + 2}.get(named)
    if year is None and named:
        year = int(named.rstrip("年-/. "))
    day = None if match["day"] is None else value(match["day"])
    if year is not None:
        return _day(year, month, day)
    this_year = _day(today.year, month, day)
    return this_year if this_year is not None and this_year >= today else _day(today.year + 1, month, day)


def _end_of_year(match: re.Match[str], today: date) -> date | None:
    word = match["year"] or ""
    year = today.year + 1 if word == "明" else int(word.rstrip("年")) if word[:1].isdigit() else today.year
    return _day(year, 12, 31)


def _end_of_month(match: re.Match[str], today: date) -> date | None:
    return _months_later(today.replace(day=1), 1 if match["next"] else 0, last=True)


def _end_of_term(match: re.Match[str], today: date) -> date | None:
    ends = [date(year, month, day) for year in (today.year, today.year + 1) for month, day in _TERM_ENDS]
    coming = [end for end in ends if end >= today]
    return coming[1] if match["next"] else coming[0]


def _span(match: re.Match[str], today: date) -> date | None:
    if match["half"]:
        return _months_later(today, 6)
    count, unit = value(match["count"]), match["unit"]
    if unit.endswith("年"):
        return _months_later(today, 12 * count)
    if unit.endswith("月"):
        return _months_later(today, count)
    return today + timedelta(days=count * (1 if unit == "天" else 7))


def _months_later(day: date, months: int, *, last: bool = False) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    length = monthrange(year, month + 1)[1]
    return date(year, month + 1, length if last else min(day.day, length))


def _day(year: int, month: int, day: int | None) -> date | None:
    if not 2000 <= year <= 2100 or not 1 <= month <= 12:
        return None
    last = monthrange(year, month)[1]
    return date(year, month, last if day is None else day) if day is None or 1 <= day <= last else None


_TO = r"(?:(?:截止|直|保留|留)?[到至]|截止)?\s*"
_YEAR = r"(?P<year>(?<!\d)\d{4}\s*[-年/.]\s*|今年|明年|后年)?\s*"
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]], ...] = (
    (re.compile(rf"{_TO}(?<!\d)(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)(?!\d)"), _exact),
    (re.compile(rf"{_TO}(?P<next>下)?(?:本|这个?|个)?学期(?:期?末|底|结束)"), _end_of_term),
    (re.compile(rf"{_TO}(?P<year>\d{{4}}年?|明|今)?年[底末]"), _end_of_year),
    (
        re.compile(rf"{_TO}(?:(?:(?P<next>下)个?|本|这个)月[底末]?|(?<![\d一二三四五六七八九十])月[底末])"),
        _end_of_month,
    ),
    (re.compile(rf"{_TO}{_YEAR}(?<!\d)(?P<month>\d{{1,2}})\s*[-/.]\s*(?P<day>\d{{1,2}})(?!\d)[日号]?"), _of_year),
    (re.compile(rf"{_TO}{_YEAR}(?<!\d)(?P<month>{NUMERAL})月份?\s*(?:(?P<day>{NUMERAL})[日号]?|[底末])?"), _of_year),
    (re.compile(rf"{_TO}再?(?:(?P<half>半)年|(?P<count>{NUMERAL})(?P<unit>年|个月|周|个?星期|天))(?:以?内)?"), _span),
)
