"""How fast calls go, and on which day they run out. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.cleanup.workdays import is_workday

WINDOW_DAYS = 14
"""Two weeks: what happens once a week is in there twice."""
_FEWEST_DAYS = 3
"""Whole days on record; fewer say nothing about a month."""
_MOST_ABOVE_THE_NEXT = 2
"""The busiest day counts at most as twice the second: a first reading of the whole directory is no pace."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Calls a day, as the last two weeks had them. `days` is how many whole days that rests on."""

    workday: float
    day_off: float
    days: int

    def on(self, day: date) -> float:
        """The calls to be expected on a day."""
        return self.workday if is_workday(day) else self.day_off


@dataclass(frozen=True, slots=True)
class Forecast:
    """Where the month leads at this pace."""

    runs_out_on: date | None
    """The day on which the calls no longer suffice; None when they last to the end of the month."""
    by_the_end: int
    """All calls of the month, if none were refused."""


def month_end(day: date) -> date:
    """The last day of the month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def pace(calls: Mapping[date, int], today: date) -> Pace | None:
    """The pace of the last two weeks; None while there are fewer than three whole days on record, or no workday.

    The record begins with the first day in `calls`; days missing after it had no calls. Today, which is not over, is
    taken in only where it is busier than usual already. More calls on a day of the record never make the pace smaller.
    """
    begin = max(min(calls, default=today), today - timedelta(days=WINDOW_DAYS))
    whole = [begin + timedelta(days=number) for number in range((today - begin).days)]
    workdays = [calls.get(day, 0) for day in whole if is_workday(day)]
    days_off = [calls.get(day, 0) for day in whole if not is_workday(day)]
    if len(whole) < _FEWEST_DAYS or not workdays:
        return None
    so_far = [calls.get(today, 0)]
    on_workdays, on_days_off = _usual(workdays), _usual(days_off)
    if is_workday(today):
        on_workdays = max(on_workdays, _usual(workdays + so_far))
    else:
        on_days_off = max(on_days_off, _usual(days_off + so_far))
    # Nothing is known of days off before the first one: they are taken to be no quieter.
    return Pace(on_workdays, on_days_off if days_off else on_workdays, len(whole))


def _usual(numbers: Sequence[int]) -> float:
    """The mean, in which the largest number counts at most as a multiple of the second."""
    if len(numbers) < 2:
        return float(sum(numbers))
    *rest, second, largest = sorted(numbers)
    return (sum(rest) + second + min(largest, second * _MOST_ABOVE_THE_NEXT)) / len(numbers)


def forecast(used: int, used_today: int, limit: int, pace: Pace, today: date) -> Forecast:
    """On which day `limit` calls are too few, `used` of them being gone, `used_today` of those today."""
    expected = used + max(0.0, pace.on(today) - used_today)
    day, end = today, month_end(today)
    runs_out_on = day if used >= limit or expected > limit else None
    while day < end:
        day += timedelta(days=1)
        expected += pace.on(day)
        if runs_out_on is None and expected > limit:
            runs_out_on = day
    return Forecast(runs_out_on, round(expected))
