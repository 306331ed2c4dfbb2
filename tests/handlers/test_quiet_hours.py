"""The night."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.quiet_hours import QuietHours
from handlers.settings import HandlerSettings

CHINA = ZoneInfo("Asia/Shanghai")
NIGHT = QuietHours(time(22), time(7), CHINA)
NOON = QuietHours(time(12, 30), time(14), CHINA)


def at(text: str, zone: ZoneInfo = CHINA) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("moment", "over_at"),
    [
        ("11-25T21:59:59", None),
        ("11-25T22:00", "11-26T07:00"),
        ("11-25T23:30", "11-26T07:00"),
        ("11-26T00:00", "11-26T07:00"),
        ("11-26T06:59:59", "11-26T07:00"),
        ("11-26T07:00", None),
        ("11-26T12:00", None),
        ("11-30T22:00", "12-01T07:00"),
    ],
)
def test_over_midnight(moment: str, over_at: str | None) -> None:
    assert NIGHT.until(at(moment)) == (at(over_at) if over_at else None)


@pytest.mark.parametrize(
    ("moment", "over_at"),
    [("11-25T12:29", None), ("11-25T12:30", "11-25T14:00"), ("11-25T14:00", None), ("11-25T23:00", None)],
)
def test_within_a_day(moment: str, over_at: str | None) -> None:
    assert NOON.until(at(moment)) == (at(over_at) if over_at else None)


def test_the_zone_counts_and_not_the_clock_of_the_machine() -> None:
    assert NIGHT.until(datetime(2026, 11, 25, 15, tzinfo=UTC)) == at("11-26T07:00")  # 23:00 in China
    assert NIGHT.until(datetime(2026, 11, 25, 23, tzinfo=UTC)) is None  # 7:00


def test_as_the_settings_have_them() -> None:
    assert QuietHours.of(HandlerSettings()) == NIGHT


def test_the_same_time_twice_is_never() -> None:
    never = QuietHours(time(0), time(0), CHINA)
    assert all(never.until(at(f"11-25T{hour:02}:00")) is None for hour in range(24))


def test_where_clocks_go_back_in_the_night_it_ends_all_the_same() -> None:
    zone = ZoneInfo("Europe/Berlin")
    hours = QuietHours(time(22), time(2, 30), zone)
    second = at("10-25T02:15", zone).replace(fold=1)
    assert hours.until(second) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@given(
    st.floats(0, 2 * 366 * 24 * 3600),
    st.times(),
    st.times(),
    st.sampled_from([CHINA, ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("UTC")]),
)
def test_it_is_over_within_a_day(seconds: float, begins: time, ends: time, zone: ZoneInfo) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    over_at = QuietHours(begins, ends, zone).until(now)
    assert over_at is None or now < over_at <= now + timedelta(hours=25)
