"""When a schedule fires: plain Chinese or five cron fields, as triggers that APScheduler understands."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.base import BaseTrigger

from handlers.cleanup.cron import CronDays, OnHoliday
from handlers.cleanup.workdays import is_workday, next_workday
from handlers.numerals import NUMERAL, value

ALLOWED = (
    "每月第一个工作日 9:00、每月最后一个工作日 16:30、每月15日 9:00、每季度第一个工作日 9:00、"
    "每年3月、9月第一个工作日 9:00、每周一 9:00、每个工作日 9:00、每天 9:00，或五段 cron（如 0 9 1 * *）"
)
_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6} | {
    str(n): n - 1 for n in range(1, 8)
}
_FAR_DAYS = 800
"""How far to look ahead: every rule in Chinese words falls on a day at least once a year."""
_LONGEST_HOLIDAY_DAYS = 14
_MOST_WORKDAYS = 15
"""The month with the longest holiday still has these."""
_A_MORNING = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
_BETWEEN = r"[、,和及与]"


class WhenError(ValueError):
    """The text is no schedule; it says why and what is allowed."""

    def __init__(self, text: str, why: str) -> None:
        super().__init__(f"「{text}」：{why}。可写：{ALLOWED} / not a schedule that we know")


@dataclass(frozen=True)
class Days:
    """Which days a schedule falls on, before holidays are looked at."""

    falls_on: Callable[[date], bool]
    minds_holidays: bool = True
    """False where workdays are what it counts anyway."""
    is_from_end: bool = False
    """It counts from the end of the month: in a quarter, of its last month."""


class CalendarTrigger(BaseTrigger):  # type: ignore[misc]
    """Fires at a time of day on the days of a rule, moved or left out on holidays and weekends."""

    def __init__(self, days: Days, at: time, zone: ZoneInfo, on_holiday: OnHoliday) -> None:
        self._days = days
        self._at = at
        self._zone = zone
        self._on_holiday = on_holiday

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """The first moment after the previous one and not before `now`; None when there is none within two years."""
        after = now if previous_fire_time is None else max(now, previous_fire_time + timedelta(microseconds=1))
        start = after.astimezone(self._zone).date()
        # A day before may have been moved to today by a holiday.
        moments = (
            datetime.combine(day, self._at, self._zone)
            for nominal in (start + timedelta(days=n) for n in range(-_LONGEST_HOLIDAY_DAYS, _FAR_DAYS))
            if (day := self._actual(nominal)) is not None
        )
        return next((moment for moment in moments if moment >= after), None)

    def _actual(self, nominal: date) -> date | None:
        if not self._days.falls_on(nominal):
            return None
        if not self._days.minds_holidays or self._on_holiday == "same" or is_workday(nominal):
            return nominal
        return next_workday(nominal) if self._on_holiday == "next" else None


def trigger(text: str, zone: ZoneInfo, on_holiday: OnHoliday = "next") -> BaseTrigger:
    """The trigger that a schedule's `when` stands for. Raises `WhenError`, also for what would never be due."""
    plain = unicodedata.normalize("NFKC", text).strip()
    found = _in_words(plain, zone, on_holiday) or _in_fields(plain, zone, on_holiday)
    if found is None:
        raise WhenError(text, _why(plain))
    if found.get_next_fire_time(None, _A_MORNING) is None:
        raise WhenError(text, "这个时间永远不会到")
    return found


def next_fires(when: BaseTrigger, now: datetime, count: int = 3) -> list[datetime]:
    """The next moments of a trigger."""
    moments: list[datetime] = []
    previous: datetime | None = None
    for _ in range(count):
        moment: datetime | None = when.get_next_fire_time(previous, now)
        if moment is None:
            break
        moments.append(moment)
        previous = moment
    return moments


def _why(text: str) -> str:
    """What is most likely wrong with a text that is no schedule."""
    if re.search(r"(29|30|31|三十一?|二十九)[日号]", text):
        return "29 至 31 日不是每个月都有，请写「最后一天」"
    if text.startswith("每") and not re.search(r"[点时:]", text):
        return "没有写几点"
    if "学期" in text:
        return "学期没有固定日期，请写月份"
    return "认不出这个时间"


def _in_fields(text: str, zone: ZoneInfo, on_holiday: OnHoliday) -> BaseTrigger | None:
    if len(text.split()) != 5 or not re.fullmatch(r"[\d\s*,/\-a-zA-Z]+", text):
        return None
    try:
        return CronDays(text, zone, on_holiday)
    except ValueError as error:
        raise WhenError(text, f"cron 写法有误（{error}）") from error


def _in_words(text: str, zone: ZoneInfo, on_holiday: OnHoliday) -> BaseTrigger | None:
    """Days, then a time. Both may hold numerals (`每周二十点`), so every place to cut is tried, spaces first."""
    words = text.split()
    spaced = [("".join(words[:count]), "".join(words[count:])) for count in range(1, len(words))]
    bare = "".join(words)
    anywhere = [
        (bare[:cut], bare[cut:]) for cut in range(1, len(bare)) if not (bare[cut - 1].isdigit() and bare[cut].isdigit())
    ]
    for cuts in (spaced, anywhere):
        found = [(days, at) for head, tail in cuts if (days := _days(head)) and (at := _time(tail)) is not None]
        if len(found) > 1:
            raise WhenError(text, "有两种读法，请在日子和时间之间空一格")
        if found:
            return CalendarTrigger(*found[0], zone, on_holiday)
    return None


def _time(text: str) -> time | None:
    match = re.fullmatch(
        r"(凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚)?"
        rf"({NUMERAL})(?::(\d{{2}})|[点时](?:(整|半|一刻|三刻)|(\d{{1,2}}|{NUMERAL})分?)?)",
        text,
    )
    if match is None:
        return None
    hour = value(match[2])
    named = {"整": 0, "半": 30, "一刻": 15, "三刻": 45}
    minute = named[match[4]] if match[4] else int(match[3]) if match[3] else value(match[5]) if match[5] else 0
    part = match[1] or ""
    if (part in ("下午", "傍晚", "晚上", "晚") and 1 <= hour < 12) or (part == "中午" and 1 <= hour <= 2):
        hour += 12
    elif part == "凌晨" and hour == 12:
        hour = 0
    if part in ("凌晨", "清晨", "早上", "早晨", "上午") and hour > 12:
        return None
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _days(text: str) -> Days | None:
    if text in ("每天", "每日"):
        return Days(lambda day: True)
    if re.fullmatch(r"每个?工作日", text):
        return Days(is_workday, minds_holidays=False)
    if match := re.fullmatch(r"每个?(?:周|星期|礼拜)(.+)", text):
        return _of_week(match[1])
    if match := re.fullmatch(r"每个?月的?(.+)", text):
        return _of_month(match[1])
    if match := re.fullmatch(r"每个?季度?的?(.+)", text):
        of_month = _of_month(match[1])
        if of_month is None:
            return None
        return _in_months(of_month, {3, 6, 9, 12} if of_month.is_from_end else {1, 4, 7, 10})
    if match := re.fullmatch(rf"每年((?:{NUMERAL}月?{_BETWEEN})*{NUMERAL})月份?的?(.+)", text):
        months = {value(month.removesuffix("月")) for month in re.split(_BETWEEN, match[1])}
        of_month = _of_month(match[2])
        if of_month is None or not months <= set(range(1, 13)):
            return None
        return _in_months(of_month, months)
    return None


def _in_months(days: Days, months: set[int]) -> Days:
    return Days(lambda day: day.month in months and days.falls_on(day), days.minds_holidays, days.is_from_end)


def _of_week(text: str) -> Days | None:
    """`一`, `一三五`, `一、三`, `一至五`, `一和周四`."""
    wanted: set[int] = set()
    for part in re.split(_BETWEEN, re.sub(r"周|星期|礼拜", "", text)):
        if match := re.fullmatch(r"([一二三四五六日天1-7])[至到\-~]([一二三四五六日天1-7])", part):
            first, last = _WEEKDAYS[match[1]], _WEEKDAYS[match[2]]
            if first >= last:
                return None
            wanted |= set(range(first, last + 1))
        elif re.fullmatch(r"[一二三四五六日天]+|[1-7]", part):
            wanted |= {_WEEKDAYS[sign] for sign in part}
        else:
            return None
    return Days(lambda day: day.weekday() in wanted)


def _of_month(text: str) -> Days | None:
    if re.fullmatch(r"最后一?个?工作日|月?末工作日", text):
        return _workday_from_end(1)
    if match := re.fullmatch(rf"倒数第({NUMERAL})个?工作日", text):
        return _workday_from_end(value(match[1]))
    if match := re.fullmatch(rf"(?:第({NUMERAL})个?|首个)工作日", text):
        return _workday(value(match[1]) if match[1] else 1)
    if re.fullmatch(r"最后一[天日]|月?[末底]", text):
        return Days(lambda day: day.day == monthrange(day.year, day.month)[1], is_from_end=True)
    if match := re.fullmatch(rf"(?:第({NUMERAL})|(最后一))个?(?:周|星期|礼拜)([一二三四五六日天])", text):
        return _weekday_of_month(0 if match[2] else value(match[1]), _WEEKDAYS[match[3]])
    if re.fullmatch(rf"(?:{NUMERAL}[日号]?{_BETWEEN})*{NUMERAL}[日号]", text):
        days = {value(day.rstrip("日号")) for day in re.split(_BETWEEN, text)}
        # 29 to 31 do not come every month: 最后一天 says it better.
        return Days(lambda day: day.day in days) if days <= set(range(1, 29)) else None
    return None


def _workday(count: int) -> Days | None:
    if not 1 <= count <= _MOST_WORKDAYS:
        return None
    return Days(lambda day: is_workday(day) and _workdays_until(day) == count, minds_holidays=False)


def _workday_from_end(count: int) -> Days | None:
    if not 1 <= count <= _MOST_WORKDAYS:
        return None
    return Days(
        lambda day: is_workday(day) and _workdays_left(day) == count - 1, minds_holidays=False, is_from_end=True
    )


def _weekday_of_month(week: int, weekday: int) -> Days | None:
    """The `week`th of a weekday in its month, the last one for 0."""
    if week == 0:
        return Days(
            lambda day: day.weekday() == weekday and day.day + 7 > monthrange(day.year, day.month)[1], is_from_end=True
        )
    if not 1 <= week <= 4:
        return None
    return Days(lambda day: day.weekday() == weekday and (day.day - 1) // 7 + 1 == week)


def _workdays_until(day: date) -> int:
    """Which workday of its month this one is, counted from 1."""
    return sum(is_workday(day.replace(day=number)) for number in range(1, day.day + 1))


def _workdays_left(day: date) -> int:
    """How many workdays come after it in its month."""
    last = monthrange(day.year, day.month)[1]
    return sum(is_workday(day.replace(day=number)) for number in range(day.day + 1, last + 1))
