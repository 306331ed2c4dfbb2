"""Workdays by the official Chinese calendar, make-up workdays included."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar


def is_covered(day: date) -> bool:
    """The library knows the official calendar of this year. Each autumn's release adds the next year."""
    try:
        chinese_calendar.is_workday(date(day.year, 1, 1))
    except NotImplementedError:
        return False
    return True


def is_workday(day: date) -> bool:
    """People work on this day. In years that the calendar does not cover yet: Monday to Friday."""
    if not is_covered(day):
        return day.weekday() < 5
    return bool(chinese_calendar.is_workday(day))


def next_workday(day: date) -> date:
    """This day, or the first workday after it."""
    while not is_workday(day):
        day += timedelta(days=1)
    return day


def workdays_between(start: date, end: date) -> int:
    """How many workdays lie after `start`, up to and including `end`."""
    return sum(is_workday(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))
