"""Trouble on request: quotas, throttling, HTTP that fails, connections that die or fall silent."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import aiohttp
import pytest
from websockets.exceptions import ConnectionClosed, ConnectionClosedError, ConnectionClosedOK

from sandbox.platform import Sandbox
from tests.sandbox import college_of_three
from tests.sandbox.client import OPEN, Client
from tests.sandbox.college_of_three import GROUP, clock_of

SEND = "/v1.0/robot/groupMessages/send"
USER = "/topapi/v2/user/get"
BODY = {
    "robotCode": "dingsandbox",
    "openConversationId": GROUP,
    "msgKey": "sampleText",
    "msgParam": '{"content":"通知"}',
}


async def test_calls_a_second_are_limited_for_each_api(sandbox: Sandbox, client: Client) -> None:
    await client.log_in()
    sandbox.quotas.calls_per_second = 2
    answers = [await client.post(SEND, BODY) for _ in range(3)]
    assert [status for status, _ in answers] == [200, 200, 403]
    assert answers[2][1]["code"] == "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"
    legacy = [await client.legacy(USER, {"userid": "0001"}) for _ in range(3)]
    assert [answer["errcode"] for answer in legacy] == [0, 0, 88]
    assert (legacy[2]["sub_code"], "subcode=90018" in legacy[2]["errmsg"]) == ("90018", True)
    clock_of(sandbox.world).advance(timedelta(seconds=1))
    assert (await client.post(SEND, BODY))[0] == 200
    assert sandbox.violations == []


async def test_calls_a_month_are_limited_until_the_next_month(sandbox: Sandbox, client: Client) -> None:
    await client.log_in()
    sandbox.quotas.calls_per_month = 2
    await client.post(SEND, BODY)
    await client.legacy(USER, {"userid": "0001"})
    status, answer = await client.post(SEND, BODY)
    assert (status, answer["code"]) == (403, "Forbidden.AccessDenied.ApiCountLimitForOrg")
    assert (await client.legacy(USER, {"userid": "0001"}))["errcode"] == 90020
    assert (await client.open())[0] == 200, "opening a connection is not metered"
    clock_of(sandbox.world).advance(timedelta(days=7))
    await client.log_in()
    assert (await client.post(SEND, BODY))[0] == 200
    assert sandbox.quotas.used == {"2026-11": 2, "2026-12": 1}


async def test_group_messages_a_minute_are_limited(sandbox: Sandbox, client: Client) -> None:
    await client.log_in()
    sandbox.quotas.group_sends_per_minute = 1
    await client.post(SEND, BODY)
    status, answer = await client.post(SEND, BODY)
    assert (status, answer["code"]) == (400, "send.too.fast")
    clock_of(sandbox.world).advance(timedelta(minutes=1))
    assert (await client.post(SEND, BODY))[0] == 200


async def test_dings_have_their_own_quota(sandbox: Sandbox, client: Client) -> None:
    await client.log_in()
    body = {"robotCode": "dingsandbox", "remindType": 1, "receiverUserIdList": ["0001"], "content": "请处理"}
    sandbox.quotas.dings_per_month = 1
    answers = [await client.post("/v1.0/robot/ding/send", body) for _ in range(2)]
    assert [status for status, _ in answers] == [200, 403]
    sandbox.quotas.has_ding = False
    _, answer = await client.post("/v1.0/robot/ding/send", body)
    assert answer["code"] == "orgAuthLevelNotEnough"
    assert len(sandbox.world.messages) == 1


async def test_a_permission_can_be_taken_away(sandbox: Sandbox, client: Client) -> None:
    await client.log_in()
    sandbox.core.denied_scopes = {"qyapi_robot_sendmsg", "qyapi_get_member"}
    status, answer = await client.post(SEND, BODY)
    assert (status, answer["code"]) == (403, "Forbidden.AccessDenied.AccessTokenPermissionDenied")
    assert answer["accessdenieddetail"] == {"requiredScopes": ["qyapi_robot_sendmsg"]}
    legacy = await client.legacy(USER, {"userid": "0001"})
    assert (legacy["errcode"], legacy["sub_code"]) == (88, "60011")
    departments = await client.legacy("/topapi/v2/department/listsub", {"dept_id": 1})
    assert departments["errcode"] == 0, "another permission point"
    ding = {"robotCode": "dingsandbox", "remindType": 1, "receiverUserIdList": ["0001"], "content": "请处理"}
    assert (await client.post("/v1.0/robot/ding/send", ding))[0] == 200, "another permission point"
    assert sandbox.violations == []


async def test_a_path_answers_badly_so_many_times(sandbox: Sandbox, client: Client) -> None:
    await client.log_in()
    sandbox.faults.answer("/v1.0/robot/*", 503, {"code": "ServiceUnavailable"}, times=2)
    assert [(await client.post(SEND, BODY))[0] for _ in range(3)] == [503, 503, 200]
    assert [call.status for call in sandbox.record.calls_to(SEND)] == [503, 503, 200]
    assert len(sandbox.world.messages) == 1


async def test_the_work_can_be_done_before_the_bad_answer(sandbox: Sandbox, client: Client) -> None:
    await client.log_in()
    sandbox.faults.answer(SEND, 504, {"code": "Timeout"}, after_work=True)
    assert (await client.post(SEND, BODY))[0] == 504
    assert len(sandbox.world.messages) == 1


async def test_the_open_call_can_fail_too(sandbox: Sandbox, client: Client) -> None:
    sandbox.faults.answer(OPEN, 200, {"endpoint": "ws://x"})
    assert await client.open() == (200, {"endpoint": "ws://x"})
    sandbox.faults.answer(OPEN, 403, {"code": "Forbidden"}, times=None)
    assert [(await client.open())[0] for _ in range(2)] == [403, 403]
    sandbox.faults.clear()
    assert (await client.open())[0] == 200


async def test_a_path_can_answer_late(sandbox: Sandbox, client: Client) -> None:
    await client.log_in()
    sandbox.faults.delay(SEND, 0.05)
    before = asyncio.get_running_loop().time()
    assert (await client.post(SEND, BODY))[0] == 200
    assert asyncio.get_running_loop().time() - before >= 0.05


async def test_a_path_can_hang_until_it_is_let_go(sandbox: Sandbox, client: Client) -> None:
    await client.log_in()
    sandbox.faults.hang(SEND)
    hanging = asyncio.create_task(client.post(SEND, BODY))
    await sandbox.until(lambda: len(sandbox.record.calls_to(SEND)) == 1)
    assert sandbox.record.calls_to(SEND)[0].status is None
    sandbox.faults.clear()
    with pytest.raises(aiohttp.ClientError):
        await hanging
    assert sandbox.world.messages == []


async def test_a_path_can_drop_the_connection_after_the_work(sandbox: Sandbox, client: Client) -> None:
    await client.log_in()
    sandbox.faults.drop(SEND, after_work=True)
    with pytest.raises(aiohttp.ClientError):
        await client.post(SEND, BODY)
    assert len(sandbox.world.messages) == 1
    assert (await client.post(SEND, BODY))[0] == 200


async def test_without_network_everything_is_cut_off(sandbox: Sandbox, client: Client) -> None:
    stream = await client.connect()
    await sandbox.until_connected()
    sandbox.go_offline()
    with pytest.raises(ConnectionClosed):
        await stream.socket.recv()
    with pytest.raises(aiohttp.ClientError):
        await client.open()
    sandbox.go_online()
    assert (await client.open())[0] == 200


async def test_closing_without_notice(sandbox: Sandbox, client: Client) -> None:
    stream = await client.connect()
    await sandbox.until_connected()
    await sandbox.faults.close()
    with pytest.raises(ConnectionClosedOK):
        await stream.socket.recv()
    assert sandbox.connections == []


async def test_aborting(sandbox: Sandbox, client: Client) -> None:
    stream = await client.connect()
    await sandbox.until_connected()
    sandbox.faults.abort()
    with pytest.raises(ConnectionClosedError):
        await stream.socket.recv()


async def test_the_disconnect_notice_ends_delivery_and_then_the_connection(sandbox: Sandbox, client: Client) -> None:
    sandbox.faults.disconnect_grace_seconds = 0.1
    old = await client.connect()
    await sandbox.until_connected()
    await sandbox.faults.disconnect(reason="persistent connection is timeout")
    new = await client.connect()
    await sandbox.until_connected(2)
    notice = await old.frame()
    assert (notice["type"], notice["headers"]["topic"]) == ("SYSTEM", "disconnect")
    assert json.loads(notice["data"]) == {"reason": "persistent connection is timeout"}
    keys = [await sandbox.say("0002", GROUP, str(number)) for number in range(5)]
    received = []
    for _ in keys:
        message_id, data = await new.message()
        await new.ack(message_id)
        received.append(data["msgId"])
    assert received == keys
    with pytest.raises(ConnectionClosed):
        await old.socket.recv()
    assert sandbox.violations == []


async def test_no_message_slips_in_behind_the_disconnect_notice(
    sandbox: Sandbox, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody speaks in the very moment in which the notice is written."""
    stream = await client.connect()
    await sandbox.until_connected()
    [connection] = sandbox.connections
    send = connection.socket.send_str

    async def slowly(text: str) -> None:
        if '"disconnect"' in text:
            await sandbox.say("0002", GROUP, "还来得及吗")
        await send(text)

    monkeypatch.setattr(connection.socket, "send_str", slowly)
    await sandbox.faults.disconnect()
    assert (await stream.frame())["headers"]["topic"] == "disconnect"
    assert len(sandbox.record.lost) == 1


async def test_a_world_that_begins_anew_hears_nothing_of_the_old_one(sandbox: Sandbox, client: Client) -> None:
    sandbox.delivery.later_seconds = 0.02
    stream = await client.connect()
    await sandbox.until_connected()
    await sandbox.send_event("chat_disband", {"chatId": "c"})
    event = await stream.frame()
    await stream.ack(event["headers"]["messageId"], {"status": "LATER", "message": "busy"})
    await sandbox.until(lambda: len(sandbox.acks) == 1)
    await sandbox.say("0002", GROUP, "旧世界的话")
    _, data = await stream.message()
    sandbox.clear()
    assert (await client.webhook(data["sessionWebhook"], {"msgtype": "text", "text": {"content": "x"}}))[
        "errcode"
    ] == 300001
    await stream.socket.close()
    await sandbox.until(lambda: not sandbox.connections)
    college_of_three.fill(sandbox.world)
    await asyncio.sleep(0.05)
    assert sandbox.delivery.unacknowledged == []
    again = await client.connect()
    await sandbox.until_connected()
    await sandbox.say("0002", GROUP, "新世界的话")
    _, first = await again.message()
    assert first["text"] == {"content": " 新世界的话"}


async def test_a_muted_connection_gets_nothing_but_pongs(sandbox: Sandbox, client: Client) -> None:
    sandbox.delivery.ack_seconds = 0.05
    sandbox.delivery.most_deliveries = 10_000
    zombie = await client.connect()
    await sandbox.until_connected()
    sandbox.faults.mute()
    msg_id = await sandbox.say("0002", GROUP, "你好")
    await sandbox.delivery.ping(sandbox.connections[0])
    await (await zombie.socket.ping())
    other = await client.connect()
    await sandbox.until_connected(2)
    await sandbox.faults.close(sandbox.connections[0])
    sandbox.delivery.ack_seconds = 30
    _, data = await other.message()
    assert data["msgId"] == msg_id
    with pytest.raises(ConnectionClosed):
        await zombie.socket.recv()
    assert sandbox.violations == [], "what was never sent need not be acknowledged"


async def test_the_next_message_comes_twice(sandbox: Sandbox, client: Client) -> None:
    stream = await client.connect()
    await sandbox.until_connected()
    sandbox.faults.duplicate_next()
    await sandbox.say("0002", GROUP, "一")
    await sandbox.say("0002", GROUP, "二")
    messages = [await stream.message() for _ in range(3)]
    assert len({message_id for message_id, _ in messages}) == 3
    first, second, third = (data for _, data in messages)
    assert first == second
    assert third["text"] == {"content": " 二"}


async def test_the_next_message_comes_on_two_connections(sandbox: Sandbox, client: Client) -> None:
    one, two = await client.connect(), await client.connect()
    await sandbox.until_connected(2)
    sandbox.faults.deliver_on_two()
    await sandbox.say("0002", GROUP, "一")
    (first_id, first), (second_id, second) = await one.message(), await two.message()
    assert first == second
    assert first_id != second_id


async def test_what_was_acknowledged_long_ago_comes_again(sandbox: Sandbox, client: Client) -> None:
    stream = await client.connect()
    await sandbox.until_connected()
    await sandbox.say("0002", GROUP, "一")
    message_id, first = await stream.message()
    await stream.ack(message_id)
    await sandbox.until_settled()
    sandbox.faults.old_again()
    assert sandbox.delivery.unacknowledged == [first["msgId"]]
    another_id, second = await stream.message()
    assert (another_id != message_id, second) == (True, first)
    await stream.ack(another_id)
    await sandbox.until_settled()


async def test_garbage_and_raw_frames(sandbox: Sandbox, client: Client) -> None:
    stream = await client.connect()
    await sandbox.until_connected()
    await sandbox.faults.garbage()
    with pytest.raises(ValueError, match="Unterminated"):
        json.loads(await stream.socket.recv())
    await sandbox.faults.raw('{"type":"SYSTEM","header":{"topic":"KEEPALIVE"}}')
    assert (await stream.frame())["header"] == {"topic": "KEEPALIVE"}


async def test_scattered_messages_come_out_of_order_and_each_once(sandbox: Sandbox, client: Client) -> None:
    stream = await client.connect()
    await sandbox.until_connected()
    sandbox.faults.scatter(0.2)
    said = [await sandbox.say("0002", GROUP, str(number)) for number in range(12)]
    assert len(sandbox.delivery.unacknowledged) == 12
    came = []
    for _ in said:
        message_id, data = await stream.message()
        came.append(data["msgId"])
        await stream.ack(message_id)
    assert sorted(came) == sorted(said)
    assert came != said
    await sandbox.until_settled()
    sandbox.faults.clear()
    await sandbox.say("0002", GROUP, "直接")
    assert (await stream.message())[1]["text"] == {"content": " 直接"}


async def test_unplugged_nobody_listens_and_plugged_in_it_is_as_before(sandbox: Sandbox, client: Client) -> None:
    await client.log_in()
    stream = await client.connect()
    await sandbox.until_connected()
    await sandbox.unplug()
    with pytest.raises(ConnectionClosed):
        await stream.frame()
    with pytest.raises(aiohttp.ClientConnectorError):
        await client.post(SEND, BODY)
    assert sandbox.record.calls_to(SEND) == []
    await sandbox.plug_in()
    assert (await client.post(SEND, BODY))[0] == 200


async def test_the_record_tells_who_was_not_told(sandbox: Sandbox, client: Client) -> None:
    await client.log_in()
    await client.post(SEND, BODY)
    sandbox.faults.answer(SEND, 503, {}, after_work=True)
    await client.post(SEND, BODY)
    sandbox.faults.answer(SEND, 503, {})
    await client.post(SEND, BODY)
    sandbox.faults.drop(SEND)
    with pytest.raises(aiohttp.ClientError):
        await client.post(SEND, BODY)
    sandbox.faults.delay(SEND, 0.2)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client.post(SEND, BODY), 0.05)
    calls = sandbox.record.calls_to(SEND)
    await sandbox.until(lambda: sandbox.record.calls_to(SEND)[-1].is_in_doubt)
    assert [call.is_in_doubt for call in calls] == [False, True, False, False, True]
    assert len([m for m in sandbox.world.messages if m.author == "robot"]) == 3


async def test_all_secrets_are_known_that_were_handed_out(sandbox: Sandbox, client: Client) -> None:
    await client.log_in()
    stream = await client.connect()
    await sandbox.until_connected()
    await sandbox.say("0002", GROUP, "一")
    _, data = await stream.message()
    session = data["sessionWebhook"].partition("session=")[2]
    sandbox.webhooks.expire_all()
    assert {sandbox.client_secret, client.token, session} < set(sandbox.secrets)
    assert len(sandbox.secrets) == 4
