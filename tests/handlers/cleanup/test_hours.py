"""When the clean-up may speak of its own accord."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from handlers.cleanup.cron import OnHoliday
from handlers.cleanup.hours import first_permitted, is_permitted
from handlers.settings import CleanupSettings

CHINA = ZoneInfo("Asia/Shanghai")
SETTINGS = CleanupSettings()


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 10, day, hour, minute, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("moment", "on_holiday", "permitted"),
    [
        (at(8, 9), "next", at(8, 9)),
        (at(8, 17, 30), "next", at(8, 17, 30)),
        (at(8, 17, 31), "next", at(9, 8, 30)),
        (at(8, 3), "next", at(8, 8, 30)),
        (at(9, 20), "next", at(10, 8, 30)),  # a Saturday that is worked
        (at(10, 20), "next", at(12, 8, 30)),
        (at(3, 10), "next", at(8, 10)),
        (at(3, 20), "next", at(8, 8, 30)),
        (at(3, 10), "same", at(3, 10)),
        (at(3, 20), "same", at(4, 8, 30)),
    ],
)
def test_the_first_moment_that_is_permitted(moment: datetime, on_holiday: OnHoliday, permitted: datetime) -> None:
    assert first_permitted(moment, CHINA, SETTINGS, on_holiday) == permitted
    assert first_permitted(permitted, CHINA, SETTINGS, on_holiday) == permitted


def test_a_holiday_morning_is_not_permitted() -> None:
    assert not is_permitted(at(1, 10), CHINA, SETTINGS)
    assert is_permitted(at(8, 10), CHINA, SETTINGS)


def test_other_hours_can_be_set() -> None:
    assert is_permitted(at(8, 7), CHINA, CleanupSettings.model_validate({"working_hours_from": "06:00"}))
