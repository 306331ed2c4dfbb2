"""Where, for whom and when a rule counts."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.moderation.hours import HoursError, counts_at, read_hours
from handlers.moderation.rule import Rule, Scope
from handlers.moderation.scope import UNKNOWN, Circumstances, counts

ZONE = ZoneInfo("Asia/Shanghai")


def at(day: int, hour: int, minute: int = 0, month: int = 10) -> datetime:
    """In 2026: 1 to 7 October is a holiday, the 10th a Saturday on which people work, the 12th a Monday."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def rule(scope: Scope) -> Rule:
    return Rule("r", "abuse", "一.2", words=("坏词",), scope=scope)


EVERYTHING = Scope(("class",), ("学院/教务处",), ("cid1",), ("staff",), "working-hours")
FITTING = Circumstances("class", "cid1", ("学院/教务处/教学科",), ("staff", "owner"), at(12, 9))


def test_what_is_not_said_or_not_known_is_no_limit() -> None:
    assert counts(rule(Scope()), FITTING)
    assert counts(rule(EVERYTHING), UNKNOWN)
    assert counts(rule(EVERYTHING), FITTING)


@pytest.mark.parametrize(
    "other",
    [
        Circumstances(kind="department"),
        Circumstances(group="cid2"),
        Circumstances(departments=("学院/教务处分部",)),
        Circumstances(departments=("学院",)),
        Circumstances(departments=()),
        Circumstances(roles=("student",)),
        Circumstances(roles=()),
        Circumstances(at=at(12, 20)),
        Circumstances(at=at(1, 9)),
    ],
)
def test_each_limit_by_itself_keeps_the_rule_out(other: Circumstances) -> None:
    assert not counts(rule(EVERYTHING), other)


@pytest.mark.parametrize(
    ("outer", "inner", "is_in"),
    [
        ("教务处", "某学院/教务处/教学科", True),
        ("某学院/教务处", "教务处/教学科", True),
        ("教务处/教学科", "某学院/教务处", False),
        ("甲学院/办公室", "乙学院/办公室", False),
        ("办公室", "乙学院/办公室", True),
        ("务处", "教务处", False),
    ],
)
def test_the_name_of_the_college_may_be_left_out(outer: str, inner: str, is_in: bool) -> None:
    assert counts(rule(Scope(departments=(outer,))), Circumstances(departments=(inner,))) is is_in


def test_working_hours_follow_the_calendar_and_the_settings() -> None:
    assert counts_at("working-hours", at(10, 9))
    assert not counts_at("working-hours", at(5, 9))
    assert not counts_at("working-hours", at(12, 7, 59), (time(8), time(12)))
    assert counts_at("working-hours", at(12, 12), (time(8), time(12)))


@pytest.mark.parametrize(
    ("hours", "moment", "is_in"),
    [
        ("08:00-18:00", at(5, 8), True),
        ("8:00 - 18:00", at(5, 17, 59), True),
        ("08:00-18:00", at(5, 18), False),
        ("Mon-Fri 08:00-18:00", at(12, 9), True),
        ("Mon-Fri 08:00-18:00", at(11, 9), False),
        ("sat,Sun 00:00-24:00", at(11, 23, 59), True),
        ("sat,Sun 00:00-24:00", at(12, 0), False),
        ("Sat-Mon 08:00-18:00", at(12, 9), True),
        ("Sat-Mon 08:00-18:00", at(13, 9), False),
        ("22:00-06:00", at(12, 23), True),
        ("22:00-06:00", at(12, 5, 59), True),
        ("22:00-06:00", at(12, 6), False),
        ("Fri 22:00-06:00", at(10, 1), True),
        ("Fri 22:00-06:00", at(9, 1), False),
        ("08:00-08:00", at(9, 3), True),
    ],
)
def test_hours(hours: str, moment: datetime, is_in: bool) -> None:
    assert counts_at(hours, moment) is is_in


@pytest.mark.parametrize(
    "text", ["", "上班", "08:00", "08:00-25:00", "08:61-09:00", "Mon- 08:00-09:00", "Xyz 08:00-09:00"]
)
def test_what_names_no_hours_is_refused(text: str) -> None:
    with pytest.raises(HoursError):
        read_hours(text)


@given(st.one_of(st.text(max_size=60), st.from_regex(r"\A(Mon|Tue|,|-| ){0,9}[0-9:\- ]{0,14}\Z")))
def test_whatever_is_written_gives_hours_or_a_clear_refusal(text: str) -> None:
    try:
        window = read_hours(text)
    except HoursError as error:
        assert " / " in str(error)
    else:
        assert window is None or window.days
