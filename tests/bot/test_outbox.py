"""The door out, over real HTTP: the right way, the right shape, and never more often than is safe."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.outbox.drafts import body_to_json
from bot.outbox.sender import Sender
from handlers.message import (
    Body,
    Button,
    Ding,
    GroupPost,
    Priority,
    Private,
    Reply,
)
from storage.outbox import Draft
from tests.bot.postbox import (
    BUSY,
    DING,
    GROUP_SEND,
    PRIVATE,
    PRIVATE_SEND,
    TOKEN,
    WEBHOOK,
    answering,
    ask,
    done,
    parked,
    parts,
    queue,
    state,
    texts,
)
from tests.bot.rig import GROUP, QUICK, START, Rig, echo, rig

# -- which way ---------------------------------------------------------------------------------------------------


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


async def test_whoever_is_mentioned_gets_links_for_buttons(tmp_path: Path) -> None:
    """A card would mention nobody (docs/platform.md §4)."""
    body = Body(
        "应当移出。", buttons=(Button("二.6.(三) 内退", "/规章 查看 二.6.(三)"), Button("有用", "/规章 有用 1"))
    )
    async with rig(tmp_path, handle=answering(Reply(body, at_sender=True))) as it:
        await ask(it)
        [message] = [m for m in it.sandbox.world.in_chat(GROUP) if m.author == "robot"]
        assert (message.kind, message.at_staff_ids, message.buttons) == ("markdown", ("0001",), ())
        assert message.text.startswith("@0001 应当移出。\n\n点蓝字；")
        assert "- [二.6.(三) 内退](dtmd://dingtalkclient/sendMessage?content=%2F%E8%A7%84" in message.text
        assert message.text.endswith("：/规章 有用 1")


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


async def test_a_row_that_is_queued_again_the_moment_it_is_parked_goes_out(tmp_path: Path) -> None:
    """Before the sender has forgotten it: what it still knows it does not read."""
    async with rig(tmp_path, with_gateway=False) as it:
        failed = it.sender._outcomes.failed

        async def failed_and_queued_again(parcel: Any, error: Any) -> Any:
            fate = await failed(parcel, error)
            with it.store.database.transaction():
                it.store.outbox.narrow(parcel.rows[0].id, ("0002",))
                assert it.store.outbox.requeue(parcel.rows[0].id)
            it.sender.wake()
            await asyncio.sleep(0.05)  # the sender looks, and finds nothing that it does not know
            return fate

        it.sender._outcomes.failed = failed_and_queued_again  # type: ignore[assignment]
        queue(it, Private(("nobody",), Body("你好")))
        await done(it)
        assert texts(it, "private:0002") == ["你好"]


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
