"""Workdays by the official calendar, and what holds where it is silent."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.cleanup.workdays import add_workdays, is_covered, is_workday, next_workday, workdays_between

DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 9, 30), True),
        (date(2026, 10, 1), False),
        (date(2026, 10, 7), False),
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),  # a Saturday, made up for
        (date(2026, 9, 20), True),  # a Sunday, made up for
        (date(2026, 11, 21), False),
    ],
)
def test_the_official_calendar_counts(day: date, works: bool) -> None:
    assert is_covered(day)
    assert is_workday(day) is works


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2051, 3, 1), True),
        (date(2051, 3, 4), False),  # a Saturday
        (date(2051, 10, 2), False),  # a Monday, but the National Day's holiday
        (date(2052, 1, 1), False),
        (date(2051, 10, 9), True),
    ],
)
def test_a_year_without_calendar_has_weeks_and_the_fixed_holidays(day: date, works: bool) -> None:
    assert not is_covered(day)
    assert is_workday(day) is works


def test_the_next_workday_is_the_day_itself_or_after_the_holiday() -> None:
    assert next_workday(date(2026, 10, 1)) == date(2026, 10, 8)
    assert next_workday(date(2026, 10, 8)) == date(2026, 10, 8)


def test_workdays_are_added_over_a_holiday() -> None:
    assert add_workdays(date(2026, 9, 29), 2) == date(2026, 10, 8)
    assert add_workdays(date(2026, 10, 3), 0) == date(2026, 10, 3)


@settings(deadline=None)
@given(DAYS, st.integers(1, 30))
def test_adding_lands_on_a_workday_that_many_workdays_later(day: date, count: int) -> None:
    later = add_workdays(day, count)
    assert is_workday(later)
    assert workdays_between(day, later) == count


@settings(deadline=None)
@given(DAYS)
def test_no_workday_is_passed_over(day: date) -> None:
    found = next_workday(day)
    assert is_workday(found)
    assert not any(is_workday(day + timedelta(days=n)) for n in range((found - day).days))


def test_nothing_lies_between_a_day_and_an_earlier_one() -> None:
    assert workdays_between(date(2026, 11, 24), date(2026, 11, 20)) == 0
