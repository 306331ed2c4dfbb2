"""Every switch for trouble, of HTTP and of the WebSockets, in one place."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import WSCloseCode

from sandbox.delivery import Connection, Delivery
from sandbox.faults import HttpFaults


class Faults:
    """`faults.answer/delay/hang/drop(path, …)` for HTTP, the rest for connections (all where none is named)."""

    def __init__(self, http: HttpFaults, delivery: Delivery) -> None:
        self._http = http
        self._delivery = delivery
        self.disconnect_grace_seconds = 10.0
        """Time between the disconnect notice and the end of TCP."""

    # -- HTTP ----------------------------------------------------------------------------------------------------

    def answer(
        self, path: str, status: int, body: Any = "", times: int | None = 1, *, after_work: bool = False
    ) -> None:
        """Answer the next `times` calls with this status and body. `after_work`: the work is done all the same."""
        self._http.answer(path, status, body, times, after_work=after_work)

    def delay(self, path: str, seconds: float, times: int | None = 1) -> None:
        """Answer well, but late."""
        self._http.delay(path, seconds, times)

    def hang(self, path: str, times: int | None = 1, *, after_work: bool = False) -> None:
        """Never answer."""
        self._http.hang(path, times, after_work=after_work)

    def drop(self, path: str, times: int | None = 1, *, after_work: bool = False) -> None:
        """Drop TCP without an answer."""
        self._http.drop(path, times, after_work=after_work)

    def clear(self) -> None:
        """All HTTP is well again, muted connections are heard again, messages come once and in order."""
        self._http.clear()
        self._delivery.duplicate_next = self._delivery.on_two_next = 0
        self._delivery.scatter_seconds = 0.0
        for connection in self._delivery.connections:
            connection.is_muted = False

    # -- WebSockets ----------------------------------------------------------------------------------------------

    def _those(self, connection: Connection | None) -> list[Connection]:
        return list(self._delivery.connections) if connection is None else [connection]

    async def close(self, connection: Connection | None = None) -> None:
        """Close cleanly, without a disconnect notice."""
        those = self._those(connection)
        for one in those:
            self._delivery.ended(one)
        await asyncio.gather(*(one.socket.close(code=WSCloseCode.GOING_AWAY) for one in those))

    def abort(self, connection: Connection | None = None) -> None:
        """Cut TCP, with neither notice nor closing handshake."""
        for one in self._those(connection):
            self._delivery.ended(one)
            if one.transport is not None:
                one.transport.abort()

    def mute(self, connection: Connection | None = None) -> None:
        """Make a zombie: TCP and pong go on, no frame comes any more, pings included."""
        for one in self._those(connection):
            one.is_muted = True

    async def disconnect(self, connection: Connection | None = None, reason: str = "connection is expired") -> None:
        """Send the disconnect notice, deliver nothing more, and end TCP after `disconnect_grace_seconds`."""
        for one in self._those(connection):
            await self._delivery.notice(one, reason)
            self._delivery.end_later(one, self.disconnect_grace_seconds)

    def duplicate_next(self, times: int = 1) -> None:
        """The next messages come twice: new `headers.messageId`, same `msgId`."""
        self._delivery.duplicate_next += times

    def deliver_on_two(self, times: int = 1) -> None:
        """The next messages come on two connections at once."""
        self._delivery.on_two_next += times

    def old_again(self, most: int = 10) -> None:
        """Some of the last few hundred messages come once more, long after they were acknowledged."""
        self._delivery.deliver_old_again(most)

    def scatter(self, seconds: float) -> None:
        """From now on each message comes after a random time of its own up to `seconds`: out of order."""
        self._delivery.scatter_seconds = seconds

    async def raw(self, text: str, connection: Connection | None = None) -> None:
        """Send any text as a frame."""
        for one in self._those(connection):
            await self._delivery.send_raw(one, text)

    async def garbage(self, connection: Connection | None = None) -> None:
        """Send a frame that is not JSON."""
        await self.raw('{"specVersion":"1.0","type":"CALLB', connection)
