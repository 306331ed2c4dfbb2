"""When a schedule fires: plain Chinese or five cron fields, as triggers that APScheduler understands (design §4)."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger

from handlers.cleanup.workdays import is_workday, next_workday

OnHoliday = Literal["next", "skip", "same"]

_NUMERALS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 5}
_CRON_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALLOWED = "每月第一个工作日 9:00、每月最后一个工作日 16:30、每月15日 9:00、每周一 9:00、每个工作日 9:00、每天 9:00，或五段 cron"
_FAR = 800
"""Days to look ahead; every rule fires at least once in two years."""


class WhenError(ValueError):
    """The text is no schedule; it says what is allowed."""

    def __init__(self, text: str) -> None:
        super().__init__(f"认不出时间「{text}」，可写：{ALLOWED} / not a schedule that we know")


@dataclass(frozen=True)
class Days:
    """Which days a schedule falls on, before holidays are looked at."""

    falls_on: Callable[[date], bool]
    minds_holidays: bool = True
    """False where workdays are what it counts anyway."""


class CalendarTrigger(BaseTrigger):  # type: ignore[misc]
    """Fires at a time of day on the days of a rule, moved or left out on holidays."""

    def __init__(self, days: Days, at: time, zone: ZoneInfo, on_holiday: OnHoliday) -> None:
        self._days = days
        self._at = at
        self._zone = zone
        self._on_holiday = on_holiday

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """The first moment after the previous one and not before `now`; None when there is none within reach."""
        after = now if previous_fire_time is None else max(now, previous_fire_time + timedelta(microseconds=1))
        start = after.astimezone(self._zone).date()
        # A day before may have been moved to today by a holiday: the longest one lasts under two weeks.
        moments = (
            datetime.combine(day, self._at, self._zone)
            for nominal in (start + timedelta(days=n) for n in range(-14, _FAR))
            if (day := self._actual(nominal)) is not None
        )
        return next((moment for moment in moments if moment >= after), None)

    def _actual(self, nominal: date) -> date | None:
        if not self._days.falls_on(nominal):
            return None
        if not self._days.minds_holidays or self._on_holiday == "same" or is_workday(nominal):
            return nominal
        return next_workday(nominal) if self._on_holiday == "next" else None


class CronDays(BaseTrigger):  # type: ignore[misc]
    """Five cron fields, with what the schedule says about holidays."""

    def __init__(self, fields: str, zone: ZoneInfo, on_holiday: OnHoliday) -> None:
        minute, hour, day, month, weekday = fields.split()
        self._cron = CronTrigger(
            minute=minute, hour=hour, day=day, month=month, day_of_week=_weekday_names(weekday), timezone=zone
        )
        self._zone = zone
        self._on_holiday = on_holiday

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """As `CalendarTrigger.get_next_fire_time`."""
        after = now if previous_fire_time is None else max(now, previous_fire_time + timedelta(microseconds=1))
        look = after - timedelta(days=14)
        for _ in range(100_000):
            nominal: datetime | None = self._cron.get_next_fire_time(None, look)
            if nominal is None:
                return None
            moment = self._actual(nominal)
            if moment is not None and moment >= after:
                return moment
            look = nominal + timedelta(seconds=1)
        return None

    def _actual(self, nominal: datetime) -> datetime | None:
        day = nominal.astimezone(self._zone).date()
        if self._on_holiday == "same" or is_workday(day):
            return nominal
        if self._on_holiday == "skip":
            return None
        local = nominal.astimezone(self._zone)
        return datetime.combine(next_workday(day), local.time(), self._zone)


def trigger(text: str, zone: ZoneInfo, on_holiday: OnHoliday = "next") -> BaseTrigger:
    """The trigger that a schedule's `when` stands for. Raises `WhenError`."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if len(plain.split()) == 5 and re.fullmatch(r"[\d\s*,/\-a-zA-Z]+", plain):
        try:
            return CronDays(plain, zone, on_holiday)
        except ValueError as error:
            raise WhenError(text) from error
    match = re.fullmatch(
        r"(每.+?)\s*((?:上午|早上|中午|下午|晚上)?\s*\d{1,2}\s*(?::\s*\d{2}|点半|点\d{0,2}分?))", plain
    )
    if not match:
        raise WhenError(text)
    days, at = _days(match[1].replace(" ", "")), _time(match[2])
    if days is None or at is None:
        raise WhenError(text)
    return CalendarTrigger(days, at, zone, on_holiday)


def next_fires(when: BaseTrigger, now: datetime, count: int = 3) -> list[datetime]:
    """The next moments of a trigger."""
    moments: list[datetime] = []
    previous: Any = None
    for _ in range(count):
        moment = when.get_next_fire_time(previous, now)
        if moment is None:
            break
        moments.append(moment)
        previous = moment
    return moments


def _time(text: str) -> time | None:
    match = re.fullmatch(r"(上午|早上|中午|下午|晚上)?\s*(\d{1,2})\s*(?::\s*(\d{2})|点(半|\d{1,2})?分?)", text)
    if not match:
        return None
    hour = int(match[2])
    minute = 30 if match[4] == "半" else int(match[3] or match[4] or 0)
    if match[1] in ("下午", "晚上") and hour < 12:
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _number(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    if text in _NUMERALS:
        return _NUMERALS[text]
    match = re.fullmatch(r"([一二三]?)十([一二三四五六七八九]?)", text)
    if match:
        return _NUMERALS.get(match[1], 1) * 10 + _NUMERALS.get(match[2], 0)
    return None


def _days(text: str) -> Days | None:
    if text in ("每天", "每日"):
        return Days(lambda day: True)
    if text in ("每个工作日", "每工作日"):
        return Days(is_workday, minds_holidays=False)
    if match := re.fullmatch(r"每(?:周|星期|礼拜)([一二三四五六日天])", text):
        weekday = _WEEKDAYS[match[1]]
        return Days(lambda day: day.weekday() == weekday)
    if re.fullmatch(r"每个?月(?:的)?最后一?个?工作日", text):
        return Days(lambda day: is_workday(day) and _workdays_left(day) == 0, minds_holidays=False)
    if re.fullmatch(r"每个?月(?:的)?最后一[天日]|每月月?末", text):
        return Days(lambda day: day.day == monthrange(day.year, day.month)[1])
    if match := re.fullmatch(r"每个?月(?:的)?第?([一二两三四五六七八九十\d]+)个?工作日", text):
        wanted = _number(match[1])
        if wanted is None or not 1 <= wanted <= 15:
            return None
        return Days(lambda day: is_workday(day) and _workday_of_month(day) == wanted, minds_holidays=False)
    if match := re.fullmatch(r"每个?月(?:的)?([一二三四五六七八九十\d]+)[日号]", text):
        number = _number(match[1])
        if number is None or not 1 <= number <= 28:
            return None  # 29 to 31 do not come every month: 最后一天 says it better
        return Days(lambda day: day.day == number)
    return None


def _workday_of_month(day: date) -> int:
    """Which workday of its month this one is, counted from 1."""
    return sum(is_workday(day.replace(day=number)) for number in range(1, day.day + 1))


def _workdays_left(day: date) -> int:
    """How many workdays come after it in its month."""
    last = monthrange(day.year, day.month)[1]
    return sum(is_workday(day.replace(day=number)) for number in range(day.day + 1, last + 1))


def _weekday_names(field: str) -> str:
    """Cron counts Sunday as 0 and 7, APScheduler counts Monday as 0: names mean the same to both."""
    return re.sub(
        r"(?<![/\d])\d(?!\d)", lambda found: _CRON_WEEKDAYS[int(found[0])] if int(found[0]) < 8 else "x", field
    )
