"""What the bot could not hear: told after a long stop, and when somebody else listens as the same robot."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot import presence
from bot.app import Steward
from bot.outbox.drafts import body_to_json
from handlers.hearing import rivals
from handlers.message import Body
from sandbox.college import ADMIN, STAFF, build
from sandbox.platform import Sandbox
from sandbox.world import SandboxClock, ShownMessage, World
from storage.outbox import Draft
from tests.scenarios.college_day import TUESDAY_MORNING, CollegeDay, college_day, write_settings

TO_ADMIN = f"private:{ADMIN}"
MONTH = timedelta(days=30)


@asynccontextmanager
async def running(folder: Path, sandbox: Sandbox, world: World, clock: SandboxClock) -> AsyncIterator[CollegeDay]:
    """One more process of a bot, or the same one again, at a sandbox that goes on."""
    steward = Steward.open(write_settings(folder, sandbox, admins=(ADMIN,)), clock)
    task = asyncio.create_task(steward.run())
    try:
        async with asyncio.timeout(10):
            while (found := steward.store.presence.get()) is None or not found.connections or found.stopped_at:
                await asyncio.sleep(0.02)
        yield CollegeDay(world, clock, sandbox, steward)
    finally:
        steward.stop()
        async with asyncio.timeout(10):
            await task


@asynccontextmanager
async def a_sandbox() -> AsyncIterator[tuple[Sandbox, World, SandboxClock]]:
    clock = SandboxClock(TUESDAY_MORNING)
    world = World(clock)
    build(world)
    sandbox = Sandbox(world)
    await sandbox.start()
    try:
        yield sandbox, world, clock
    finally:
        await sandbox.stop()
    assert sandbox.violations == []


async def test_after_a_stop_of_an_hour_admins_are_told_from_when_to_when(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "STABLE_SECONDS", 0.1)
    async with a_sandbox() as (sandbox, world, clock):
        async with running(tmp_path, sandbox, world, clock):
            pass
        clock.advance_to(clock.now() + timedelta(hours=1))
        async with running(tmp_path, sandbox, world, clock) as day:
            word = await day.hear(TO_ADMIN, "我没有听到消息")
            assert "9:30 到 10:30（1 小时）" in word.text
            assert "程序没有在运行，或电脑休眠了" in word.text
        clock.advance_to(clock.now() + timedelta(minutes=2))
        async with running(tmp_path, sandbox, world, clock) as day:
            await asyncio.sleep(0.5)
            await day.settle()
            assert len([text for text in day.robot_said(TO_ADMIN) if "没有听到" in text]) == 1


def at_work_for_a_month(steward: Steward) -> None:
    """It keeps a record of what it sent."""
    at = TUESDAY_MORNING - MONTH
    row = steward.store.outbox.add(Draft("group", body_to_json(Body("早")), 0, at, conversation="cidLongAgo=="))
    steward.store.outbox.sent(row, at, "long-ago")


async def post(day: CollegeDay, chat: str, text: str) -> ShownMessage:
    """The bot posts to a group by API, unasked."""
    before = day.last_number
    now = day.clock.now()
    day.steward.store.outbox.add(Draft("group", body_to_json(Body(text)), 0, now, conversation=chat))
    day.steward.wake()
    return await day.hear(chat, text, after=before)


_numbers = itertools.count(1)


async def quote(day: CollegeDay, quoted: ShownMessage) -> None:
    """Somebody quotes a message of the robot, in the shape that says when it was sent (docs/platform.md §3)."""
    people = day.world.people
    await day.sandbox.deliver(
        {
            "msgId": f"quoting-{next(_numbers)}",
            "conversationId": quoted.chat,
            "conversationType": "2",
            "conversationTitle": day.world.groups[quoted.chat].title,
            "senderStaffId": people[STAFF].staff_id,
            "senderId": people[STAFF].sender_id,
            "senderNick": "同事",
            "msgtype": "text",
            "text": {
                "content": " 谢谢",
                "isReplyMsg": True,
                "repliedMsg": {
                    "msgType": "unknownMsgType",
                    "msgId": quoted.message_id,
                    "createdAt": int(quoted.at.timestamp() * 1000),
                },
            },
            "originalMsgId": quoted.message_id,
            "originalProcessQueryKey": day.sandbox.core.process_keys[quoted.message_id],
        }
    )


async def test_a_second_process_with_the_same_client_id_is_found_out(tmp_path: Path) -> None:
    """Each message goes to either; what one of them said is quoted to the other sooner or later."""
    (tmp_path / "old-server").mkdir()
    async with college_day(tmp_path, prepare=at_work_for_a_month, admins=(ADMIN,)) as ours:
        [chat, *_] = [group.conversation_id for group in ours.world.groups.values() if group.has_robot]
        async with running(tmp_path / "old-server", ours.sandbox, ours.world, ours.clock) as theirs:
            foreign = [await post(theirs, chat, f"旧服务器的通知{number}") for number in range(2)]
            async with asyncio.timeout(20):
                while rivals.suspected_at(ours.steward.store, ours.clock.now()) is None:
                    for message in foreign:
                        await quote(ours, message)
                    await ours.sandbox.until_settled()
                    await ours.settle()
            word = await ours.hear(TO_ADMIN, "可能有另一个程序在用同一个机器人")
            assert "引用过 2 条" in word.text
            assert "Client Secret" in word.text
            assert theirs.steward.store.rivals.seen(TUESDAY_MORNING - MONTH) == [], "its own messages are its own"


async def test_alone_it_suspects_nobody(tmp_path: Path) -> None:
    async with college_day(tmp_path, prepare=at_work_for_a_month, admins=(ADMIN,)) as day:
        [chat, *_] = [group.conversation_id for group in day.world.groups.values() if group.has_robot]
        for number in range(3):
            await quote(day, await post(day, chat, f"通知{number}"))
        await day.sandbox.until_settled()
        await day.settle()
        assert day.steward.store.rivals.seen(TUESDAY_MORNING - MONTH) == []
