"""Five cron fields as a trigger: cron's own meaning of weekdays, and what a schedule says about holidays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger

from handlers.cleanup.workdays import is_workday, next_workday

OnHoliday = Literal["next", "skip", "same"]

_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_TURNS = 400
"""Days without a fire that are passed over before a schedule counts as never due."""


class CronDays(BaseTrigger):  # type: ignore[misc]
    """Fires as cron would, moved to the next workday or left out on holidays and weekends."""

    def __init__(self, fields: str, zone: ZoneInfo, on_holiday: OnHoliday) -> None:
        """`fields` is minute, hour, day, month, weekday. Raises ValueError for what cron would not take."""
        self._crons = _crons(fields, zone)
        self._zone = zone
        self._on_holiday = on_holiday

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """The first moment after the previous one and not before `now`; None when there is none."""
        after = now if previous_fire_time is None else max(now, previous_fire_time + timedelta(microseconds=1))
        if self._on_holiday == "same":
            return self._nominal(after)
        return self._skipping(after) if self._on_holiday == "skip" else self._moving(after)

    def _nominal(self, after: datetime) -> datetime | None:
        found = [cron.get_next_fire_time(None, after) for cron in self._crons]
        return min((moment for moment in found if moment is not None), default=None)

    def _skipping(self, look: datetime) -> datetime | None:
        for _ in range(_TURNS):
            moment = self._nominal(look)
            if moment is None or is_workday(self._day(moment)):
                return moment
            look = self._midnight(self._day(moment) + timedelta(days=1))
        return None

    def _moving(self, after: datetime) -> datetime | None:
        """Days off hand their times to the next workday: that day's earliest time wins, whichever day it came from."""
        day = self._day(after)
        while not is_workday(day - timedelta(days=1)):
            day -= timedelta(days=1)
        look = self._midnight(day)
        for _ in range(_TURNS):
            nominal = self._nominal(look)
            if nominal is None:
                return None
            day = next_workday(self._day(nominal))
            end = self._midnight(day + timedelta(days=1))
            moments = {datetime.combine(day, at, self._zone) for at in self._times(nominal, end)}
            if later := [moment for moment in moments if moment >= after]:
                return min(later)
            look = end
        return None

    def _times(self, start: datetime, end: datetime) -> Iterator[time]:
        moment: datetime | None = start
        while moment is not None and moment < end:
            yield moment.astimezone(self._zone).time()
            moment = self._nominal(moment + timedelta(seconds=1))

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self._zone).date()

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._zone)


def _crons(fields: str, zone: ZoneInfo) -> list[CronTrigger]:
    """Where both day of month and weekday are given, cron fires on either; APScheduler would ask for both."""
    minute, hour, day, month, weekday = fields.lower().split()
    is_either = not day.startswith("*") and not weekday.startswith("*")
    pairs = [(day, "*"), ("*", weekday)] if is_either else [(day, weekday)]
    return [
        CronTrigger(minute=minute, hour=hour, day=one, month=month, day_of_week=_weekdays(of_week), timezone=zone)
        for one, of_week in pairs
    ]


def _weekdays(field: str) -> str:
    """Cron counts Sunday as 0 and as 7, APScheduler counts Monday as 0: the names mean the same to both."""
    if field == "*":
        return "*"
    chosen: set[int] = set()
    for item in field.split(","):
        match = re.fullmatch(r"(\*|[0-7]|[a-z]{3})(?:-([0-7]|[a-z]{3}))?(?:/([1-7]))?", item)
        if match is None or (match[1] == "*" and match[2]):
            raise ValueError(f"no weekday: {item}")
        first = 0 if match[1] == "*" else _weekday(match[1])
        last = 6 if match[1] == "*" or (match[3] and not match[2]) else _weekday(match[2] or match[1])
        if last < first:
            last += 7  # fri-mon, and 5-0
        chosen.update(number % 7 for number in range(first, last + 1, int(match[3] or 1)))
    return ",".join(_WEEKDAYS[number] for number in sorted(chosen))


def _weekday(word: str) -> int:
    if word.isdigit():
        return int(word)
    if word not in _WEEKDAYS:
        raise ValueError(f"no weekday: {word}")
    return _WEEKDAYS.index(word)
