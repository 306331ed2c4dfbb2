"""Opening a stream connection: the ticket and the WebSocket (docs/platform.md §1.1, §1.2)."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.core import Core
from sandbox.delivery import Connection, Delivery
from sandbox.endpoints import CALL, Ask, Endpoint, reply
from sandbox.fields import BadField, Fields
from sandbox.frames import ROBOT_TOPIC
from sandbox.refusals import Refusal

TICKET_SECONDS = 90
CLOSE_SECONDS = 1.0
"""How long the closing handshake may take before TCP is cut."""
MOST_BYTES_UP = 4 * 1024 * 1024
TOPICS = {
    "EVENT": ("*",),
    "CALLBACK": (
        ROBOT_TOPIC,
        "/v1.0/im/bot/messages/delegate",
        "/v1.0/card/instances/callback",
        "/v1.0/graph/api/invoke",
    ),
}
"""What can be subscribed (docs/platform.md §1.1). A misspelt topic would be waited for in vain: it is refused."""
OPEN_PATH = "/v1.0/gateway/connections/open"


@dataclass(slots=True)
class Ticket:
    """Opens exactly one connection."""

    subscriptions: frozenset[tuple[str, str]]
    expires_at: datetime
    is_used: bool = False


class Gateway:
    """Hands out tickets and turns each into one WebSocket."""

    def __init__(self, core: Core, delivery: Delivery) -> None:
        self._core = core
        self._delivery = delivery
        self._tickets: dict[str, Ticket] = {}
        self.ping_seconds = 25.0
        """How often each connection gets a SYSTEM ping."""

    @property
    def issued(self) -> list[str]:
        """All tickets, those that were used included."""
        return list(self._tickets)

    def endpoints(self) -> list[Endpoint]:
        """The one HTTP call of the gateway."""
        known = ("clientId", "clientSecret", "subscriptions", "ua", "localIp", "extras")
        return [Endpoint("POST", OPEN_PATH, self._open, known, needs_token=False, is_metered=False, id_key="requestId")]

    def _open(self, ask: Ask) -> dict[str, Any]:
        if "application/json" not in ask.accept:
            self._core.record.violate(f"POST {OPEN_PATH}: without `Accept: application/json` the answer may be XML")
        client_id, secret = ask.fields.text("clientId"), ask.fields.text("clientSecret")
        subscriptions = frozenset(self._subscription(item) for item in ask.fields.parts("subscriptions"))
        for optional in ("ua", "localIp"):
            ask.fields.text_or(optional, "")
        if (client_id, secret) != (self._core.client_id, self._core.client_secret):
            raise Refusal("invalidParameter", "clientId或clientSecret错误", is_violation=True)
        ticket = str(uuid.uuid4())
        expires_at = self._core.world.clock.now() + timedelta(seconds=TICKET_SECONDS)
        self._tickets[ticket] = Ticket(subscriptions, expires_at)
        return {"endpoint": self._core.url.replace("http://", "ws://") + "/connect", "ticket": ticket}

    @staticmethod
    def _subscription(item: Fields) -> tuple[str, str]:
        kind, topic = item.text("type"), item.text("topic")
        if kind == "SYSTEM":  # the SDKs may ask for it; it always comes
            return kind, topic
        if kind not in TOPICS:
            raise BadField("subscriptions", f"type {kind!r} is neither EVENT nor CALLBACK")
        if topic not in TOPICS[kind]:
            raise BadField("subscriptions", f"{topic!r} is no topic of {kind}, only {', '.join(TOPICS[kind])}")
        return kind, topic

    def _why_not(self, ticket: Ticket | None) -> str | None:
        if ticket is None:
            return "unknown ticket"
        if ticket.is_used:
            return "the ticket was used before; it opens one connection only"
        if ticket.expires_at <= self._core.world.clock.now():
            return f"the ticket is older than {TICKET_SECONDS} s"
        return None

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """GET /connect?ticket=…: the WebSocket itself, until either side ends it."""
        ticket = self._tickets.get(request.query.get("ticket", ""))
        problem = self._why_not(ticket)
        if problem is not None or ticket is None:
            self._core.record.violate(f"GET /connect: {problem}")
            return reply(CALL.get(), 401, {"code": "invalidTicket", "message": problem})
        ticket.is_used = True
        socket = web.WebSocketResponse(timeout=CLOSE_SECONDS, compress=False, max_msg_size=MOST_BYTES_UP)
        try:
            await socket.prepare(request)
        except ConnectionError:
            return web.Response(status=400)  # to nobody: whoever asked was gone by now
        CALL.get().status = 101
        connection = self._delivery.connected(socket, request.transport, ticket.subscriptions)
        pinging = asyncio.create_task(self._keep_pinging(connection))
        try:
            await self._receive(connection)
        finally:
            pinging.cancel()
            self._delivery.ended(connection)
        return socket

    async def _keep_pinging(self, connection: Connection) -> None:
        while True:
            await asyncio.sleep(self.ping_seconds)
            await self._delivery.ping(connection)

    async def _receive(self, connection: Connection) -> None:
        async for message in connection.socket:
            if message.type is WSMsgType.TEXT:
                self._delivery.receive(connection, message.data)
            elif message.type is WSMsgType.BINARY:
                self._core.record.violate(f"connection {connection.number}: a binary frame; only text is allowed")
