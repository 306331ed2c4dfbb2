"""The door in, over real WebSockets: nothing is acknowledged that is not on disk, and somebody always listens."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
from dataclasses import replace
from pathlib import Path

import pytest

from bot.gateway import stream
from bot.gateway.connection import MAX_FRAME_BYTES
from bot.metrics import Meter
from handlers.message import Event, Incoming
from tests.bot.rig import EAGER, GROUP, rig

OPEN = "/v1.0/gateway/connections/open"
PRIVATE = "private:0001"


async def test_a_message_is_answered_in_its_chat(tmp_path: Path) -> None:
    async with rig(tmp_path) as it:
        await it.connected()
        await it.sandbox.say("0001", GROUP, "你好")
        answer = await it.sandbox.wait_for(lambda m: m.author == "robot")
        assert (answer.chat, answer.text, answer.via) == (GROUP, "你说：你好", "webhook")


async def test_the_row_is_committed_before_the_acknowledgement(tmp_path: Path) -> None:
    """Seen from a second connection to the database at the moment when the acknowledgement arrives."""
    async with rig(tmp_path, with_gateway=True) as it:
        await it.connected()
        await it.sandbox.deliver({"msgId": "m1", "conversationId": "c", "msgtype": "text", "text": {"content": "x"}})
        await it.sandbox.until_acknowledged("m1")
        assert it.store.database.row("select 1 from inbox where key = 'message:m1'") is not None


async def test_what_cannot_be_stored_is_not_acknowledged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with rig(tmp_path, violations_expected=True) as it:
        it.sandbox.delivery.ack_seconds = 0.3
        await it.connected()
        it.store.database.execute("alter table inbox rename to elsewhere")
        await it.sandbox.say("0001", PRIVATE, "第一次")
        await it.sandbox.until(lambda: len(it.sandbox.violations) > 0)
        assert it.sandbox.acks == []
        it.store.database.execute("alter table elsewhere rename to inbox")
        answer = await it.sandbox.wait_for(lambda m: m.author == "robot")
        assert answer.text == "你说：第一次", "DingTalk delivers again what was not acknowledged"
    assert "存不下" in caplog.text


async def test_the_same_message_twice_is_answered_once(tmp_path: Path) -> None:
    async with rig(tmp_path, connections=2) as it:
        await it.connected(2)
        it.sandbox.faults.duplicate_next()
        await it.sandbox.say("0001", PRIVATE, "一")
        it.sandbox.faults.deliver_on_two()
        await it.sandbox.say("0001", PRIVATE, "二")
        await it.sandbox.until(lambda: len(it.sandbox.acks) == 4)
        await it.settle()
        assert it.robot_said(PRIVATE) == ["你说：一", "你说：二"]


async def test_a_frame_that_is_no_json_is_passed_over(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with rig(tmp_path) as it:
        await it.connected()
        await it.sandbox.faults.garbage()
        for text in ("[]", "{}", '{"type":"CALLBACK","headers":7}', "null", '"x"', "[" * 100_000):
            await it.sandbox.faults.raw(text)
        await it.sandbox.say("0001", PRIVATE, "还在吗")
        await it.sandbox.wait_for(lambda m: m.text == "你说：还在吗")
        assert len(it.sandbox.record.calls_to(OPEN)) == 1, "the connection lives"
    assert sum("读不懂的帧" in text for text in caplog.messages) == 1, "one line, however many there are"


async def test_a_message_nested_as_deeply_as_can_be_read_costs_nobody_anything(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Reading it and writing it down again do not have the same limits."""
    topic = "/v1.0/im/bot/messages/get"
    async with rig(tmp_path, violations_expected=True) as it:
        await it.connected()
        for depth in range(100, 1100, 10):
            data = f'{{"msgId":"deep-{depth}","conversationId":"c","x":{"[" * depth}{"]" * depth}}}'
            frame = {"type": "CALLBACK", "headers": {"messageId": f"m{depth}", "topic": topic}, "data": data}
            await it.sandbox.faults.raw(json.dumps(frame))
        await it.sandbox.say("0001", PRIVATE, "还在吗")
        await it.sandbox.wait_for(lambda m: m.text == "你说：还在吗")
        await it.settle()
        assert len(it.sandbox.record.calls_to(OPEN)) == 1
        assert it.store.database.row("select 1 from inbox where key = 'message:deep-500'") is not None
    gc.collect()
    assert "never retrieved" not in caplog.text


async def test_an_event_with_an_id_that_no_database_takes_costs_nobody_anything(tmp_path: Path) -> None:
    """It is committed together with what came in the same moment."""
    event = {"type": "EVENT", "headers": {"messageId": "m", "eventId": "\ud800", "eventType": "x"}, "data": "{}"}
    async with rig(tmp_path, violations_expected=True) as it:
        await it.connected()
        await it.sandbox.faults.raw(json.dumps(event))
        await it.sandbox.say("0001", PRIVATE, "还在吗")
        await it.sandbox.wait_for(lambda m: m.text == "你说：还在吗")
        await it.settle()
        assert sorted(type(item).__name__ for item in it.handled) == ["Event", "Incoming"]


async def test_a_text_of_a_megabyte_is_taken(tmp_path: Path) -> None:
    async with rig(tmp_path, handle=lambda item, now: []) as it:
        await it.connected()
        text = "群" * 350_000  # over a megabyte in UTF-8
        await it.sandbox.say("0001", PRIVATE, text)
        await it.sandbox.until_settled()
        await it.settle()
        [message] = it.handled
        assert isinstance(message, Incoming)
        assert message.text == text
        assert len(it.sandbox.record.calls_to(OPEN)) == 1


async def test_pings_and_unknown_system_topics_are_acknowledged(tmp_path: Path) -> None:
    async with rig(tmp_path) as it:
        await it.connected()
        [connection] = it.sandbox.connections
        await it.sandbox.delivery.ping(connection)
        await it.sandbox.delivery._send(connection, "SYSTEM", "REGISTERED", "{}")
        await it.sandbox.until(lambda: len(it.sandbox.acks) == 2)
        assert [(ack.topic, ack.code) for ack in it.sandbox.acks] == [("ping", 200), ("REGISTERED", 200)]


async def test_a_topic_nobody_asked_for_is_answered_with_404(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Delivered by hand: the sandbox, like DingTalk, sends only what was subscribed."""
    caplog.set_level(logging.INFO)
    strange = '{"type":"GOSSIP","headers":{"messageId":"m9","topic":"*"},"data":"{}"}'
    async with rig(tmp_path, violations_expected=True) as it:
        await it.connected()
        [connection] = it.sandbox.connections
        await it.sandbox.delivery._send(connection, "CALLBACK", "/v1.0/graph/api/invoke", "{}")
        await it.sandbox.until(lambda: len(it.sandbox.acks) == 1)
        assert it.sandbox.acks[0].code == 404
        await it.sandbox.faults.raw(strange)
        await it.sandbox.until(lambda: any("m9" in text for text in it.sandbox.violations))
    assert "/v1.0/graph/api/invoke" in caplog.text
    assert "GOSSIP *" in caplog.text


async def test_an_unknown_system_topic_is_told_of_once_and_a_known_one_never(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with rig(tmp_path, connections=2) as it:
        await it.connected(2)
        for topic in ("CONNECTED", "REGISTERED", "KEEPALIVE", "WEATHER", "WEATHER"):
            for connection in it.sandbox.connections:
                await it.sandbox.delivery._send(connection, "SYSTEM", topic, "{}")
        await it.sandbox.until(lambda: len(it.sandbox.acks) == 10)
        assert {ack.code for ack in it.sandbox.acks} == {200}
    [line] = [text for text in caplog.messages if "主题" in text]
    assert line.endswith(": WEATHER")


async def test_an_event_is_stored_once_and_acknowledged_with_success(tmp_path: Path) -> None:
    async with rig(tmp_path) as it:
        await it.connected()
        key = await it.sandbox.send_event("user_leave_org", {"TimeStamp": "1685501863357", "UserId": ["0003"]})
        ack = await it.sandbox.until_acknowledged(key)
        await it.settle()
        data = json.loads(ack.data) if isinstance(ack.data, str) else ack.data
        assert data["status"] == "SUCCESS"
        [event] = it.handled
        assert isinstance(event, Event)
        assert (event.type, event.data["userId"]) == ("user_leave_org", ["0003"])


async def test_two_connections_are_held_and_each_is_replaced_when_it_ends(tmp_path: Path) -> None:
    async with rig(tmp_path, connections=2) as it:
        await it.connected(2)
        assert it.gateway.connected == 2
        it.sandbox.faults.abort(it.sandbox.connections[0])
        await it.sandbox.until(lambda: len(it.sandbox.connections) == 2)
        await it.sandbox.faults.close(it.sandbox.connections[0])
        await it.sandbox.until(lambda: len(it.sandbox.connections) == 2)
        await it.sandbox.say("0001", PRIVATE, "在吗")
        await it.sandbox.wait_for(lambda m: m.text == "你说：在吗")


async def test_after_a_disconnect_notice_the_new_connection_comes_before_the_old_one_goes(tmp_path: Path) -> None:
    slow_to_leave = stream.Patience(mute=30, apart=0, first_retry=0.01, longest_retry=0.05, stable=0.0, linger=0.3)
    async with rig(tmp_path, patience=slow_to_leave) as it:
        await it.connected()
        [old] = it.sandbox.connections
        await it.sandbox.faults.disconnect(old)
        await it.sandbox.until(lambda: len(it.sandbox.connections) == 2)
        assert old.is_open
        await it.sandbox.say("0001", PRIVATE, "换了吗")
        await it.sandbox.wait_for(lambda m: m.text == "你说：换了吗")
        await it.sandbox.until(lambda: not old.is_open)
        assert len(it.sandbox.connections) == 1


async def test_a_mute_connection_is_replaced(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    watchful = stream.Patience(mute=0.4, apart=0, first_retry=0.01, longest_retry=0.05, stable=0.0, linger=0.05)
    async with rig(tmp_path, patience=watchful, violations_expected=True) as it:
        it.sandbox.gateway.ping_seconds = 0.05
        await it.connected()
        [zombie] = it.sandbox.connections
        it.sandbox.faults.mute(zombie)
        await it.sandbox.until(lambda: zombie not in it.sandbox.connections and len(it.sandbox.connections) == 1)
        await it.sandbox.say("0001", PRIVATE, "听得见吗")
        await it.sandbox.wait_for(lambda m: m.text == "你说：听得见吗")
    assert "没有动静" in caplog.text


async def test_a_connection_with_pings_is_left_alone(tmp_path: Path) -> None:
    watchful = stream.Patience(mute=0.5, apart=0, first_retry=0.01, longest_retry=0.05, stable=0.0, linger=0.05)
    async with rig(tmp_path, patience=watchful) as it:
        it.sandbox.gateway.ping_seconds = 0.1
        await it.connected()
        await it.sandbox.until(lambda: len(it.sandbox.acks) >= 12)
        assert len(it.sandbox.record.calls_to(OPEN)) == 1


async def test_dead_tcp_is_found_by_pings_that_nobody_answers(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """DingTalk goes on talking, so the watchdog on frames is content; but what we say does not arrive any more."""
    caplog.set_level(logging.INFO)
    watchful = replace(EAGER, ping=0.5)
    async with rig(tmp_path, patience=watchful, violations_expected=True) as it:
        it.sandbox.gateway.ping_seconds = 0.1
        await it.connected()
        [deaf] = it.sandbox.connections
        assert deaf.transport is not None
        deaf.transport.pause_reading()
        await it.sandbox.until(lambda: any(one is not deaf for one in it.sandbox.connections))
        await it.connected()
        assert it.gateway.deaf_seconds() == 0.0
    assert "没有动静" not in caplog.text
    assert "a connection ended" in caplog.text


@pytest.mark.parametrize("mute_seconds", [30, 60, 600])
def test_dead_tcp_is_found_well_within_the_time_that_muteness_may_take(mute_seconds: int) -> None:
    patience = stream.Patience.of(mute_seconds)
    assert patience.mute == mute_seconds
    assert 2 * patience.ping <= patience.mute / 2


async def test_when_all_get_their_notice_at_once_each_is_replaced_before_it_goes(tmp_path: Path) -> None:
    patient = replace(EAGER, apart=0.05, linger=30.0)
    async with rig(tmp_path, connections=3, patience=patient) as it:
        await it.connected(3)
        old = list(it.sandbox.connections)
        it.sandbox.faults.disconnect_grace_seconds = 5.0
        await it.sandbox.faults.disconnect()
        await it.sandbox.until(lambda: len(it.sandbox.connections) == 6)
        assert all(connection.is_open for connection in old)
        await it.sandbox.say("0001", PRIVATE, "都换了吗")
        await it.sandbox.wait_for(lambda m: m.text == "你说：都换了吗")


async def test_openings_keep_apart_whoever_asks_when(tmp_path: Path) -> None:
    """Otherwise connections that once ended together would for ever be due to end together."""
    async with rig(tmp_path, patience=replace(EAGER, apart=0.05), with_gateway=False) as it:
        turns: list[float] = []

        async def open_one() -> None:
            await it.gateway._turn()
            turns.append(asyncio.get_running_loop().time())

        began = asyncio.get_running_loop().time()
        await asyncio.gather(*(open_one() for _ in range(4)))
        assert all(turn - began >= number * 0.05 - 0.001 for number, turn in enumerate(turns))


async def test_after_sleep_every_connection_is_replaced(tmp_path: Path) -> None:
    async with rig(tmp_path, connections=2) as it:
        await it.connected(2)
        old = list(it.sandbox.connections)
        it.gateway.renew()
        assert it.gateway.connected == 0
        await it.sandbox.until(lambda: not any(one.is_open for one in old) and len(it.sandbox.connections) == 2)


async def test_a_frame_that_is_too_large_costs_its_connection_and_nothing_else(tmp_path: Path) -> None:
    async with rig(tmp_path, connections=2) as it:
        await it.connected(2)
        struck, other = it.sandbox.connections
        await it.sandbox.faults.raw("x" * (MAX_FRAME_BYTES + 1), struck)
        await it.sandbox.until(lambda: not struck.is_open and len(it.sandbox.connections) == 2)
        assert other.is_open
        await it.sandbox.say("0001", PRIVATE, "在吗")
        await it.sandbox.wait_for(lambda m: m.text == "你说：在吗")


async def test_connections_that_end_at_once_again_and_again_are_one_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with rig(tmp_path, patience=replace(EAGER, stable=1000.0)) as it:
        for _ in range(7):
            await it.connected()
            await it.sandbox.faults.close()
            async with asyncio.timeout(10):
                while it.gateway.connected:
                    await asyncio.sleep(0.001)
        await it.connected()
    [line] = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert "一建好就断" in line


async def test_what_happens_to_connections_is_metered(tmp_path: Path) -> None:
    class Listening(Meter):
        def __init__(self) -> None:
            self.told: list[str] = []

        def opened(self) -> None:
            self.told.append("opened")

        def left(self, reason: str) -> None:
            self.told.append(reason)

        def frame(self, kind: str) -> None:
            self.told.append(kind)

        def acknowledged(self, code: int) -> None:
            self.told.append(str(code))

    listening = Listening()
    async with rig(tmp_path) as it:
        await it.connected()
        it.gateway._meter = listening
        it.sandbox.faults.abort()
        await it.sandbox.until_connected(1)
        await it.connected()
        await it.sandbox.faults.garbage()
        await it.sandbox.say("0001", PRIVATE, "一")
        await it.settle()
        await it.sandbox.faults.disconnect()
        async with asyncio.timeout(10):
            while listening.told.count("opened") < 2:
                await asyncio.sleep(0.005)
    assert listening.told[:6] == ["opened", "unreadable", "callback", "200", "system", "notice"]


async def test_it_ends_with_a_close_frame(tmp_path: Path) -> None:
    async with rig(tmp_path) as it:
        await it.connected()
        [connection] = it.sandbox.connections
    assert connection.socket.close_code == 1000


async def test_no_log_line_holds_a_secret(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Nor do the library's own, at its most talkative, with openings that fail in every way an address can."""
    caplog.set_level(logging.DEBUG)
    async with rig(tmp_path, violations_expected=True) as it:
        await it.connected()
        for endpoint in (f"{it.sandbox.url.replace('http', 'ws')}/connect", "ftp://x/connect", "ws://[::bad/connect"):
            it.sandbox.faults.answer(OPEN, 200, {"endpoint": endpoint, "ticket": "ticket-of-ours"})
        tried = len(it.sandbox.record.calls_to(OPEN))
        it.sandbox.faults.abort()
        await it.sandbox.until(lambda: len(it.sandbox.record.calls_to(OPEN)) == tried + 4)
        await it.connected()
        await it.sandbox.say("0001", PRIVATE, "你好")
        await it.settle()
        [webhook] = [item.webhook for item in it.handled if isinstance(item, Incoming)]
        assert webhook
        token = await it.openapi.token()
    # The sandbox keeps a log of its own, as DingTalk does.
    ours = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("aiohttp.access"))
    assert "HTTP 401" in ours
    for secret in (webhook, token, "sandbox-secret", "ticket=", "ticket-of-ours"):
        assert secret not in ours
