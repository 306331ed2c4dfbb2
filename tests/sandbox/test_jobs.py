"""Which job the page offers next, and that moving on to it tells people what they would have heard in time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli.sandbox import Playground
from sandbox import college
from sandbox.world import SandboxClock, ShownMessage

TUESDAY_MORNING = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
CLEAN_UP = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
"""09:00 in Shanghai on the first workday of the month, a Tuesday."""
REMINDED = datetime(2026, 12, 3, 2, 0, tzinfo=UTC)
"""10:00 two workdays later."""


@pytest.fixture
async def playground(tmp_path: Path) -> AsyncIterator[Playground]:
    playground = Playground(0, tmp_path, SandboxClock(TUESDAY_MORNING))
    await playground.start()
    # Both: a ticket that is on its way while the clock jumps is older than it may be.
    await playground.sandbox.until_connected(2)
    yield playground
    await playground.stop()


def to_owner(message: ShownMessage) -> bool:
    return message.chat == f"private:{college.OWNER}" and message.author == "robot"


async def test_each_job_says_something_and_none_calls_itself_late(playground: Playground) -> None:
    job = await playground.advance()
    assert job is not None
    assert (job.title, job.at) == ("每月群成员清理", CLEAN_UP)
    asked = await playground.sandbox.wait_for(to_owner, timeout=15)
    following = playground.next_job()
    assert following is not None
    assert (following.title, following.at) == ("提醒未答复的群主", REMINDED), (
        "not the days before, on which nobody hears"
    )
    assert await playground.advance() == following
    reminder = await playground.sandbox.wait_for(lambda m: to_owner(m) and m.number > asked.number, timeout=15)
    assert "第 1 次提醒" in reminder.text
    assert "补发" not in reminder.text
    assert playground.sandbox.violations == []


async def test_no_day_passes_while_the_directory_is_being_read(
    playground: Playground, caplog: pytest.LogCaptureFixture
) -> None:
    """A token lives two hours: one that was fetched on one day is refused on the next, and so is the reading."""
    playground.sandbox.faults.delay("/topapi/v2/*", 0.005, times=None)
    await playground.advance()
    await playground.sandbox.wait_for(to_owner, timeout=30)
    assert "通讯录没有读成" not in caplog.text
