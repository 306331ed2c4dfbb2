"""Working hours: when the clean-up may speak to people of its own accord (article 三.1)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from handlers.cleanup.workdays import is_workday, next_workday
from handlers.settings import CleanupSettings


def first_permitted(
    moment: datetime, zone: ZoneInfo, settings: CleanupSettings, on_holiday: Literal["next", "skip", "same"] = "next"
) -> datetime:
    """`moment` itself, or the first one after it that lies in working hours, for `next` and `skip` on a workday."""
    local = moment.astimezone(zone)
    day, at = local.date(), local.time()
    if at > settings.working_hours_to:
        day, at = day + timedelta(days=1), settings.working_hours_from
    at = max(at, settings.working_hours_from)
    if on_holiday != "same" and not is_workday(day):
        day, at = next_workday(day), _morning(local.time(), day == local.date(), settings)
    permitted = _at(day, at, zone)
    return moment if permitted <= moment else permitted


def _morning(planned: time, is_same_day: bool, settings: CleanupSettings) -> time:
    """A day off hands on its time of day where that lies in working hours; otherwise the working day's beginning."""
    if is_same_day and settings.working_hours_from <= planned <= settings.working_hours_to:
        return planned
    return settings.working_hours_from


def _at(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone)


def is_permitted(moment: datetime, zone: ZoneInfo, settings: CleanupSettings) -> bool:
    """People are at work at this moment."""
    return first_permitted(moment, zone, settings) == moment
