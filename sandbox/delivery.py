"""Delivers frames to one of the connections, and again when no acknowledgement comes (docs/platform.md §1.4)."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientError, web

from sandbox import frames
from sandbox.core import Core
from sandbox.record import Ack

_REMEMBERED = 300
"""Messages that can come again long after they were acknowledged."""


@dataclass(eq=False, slots=True)
class Connection:
    """One stream connection of the bot."""

    number: int
    socket: web.WebSocketResponse
    transport: asyncio.Transport | None
    subscriptions: frozenset[tuple[str, str]]
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    is_open: bool = True
    is_muted: bool = False
    """A zombie: TCP and pong are fine, frames chosen for it vanish."""
    has_notice: bool = False
    """The disconnect notice was sent; nothing is delivered any more."""


@dataclass(eq=False, slots=True)
class Parcel:
    """A message or event that is to arrive, however many frames that takes."""

    type: str
    topic: str
    data: str
    key: str
    """`msgId` or `eventId`: the same in every delivery."""
    headers: dict[str, str] = field(default_factory=dict)
    deliveries: int = 0


@dataclass(eq=False, slots=True)
class Pending:
    """One frame that waits for its acknowledgement."""

    message_id: str
    type: str
    topic: str
    connection: Connection
    parcel: Parcel | None
    opaque: str | None
    was_sent: bool
    seconds: float
    """How long it may take."""
    timer: asyncio.TimerHandle


class Delivery:
    """All connections, and all frames on their way."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self.connections: list[Connection] = []
        """Those that are open."""
        self.ack_seconds = 5.0
        """A frame that is not acknowledged by then is a violation and is delivered again (really: about 60 s)."""
        self.later_seconds = 5.0
        """An event answered with LATER, or with a code that is not 200, comes again after so long."""
        self.most_deliveries = 5
        """How often one message is delivered at most."""
        self.duplicate_next = 0
        """So many of the next messages come twice (new messageId, same msgId)."""
        self.on_two_next = 0
        """So many of the next messages come on two connections at once."""
        self.scatter_seconds = 0.0
        """Every message is held back for a random time up to this, so that they arrive out of order."""
        self._delivered: deque[Parcel] = deque(maxlen=_REMEMBERED)
        self._on_their_way: list[Parcel] = []
        """Those that are about to be delivered, now or when their time comes."""
        self.opened = 0
        """How many connections were ever opened."""
        self._pending: dict[str, Pending] = {}
        self._settled: dict[str, str] = {}
        """messageId → what became of it, to explain a second or late acknowledgement."""
        self._waiting: list[Parcel] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_stopped = False
        self._world = 0
        """Counts the worlds that were forgotten: what was on its way in an earlier one does not arrive any more."""

    # -- connections ---------------------------------------------------------------------------------------------

    def connected(
        self,
        socket: web.WebSocketResponse,
        transport: asyncio.Transport | None,
        subscriptions: frozenset[tuple[str, str]],
    ) -> Connection:
        """A new connection stands; what waited for one is delivered."""
        self.opened += 1
        connection = Connection(self.opened, socket, transport, subscriptions)
        self.connections.append(connection)
        orphans = [pending for pending in self._pending.values() if not pending.connection.is_open]
        waiting, self._waiting = self._waiting, []
        for parcel in waiting + [pending.parcel for pending in orphans if pending.parcel is not None]:
            self._deliver_soon(parcel)
        for pending in orphans:
            self._forget(pending, "its connection had ended")
        self._core.record.bell.ring()
        return connection

    def ended(self, connection: Connection) -> None:
        """A connection has ended, from whichever side."""
        connection.is_open = False
        if connection in self.connections:
            self.connections.remove(connection)
        self._core.record.bell.ring()

    def end_later(self, connection: Connection, seconds: float) -> None:
        """End TCP after so many seconds."""

        async def end() -> None:
            await asyncio.sleep(seconds)
            if connection.is_open and connection.transport is not None:
                connection.transport.close()
            self.ended(connection)

        self.start(end())

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something beside, until it is done or the sandbox stops."""
        if self._is_stopped:
            work.close()
            return
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def forget(self) -> None:
        """Give up every message and event on its way: the world that they belong to is no more."""
        for pending in list(self._pending.values()):
            self._forget(pending, "given up")
        self._waiting = []
        self._on_their_way = []
        self._delivered.clear()
        self._world += 1

    def stop(self) -> None:
        """Deliver nothing any more."""
        self._is_stopped = True
        self.forget()
        for task in list(self._tasks):
            task.cancel()

    # -- down ----------------------------------------------------------------------------------------------------

    async def deliver(self, parcel: Parcel, *, is_again: bool = False) -> None:
        """Send a message or event on one connection, chosen at random among those that may have it."""
        if self.scatter_seconds > 0 and not is_again:
            self._deliver_soon(parcel, self._core.random.uniform(0.0, self.scatter_seconds), is_again=False)
            return
        await self._deliver_now(parcel, is_again=is_again)

    def _deliver_soon(self, parcel: Parcel, seconds: float = 0.0, *, is_again: bool = True) -> None:
        """Deliver it by itself after so many seconds; it counts as not acknowledged from now on."""

        async def deliver() -> None:
            await asyncio.sleep(seconds)
            if parcel in self._on_their_way:
                self._on_their_way.remove(parcel)
                await self._deliver_now(parcel, is_again=is_again)

        self._on_their_way.append(parcel)
        self.start(deliver())

    async def _deliver_now(self, parcel: Parcel, *, is_again: bool) -> None:
        candidates = self._candidates(parcel)
        if not candidates:
            if parcel.type == "EVENT" or is_again:
                self._waiting.append(parcel)
                self._core.record.bell.ring()
            else:
                self._core.record.lost.append(parcel.key)
            return
        chosen = self._core.random.choice(candidates)
        targets = [chosen]
        if self.duplicate_next > 0:
            self.duplicate_next -= 1
            targets.append(self._core.random.choice(candidates))
        if self.on_two_next > 0 and len(candidates) > 1:
            self.on_two_next -= 1
            targets.append(next(other for other in candidates if other is not chosen))
        if not is_again:
            self._delivered.append(parcel)
        for target in targets:
            parcel.deliveries += 1
            await self._send(target, parcel.type, parcel.topic, parcel.data, parcel=parcel)

    def deliver_old_again(self, most: int) -> None:
        """Deliver so many of the last few hundred messages and events once more, chosen at random."""
        for parcel in self._core.random.sample(list(self._delivered), min(most, len(self._delivered))):
            self._deliver_soon(parcel)

    def _candidates(self, parcel: Parcel) -> list[Connection]:
        topic = "*" if parcel.type == "EVENT" else parcel.topic
        return [
            connection
            for connection in self.connections
            if not connection.has_notice and (parcel.type, topic) in connection.subscriptions
        ]

    async def ping(self, connection: Connection) -> None:
        """Ask a connection for a sign of life; the answer must carry the same `opaque`."""
        opaque = uuid.uuid4().hex
        await self._send(connection, "SYSTEM", "ping", json.dumps({"opaque": opaque}), opaque=opaque)

    async def notice(self, connection: Connection, reason: str) -> None:
        """The disconnect notice: delivery on this connection stops at once."""
        connection.has_notice = True  # before the first await: no message may slip in behind the notice
        await self._send(connection, "SYSTEM", "disconnect", json.dumps({"reason": reason}), needs_ack=False)

    async def _send(
        self,
        connection: Connection,
        type_: str,
        topic: str,
        data: str,
        *,
        parcel: Parcel | None = None,
        opaque: str | None = None,
        needs_ack: bool = True,
    ) -> None:
        message_id = frames.new_message_id()
        text = frames.frame(
            type_,
            topic,
            data,
            message_id=message_id,
            connection_id=connection.id,
            app_id=self._core.app_id,
            at=self._core.world.clock.now(),
            extra_headers=parcel.headers if parcel is not None else None,
        )
        if needs_ack:
            timer = asyncio.get_running_loop().call_later(self.ack_seconds, self._overdue, message_id)
            self._pending[message_id] = Pending(
                message_id, type_, topic, connection, parcel, opaque, not connection.is_muted, self.ack_seconds, timer
            )
        else:
            self._settled[message_id] = "notice"
        if not connection.is_muted:
            await self.send_raw(connection, text)

    async def send_raw(self, connection: Connection, text: str) -> None:
        """Send any text on a connection; nothing happens where it has just ended."""
        try:
            await connection.socket.send_str(text)
        except (ConnectionError, RuntimeError, ClientError):
            self.ended(connection)

    # -- up ------------------------------------------------------------------------------------------------------

    def receive(self, connection: Connection, text: str) -> None:
        """Take what came up on a connection: an acknowledgement, or a breach of the protocol."""
        try:
            ack = frames.read_ack(text)
        except frames.BadAck as error:
            self._core.record.violate(f"connection {connection.number}: bad ack: {error}")
            return
        pending = self._pending.get(ack.message_id)
        if pending is None:
            self._unexpected(connection, ack)
            return
        where = f"connection {connection.number}: ack of {pending.type} {pending.topic} {ack.message_id}"
        if pending.connection is not connection:
            self._core.record.violate(
                f"{where} came on the wrong connection; it was sent on {pending.connection.number}"
            )
            return
        self._forget(pending, "acknowledged")
        self._core.record.acks.append(_entry(pending, ack))
        for problem in frames.problems(pending.type, ack, pending.opaque):
            self._core.record.violate(f"{where}: {problem}")
        if pending.type == "EVENT" and frames.wants_again(ack):
            self._again_later(pending)
        self._core.record.bell.ring()

    def _again_later(self, pending: Pending) -> None:
        parcel = pending.parcel
        if parcel is not None and parcel.deliveries < self.most_deliveries:
            asyncio.get_running_loop().call_later(self.later_seconds, self._come_again, parcel, self._world)

    def _come_again(self, parcel: Parcel, world: int) -> None:
        if world == self._world:
            self._deliver_soon(parcel)

    def _unexpected(self, connection: Connection, ack: frames.AckFrame) -> None:
        fate = self._settled.get(ack.message_id)
        if fate == "notice":
            return
        if fate is None:
            why = "no such frame was sent"
        elif fate == "acknowledged":
            why = "it was acknowledged before"
        else:
            return  # a late one: the violation stands already, or the frame's connection had ended
        self._core.record.violate(f"connection {connection.number}: ack with wrong messageId {ack.message_id!r}: {why}")

    def _overdue(self, message_id: str) -> None:
        pending = self._pending.get(message_id)
        if pending is None:
            return
        parcel = pending.parcel
        if parcel is not None and parcel.deliveries < self.most_deliveries:
            self._deliver_soon(parcel)
        self._forget(pending, "overdue")
        if pending.was_sent and pending.connection.is_open:
            self._core.record.violate(
                f"connection {pending.connection.number}: {pending.type} {pending.topic} {message_id} "
                f"was not acknowledged within {pending.seconds:g} s"
            )

    def _forget(self, pending: Pending, fate: str) -> None:
        pending.timer.cancel()
        self._pending.pop(pending.message_id, None)
        self._settled[pending.message_id] = fate
        self._core.record.bell.ring()

    @property
    def waiting(self) -> list[str]:
        """`msgId`s and `eventId`s that wait for a connection."""
        return [parcel.key for parcel in self._waiting]

    @property
    def unacknowledged(self) -> list[str]:
        """`msgId`s and `eventId`s that are still waiting for their time, an acknowledgement or a connection."""
        keys = [pending.parcel.key for pending in self._pending.values() if pending.parcel is not None]
        return keys + self.waiting + [parcel.key for parcel in self._on_their_way]


def _entry(pending: Pending, ack: frames.AckFrame) -> Ack:
    key = pending.parcel.key if pending.parcel is not None else ""
    return Ack(ack.message_id, pending.type, pending.topic, pending.connection.number, ack.code, ack.data, key)
