"""Frames: to whom, how often, and what follows when they are not acknowledged as the protocol says."""

from __future__ import annotations

import asyncio
import json
from collections import Counter

import pytest
from websockets.exceptions import ConnectionClosed

from sandbox.frames import ROBOT_TOPIC
from sandbox.platform import Sandbox
from tests.sandbox.client import Client
from tests.sandbox.college_of_three import GROUP


async def test_a_message_is_delivered_and_acknowledged(sandbox: Sandbox, client: Client) -> None:
    stream = await client.connect()
    msg_id = await sandbox.say("0002", GROUP, "你好")
    frame = await stream.frame()
    assert (frame["specVersion"], frame["type"], frame["headers"]["topic"]) == ("1.0", "CALLBACK", ROBOT_TOPIC)
    assert frame["headers"]["contentType"] == "application/json"
    assert frame["headers"]["time"] == "1795482000000"
    assert json.loads(frame["data"])["msgId"] == msg_id
    await stream.ack(frame["headers"]["messageId"])
    ack = await sandbox.until_acknowledged(msg_id)
    assert (ack.type, ack.code, ack.data) == ("CALLBACK", 200, {"response": None})
    assert sandbox.violations == []
    assert sandbox.delivery.unacknowledged == []


async def test_an_unacknowledged_message_is_a_violation_and_comes_again(sandbox: Sandbox, client: Client) -> None:
    sandbox.delivery.ack_seconds = 0.05
    stream = await client.connect()
    msg_id = await sandbox.say("0002", GROUP, "你好")
    sandbox.delivery.ack_seconds = 30
    first, data = await stream.message()
    second, again = await stream.message()
    assert first != second
    assert data == again
    assert again["msgId"] == msg_id
    assert f"CALLBACK {ROBOT_TOPIC} {first} was not acknowledged within 0.05 s" in sandbox.violations[0]
    await stream.ack(second)
    await sandbox.until_acknowledged(msg_id)


async def test_redelivery_ends_after_the_last_attempt(sandbox: Sandbox, client: Client) -> None:
    sandbox.delivery.ack_seconds = 0.02
    sandbox.delivery.most_deliveries = 3
    stream = await client.connect()
    await sandbox.say("0002", GROUP, "你好")
    ids = {(await stream.message())[0] for _ in range(3)}
    assert len(ids) == 3
    await sandbox.until(lambda: len(sandbox.violations) == 3)
    assert sandbox.delivery.unacknowledged == []


async def test_a_late_acknowledgement_is_no_second_violation(sandbox: Sandbox, client: Client) -> None:
    sandbox.delivery.ack_seconds = 0.05
    stream = await client.connect()
    await sandbox.say("0002", GROUP, "你好")
    sandbox.delivery.ack_seconds = 30
    first, _ = await stream.message()
    second, data = await stream.message()
    await stream.ack(first)
    await stream.ack(second)
    await sandbox.until_acknowledged(data["msgId"])
    assert len(sandbox.violations) == 1


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        ("hello", "not JSON"),
        ({"code": 200}, "headers.messageId is missing"),
        (
            {
                "code": 200,
                "headers": {"contentType": "application/json", "messageId": "wrong"},
                "message": "OK",
                "data": "{}",
            },
            "ack with wrong messageId 'wrong': no such frame was sent",
        ),
    ],
)
async def test_what_comes_up_must_be_an_acknowledgement(
    sandbox: Sandbox, client: Client, frame: object, why: str
) -> None:
    stream = await client.connect()
    await sandbox.until_connected()
    await stream.send(frame)
    await sandbox.until(lambda: bool(sandbox.violations))
    assert why in sandbox.violations[0]


async def test_a_binary_frame_is_a_violation(sandbox: Sandbox, client: Client) -> None:
    stream = await client.connect()
    await stream.socket.send(b"{}")
    await sandbox.until(lambda: bool(sandbox.violations))
    assert "a binary frame" in sandbox.violations[0]


async def test_acknowledging_twice_is_a_violation(sandbox: Sandbox, client: Client) -> None:
    stream = await client.connect()
    await sandbox.say("0002", GROUP, "你好")
    message_id, _ = await stream.message()
    await stream.ack(message_id)
    await stream.ack(message_id)
    await sandbox.until(lambda: bool(sandbox.violations))
    assert "it was acknowledged before" in sandbox.violations[0]


async def test_acknowledging_on_another_connection_is_a_violation(sandbox: Sandbox, client: Client) -> None:
    first = await client.connect(subscriptions=[{"type": "CALLBACK", "topic": ROBOT_TOPIC}])
    other = await client.connect(subscriptions=[{"type": "EVENT", "topic": "*"}])
    msg_id = await sandbox.say("0002", GROUP, "你好")
    message_id, _ = await first.message()
    await other.ack(message_id)
    await sandbox.until(lambda: bool(sandbox.violations))
    assert "came on the wrong connection; it was sent on 1" in sandbox.violations[0]
    assert sandbox.delivery.unacknowledged == [msg_id]


async def test_a_robot_message_is_acknowledged_with_a_response(sandbox: Sandbox, client: Client) -> None:
    stream = await client.connect()
    msg_id = await sandbox.say("0002", GROUP, "你好")
    message_id, _ = await stream.message()
    await stream.ack(message_id, {"status": "SUCCESS"})
    await sandbox.until_acknowledged(msg_id)
    assert 'data must be {"response": …}' in sandbox.violations[0]


async def test_a_ping_wants_its_opaque_back(sandbox: Sandbox, client: Client) -> None:
    stream = await client.connect()
    await sandbox.until_connected()
    for answer in ("same", "other"):
        await sandbox.delivery.ping(sandbox.connections[0])
        frame = await stream.frame()
        assert (frame["type"], frame["headers"]["topic"]) == ("SYSTEM", "ping")
        data = json.loads(frame["data"])
        await stream.ack(frame["headers"]["messageId"], data if answer == "same" else {"opaque": "other"})
    await sandbox.until(lambda: len(sandbox.acks) == 2)
    assert len(sandbox.violations) == 1
    assert "data.opaque must be" in sandbox.violations[0]


async def test_pings_come_by_themselves_and_must_be_acknowledged(sandbox: Sandbox, client: Client) -> None:
    sandbox.gateway.ping_seconds = sandbox.delivery.ack_seconds = 0.05
    stream = await client.connect()
    assert (await stream.frame())["headers"]["topic"] == "ping"
    await sandbox.until(lambda: bool(sandbox.violations))
    assert "SYSTEM ping" in sandbox.violations[0]


async def test_each_message_takes_one_of_the_connections(sandbox: Sandbox, client: Client) -> None:
    streams = [await client.connect() for _ in range(3)]
    await sandbox.until_connected(3)
    for number in range(60):
        await sandbox.say("0002", GROUP, str(number))
    counts = Counter[int]()

    async def take(number: int) -> None:
        while True:
            message_id, _ = await streams[number].message()
            counts[number] += 1
            await streams[number].ack(message_id)

    takers = [asyncio.create_task(take(number)) for number in range(3)]
    await sandbox.until(lambda: len(sandbox.acks) == 60)
    for taker in takers:
        taker.cancel()
    assert sum(counts.values()) == 60
    assert min(counts.values()) >= 8
    assert sandbox.violations == []


async def test_only_what_was_subscribed_comes(sandbox: Sandbox, client: Client) -> None:
    await client.connect(subscriptions=[{"type": "EVENT", "topic": "*"}])
    await sandbox.until_connected()
    msg_id = await sandbox.say("0002", GROUP, "你好")
    assert sandbox.record.lost == [msg_id]


async def test_a_message_without_connection_is_lost(sandbox: Sandbox, client: Client) -> None:
    msg_id = await sandbox.say("0002", GROUP, "你好")
    assert sandbox.record.lost == [msg_id]


async def test_an_unacknowledged_message_comes_again_after_reconnecting(sandbox: Sandbox, client: Client) -> None:
    first = await client.connect()
    msg_id = await sandbox.say("0002", GROUP, "你好")
    old_id, _ = await first.message()
    await first.socket.close()
    await sandbox.until(lambda: not sandbox.connections)
    second = await client.connect()
    new_id, data = await second.message()
    assert data["msgId"] == msg_id
    assert new_id != old_id
    await second.ack(new_id)
    await sandbox.until_acknowledged(msg_id)
    assert sandbox.violations == []


async def test_what_is_overdue_on_a_dead_connection_waits_for_the_next(sandbox: Sandbox, client: Client) -> None:
    sandbox.delivery.ack_seconds = 0.02
    await client.connect()
    await sandbox.until_connected()
    msg_id = await sandbox.say("0002", GROUP, "你好")
    sandbox.faults.abort()
    await sandbox.until(lambda: sandbox.delivery.waiting == [msg_id])
    sandbox.delivery.ack_seconds = 30
    second = await client.connect()
    message_id, data = await second.message()
    await second.ack(message_id)
    await sandbox.until_acknowledged(msg_id)
    assert data["msgId"] == msg_id
    assert sandbox.violations == [], "a cut connection cannot be blamed on the bot"


async def test_an_event_carries_its_headers_and_waits_for_a_connection(sandbox: Sandbox, client: Client) -> None:
    event_id = await sandbox.send_event("user_leave_org", {"timeStamp": "1", "userId": ["0002"]})
    stream = await client.connect()
    frame = await stream.frame()
    headers = frame["headers"]
    assert frame["type"] == "EVENT"
    assert (headers["eventType"], headers["eventId"]) == ("user_leave_org", event_id)
    assert (headers["eventCorpId"], headers["eventBornTime"]) == ("dingsandboxcorp", "1795482000000")
    assert json.loads(frame["data"]) == {"timeStamp": "1", "userId": ["0002"]}
    await stream.ack(headers["messageId"], {"status": "SUCCESS", "message": ""})
    await sandbox.until_acknowledged(event_id)
    assert sandbox.violations == []


async def test_an_event_answered_later_comes_again(sandbox: Sandbox, client: Client) -> None:
    sandbox.delivery.later_seconds = 0.05
    stream = await client.connect()
    await sandbox.until_connected()
    event_id = await sandbox.send_event("chat_disband", {"chatId": "c"})
    first = await stream.frame()
    await stream.ack(first["headers"]["messageId"], {"status": "LATER", "message": "busy"})
    second = await stream.frame()
    assert second["headers"]["eventId"] == event_id
    assert second["headers"]["messageId"] != first["headers"]["messageId"]
    await stream.ack(second["headers"]["messageId"], {"status": "SUCCESS", "message": ""})
    await sandbox.until(lambda: len(sandbox.acks) == 2)
    assert sandbox.violations == []


async def test_an_event_must_be_acknowledged_with_a_status(sandbox: Sandbox, client: Client) -> None:
    stream = await client.connect()
    await sandbox.until_connected()
    event_id = await sandbox.send_event("chat_disband", {"chatId": "c"})
    await stream.ack((await stream.frame())["headers"]["messageId"])
    await sandbox.until_acknowledged(event_id)
    assert "data.status must be SUCCESS or LATER, not None" in sandbox.violations[0]


async def test_stopping_ends_connections(sandbox: Sandbox, client: Client) -> None:
    stream = await client.connect()
    await sandbox.until_connected()
    await sandbox.stop()
    with pytest.raises(ConnectionClosed):
        await stream.socket.recv()
