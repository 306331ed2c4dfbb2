"""Killed with SIGKILL and started again: nothing accepted is lost, nothing is answered twice."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from tests.bot.rig import GROUP
from tests.faults.processes import Nursery
from tests.faults.stage import PRIVATE, SECONDS, Stage, stage

KILLED = -9


async def die_and_start_again(it: Stage, failpoint: str, text: str, chat: str = PRIVATE) -> None:
    """Start with a point, say something that leads to it, start again without one."""
    await it.start(failpoint)
    await it.sandbox.say("0001", chat, text)
    assert await it.until_dead() == KILLED
    await it.start()
    await it.sandbox.say("0001", chat, "danach")
    await it.until_settled()


def heard(it: Stage, text: str) -> int:
    """How often a handler's effects for this text stand in the database."""
    return len([row for row in it.rows("select subject from audit where action = 'heard'") if row[0] == text])


@pytest.mark.parametrize(
    "failpoint",
    ["before-commit", "after-commit", "after-ack", "in-handling", "after-outbox", "after-send", "after-sent"],
)
async def test_a_reply_comes_once_wherever_the_bot_is_killed(tmp_path: Path, nursery: Nursery, failpoint: str) -> None:
    async with stage(tmp_path, nursery) as it:
        await die_and_start_again(it, failpoint, "原话")
        assert it.robot_said().count("答：原话") == 1
        assert it.robot_said().count("答：danach") == 1
        assert heard(it, "原话") == heard(it, "danach") == 1
        assert await it.stop() == 0
        assert it.sandbox.violations == []


@pytest.mark.parametrize("failpoint", ["in-handling", "after-outbox", "after-send"])
@pytest.mark.parametrize(("text", "chat"), [("post 甲", GROUP), ("word 甲", PRIVATE), ("ding 甲", PRIVATE)])
async def test_posts_private_words_and_dings_come_once_too(
    tmp_path: Path, nursery: Nursery, failpoint: str, text: str, chat: str
) -> None:
    async with stage(tmp_path, nursery) as it:
        await die_and_start_again(it, failpoint, text, chat)
        assert it.robot_said().count(f"答：{text}") == 1
        assert heard(it, text) == 1


async def test_what_is_due_happens_once_though_the_bot_dies_over_it(tmp_path: Path, nursery: Nursery) -> None:
    """A fresh bot reads the directory: that is due at once."""
    async with stage(tmp_path, nursery) as it:
        await it.start("in-due")
        assert await it.until_dead() == KILLED
        assert it.rows("select state from inbox where kind = 'due'") == [("new",)]
        assert it.rows("select 1 from audit where action = 'due'") == []
        await it.start()
        await it.until_settled()
        assert it.rows("select state from inbox where kind = 'due'") == [("done",)]
        assert it.rows("select subject from audit where action = 'due'") == [("directory-sync",)]


@pytest.mark.parametrize("text", ["原话", "ding 甲"])
async def test_in_the_window_nothing_is_sent_and_it_is_shown(tmp_path: Path, nursery: Nursery, text: str) -> None:
    """The one window that is left, docs/decisions/0003: marked as being sent, and not a byte written yet."""
    async with stage(tmp_path, nursery) as it:
        await die_and_start_again(it, "in-the-window", text)
        assert f"答：{text}" not in it.robot_said()
        assert it.rows("select state, error_code from outbox order by id limit 1") == [("parked", "interrupted")]
        assert "发送途中曾中断" in it.log()
        assert it.robot_said().count("答：danach") == 1


async def test_killed_while_the_platform_has_it_and_has_not_answered(tmp_path: Path, nursery: Nursery) -> None:
    async with stage(tmp_path, nursery) as it:
        await it.start()
        it.sandbox.faults.hang("/robot/sendBySession", after_work=True)
        await it.sandbox.say("0001", PRIVATE, "原话")
        await it.sandbox.wait_for(lambda m: m.text == "答：原话", timeout=SECONDS)
        await it.kill()
        it.sandbox.faults.clear()
        await it.start()
        await it.sandbox.say("0001", PRIVATE, "danach")
        await it.until_settled()
        assert it.robot_said() == ["答：原话", "答：danach"]


async def test_killed_again_and_again_at_any_moment(tmp_path: Path, nursery: Nursery) -> None:
    """Messages come all the time. Every one that was acknowledged is answered once, or shown as interrupted."""
    moments = random.Random(20261124)
    said: list[str] = []
    async with stage(tmp_path, nursery) as it:
        for round_ in range(4):
            await it.start()
            ends_at = asyncio.get_running_loop().time() + moments.uniform(0.1, 0.6)
            while asyncio.get_running_loop().time() < ends_at:
                text = f"{round_}-{len(said)}"
                person = f"{len(said) % 9 + 1:04}"
                await it.sandbox.say(person, f"private:{person}", text)
                said.append(text)
                await asyncio.sleep(0.004)
            await it.kill()
        await it.start()
        await it.until_settled()
        answers = it.robot_said()
        in_doubt = [str(row[0]) for row in it.rows("select body from outbox where state = 'parked'")]
        for text in said:
            times = answers.count(f"答：{text}")
            is_shown = any(f'答：{text}"' in body for body in in_doubt)
            assert times == 1 or (times == 0 and is_shown), (text, times, is_shown)
            assert heard(it, text) == 1
        assert len(in_doubt) <= 4 * 9, "a chat gets one message at a time: one for each chat and kill at most"
        assert len(said) > 40


async def test_a_stop_by_request_is_clean(tmp_path: Path, nursery: Nursery) -> None:
    async with stage(tmp_path, nursery) as it:
        await it.start()
        await it.sandbox.say("0001", PRIVATE, "原话")
        await it.sandbox.wait_for(lambda m: m.text == "答：原话", timeout=SECONDS)
        [connection] = it.sandbox.connections
        assert await it.stop() == 0
        assert connection.socket.close_code == 1000
        assert "Traceback" not in it.log()
        assert it.rows("select state from outbox") == [("sent",)]
