"""Takes what is posted to session webhooks: HTTP by hand, because a whole web framework would cost more than the bot."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_BODY = b'{"errcode":0,"errmsg":"ok"}'
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(_BODY), _BODY)


class Posts(asyncio.Protocol):
    """One connection; every request on it is a POST with a length, as both bots send it."""

    def __init__(self, took: Callable[[bytes, float], None], latency: Callable[[], float]) -> None:
        """`took` gets each body and the moment; the answer goes out `latency()` seconds later."""
        self._took = took
        self._latency = latency
        self._unread = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._unread += data
        while (end := self._unread.find(b"\r\n\r\n")) >= 0:
            found = _LENGTH.search(self._unread, 0, end + 2)
            after = end + 4 + (int(found[1]) if found else 0)
            if len(self._unread) < after:
                return
            body, self._unread = self._unread[end + 4 : after], self._unread[after:]
            self._took(body, time.perf_counter())
            self._answer()

    def _answer(self) -> None:
        seconds = self._latency()
        if seconds:
            asyncio.get_running_loop().call_later(seconds, self._write)
        else:
            self._write()

    def _write(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(_ANSWER)
