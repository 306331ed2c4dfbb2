"""What schedules in people's words and in cron fields mean."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.cleanup.cron import OnHoliday
from handlers.cleanup.when import ALLOWED, WhenError, next_fires, trigger
from handlers.cleanup.workdays import is_workday

CHINA = ZoneInfo("Asia/Shanghai")
LATE_SEPTEMBER = datetime(2026, 9, 24, 12, tzinfo=CHINA)
"""A Thursday; the 25th to 27th and the 1st to 7th of October are days off, Saturday the 10th is a workday."""


def fires(text: str, on_holiday: OnHoliday = "next", count: int = 3, now: datetime = LATE_SEPTEMBER) -> list[str]:
    return [f"{moment:%m-%d %H:%M}" for moment in next_fires(trigger(text, CHINA, on_holiday), now, count)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("每月第一个工作日 9:00", ["10-08 09:00", "11-02 09:00", "12-01 09:00"]),
        ("每个月的第1个工作日9点半", ["10-08 09:30", "11-02 09:30", "12-01 09:30"]),
        ("每月首个工作日 上午九点一刻", ["10-08 09:15", "11-02 09:15", "12-01 09:15"]),
        ("每月第十二个工作日 十二点", ["10-22 12:00", "11-17 12:00", "12-16 12:00"]),
        ("每月最后一个工作日 16:30", ["09-30 16:30", "10-30 16:30", "11-30 16:30"]),
        ("每月倒数第2个工作日 9：00", ["09-29 09:00", "10-29 09:00", "11-27 09:00"]),
        ("每月１５号 ９：００", ["10-15 09:00", "11-16 09:00", "12-15 09:00"]),
        ("每月1日和15日 9:00", ["10-08 09:00", "10-15 09:00", "11-02 09:00"]),
        ("每月最后一天 晚上8点", ["09-30 20:00", "11-02 20:00", "11-30 20:00"]),
        ("每月第二个周三 下午2点", ["10-14 14:00", "11-11 14:00", "12-09 14:00"]),
        ("每月最后一个星期五 9:00", ["09-28 09:00", "10-30 09:00", "11-27 09:00"]),
        ("每周二十点", ["09-29 10:00", "10-08 10:00", "10-13 10:00"]),
        ("每周二23:00", ["09-29 23:00", "10-08 23:00", "10-13 23:00"]),
        ("每周一二 十点", ["09-28 10:00", "09-29 10:00", "10-08 10:00"]),
        ("每周一 二十点", ["09-28 20:00", "10-08 20:00", "10-12 20:00"]),
        ("每周一、三 下午3点", ["09-28 15:00", "09-30 15:00", "10-08 15:00"]),
        ("每星期一三五 9:00", ["09-28 09:00", "09-30 09:00", "10-08 09:00"]),
        ("每周一到周五 8:30", ["09-28 08:30", "09-29 08:30", "09-30 08:30"]),
        ("每个工作日 10:00", ["09-28 10:00", "09-29 10:00", "09-30 10:00"]),
        ("每天 晚上8点", ["09-24 20:00", "09-28 20:00", "09-29 20:00"]),
        ("每季度第一个工作日 9:00", ["10-08 09:00", "01-04 09:00", "04-01 09:00"]),
        ("每季度最后一个工作日 9:00", ["09-30 09:00", "12-31 09:00", "03-31 09:00"]),
        ("每年3月、9月第一个工作日 9:00", ["03-01 09:00", "09-01 09:00", "03-01 09:00"]),
        ("0 9 1 * *", ["10-08 09:00", "11-02 09:00", "12-01 09:00"]),
        ("０ ９ １ * *", ["10-08 09:00", "11-02 09:00", "12-01 09:00"]),
        ("*/30 9 * * 1-5", ["09-28 09:00", "09-28 09:30", "09-29 09:00"]),
    ],
)
def test_a_schedule_in_words_or_fields(text: str, expected: list[str]) -> None:
    assert fires(text) == expected


@pytest.mark.parametrize(
    ("on_holiday", "expected"),
    [
        ("next", ["10-08 09:00", "11-02 09:00", "12-01 09:00"]),
        ("skip", ["12-01 09:00", "02-01 09:00", "03-01 09:00"]),
        ("same", ["10-01 09:00", "11-01 09:00", "12-01 09:00"]),
    ],
)
@pytest.mark.parametrize("text", ["每月1日 9:00", "0 9 1 * *"])
def test_a_holiday_moves_drops_or_changes_nothing(text: str, on_holiday: OnHoliday, expected: list[str]) -> None:
    assert fires(text, on_holiday) == expected


@pytest.mark.parametrize(
    ("weekdays", "days"),
    [
        ("0", {6}),
        ("7", {6}),
        ("1", {0}),
        ("1-5", {0, 1, 2, 3, 4}),
        ("5-7", {4, 5, 6}),
        ("0-6", {0, 1, 2, 3, 4, 5, 6}),
        ("*/2", {6, 1, 3, 5}),
        ("sat,sun", {5, 6}),
        ("FRI-MON", {4, 5, 6, 0}),
        ("1,3", {0, 2}),
    ],
)
def test_cron_counts_sunday_as_zero(weekdays: str, days: set[int]) -> None:
    """APScheduler counts Monday as 0; a schedule taken over unread would come a day late."""
    moments = next_fires(trigger(f"0 9 * * {weekdays}", CHINA, "same"), LATE_SEPTEMBER, 14)
    assert {moment.weekday() for moment in moments} == days


def test_cron_fires_on_either_of_day_and_weekday() -> None:
    assert fires("0 9 1 * 1", "same", 4) == ["09-28 09:00", "10-01 09:00", "10-05 09:00", "10-12 09:00"]


def test_days_off_hand_on_their_times_but_no_time_twice() -> None:
    assert fires("0 9,18 * * *", "next", 4, datetime(2026, 10, 2, 12, tzinfo=CHINA)) == [
        "10-08 09:00",
        "10-08 18:00",
        "10-09 09:00",
        "10-09 18:00",
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "认不出"),
        ("有空的时候", "认不出"),
        ("每月第一个工作日", "没有写几点"),
        ("每天 25:00", "认不出"),
        ("每天 上午15点", "认不出"),
        ("每天 9:75", "认不出"),
        ("每月31日 9:00", "最后一天"),
        ("每月0号 9:00", "认不出"),
        ("每月第16个工作日 9:00", "认不出"),
        ("每年13月第一个工作日 9:00", "认不出"),
        ("每学期 9:00", "学期"),
        ("每周八 9:00", "认不出"),
        ("每周一二十点", "两种读法"),
        ("每周五至周一 9:00", "认不出"),
        ("0 9 1 *", "认不出"),
        ("0 25 1 * *", "cron 写法有误"),
        ("0 9 * * 8", "cron 写法有误"),
        ("0 9 * * mo", "cron 写法有误"),
        ("0 9 30 2 *", "永远不会到"),
    ],
)
def test_what_is_no_schedule_is_named_with_what_is_allowed(text: str, why: str) -> None:
    with pytest.raises(WhenError) as error:
        trigger(text, CHINA)
    assert f"「{text}」" in str(error.value)
    assert why in str(error.value)
    assert ALLOWED in str(error.value)


def test_what_always_falls_on_a_holiday_cannot_skip_holidays() -> None:
    with pytest.raises(WhenError, match="永远不会到"):
        trigger("每年10月1日 9:00", CHINA, "skip")
    assert fires("每年10月1日 9:00", "next", 1) == ["10-08 09:00"]


@pytest.mark.parametrize("example", [example for example in ALLOWED.split("，")[0].split("、") if "每" in example])
def test_every_example_that_the_message_gives_is_a_schedule(example: str) -> None:
    if example == "每年3月":  # its own comma cut it
        example = "每年3月、9月第一个工作日 9:00"
    assert len(fires(example)) == 3


SCHEDULES = st.one_of(
    st.builds("每月第{}个工作日 {}:{:02}".format, st.integers(1, 15), st.integers(0, 23), st.integers(0, 59)),
    st.builds("每月{}日{}点{}分".format, st.integers(1, 28), st.integers(0, 23), st.integers(0, 59)),
    st.builds("每周{} {}点半".format, st.sampled_from("一二三四五六日天"), st.integers(0, 23)),
    st.builds("{} {} {} * *".format, st.integers(0, 59), st.integers(0, 23), st.integers(1, 28)),
    st.builds("{} {} * * {}".format, st.integers(0, 59), st.integers(0, 23), st.integers(0, 7)),
)
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1)).map(lambda moment: moment.replace(tzinfo=CHINA))  # noqa: DTZ001


@settings(deadline=None)
@given(SCHEDULES, st.sampled_from(["next", "skip", "same"]), MOMENTS)
def test_moments_come_in_order_never_before_now_and_avoid_holidays(
    text: str, on_holiday: OnHoliday, now: datetime
) -> None:
    moments = next_fires(trigger(text, CHINA, on_holiday), now, 4)
    assert len(moments) == 4 or on_holiday == "skip"  # Sundays that are worked are few
    assert all(moment >= now for moment in moments)
    assert all(earlier < later for earlier, later in pairwise(moments))
    if on_holiday != "same":
        assert all(is_workday(moment.astimezone(CHINA).date()) for moment in moments)


@settings(deadline=None)
@given(SCHEDULES, MOMENTS)
def test_asking_again_later_changes_nothing(text: str, now: datetime) -> None:
    """The stored next moment is the one that a look at any time before it finds."""
    when = trigger(text, CHINA)
    (first,) = next_fires(when, now, 1)
    assert next_fires(when, now + (first - now) / 2, 1) == [first]
    assert next_fires(when, first, 1) == [first]


@settings(deadline=None)
@given(st.text(alphabet="每月周第一个工作日年季度末 0123456789:点半上午下*,-/", max_size=20))
def test_any_text_is_a_schedule_or_an_error_with_a_reason(text: str) -> None:
    try:
        when = trigger(text, CHINA)
    except WhenError as error:
        assert ALLOWED in str(error)
    else:
        assert next_fires(when, LATE_SEPTEMBER, 1)[0] - LATE_SEPTEMBER < timedelta(days=366 * 9)


def test_other_zones_have_other_mornings() -> None:
    (moment,) = next_fires(trigger("每天 9:00", ZoneInfo("Asia/Urumqi")), LATE_SEPTEMBER, 1)
    assert moment.astimezone(CHINA).hour == 11
    assert moment.astimezone(CHINA).date() == date(2026, 9, 28)
