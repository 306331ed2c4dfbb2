"""Opening the bot: what cannot be used is left as it was found."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import Steward
from bot.clock import SystemClock
from bot.settings import Settings
from handlers.cleanup.when import WhenError
from handlers.settings import CleanupSchedule, CleanupSettings


def test_whoever_could_not_open_it_holds_nothing(tmp_path: Path) -> None:
    """A schedule that would never be due is found after lock and database are taken."""
    schedule = CleanupSchedule.model_construct(
        name="x", when="每月第九十个工作日 9:00", kinds=("department",), on_holiday="next"
    )
    wrong = Settings(base=tmp_path, cleanup=CleanupSettings.model_construct(schedules=(schedule,)))
    with pytest.raises(WhenError):
        Steward.open(wrong, SystemClock())
    assert not (tmp_path / "steward.db-wal").exists(), "the database was closed"
    Steward.open(Settings(base=tmp_path), SystemClock()).close()
