"""How fast calls go, and on which day they run out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handlers.cleanup.workdays import is_workday
from handlers.quota.forecast import Forecast, Pace, forecast, month_end, pace

WEDNESDAY = date(2026, 11, 25)
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
NUMBERS = st.integers(0, 20_000)


def days(first: date, *numbers: int) -> dict[date, int]:
    return {first + timedelta(days=after): number for after, number in enumerate(numbers)}


def usual(today: date, workday: int, day_off: int, back: int = 14) -> dict[date, int]:
    found = (today - timedelta(days=after) for after in range(1, back + 1))
    return {day: workday if is_workday(day) else day_off for day in found}


def test_workdays_and_days_off_have_a_pace_of_their_own() -> None:
    assert pace(usual(WEDNESDAY, 300, 20), WEDNESDAY) == Pace(300, 20, 14)


def test_a_holiday_is_a_day_off_and_a_saturday_made_up_for_is_none() -> None:
    after = date(2026, 10, 12)
    found = pace(usual(after, 300, 20), after)
    assert found == Pace(300, 20, 14)
    assert found is not None
    assert [found.on(date(2026, 10, day)) for day in (1, 10, 11)] == [20, 300, 20]


@pytest.mark.parametrize(
    "record",
    [
        {},
        {WEDNESDAY: 5_000},
        days(date(2026, 11, 23), 400, 400),
        # A long holiday since the first day: nothing is known of workdays.
        pytest.param(days(date(2026, 10, 1), 9, 9, 9, 9, 9), id="holiday"),
    ],
)
def test_too_little_on_record_gives_no_pace(record: dict[date, int]) -> None:
    today = WEDNESDAY if not record or max(record) > date(2026, 11, 1) else date(2026, 10, 6)
    assert pace(record, today) is None


def test_days_without_calls_count_from_the_first_on_record() -> None:
    assert pace({date(2026, 11, 16): 100, WEDNESDAY - timedelta(days=1): 110}, WEDNESDAY) == Pace(30, 0, 9)


def test_before_the_first_day_off_it_is_taken_to_be_no_quieter() -> None:
    assert pace(days(date(2026, 11, 23), 90, 90, 90), date(2026, 11, 26)) == Pace(90, 90, 3)


def test_what_happened_before_the_two_weeks_does_not_count() -> None:
    record = usual(WEDNESDAY, 100, 0) | {WEDNESDAY - timedelta(days=15): 9_999}
    assert pace(record, WEDNESDAY) == Pace(100, 0, 14)


def test_one_day_unlike_all_others_is_no_pace_and_a_weekly_one_is() -> None:
    once = usual(WEDNESDAY, 100, 0) | {date(2026, 11, 16): 5_000}
    assert pace(once, WEDNESDAY) == Pace(110, 0, 14)
    weekly = once | {date(2026, 11, 23): 5_000}
    assert pace(weekly, WEDNESDAY) == Pace(1_080, 0, 14)


def test_today_counts_only_where_it_is_busier_than_usual_already() -> None:
    record = usual(WEDNESDAY, 100, 0)
    assert pace(record | {WEDNESDAY: 20}, WEDNESDAY) == Pace(100, 0, 14)
    assert pace(record | {WEDNESDAY: 210}, WEDNESDAY) == Pace(1_200 / 11, 0, 14)
    sunday = date(2026, 11, 22)
    assert pace(usual(sunday, 100, 0) | {sunday: 50}, sunday) == Pace(100, 0, 14)  # the first busy day off of all
    assert pace(usual(sunday, 100, 40) | {sunday: 60}, sunday) == Pace(100, 44, 14)


@pytest.mark.parametrize(
    ("used", "used_today", "limit", "today", "expected"),
    [
        # Wednesday to Friday, a weekend, Monday: 4 workdays and 2 days off.
        (1_000, 0, 2_000, WEDNESDAY, Forecast(None, 1_440)),
        (1_000, 40, 1_440, WEDNESDAY, Forecast(None, 1_400)),
        (1_000, 0, 1_440, WEDNESDAY, Forecast(None, 1_440)),
        (1_000, 0, 1_439, WEDNESDAY, Forecast(date(2026, 11, 30), 1_440)),
        (1_000, 0, 1_319, WEDNESDAY, Forecast(date(2026, 11, 28), 1_440)),
        (1_000, 500, 1_001, WEDNESDAY, Forecast(date(2026, 11, 26), 1_340)),
        (1_000, 0, 1_050, WEDNESDAY, Forecast(WEDNESDAY, 1_440)),
        (1_000, 0, 1_000, WEDNESDAY, Forecast(WEDNESDAY, 1_440)),
        (1_000, 0, 1, WEDNESDAY, Forecast(WEDNESDAY, 1_440)),  # the limit was lowered
        (0, 0, 2_000, date(2026, 12, 1), Forecast(date(2026, 12, 25), 2_460)),  # 31 days, 8 of them off
        (0, 0, 2_460, date(2026, 12, 1), Forecast(None, 2_460)),
        (100, 100, 100, date(2026, 12, 31), Forecast(date(2026, 12, 31), 100)),
        (99, 99, 100, date(2026, 12, 31), Forecast(None, 100)),
    ],
)
def test_the_day_on_which_calls_run_out(
    used: int, used_today: int, limit: int, today: date, expected: Forecast
) -> None:
    assert forecast(used, used_today, limit, Pace(100, 20, 14), today) == expected


def test_without_use_they_last_for_ever() -> None:
    assert forecast(0, 0, 1, Pace(0, 0, 14), date(2026, 11, 1)) == Forecast(None, 0)


@given(st.dictionaries(st.integers(0, 20), NUMBERS, min_size=1), st.integers(0, 20), NUMBERS, DAYS)
@example({4: 0, 3: 0, 0: 1}, 0, 5, WEDNESDAY)
def test_more_calls_never_make_the_pace_smaller(numbers: dict[int, int], back: int, more: int, today: date) -> None:
    record = {today - timedelta(days=after): number for after, number in numbers.items()}
    raised = max(min(record), today - timedelta(days=back))  # the record begins on the same day
    before, after = pace(record, today), pace(record | {raised: record.get(raised, 0) + more}, today)
    if before is None or after is None:
        assert before is after
        return
    assert after.workday >= before.workday
    assert after.day_off >= before.day_off
    assert 0 <= before.workday <= max(record.values())


@given(NUMBERS, NUMBERS, st.integers(1, 20_000), st.floats(0, 2_000), st.floats(0, 2_000), DAYS, NUMBERS, st.booleans())
def test_a_forecast_lies_in_the_rest_of_the_month_and_more_use_never_postpones_it(
    used: int, earlier: int, limit: int, workday: float, day_off: float, today: date, more: int, is_today: bool
) -> None:
    found = forecast(earlier + used, used, limit, Pace(workday, day_off, 14), today)
    later = forecast(earlier + used + more, used + (more if is_today else 0), limit, Pace(workday, day_off, 14), today)
    never = month_end(today) + timedelta(days=1)
    assert today <= (found.runs_out_on or never) <= never
    assert (later.runs_out_on or never) <= (found.runs_out_on or never)
    assert later.by_the_end >= found.by_the_end >= earlier + used
