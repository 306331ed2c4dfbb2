"""Workdays by the official Chinese calendar, make-up workdays included."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar

_FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
"""Month and day of the statutory holidays that the sun gives; those by the moon move, and are announced each year."""
_LONGEST_HOLIDAY_DAYS = 31
"""No run of days off is longer; a guard against a broken calendar, not a fact about holidays."""


@lru_cache(maxsize=200)
def _covers(year: int) -> bool:
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def is_covered(day: date) -> bool:
    """The library knows the official calendar of this year. Each autumn's release adds the next year."""
    return _covers(day.year)


@lru_cache(maxsize=4000)
def is_workday(day: date) -> bool:
    """People work on this day.

    In years that the calendar does not cover: Monday to Friday without the holidays on fixed days (New Year, the
    first two days of May, the first three of October). Whoever shows such a day says so, see `is_covered`.
    """
    if not is_covered(day):
        return day.weekday() < 5 and (day.month, day.day) not in _FIXED_HOLIDAYS
    return bool(chinese_calendar.is_workday(day))


def next_workday(day: date) -> date:
    """This day, or the first workday after it."""
    for days in range(_LONGEST_HOLIDAY_DAYS):
        if is_workday(day + timedelta(days=days)):
            return day + timedelta(days=days)
    raise ValueError(f"no workday in the month after {day}: the calendar is broken")


def add_workdays(day: date, count: int) -> date:
    """The day `count` workdays after `day`; the day itself, workday or not, for 0."""
    for _ in range(count):
        day = next_workday(day + timedelta(days=1))
    return day


def workdays_between(start: date, end: date) -> int:
    """How many workdays lie after `start`, up to and including `end`; 0 when `end` is not after `start`."""
    return sum(is_workday(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))
