"""The door out, over real HTTP: the right way, the right shape, and never more often than is safe."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.dispatch import Item
from bot.outbox.drafts import body_to_json, drafts_of
from bot.outbox.patience import Patience
from bot.outbox.sender import Sender
from bot.outbox.texts import BETWEEN
from bot.outbox.thrift import Thrift
from handlers.message import (
    Body,
    Button,
    ChatKind,
    Ding,
    GroupPost,
    Incoming,
    Outgoing,
    Priority,
    Private,
    Reply,
)
from handlers.message import (
    Sender as Author,
)
from handlers.quiet_hours import QuietHours
from handlers.quota.apis import DING_RECEIVERS, REFUSED
from handlers.settings import QuotaSettings
from sandbox.world import SandboxClock
from storage.outbox import HELD_NIGHT, HELD_QUOTA, Draft, OutboxRow
from tests.bot.rig import GROUP, QUICK, START, Rig, echo, rig

GROUP_SEND = "/v1.0/robot/groupMessages/send"
PRIVATE_SEND = "/v1.0/robot/oToMessages/batchSend"
DING = "/v1.0/robot/ding/send"
WEBHOOK = "/robot/sendBySession"
TOKEN = "/v1.0/oauth2/accessToken"
PRIVATE = "private:0001"
BUSY = {"code": "ServiceUnavailable", "message": "later"}
QPS = {"code": "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", "message": "slow down"}
NOBODY = Incoming("m0", "c0", ChatKind.PRIVATE, Author(None))


def queue(it: Rig, *messages: Outgoing) -> list[int]:
    """Put messages into the outbox as dispatch would."""
    with it.store.database.transaction():
        drafts = [draft for one in messages for draft in drafts_of(one, NOBODY, it.clock.now(), None)]
        ids = [it.store.outbox.add(draft) for draft in drafts]
    it.sender.wake()
    return ids


def state(it: Rig, row_id: int) -> str:
    row = it.store.database.row("select state from outbox where id = ?", (row_id,))
    assert row is not None
    return str(row["state"])


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something holds in our own database."""
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


async def done(it: Rig) -> None:
    """Nothing waits any more; what is left is sent, parked or expired."""
    async with asyncio.timeout(10):
        while it.is_anything_to_send():
            await asyncio.sleep(0.005)


async def ask(it: Rig, text: str = "x", chat: str = GROUP, who: str = "0001") -> None:
    """Somebody says something, and it is dealt with."""
    await it.connected()
    await it.sandbox.say(who, chat, text)
    await it.settle()


def texts(it: Rig, chat: str, via: str | None = None) -> list[str]:
    found = [m for m in it.sandbox.world.in_chat(chat) if m.author == "robot"]
    return [m.text for m in found if via is None or m.via == via]


def parts(it: Rig, chat: str) -> list[str]:
    """What was read in a chat, merged messages taken apart."""
    return [part for text in texts(it, chat) for part in text.split(BETWEEN)]


def parked(it: Rig) -> OutboxRow:
    [row] = it.store.outbox.parked()
    return row


# -- which way ---------------------------------------------------------------------------------------------------


def answering(*messages: Outgoing) -> Any:
    def handle(item: Item, now: datetime) -> Sequence[Outgoing]:
        return list(messages)

    return handle


async def test_a_reply_mentions_its_asker(tmp_path: Path) -> None:
    async with rig(tmp_path, handle=answering(Reply(Body("好"), at_sender=True))) as it:
        await ask(it)
        [message] = [m for m in it.sandbox.world.in_chat(GROUP) if m.author == "robot"]
        assert (message.via, message.at_staff_ids, message.text) == ("webhook", ("0001",), "@0001 好")


async def test_buttons_come_as_a_card_with_their_commands_below(tmp_path: Path) -> None:
    body = Body("请选", buttons=(Button("移出", "全部已移出"), Button("保留", "保留 1")))
    async with rig(tmp_path, handle=answering(Reply(body))) as it:
        await ask(it)
        [message] = [m for m in it.sandbox.world.in_chat(GROUP) if m.author == "robot"]
        assert message.kind == "actionCard"
        assert [button.title for button in message.buttons] == ["移出", "保留"]
        assert "移出：全部已移出" in message.text


@pytest.mark.parametrize("number", [0, 1, 2, 5, 7])
async def test_the_api_takes_every_number_of_buttons(tmp_path: Path, number: int) -> None:
    buttons = tuple(Button(f"第{n}", f"做 {n}") for n in range(number))
    async with rig(tmp_path, with_gateway=False) as it:
        queue(it, Private(("0001",), Body("请选", buttons=buttons)), GroupPost(GROUP, Body("请选", buttons=buttons)))
        await done(it)
        assert len(texts(it, PRIVATE, "oToMessages")) == len(texts(it, GROUP, "groupMessages")) == 1


async def test_an_expired_webhook_is_not_even_tried(tmp_path: Path) -> None:
    async with rig(tmp_path) as it:
        it.sandbox.webhooks.session_minutes = 1  # inside the margin
        await ask(it, "在群里")
        await ask(it, "私下", PRIVATE)
        assert texts(it, GROUP, "groupMessages") == ["你说：在群里"]
        assert texts(it, PRIVATE, "oToMessages") == ["你说：私下"]
        assert it.sandbox.record.calls_to(WEBHOOK) == []


async def test_a_webhook_that_died_early_is_replaced_by_the_api(tmp_path: Path) -> None:
    async with rig(tmp_path) as it:
        it.sandbox.faults.answer(WEBHOOK, 200, {"errcode": 300001, "errmsg": "session 不存在"}, times=None)
        await ask(it, "在群里")
        await ask(it, "私下", PRIVATE)
        assert texts(it, GROUP, "groupMessages") == ["你说：在群里"]
        assert texts(it, PRIVATE, "oToMessages") == ["你说：私下"]
        assert len(it.sandbox.record.calls_to(WEBHOOK)) == 2


@pytest.mark.parametrize("code", [300005, 400101])
async def test_other_words_for_a_dead_webhook_mean_the_same(tmp_path: Path, code: int) -> None:
    async with rig(tmp_path) as it:
        it.sandbox.faults.answer(WEBHOOK, 200, {"errcode": code, "errmsg": "token is not exist"})
        await ask(it, "在群里")
        assert texts(it, GROUP, "groupMessages") == ["你说：在群里"]


async def test_the_api_refusing_with_the_code_of_webhooks_is_no_reason_to_go_on_for_ever(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        it.sandbox.faults.answer(GROUP_SEND, 400, {"code": "300001", "message": "?"}, times=None)
        queue(it, GroupPost(GROUP, Body("通知")))
        await done(it)
        assert parked(it).error_code == "300001"
        assert len(it.sandbox.record.calls_to(GROUP_SEND)) == 1


async def test_two_people_outside_do_not_wait_for_each_other(tmp_path: Path) -> None:
    """Neither has an id that the API knows: what one's webhook does must not be taken for the other's."""
    async with rig(tmp_path, with_gateway=False, violations_expected=True) as it:
        it.sandbox.faults.hang(WEBHOOK)
        for session in ("one", "another"):
            webhook = f"{it.sandbox.url}{WEBHOOK}?session={session}"
            it.store.outbox.add(Draft("reply", body_to_json(Body("好")), 0, it.clock.now(), webhook=webhook))
        it.sender.wake()
        await it.sandbox.until(lambda: len(it.sandbox.record.calls_to(WEBHOOK)) == 2)
        it.sandbox.faults.clear()


async def test_somebody_outside_with_a_dead_webhook_cannot_be_reached(tmp_path: Path) -> None:
    async with rig(tmp_path) as it:
        it.sandbox.faults.answer(WEBHOOK, 200, {"errcode": 300001, "errmsg": "session 不存在"}, times=None)
        await ask(it, "有人吗", "private:guest", "guest")
        assert parked(it).error_code == "no-way"


async def test_a_private_word_to_many_goes_out_twenty_at_a_time(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        everybody = tuple(f"{n:04}" for n in range(1, 31))
        queue(it, Private((*everybody, "0001"), Body("通知")))
        await done(it)
        calls = it.sandbox.record.calls_to(PRIVATE_SEND)
        assert sorted(len(call.body["userIds"]) for call in calls) == [10, 20]
        assert all(texts(it, f"private:{one}") == ["通知"] for one in everybody)


async def test_a_long_text_arrives_in_order(tmp_path: Path) -> None:
    text = "\n\n".join(f"第{n}段" + "字" * 900 for n in range(12))
    async with rig(tmp_path, handle=answering(Reply(Body(text)))) as it:
        await ask(it)
        parts = texts(it, GROUP)
        assert len(parts) > 2
        assert "\n\n".join(parts) == text


async def test_a_ding_goes_out_in_the_app(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        [row] = queue(it, Ding(("0001", "0002"), "请今天答复"))
        await done(it)
        assert texts(it, PRIVATE, "ding") == ["请今天答复"]
        assert it.sandbox.record.calls_to(DING)[0].body["remindType"] == 1
        assert state(it, row) == "sent"


# -- when --------------------------------------------------------------------------------------------------------


async def test_what_is_no_use_any_more_is_not_sent(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        [row] = queue(it, GroupPost(GROUP, Body("旧"), expires_at=START - timedelta(days=1)))
        await done(it)
        assert state(it, row) == "expired"
        assert texts(it, GROUP) == []


async def test_what_is_for_later_waits_for_the_clock(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        tomorrow = it.clock.now() + timedelta(days=1)
        queue(it, Private(("0001",), Body("明天"), not_before=tomorrow), Private(("0002",), Body("今天")))
        await it.sandbox.wait_for(lambda m: m.text == "今天")
        assert texts(it, PRIVATE) == []
        it.clock.advance_to(tomorrow)
        it.sender.wake()
        await it.sandbox.wait_for(lambda m: m.text == "明天")


async def test_a_group_gets_no_more_a_minute_than_it_may_and_others_do_not_wait(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False, group_messages_per_minute=3) as it:
        queue(it, *(GroupPost(GROUP, Body(f"第{n}条"), Priority.ANSWER) for n in range(40)))
        queue(it, Private(("0001",), Body("别人"), Priority.DIGEST))
        await it.sandbox.wait_for(lambda m: m.text == "别人")
        await it.sandbox.wait_for(lambda m: "第29条" in m.text)
        assert len(it.sandbox.record.calls_to(GROUP_SEND)) == 3
        assert parts(it, GROUP) == [f"第{n}条" for n in range(30)]
        assert it.store.outbox.counts()["queued"] == 10


async def test_what_is_less_urgent_never_takes_all_the_room_from_answers(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        it.sandbox.faults.hang(PRIVATE_SEND, times=None)
        queue(it, *(Private((f"{n:04}",), Body("提醒")) for n in range(1, 31)))
        await it.sandbox.until(lambda: len(it.sandbox.record.calls_to(PRIVATE_SEND)) == 8)
        queue(it, GroupPost(GROUP, Body("答"), Priority.ANSWER))
        await it.sandbox.wait_for(lambda m: m.text == "答")
        assert len(it.sandbox.record.calls_to(PRIVATE_SEND)) == 8
        it.sandbox.faults.clear()
        await done(it)


async def test_a_thousand_rows_go_out_each_once_and_in_order(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        queue(it, *(Private((f"{n % 10 + 1:04}",), Body(f"第{n}条"), Priority.ANSWER) for n in range(1500)))
        async with asyncio.timeout(60):
            while it.is_anything_to_send():
                await asyncio.sleep(0.05)
        for person in range(10):
            assert texts(it, f"private:{person + 1:04}") == [f"第{n}条" for n in range(person, 1500, 10)]


async def test_a_row_that_somebody_queues_again_goes_out(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        [row, _] = queue(it, Private(("nobody",), Body("你好")), Private(("0001",), Body("别人")))
        await done(it)
        with it.store.database.transaction():
            it.store.outbox.narrow(row, ("0002",))
            assert it.store.outbox.requeue(row)
        it.sender.wake()
        await done(it)
        assert texts(it, "private:0002") == ["你好"]


# -- together ----------------------------------------------------------------------------------------------------


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


# -- kept back ---------------------------------------------------------------------------------------------------

NIGHT = QuietHours(time(22), time(7), ZoneInfo("Asia/Shanghai"))
ELEVEN = datetime(2026, 11, 24, 15, tzinfo=UTC)  # 23:00 in China
SEVEN = datetime(2026, 11, 24, 23, tzinfo=UTC)


async def test_at_night_answers_go_out_and_the_rest_waits_for_the_morning(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        it.clock.advance_to(ELEVEN)
        it.sender.obey(1000, NIGHT, None)
        waiting = queue(
            it,
            GroupPost(GROUP, Body("提醒")),
            GroupPost(GROUP, Body("汇总"), Priority.DIGEST),
            Private(("0001",), Body("催办")),
            Ding(("0002",), "请答复"),
        )
        queue(it, Private(("0003",), Body("答"), Priority.ANSWER), GroupPost(GROUP, Body("也答"), Priority.ANSWER))
        await until(lambda: it.store.outbox.held()[HELD_NIGHT] == 4)
        await it.sandbox.wait_for(lambda m: m.text == "也答")
        await it.sandbox.wait_for(lambda m: m.text == "答")
        assert {state(it, row) for row in waiting} == {"queued"}
        it.clock.advance_to(SEVEN)
        it.sender.wake()
        await done(it)
        assert texts(it, GROUP) == ["也答", f"提醒{BETWEEN}汇总"], "what waited for the same morning comes as one"
        assert texts(it, PRIVATE) == ["催办"]
        assert texts(it, "private:0002", "ding") == ["请答复"]


async def test_what_expires_before_the_morning_is_not_sent(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        it.clock.advance_to(ELEVEN)
        it.sender.obey(1000, NIGHT, None)
        [row] = queue(it, GroupPost(GROUP, Body("今晚"), expires_at=ELEVEN + timedelta(hours=1)))
        await until(lambda: it.store.outbox.held()[HELD_NIGHT] == 1)
        it.clock.advance_to(SEVEN)
        it.sender.wake()
        await done(it)
        assert (state(it, row), texts(it, GROUP)) == ("expired", [])


def thrifty(it: Rig, calls_per_month: int) -> Thrift:
    return Thrift(it.store, QuotaSettings(calls_per_month=calls_per_month), ZoneInfo("Asia/Shanghai"))


async def test_when_calls_run_short_only_answers_cost_any_and_the_rest_is_asked_about_again(tmp_path: Path) -> None:
    async with rig(tmp_path, sending=Patience(first=0.02, longest=0.05)) as it:
        it.store.quota.count(date(2026, 11, 24), "robot/groupMessages/send", 950)
        it.sender.obey(1000, None, thrifty(it, 1000))
        queue(it, GroupPost(GROUP, Body("提醒")), Private(("0001",), Body("汇总"), Priority.DIGEST))
        queue(it, Private(("0002",), Body("答"), Priority.ANSWER))
        await it.sandbox.wait_for(lambda m: m.text == "答")
        await until(lambda: it.store.outbox.held()[HELD_QUOTA] == 2)
        await it.connected()
        await it.sandbox.say("0001", GROUP, "在吗")
        await it.sandbox.wait_for(lambda m: m.text == "你说：在吗")
        it.sender.obey(1000, None, thrifty(it, 100_000))
        it.clock.advance_to(it.clock.now() + timedelta(hours=1))
        it.sender.wake()
        await done(it)
        assert texts(it, GROUP) == ["你说：在吗", "提醒"]
        assert texts(it, PRIVATE) == ["汇总"]


async def test_when_the_month_is_used_up_reminders_wait_for_the_next_and_are_not_given_up(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False, sending=Patience(first=0.02, longest=0.05)) as it:
        it.sender.obey(1000, None, thrifty(it, 10_000))
        used_up = {"code": "Forbidden.AccessDenied.ApiCountLimitForOrg", "message": "x"}
        it.sandbox.faults.answer(GROUP_SEND, 403, used_up, times=None)
        [row] = queue(it, GroupPost(GROUP, Body("通知")))
        await until(lambda: it.store.outbox.held()[HELD_QUOTA] == 1)
        assert it.store.quota.by_api("2026-11")[REFUSED] == 1, "for the rest of the day nobody need try"
        for _ in range(6):  # days
            it.clock.advance_to(it.clock.now() + timedelta(days=1))
            calls = len(it.sandbox.record.calls_to(GROUP_SEND))
            it.sender.wake()
            await it.sandbox.until(lambda n=calls: len(it.sandbox.record.calls_to(GROUP_SEND)) > n)  # type: ignore[misc]
            await until(lambda: it.store.outbox.held()[HELD_QUOTA] == 1)
        assert state(it, row) == "queued"
        it.sandbox.faults.clear()
        it.clock.advance_to(datetime(2026, 11, 30, 16, tzinfo=UTC))  # the first of December in China
        it.sender.wake()
        await done(it)
        assert texts(it, GROUP) == ["通知"]


async def test_dings_are_counted_by_receivers(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        it.sender.obey(1000, None, thrifty(it, 10_000))
        queue(it, Ding(("0001", "0002"), "请答复"), Ding(("0003",), "请答复"))
        await done(it)
        assert it.store.quota.by_api("2026-11")[DING_RECEIVERS] == 3


# -- whom it does not reach --------------------------------------------------------------------------------------


async def test_who_is_out_of_sight_is_remembered_until_a_message_reaches_them(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        it.sandbox.quotas.out_of_sight = {"0002"}
        queue(it, Private(("0001", "0002", "gone"), Body("通知")))
        await done(it)
        assert texts(it, PRIVATE) == ["通知"]
        assert [one.staff_id for one in it.store.unreachable.all()] == ["0002", "gone"]
        it.sandbox.quotas.out_of_sight = set()
        queue(it, Private(("0002",), Body("再来")))
        await done(it)
        assert [one.staff_id for one in it.store.unreachable.all()] == ["gone"]


async def test_where_nobody_is_in_sight_all_are_remembered(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        queue(it, Private(("gone", "lost"), Body("通知")))
        await done(it)
        assert parked(it).error_code == "staffId.notExisted"
        assert [one.staff_id for one in it.store.unreachable.all()] == ["gone", "lost"]


# -- after a restart ---------------------------------------------------------------------------------------------


async def test_what_a_group_got_before_a_restart_counts(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False, group_messages_per_minute=2) as it:
        for text in ("一", "二"):
            queue(it, GroupPost(GROUP, Body(text)))
            await done(it)
    async with rig(tmp_path, with_gateway=False, group_messages_per_minute=2) as it:
        [row] = queue(it, GroupPost(GROUP, Body("三")))
        queue(it, Private(("0001",), Body("别人")))
        await it.sandbox.wait_for(lambda m: m.text == "别人")
        assert state(it, row) == "queued"
        assert texts(it, GROUP) == []


async def test_what_a_crash_caught_may_have_reached_the_group_and_counts(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        [row] = queue(it, GroupPost(GROUP, Body("一"), Priority.ANSWER, None))
        await done(it)
        it.store.database.execute("update outbox set state = 'sending', sent_at = null where id = ?", (row,))
    async with rig(tmp_path, with_gateway=False, group_messages_per_minute=1) as it:
        [later] = queue(it, GroupPost(GROUP, Body("二")))
        queue(it, Private(("0001",), Body("别人")))
        await it.sandbox.wait_for(lambda m: m.text == "别人")
        assert (state(it, row), state(it, later)) == ("parked", "queued")


async def test_a_target_that_was_held_before_a_restart_still_is(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        now = it.clock.now()
        with it.store.database.transaction():
            [blocked, behind] = [
                it.store.outbox.add(draft)
                for text in ("一", "二")
                for draft in drafts_of(GroupPost(GROUP, Body(text)), NOBODY, now, None)
            ]
            it.store.outbox.retry(blocked, now, now + timedelta(minutes=5), "130101", "太快")
        queue(it, Private(("0001",), Body("别人")))
        await it.sandbox.wait_for(lambda m: m.text == "别人")
        assert (state(it, blocked), state(it, behind)) == ("queued", "queued")


async def test_a_clock_that_was_ahead_makes_nothing_wait_for_its_time(tmp_path: Path) -> None:
    """It was a day ahead when a try failed, and was set right while the bot stood still."""
    async with rig(tmp_path, with_gateway=False) as it:
        now = it.clock.now()
        with it.store.database.transaction():
            [failed, behind] = [
                it.store.outbox.add(draft)
                for text in ("一", "二")
                for draft in drafts_of(GroupPost(GROUP, Body(text)), NOBODY, now, None)
            ]
            ahead = now + timedelta(days=1)
            it.store.outbox.retry(failed, ahead, ahead + timedelta(seconds=30), "130101", "太快")
        it.sender.wake()
        await done(it)
        assert texts(it, GROUP) == ["一", "二"]
        assert (state(it, failed), state(it, behind)) == ("sent", "sent")


async def test_a_clock_that_is_set_back_makes_nothing_wait_longer(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False, sending=replace(QUICK, quota=3600.0)) as it:
        assert isinstance(it.clock, SandboxClock)
        it.clock.advance_to(it.clock.now() + timedelta(days=1))
        in_time = it.clock.now() + timedelta(hours=1)
        used_up = {"code": "Forbidden.AccessDenied.ApiCountLimitForOrg", "message": "used up"}
        it.sandbox.faults.answer(PRIVATE_SEND, 403, used_up)
        [refused] = queue(it, Private(("0002",), Body("额度")))
        [appointed] = queue(it, Private(("0001",), Body("早上好"), not_before=in_time))
        async with asyncio.timeout(10):
            while not any(row.next_try_at for row in it.store.outbox.queued([refused])):
                await asyncio.sleep(0.005)
        it.clock.restart()
        it.sender.wake()
        await it.sandbox.wait_for(lambda m: m.text == "额度")
        assert (state(it, appointed), texts(it, PRIVATE)) == ("queued", []), "what has an appointed time keeps it"


# -- when it fails -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        (WEBHOOK, 503, BUSY),
        (WEBHOOK, 504, "gateway timeout"),
        (WEBHOOK, 429, {}),
        (WEBHOOK, 200, {"errcode": -1, "errmsg": "系统繁忙"}),
        (WEBHOOK, 200, {"errcode": 130101, "errmsg": "send too fast"}),
        (WEBHOOK, 200, "<html>"),
    ],
)
async def test_a_reply_survives_passing_trouble_and_comes_once(
    tmp_path: Path, path: str, status: int, body: Any
) -> None:
    async with rig(tmp_path) as it:
        it.sandbox.faults.answer(path, status, body, times=2)
        await ask(it, "一")
        await ask(it, "二")
        assert texts(it, GROUP) == ["你说：一", "你说：二"]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, BUSY),
        (504, BUSY),
        (429, {"code": "x"}),
        (403, QPS),
        (400, {"code": "send.too.fast", "message": "x"}),
        (403, {"code": "Forbidden.AccessDenied.ApiCountLimitForOrg", "message": "x"}),
    ],
)
async def test_a_post_survives_passing_trouble_and_comes_once(tmp_path: Path, status: int, body: Any) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        it.sandbox.faults.answer(GROUP_SEND, status, body, times=2)
        queue(it, GroupPost(GROUP, Body("通知")))
        await done(it)
        assert texts(it, GROUP) == ["通知"]
        assert len(it.sandbox.record.calls_to(GROUP_SEND)) == 3


async def test_the_month_being_used_up_does_not_silence_answers_in_the_group(tmp_path: Path) -> None:
    """A post has to wait for the next month; webhooks are not counted (docs/platform.md §9)."""
    async with rig(tmp_path, sending=Patience(first=0.02, quota=3600.0)) as it:
        used_up = {"code": "Forbidden.AccessDenied.ApiCountLimitForOrg", "message": "x"}
        it.sandbox.faults.answer(GROUP_SEND, 403, used_up, times=None)
        queue(it, GroupPost(GROUP, Body("通知")))
        await it.sandbox.until(lambda: len(it.sandbox.record.calls_to(GROUP_SEND)) == 1)
        await it.connected()
        await it.sandbox.say("0001", GROUP, "还在吗")
        await it.sandbox.wait_for(lambda m: m.text == "你说：还在吗")
        assert it.store.outbox.counts()["queued"] == 1


async def test_the_same_trouble_of_many_rows_is_logged_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "bot")
    async with rig(tmp_path, with_gateway=False) as it:
        it.sandbox.faults.answer(TOKEN, 400, {"code": "invalidClientIdOrSecret", "message": "x"}, times=60)
        queue(it, *(Private((f"{n:04}",), Body("通知")) for n in range(1, 21)))
        await done(it)
        assert all(texts(it, f"private:{n:04}") == ["通知"] for n in range(1, 21))
    assert caplog.text.count("invalidClientIdOrSecret") == 1


async def test_a_stale_token_is_fetched_anew_once(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        queue(it, GroupPost(GROUP, Body("一")))
        await done(it)
        it.sandbox.faults.answer(GROUP_SEND, 401, {"code": "InvalidAuthentication", "message": "x"})
        queue(it, GroupPost(GROUP, Body("二")))
        await done(it)
        assert texts(it, GROUP) == ["一", "二"]
        assert len(it.sandbox.record.calls_to(TOKEN)) == 2


async def test_nothing_is_parked_while_the_secret_is_wrong_or_the_network_gone(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        it.sandbox.faults.answer(TOKEN, 400, {"code": "invalidClientIdOrSecret", "message": "x"}, times=12)
        queue(it, GroupPost(GROUP, Body("通知")))
        await done(it)
        assert texts(it, GROUP) == ["通知"]
        it.sandbox.go_offline()
        [row] = queue(it, Private(("0001",), Body("等网络")))
        async with asyncio.timeout(10):
            while (found := it.store.outbox.due(START + timedelta(days=9))) == [] or found[0].attempts < 2:
                await asyncio.sleep(0.005)
        it.sandbox.go_online()
        await done(it)
        assert state(it, row) == "sent"


async def test_a_permanent_error_is_parked_with_code_and_advice(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        queue(it, Private(("nobody",), Body("你好")))
        await done(it)
        row = parked(it)
        assert row.error_code == "staffId.notExisted"
        assert row.error is not None
        assert "可见范围" in row.error
        assert len(it.sandbox.record.calls_to(PRIVATE_SEND)) == 1
    assert "staffId.notExisted" in caplog.text


async def test_a_missing_permission_is_named(tmp_path: Path) -> None:
    refusal = {
        "code": "Forbidden.AccessDenied.AccessTokenPermissionDenied",
        "message": "no",
        "accessdenieddetail": {"requiredScopes": ["qyapi_robot_sendmsg"]},
    }
    async with rig(tmp_path, with_gateway=False) as it:
        it.sandbox.faults.answer(GROUP_SEND, 403, refusal)
        queue(it, GroupPost(GROUP, Body("通知")))
        await done(it)
        assert "qyapi_robot_sendmsg" in str(parked(it).error)


async def test_those_for_whom_it_was_too_fast_get_it_later_the_others_once(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        it.sandbox.quotas.flow_controlled = {"0002"}
        queue(it, Private(("0001", "0002"), Body("通知")))
        await it.sandbox.wait_for(lambda m: m.chat == PRIVATE)
        it.sandbox.quotas.flow_controlled = set()
        await done(it)
        assert texts(it, PRIVATE) == texts(it, "private:0002") == ["通知"]


async def test_a_call_that_hangs_is_given_up_and_made_again(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False, timeout_seconds=0.3) as it:
        it.sandbox.faults.hang(GROUP_SEND)
        queue(it, GroupPost(GROUP, Body("通知")), Private(("0001",), Body("私下")))
        await done(it)
        assert texts(it, GROUP) == ["通知"]
        assert texts(it, PRIVATE) == ["私下"]


async def test_a_reply_in_doubt_is_sent_three_times_at_most_then_parked(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        it.sandbox.faults.drop(GROUP_SEND, times=None)
        queue(it, GroupPost(GROUP, Body("通知")))
        await done(it)
        assert len(it.sandbox.record.calls_to(GROUP_SEND)) == 3
        assert parked(it).error_code == "unknown-outcome"


@pytest.mark.parametrize("after_work", [False, True])
async def test_a_ding_in_doubt_is_never_sent_again(tmp_path: Path, after_work: bool) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        it.sandbox.faults.drop(DING, after_work=after_work)
        queue(it, Ding(("0001",), "请答复"))
        await done(it)
        assert len(it.sandbox.record.calls_to(DING)) == 1
        row = parked(it)
        assert row.error_code == "unknown-outcome"
        assert "不再发送" in str(row.error)


async def test_an_edition_without_ding_is_explained(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        it.sandbox.quotas.has_ding = False
        queue(it, Ding(("0001",), "请答复"))
        await done(it)
        assert "专业版" in str(parked(it).error)


async def test_a_body_that_our_own_code_cannot_read_is_parked_and_the_rest_goes_out(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        [bad] = queue(it, GroupPost(GROUP, Body("坏"), Priority.ANSWER))
        it.store.database.execute("update outbox set body = '{}' where id = ?", (bad,))
        queue(it, GroupPost(GROUP, Body("好")))
        await done(it)
        assert state(it, bad) == "parked"
        assert texts(it, GROUP) == ["好"]


# -- crash-safety and the ledger ---------------------------------------------------------------------------------


async def test_what_a_crash_caught_is_parked_at_the_next_start_and_not_sent_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    async with rig(tmp_path, with_gateway=False) as it:
        await asyncio.sleep(0)  # the sender has started and settled what there was: nothing
        later = it.clock.now() + timedelta(hours=1)
        [row] = queue(it, Private(("0001",), Body("半路"), not_before=later))
        it.store.outbox.sending(row)
        again = asyncio.create_task(Sender(it.store, it.clock, it.openapi, it.writer, patience=QUICK).run())
        async with asyncio.timeout(10):
            while state(it, row) != "parked":
                await asyncio.sleep(0.005)
        again.cancel()
        await asyncio.gather(again, return_exceptions=True)
        assert texts(it, PRIVATE) == []
        assert "中断" in str(parked(it).error)


async def test_a_row_counts_as_being_sent_only_once_the_connection_stands(tmp_path: Path) -> None:
    """While the token hangs nothing of the message has left: a crash there must not cost it."""
    async with rig(tmp_path, with_gateway=False) as it:
        it.sandbox.faults.hang(TOKEN)
        [row] = queue(it, GroupPost(GROUP, Body("通知")))
        await it.sandbox.until(lambda: len(it.sandbox.record.calls_to(TOKEN)) == 1)
        assert state(it, row) == "queued"
        it.sandbox.faults.clear()
        it.sandbox.faults.hang(GROUP_SEND)
        await it.sandbox.until(lambda: len(it.sandbox.record.calls_to(GROUP_SEND)) == 1)
        assert state(it, row) == "sending"
        it.sandbox.faults.clear()
        await done(it)


def refuse_to_store(it: Rig, state: str) -> None:
    """As a full disk would, but for one state of rows only."""
    it.store.database.execute(
        f"create trigger refusing before update on outbox when new.state = '{state}' "
        "begin select raise(abort, 'the disk is full'); end"
    )


async def test_what_cannot_be_marked_is_not_sent_and_goes_out_when_it_can_be(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        refuse_to_store(it, "sending")
        [row] = queue(it, GroupPost(GROUP, Body("通知")))
        await it.sandbox.until(lambda: len(it.sandbox.record.calls_to(TOKEN)) == 1)
        await asyncio.sleep(0.2)
        assert (state(it, row), it.sandbox.record.calls_to(GROUP_SEND)) == ("queued", [])
        it.store.database.execute("drop trigger refusing")
        await done(it)
        assert texts(it, GROUP) == ["通知"]


@pytest.mark.parametrize("status", [200, 503])
async def test_what_became_of_a_send_is_stored_as_soon_as_it_can_be_and_nothing_goes_twice(
    tmp_path: Path, status: int
) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        refuse_to_store(it, "sent" if status == 200 else "queued")
        if status == 503:
            it.sandbox.faults.answer(GROUP_SEND, 503, BUSY)
        rows = queue(it, GroupPost(GROUP, Body("一")), GroupPost(GROUP, Body("二")))
        await it.sandbox.until(lambda: len(it.sandbox.record.calls_to(GROUP_SEND)) == 1)
        await asyncio.sleep(0.2)
        assert [state(it, row) for row in rows] == ["sending", "queued"]
        assert len(it.sandbox.record.calls_to(GROUP_SEND)) == 1, "nothing else goes there meanwhile"
        it.store.database.execute("drop trigger refusing")
        await done(it)
        assert parts(it, GROUP) == ["一", "二"]


async def test_what_is_under_way_is_finished_when_the_bot_is_stopped(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        sender = Sender(it.store, it.clock, it.openapi, it.writer, patience=QUICK)
        it.sandbox.faults.delay(GROUP_SEND, 0.2)
        [row] = queue(it, GroupPost(GROUP, Body("通知")))
        await it.sandbox.until(lambda: len(it.sandbox.record.calls_to(GROUP_SEND)) == 1)
        await sender._finish()
        await done(it)
        assert state(it, row) == "sent"


async def test_every_call_is_in_the_ledger(tmp_path: Path) -> None:
    async with rig(tmp_path) as it:
        await ask(it)
        queue(it, GroupPost(GROUP, Body("一")), GroupPost(GROUP, Body("二")), Private(("0001",), Body("三")))
        await done(it)
        assert it.store.quota.by_api("2026-11") == {
            "robot/groupMessages/send": 2,
            "accessToken": 1,
            "robot/oToMessages/batchSend": 1,
            "sessionWebhook": 1,
        }


async def test_a_reply_is_marked_sent_and_forgets_its_webhook(tmp_path: Path) -> None:
    async with rig(tmp_path, handle=echo) as it:
        await ask(it)
        row = it.store.database.row("select * from outbox")
        assert row is not None
        assert (row["state"], row["webhook"], json.loads(row["body"])["text"]) == ("sent", None, "你说：x")
