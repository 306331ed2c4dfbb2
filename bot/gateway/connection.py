"""One stream connection: reads frames, has them stored, acknowledges them on the same socket."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any, Literal

from dingtalk_stream import AckMessage, ChatbotMessage
from dingtalk_stream.frames import CallbackMessage, EventMessage, SystemMessage
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode

from bot.clock import Clock
from bot.gateway import frames
from bot.gateway.intake import Intake
from bot.logs import correlation
from bot.metrics import Meter
from storage.inbox import Arrival

logger = logging.getLogger(__name__)

MAX_FRAME_BYTES = 16 * 1024 * 1024
"""A text message of 1 MB, escaped twice, fits; the library's own limit of 1 MiB would drop the connection."""
_IN_HAND = 256
"""Frames of one connection that wait for the disk at the same time; beyond it the socket is not read."""
_LARGE_FRAME = 64 * 1024
"""From so many characters on, a frame is on disk before the next is read: what is in hand stays within 16 MiB and one
such frame."""
_FAREWELL_SECONDS = 5.0
"""How long what is in hand may take when the connection ends; what is not on disk by then, DingTalk sends again."""
_KNOWN_TOPICS = frozenset({"ping", SystemMessage.TOPIC_DISCONNECT, "CONNECTED", "REGISTERED", "KEEPALIVE"})
_MOST_NOTED = 100
_SAY_AGAIN_SECONDS = 60.0
"""Before a connection complains of the same thing again, such as a full disk, at a thousand messages a second."""

_METERED = {SystemMessage.TYPE: "system", EventMessage.TYPE: "event", CallbackMessage.TYPE: "callback"}

Reason = Literal["notice", "mute", "closed"]


class Connection:
    """An open socket. `leaving` is set when it is about to end or has ended, so that another one is opened."""

    def __init__(
        self,
        socket: ClientConnection,
        intake: Intake,
        clock: Clock,
        *,
        number: int,
        meter: Meter,
        noted: set[str],
        left: Callable[[Connection], None],
    ) -> None:
        """`noted`: unknown topics that were logged, shared by all connections. `left` is called when it is leaving."""
        self.number = number
        self._socket = socket
        self._intake = intake
        self._clock = clock
        self._meter = meter
        self._noted = noted
        self._said: dict[str, float] = {}
        self._left = left
        self._in_hand = asyncio.Semaphore(_IN_HAND)
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing: asyncio.Task[None] | None = None
        self.leaving = asyncio.Event()
        self.reason: Reason | None = None
        """Why it leaves."""
        self.opened_at = self.last_frame_at = asyncio.get_running_loop().time()
        """Seconds of the loop's clock."""
        self.heard_until = 0.0
        """Set when it leaves: up to here, by the loop's clock, it would have brought us what was said."""
        self.heard_at = clock.now()
        """Last frame, or the opening."""

    @property
    def close_code(self) -> int | None:
        """With which the socket ended; None while it is open."""
        return self._socket.close_code

    def leave(self, reason: Reason, *, was_dead: bool = False) -> None:
        """Ask for a replacement; this socket goes on reading until it is closed.

        `was_dead`: it has brought nothing since its last frame, and could not have.
        """
        if not self.leaving.is_set():
            self.reason = reason
            self.heard_until = self.last_frame_at if was_dead else asyncio.get_running_loop().time()
            self.leaving.set()
            self._meter.left(reason)
            self._left(self)

    async def read(self) -> None:
        """Read until the socket ends. Whoever called it calls `close` then."""
        was_dead = False
        try:
            async for text in self._socket:
                self.last_frame_at = asyncio.get_running_loop().time()
                self.heard_at = self._clock.now()
                await self._in_hand.acquire()
                task = asyncio.create_task(self._deal_with(text))
                self._tasks.add(task)
                task.add_done_callback(self._dealt)
                if len(text) >= _LARGE_FRAME:
                    await asyncio.wait({task})
        except ConnectionClosed as end:  # an abrupt end is an end like any other: the replacement is asked for below
            was_dead = is_ping_timeout(end)
        finally:
            self.leave("closed", was_dead=was_dead)

    async def close(self) -> None:
        """Finish what is in hand, within a limit, then say good-bye with a close frame."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=_FAREWELL_SECONDS)
        await self._socket.close()

    def end_soon(self) -> None:
        """Close without waiting for it; `read` ends by that. For timers."""
        self._closing = asyncio.get_running_loop().create_task(self._socket.close())

    def _dealt(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._in_hand.release()

    async def _deal_with(self, text: str | bytes) -> None:
        frame = _object(text)
        if frame is None:
            self._meter.frame("unreadable")
            self._say("网关发来一个读不懂的帧，已跳过 / skipped a frame that is not a JSON object")
            return
        # One official sample spells it «header» (docs/platform.md §1.2).
        headers = frame.get("headers") or frame.get("header")
        if not isinstance(headers, Mapping) or not headers.get("messageId"):
            self._meter.frame("unreadable")
            self._say("网关发来一个没有 messageId 的帧，已跳过 / skipped a frame without messageId")
            return
        try:
            code, data = await self._take(str(frame.get("type")), headers, frame.get("data"))
        except sqlite3.Error as error:
            self._say("收到的消息存不下，未确认，钉钉会重发 / a message could not be stored", error)
            return
        if code is None:
            return
        try:
            await self._acknowledge(str(headers["messageId"]), code, data)
        except ConnectionClosed:
            logger.info("连接已断，确认没有送出 / the connection ended before the acknowledgement")

    async def _take(self, kind: str, headers: Mapping[str, Any], data: Any) -> tuple[int | None, Any]:
        topic = str(headers.get("topic"))
        self._meter.frame(_METERED.get(kind, "unreadable"))
        if kind == SystemMessage.TYPE:
            return self._system(topic, data)
        body = _object(data) or {}
        if kind == EventMessage.TYPE:
            await self._store_event(headers, body)
            return AckMessage.STATUS_OK, {"status": "SUCCESS", "message": ""}
        if kind == CallbackMessage.TYPE and topic == ChatbotMessage.TOPIC:
            await self._store_message(body)
            return AckMessage.STATUS_OK, {"response": None}
        self._note("没有订阅的主题，已答 404 / a topic that we did not ask for, answered with 404", f"{kind} {topic}")
        return AckMessage.STATUS_NOT_IMPLEMENT, {}

    def _system(self, topic: str, data: Any) -> tuple[int | None, Any]:
        if topic == SystemMessage.TOPIC_DISCONNECT:
            logger.info("钉钉通知换连接 / disconnect notice: opening a replacement")
            self.leave("notice")
            return None, None  # no answer is expected (docs/platform.md §1.2)
        if topic in _KNOWN_TOPICS:
            logger.debug("system topic %s", topic)
        else:
            self._note("不认识的系统主题，已确认 / an unknown system topic, acknowledged", topic)
        return AckMessage.STATUS_OK, _object(data) or {}

    def _say(self, what: str, error: Exception | None = None) -> None:
        """Log what went wrong with a frame, each kind of thing once a minute."""
        now = asyncio.get_running_loop().time()
        said = self._said.get(what)
        if said is None or now - said >= _SAY_AGAIN_SECONDS:
            self._said[what] = now
            if error is None:
                logger.warning("%s", what)
            else:
                logger.error("%s: %s", what, error)

    def _note(self, what: str, topic: str) -> None:
        """Log an unknown topic, once a topic as far as memory may go."""
        topic = topic[:100]
        if topic not in self._noted and len(self._noted) < _MOST_NOTED:
            self._noted.add(topic)
            logger.info("%s: %s", what, topic)

    async def _store_message(self, body: Mapping[str, Any]) -> None:
        identifier = frames.message_id(body)
        if identifier is None:
            self._say("机器人消息没有 msgId，已跳过 / skipped a robot message without msgId")
            return
        await self._store(f"message:{identifier}", "message", frames.conversation_of(body), body)

    async def _store_event(self, headers: Mapping[str, Any], body: Mapping[str, Any]) -> None:
        identifier = frames.event_id(headers)
        if identifier is None:
            self._say("事件没有 eventId，已跳过 / skipped an event without eventId")
            return
        wanted = {key: headers[key] for key in ("eventId", "eventType", "eventBornTime") if key in headers}
        await self._store(f"event:{identifier}", "event", "events", {"headers": wanted, "data": body})

    async def _store(self, key: str, kind: Any, conversation: str, body: Mapping[str, Any]) -> None:
        taken = await self._intake.take(
            Arrival(
                key=key,
                kind=kind,
                conversation=conversation,
                body=json.dumps(body),  # ASCII: holds lone surrogates too, which the database would refuse
                received_at=self._clock.now(),
            )
        )
        # From here to the last send the log calls it so.
        with correlation(f"in-{taken.id}"):
            logger.debug("收到%s / took in: %s", "" if taken.is_new else "（重复）", key)

    async def _acknowledge(self, message_id: str, code: int, data: Any) -> None:
        ack = AckMessage()
        ack.code = code
        ack.headers.message_id = message_id
        ack.headers.content_type = "application/json"
        ack.message = "OK" if code == AckMessage.STATUS_OK else "not found"
        ack.data = data
        await self._socket.send(json.dumps(ack.to_dict()))
        self._meter.acknowledged(code)


def is_ping_timeout(end: ConnectionClosed) -> bool:
    """The socket was given up because our ping had no answer: it had been dead for a while."""
    return end.rcvd is None and end.sent is not None and end.sent.code == CloseCode.INTERNAL_ERROR


def _object(text: Any) -> dict[str, Any] | None:
    """The JSON object that a frame or its `data` holds; None for anything else."""
    if isinstance(text, dict):
        return text
    if not isinstance(text, str | bytes):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
