"""What the door out does when DingTalk, the network or our own code fails."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.outbox.patience import Patience
from handlers.message import (
    Body,
    Ding,
    GroupPost,
    Priority,
    Private,
)
from tests.bot.postbox import (
    BUSY,
    DING,
    GROUP_SEND,
    PRIVATE,
    PRIVATE_SEND,
    QPS,
    TOKEN,
    WEBHOOK,
    ask,
    done,
    parked,
    queue,
    state,
    texts,
    until,
)
from tests.bot.rig import GROUP, START, rig


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


async def test_calls_whose_token_is_refused_at_once_share_one_new_one(tmp_path: Path) -> None:
    """One that is refused late must not throw away the token that another has fetched meanwhile."""
    async with rig(tmp_path, with_gateway=False) as it:
        queue(it, Private(("0001",), Body("先")))
        await done(it)
        it.sandbox.tokens.revoke()
        it.sandbox.faults.delay(PRIVATE_SEND, 0.3)  # the first hears of it when the others have gone on
        # Each to somebody else, and so side by side.
        queue(it, *(Private((f"{number:04}",), Body(f"话 {number}"), Priority.ANSWER) for number in range(2, 30)))
        await done(it)
        assert len(it.sandbox.record.calls_to(TOKEN)) == 2
        assert len([m for m in it.sandbox.world.messages if m.text.startswith("话 ")]) == 28


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


async def test_an_api_that_is_called_too_often_is_left_alone_by_everybody(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False, sending=Patience(first=0.4, longest=0.4)) as it:
        it.sandbox.faults.answer(PRIVATE_SEND, 403, QPS)
        queue(it, Private(("0001",), Body("一")))
        await it.sandbox.until(lambda: len(it.sandbox.record.calls_to(PRIVATE_SEND)) == 1)
        await until(lambda: it.store.outbox.counts()["sending"] == 0)
        queue(it, *(Private((f"{n:04}",), Body("二")) for n in range(2, 9)), GroupPost(GROUP, Body("别处")))
        await it.sandbox.wait_for(lambda m: m.text == "别处")
        assert len(it.sandbox.record.calls_to(PRIVATE_SEND)) == 1
        await done(it)
        assert len(it.sandbox.record.calls_to(PRIVATE_SEND)) == 9


async def test_a_webhook_that_is_called_too_often_holds_its_own_conversation_alone(tmp_path: Path) -> None:
    async with rig(tmp_path, sending=Patience(first=0.4, longest=0.4)) as it:
        it.sandbox.faults.answer(WEBHOOK, 200, {"errcode": 90018, "errmsg": "QPS"})
        await it.connected()
        await it.sandbox.say("0001", GROUP, "一")
        await until(lambda: it.store.outbox.due(START + timedelta(days=1)) != [])
        await it.sandbox.say("0001", PRIVATE, "二")
        await it.sandbox.wait_for(lambda m: m.text == "你说：二")
        assert texts(it, GROUP) == []
        await it.settle()
        assert texts(it, GROUP) == ["你说：一"]


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
        assert "申请 企业内机器人发送消息（qyapi_robot_sendmsg）" in str(parked(it).error)


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
