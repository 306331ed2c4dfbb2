"""Killed while several messages go out as one: each of them is said once, or shown as interrupted with the others."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.outbox.texts import BETWEEN
from tests.faults.processes import Nursery
from tests.faults.stage import PRIVATE, SECONDS, Stage, stage

WEBHOOK = "/robot/sendBySession"
WAIT = {"errcode": 90018, "errmsg": "QPS"}
"""Called too often: for a second at least nothing is tried, and what comes meanwhile goes out with what was refused."""
SAID = ["甲", "乙", "丙"]


async def die_over_a_burst(it: Stage, failpoint: str) -> list[tuple[object, ...]]:
    """Say three things that go out as one, die over that, start again; state and error of the three rows."""
    await it.start(failpoint)
    it.sandbox.faults.answer(WEBHOOK, 200, WAIT)
    for text in SAID:
        await it.sandbox.say("0001", PRIVATE, text)
    assert await it.until_dead() == -9
    await it.start()
    await it.sandbox.say("0001", PRIVATE, "danach")
    await it.until_settled()
    return it.rows("select state, error_code from outbox order by id limit 3")


@pytest.mark.parametrize(
    ("failpoint", "is_said"),
    [
        ("in-the-window:2", False),  # all three are marked, and not a byte is written yet
        ("after-send", True),  # DingTalk has it, and nothing is marked
        ("after-sent", True),  # the mark of the first of them is made, and not on disk
    ],
)
async def test_a_kill_treats_all_of_them_alike(tmp_path: Path, nursery: Nursery, failpoint: str, is_said: bool) -> None:
    async with stage(tmp_path, nursery) as it:
        rows = await die_over_a_burst(it, failpoint)
        assert rows == [("parked", "interrupted")] * 3
        together = BETWEEN.join(f"答：{text}" for text in SAID)
        assert it.robot_said() == [*([together] if is_said else []), "答：danach"]


async def test_before_the_mark_all_of_them_come_after_the_next_start(tmp_path: Path, nursery: Nursery) -> None:
    async with stage(tmp_path, nursery) as it:
        await it.start()
        it.sandbox.faults.answer(WEBHOOK, 200, WAIT)
        for text in SAID:
            await it.sandbox.say("0001", PRIVATE, text)
        await it.sandbox.until_settled(timeout=SECONDS)
        async with asyncio.timeout(SECONDS):
            while len(it.rows("select 1 from outbox where state = 'queued'")) < 3:
                await asyncio.sleep(0.02)
        await it.kill()
        await it.start()
        await it.until_settled()
        assert [part for text in it.robot_said() for part in text.split(BETWEEN)] == [f"答：{text}" for text in SAID]
