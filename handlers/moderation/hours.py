"""The times of day and week in which a rule counts: `working-hours`, `08:00-18:00`, `Mon-Fri 08:00-18:00`. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache

from handlers.cleanup.workdays import is_workday

WORKING_HOURS = "working-hours"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
USUAL_HOURS = (time(8, 30), time(17, 30))
"""What `working-hours` means where nobody says otherwise; `[cleanup] working_hours_from` and `_to` do."""

_WINDOW = re.compile(r"(?:(?P<days>\S{1,40}) +)?(?P<begins>\d{1,2}:\d{2}) ?- ?(?P<ends>\d{1,2}:\d{2})")


class HoursError(ValueError):
    """The text names no hours; says what is allowed."""


@dataclass(frozen=True, slots=True)
class Hours:
    """From `begins` up to `ends` on days of the week (0 is Monday), over midnight where `ends` is not later.

    What reaches over midnight belongs to the day on which it began. `ends` itself is outside.
    """

    days: frozenset[int]
    begins: time
    ends: time

    def hold(self, at: datetime) -> bool:
        """`at` is in the configured zone."""
        moment, today = at.time(), at.weekday()
        if self.begins < self.ends:
            return today in self.days and self.begins <= moment < self.ends
        if moment >= self.begins:
            return today in self.days
        return moment < self.ends and (at - timedelta(days=1)).weekday() in self.days


@lru_cache(maxsize=1000)
def read_hours(text: str) -> Hours | None:
    """The hours that `text` names; None for `working-hours`, which only the settings and the calendar know.

    Raises `HoursError`.
    """
    text = text.strip()
    if text == WORKING_HOURS:
        return None
    matched = _WINDOW.fullmatch(text)
    if matched is None:
        raise HoursError('要写 "working-hours"、"08:00-18:00" 或 "Mon-Fri 08:00-18:00" / must be one of these forms')
    return Hours(_days(matched["days"]), _time(matched["begins"]), _time(matched["ends"]))


def counts_at(hours: str, at: datetime, working_hours: tuple[time, time] = USUAL_HOURS) -> bool:
    """Whether `at`, in the configured zone, lies in these hours. Working hours are those of a workday, both ends in."""
    window = read_hours(hours)
    if window is not None:
        return window.hold(at)
    return is_workday(at.date()) and working_hours[0] <= at.time() <= working_hours[1]


def _days(text: str | None) -> frozenset[int]:
    if text is None:
        return frozenset(range(7))
    days: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.partition("-")
        begins, ends = _day(first), _day(last if dash else first)
        days.update((begins + after) % 7 for after in range((ends - begins) % 7 + 1))
    return frozenset(days)


def _day(text: str) -> int:
    try:
        return DAYS.index(text.strip().capitalize())
    except ValueError:
        raise HoursError(f"星期只能是 {'、'.join(DAYS)}，如 Mon-Fri / days must be among these") from None


def _time(text: str) -> time:
    hour, minute = map(int, text.split(":"))
    if hour == 24 and minute == 0:
        return time(0, 0)
    if hour > 23 or minute > 59:
        raise HoursError(f"没有 {text} 这个时刻 / no such time of day")
    return time(hour, minute)
