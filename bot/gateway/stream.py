"""Keeps a number of stream connections open at all times (docs/platform.md §1.4).

Each of the slots holds one connection. When a connection is about to end, was closed, or has gone mute, its slot opens
the next one first and lets go of the old one then, so that there is no moment without a listener that we could avoid.
"""

from __future__ import annotations

import asyncio
import logging
import random
from dataclasses import dataclass
from typing import Literal

import aiohttp
import websockets
from websockets.asyncio.client import connect

from bot.clock import Clock
from bot.gateway.connection import MAX_FRAME_BYTES, Connection
from bot.gateway.intake import Intake
from bot.gateway.opening import OpeningError, is_loopback, open_gateway
from bot.waiting import heard_within

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the gateway waits for what, in seconds."""

    mute: float = 75.0
    """Without any frame before a connection counts as mute; DingTalk pings every 20 to 30 s (docs/platform.md §1.2)."""
    apart: float = 1.0
    """Between the openings of two slots, so that they do not expire together."""
    first_retry: float = 1.0
    longest_retry: float = 60.0
    stable: float = 10.0
    """A connection that lived this long proves that all is well: the back-off starts afresh."""
    linger: float = 12.0
    """A connection that got its notice may go on talking; DingTalk cuts it after about ten (docs/platform.md §1.4)."""
    repeat_complaint: float = 900.0
    """Before the same trouble is logged again."""


class Gateway:
    """The door in. `run` keeps the connections until it is cancelled, then closes them with a close frame."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        intake: Intake,
        clock: Clock,
        *,
        endpoint: str,
        client_id: str,
        client_secret: str,
        connections: int = 2,
        patience: Patience | None = None,
    ) -> None:
        self._session = session
        self._intake = intake
        self._clock = clock
        self._endpoint = endpoint
        self._client_id = client_id
        self._client_secret = client_secret
        self._slots = connections
        self._patience = patience or Patience()
        self._open: set[Connection] = set()
        self._complaints: dict[str, float] = {}
        self.has_connected = asyncio.Event()
        """Set for good once the first connection stands."""

    @property
    def connected(self) -> int:
        """How many connections are open and not about to end."""
        return sum(not connection.leaving.is_set() for connection in self._open)

    def quiet_seconds(self) -> float | None:
        """Seconds since the last frame on any connection; None before the first connection."""
        if not self._open:
            return None
        return asyncio.get_running_loop().time() - max(connection.last_frame_at for connection in self._open)

    async def run(self) -> None:
        """Keep all slots filled. Ends only by cancellation."""
        async with asyncio.TaskGroup() as group:
            for slot in range(self._slots):
                group.create_task(self._keep(group, slot))

    async def _keep(self, group: asyncio.TaskGroup, slot: int) -> None:
        await asyncio.sleep(slot * self._patience.apart)
        failures = 0
        while True:
            held = asyncio.get_running_loop().create_future()
            group.create_task(self._hold(held))
            try:
                connection: Connection = await held
            except OpeningError as error:
                self._complain(str(error), is_refused=error.is_refused)
                failures += 1
            else:
                await self._watch(connection)
                lived = asyncio.get_running_loop().time() - connection.opened_at
                failures = 0 if lived >= self._patience.stable else failures + 1
                if connection.reason == "notice" and failures <= 1:
                    continue  # the replacement comes before the end, without a pause
            await asyncio.sleep(self._pause(failures))

    def _pause(self, failures: int) -> float:
        """Back-off with full jitter; none after a connection that lived long enough."""
        if failures == 0:
            return 0.0
        doubled = self._patience.first_retry * 2.0 ** min(failures - 1, 16)
        longest = min(self._patience.longest_retry, doubled)
        return random.uniform(longest / 10, longest)

    async def _hold(self, held: asyncio.Future[Connection]) -> None:
        """Open a connection, hand it to the slot, and read it to its end."""
        try:
            ticket = await open_gateway(self._session, self._endpoint, self._client_id, self._client_secret)
            proxy: Literal[True] | None = None if is_loopback(ticket.address) else True
            async with connect(ticket.address, max_size=MAX_FRAME_BYTES, proxy=proxy, close_timeout=3) as socket:
                connection = Connection(socket, self._intake, self._clock)
                self._open.add(connection)
                self._relieved()
                held.set_result(connection)
                try:
                    await connection.read()
                finally:
                    self._open.discard(connection)
                    await connection.close()
        except OpeningError as error:
            if not held.done():
                held.set_exception(error)
        # ImportError, ValueError: a proxy of the environment that the library cannot use.
        except (OSError, TimeoutError, websockets.WebSocketException, ImportError, ValueError) as error:
            if not held.done():
                held.set_exception(
                    OpeningError(
                        f"拿到了地址，但 WebSocket 连不上（{type(error).__name__}）：多半是代理或 TLS 拦截 / "
                        "the WebSocket cannot be opened: look at proxy and TLS interception"
                    )
                )

    async def _watch(self, connection: Connection) -> None:
        """Return when the connection needs a replacement. A mute one is closed a little later by itself."""
        loop = asyncio.get_running_loop()
        while not connection.leaving.is_set():
            left = connection.last_frame_at + self._patience.mute - loop.time()
            if left <= 0:
                logger.warning(
                    "连接 %.0f 秒没有动静，换一条 / a connection went mute: replacing it", self._patience.mute
                )
                connection.leave("mute")
                break
            await heard_within(connection.leaving, left)
        if connection.reason != "closed":
            loop.call_later(self._patience.linger, connection.end_soon)

    def _complain(self, text: str, *, is_refused: bool) -> None:
        """Say it once, and again only after a long while."""
        now = asyncio.get_running_loop().time()
        said_at = self._complaints.get(text)
        if said_at is None or now - said_at > self._patience.repeat_complaint:
            self._complaints[text] = now
            logger.log(logging.ERROR if is_refused else logging.WARNING, "%s", text)

    def _relieved(self) -> None:
        if self._complaints or not self.has_connected.is_set():
            self._complaints.clear()
            logger.info("已连上钉钉 / connected to DingTalk")
        self.has_connected.set()
