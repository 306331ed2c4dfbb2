"""What had to wait goes out as one message."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.dispatch import Item
from bot.outbox.patience import Patience
from bot.outbox.texts import BETWEEN
from handlers.message import (
    Body,
    GroupPost,
    Incoming,
    Priority,
    Private,
    Reply,
)
from tests.bot.postbox import BUSY, GROUP_SEND, PRIVATE_SEND, WEBHOOK, done, parts, queue, state, texts
from tests.bot.rig import GROUP, START, rig


async def test_a_burst_to_a_group_goes_out_as_one_where_the_minute_has_no_room(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False, group_messages_per_minute=1) as it:
        rows = queue(it, *(GroupPost(GROUP, Body(f"第{n}条")) for n in range(4)))
        await done(it)
        assert texts(it, GROUP) == [BETWEEN.join(f"第{n}条" for n in range(4))]
        marks = it.store.database.rows(
            "select state, sent_at, platform_key from outbox where id in (?, ?, ?, ?)", tuple(rows)
        )
        assert len({tuple(row) for row in marks}) == 1, "together in one transaction, with one key"
        assert marks[0]["state"] == "sent"
        assert it.store.quota.by_api("2026-11")["robot/groupMessages/send"] == 1


async def test_a_hundred_posts_at_once_keep_the_limit_of_the_platform_and_all_arrive_in_that_minute(
    tmp_path: Path,
) -> None:
    async with rig(tmp_path, with_gateway=False, group_messages_per_minute=15) as it:
        it.sandbox.quotas.group_sends_per_minute = 20
        queue(it, *(GroupPost(GROUP, Body(f"第{n}条")) for n in range(100)))
        await done(it)
        assert parts(it, GROUP) == [f"第{n}条" for n in range(100)]
        assert len(it.sandbox.record.calls_to(GROUP_SEND)) <= 15
        assert it.store.outbox.parked() == []


async def test_while_there_is_room_everything_goes_by_itself(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False, group_messages_per_minute=4) as it:
        queue(it, *(GroupPost(GROUP, Body(f"第{n}条")) for n in range(4)))
        await done(it)
        assert texts(it, GROUP) == [f"第{n}条" for n in range(4)]


async def test_answers_that_had_to_wait_come_together_and_mention_everybody_who_asked(tmp_path: Path) -> None:
    slow = Patience(first=2.0, longest=2.0)
    async with rig(tmp_path, handle=lambda item, now: [_to_asker(item)], sending=slow) as it:
        it.sandbox.faults.answer(WEBHOOK, 200, {"errcode": 90018, "errmsg": "QPS", "wait": 2})
        await it.connected()
        for who in ("0001", "0002", "0003"):
            await it.sandbox.say(who, GROUP, "请问")
        await it.settle()
        [message] = [m for m in it.sandbox.world.in_chat(GROUP) if m.author == "robot"]
        assert message.text == "@0001 答0001\n\n———\n\n@0002 答0002\n\n———\n\n@0003 答0003"
        assert message.at_staff_ids == ("0001", "0002", "0003")


async def test_words_to_one_person_that_had_to_wait_come_together_and_to_nobody_else(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        it.sandbox.faults.answer(PRIVATE_SEND, 503, BUSY, times=2)
        both = ("0001", "0002")
        queue(it, *(Private((who,), Body(f"{who}第{n}条")) for n in range(3) for who in both))
        await done(it)
        for who in both:
            assert texts(it, f"private:{who}") == [BETWEEN.join(f"{who}第{n}条" for n in range(3))]


async def test_a_refusal_of_several_hits_only_the_one_that_is_bad(tmp_path: Path) -> None:
    bad = {"code": "invalidParameter.msgParam.invalid", "message": "x"}
    async with rig(tmp_path, with_gateway=False) as it:
        it.sandbox.faults.answer(GROUP_SEND, 503, BUSY)
        for _ in range(2):  # the three together, then the first of them alone
            it.sandbox.faults.answer(GROUP_SEND, 400, bad)
        rows = queue(it, *(GroupPost(GROUP, Body(text)) for text in ("坏", "好", "也好")))
        await done(it)
        assert [state(it, row) for row in rows] == ["parked", "sent", "sent"]
        assert texts(it, GROUP) == ["好", "也好"]
        assert len(it.sandbox.record.calls_to(GROUP_SEND)) == 5


async def test_what_has_expired_is_left_out_of_a_burst(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False, group_messages_per_minute=1) as it:
        old = START - timedelta(days=1)
        rows = queue(
            it, GroupPost(GROUP, Body("一")), GroupPost(GROUP, Body("旧"), expires_at=old), GroupPost(GROUP, Body("三"))
        )
        await done(it)
        assert texts(it, GROUP) == [f"一{BETWEEN}三"]
        assert [state(it, row) for row in rows] == ["sent", "expired", "sent"]


async def test_answers_take_a_reminder_along_and_never_wait_for_one(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False, group_messages_per_minute=1) as it:
        queue(it, GroupPost(GROUP, Body("提醒")), GroupPost(GROUP, Body("答"), Priority.ANSWER))
        await done(it)
        assert texts(it, GROUP) == [f"答{BETWEEN}提醒"]


def _to_asker(item: Item) -> Reply:
    assert isinstance(item, Incoming)
    return Reply(Body(f"答{item.sender.staff_id}"), at_sender=True)
