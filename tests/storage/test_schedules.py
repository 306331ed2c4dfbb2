"""Where each schedule stands, kept over a restart."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from storage.database import Database
from storage.schedules import ScheduleRow, Schedules

MONTHLY = ScheduleRow(
    "monthly", "每月第一个工作日 9:00", datetime(2026, 11, 2, 1, tzinfo=UTC), datetime(2026, 12, 1, 1, tzinfo=UTC)
)


def test_a_schedule_is_read_back_after_a_restart(tmp_path: Path) -> None:
    with Database(tmp_path / "steward.db") as database:
        assert Schedules(database).get("monthly") is None
        Schedules(database).put(MONTHLY)
    with Database(tmp_path / "steward.db") as database:
        assert Schedules(database).get("monthly") == MONTHLY


def test_putting_again_replaces() -> None:
    with Database(":memory:") as database:
        schedules = Schedules(database)
        schedules.put(MONTHLY)
        fresh = ScheduleRow("monthly", "每天 9:00", None, None)
        schedules.put(fresh)
        assert schedules.get("monthly") == fresh


def test_schedules_that_left_the_settings_are_forgotten() -> None:
    with Database(":memory:") as database:
        schedules = Schedules(database)
        schedules.put(MONTHLY)
        schedules.put(ScheduleRow("部门-每周", "每周一 9:00", None, None))
        schedules.keep_only(["部门-每周", "not stored yet"])
        assert schedules.get("monthly") is None
        assert schedules.get("部门-每周") is not None


def test_all_are_told_by_name() -> None:
    with Database(":memory:") as database:
        schedules = Schedules(database)
        assert schedules.all() == []
        rows = [ScheduleRow(name, "每天 9:00", None, MONTHLY.next_fire_at) for name in ("b", "a")]
        for row in rows:
            schedules.put(row)
        assert schedules.all() == [rows[1], rows[0]]
