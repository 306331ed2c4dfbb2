"""Keeps a number of stream connections open at all times (docs/platform.md §1.4).

Each of the slots holds one connection. When a connection is about to end, was closed, or has gone mute, its slot opens
the next one first and lets go of the old one then, so that there is no moment without a listener that we could avoid.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import random
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Self

import aiohttp
import websockets
from websockets.asyncio.client import connect

from bot.addresses import is_loopback
from bot.clock import Clock
from bot.gateway.complaints import Complaints
from bot.gateway.connection import MAX_FRAME_BYTES, Connection
from bot.gateway.intake import Intake
from bot.gateway.opening import OPENING_SECONDS, OpeningError, Ticket, Trouble, no_socket, open_gateway
from bot.metrics import Meter
from bot.waiting import heard_within

logger = logging.getLogger(__name__)
# The library's own log holds, at DEBUG, the address with its ticket and every frame.
_library_logger = logging.getLogger(f"{__name__}.socket")
_library_logger.setLevel(logging.WARNING)

_FAILURES_WORTH_A_WORD = 3
"""Connections in a row that did not live long."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the gateway waits for what, in seconds."""

    mute: float = 60.0
    """Without any frame before a connection counts as mute; DingTalk pings every 20 to 30 s (docs/platform.md §1.2)."""
    ping: float = 15.0
    """Between our pings, and again for the answer: dead TCP is found in little over half the time for muteness."""
    apart: float = 2.0
    """Between two openings, so that connections do not expire together. Four slots that get their notice at once are
    all replaced within six seconds, before DingTalk cuts the first old one."""
    first_retry: float = 1.0
    longest_retry: float = 60.0
    stable: float = 10.0
    """A connection that lived this long proves that all is well: the back-off starts afresh."""
    linger: float = 12.0
    """A connection that got its notice may go on talking; DingTalk cuts it after about ten (docs/platform.md §1.4)."""
    opening: float = OPENING_SECONDS
    """For the call that opens a connection, and again for the WebSocket."""
    repeat_complaint: float = 900.0
    """Before the same trouble is logged again."""

    @classmethod
    def of(cls, mute_seconds: float) -> Self:
        """As the settings have it (`[dingtalk] mute_seconds`)."""
        return cls(mute=mute_seconds, ping=mute_seconds / 4)


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
        meter: Meter | None = None,
    ) -> None:
        self._session = session
        self._intake = intake
        self._clock = clock
        self._endpoint = endpoint
        self._client_id = client_id
        self._client_secret = client_secret
        self.wanted = connections
        """How many connections it is to hold."""
        self._patience = patience or Patience()
        self._meter = meter or Meter()
        self._open: set[Connection] = set()
        self._numbers = itertools.count(1)
        self._noted: set[str] = set()
        self._complaints = Complaints(self._patience.repeat_complaint)
        self._next_turn_at = 0.0
        self._heard_until: float | None = None
        self._heard_at: datetime | None = None
        self.last_failure: OpeningError | None = None
        """Why there is no connection; None while there is one, and before the first try."""
        self.has_connected = asyncio.Event()
        """Set for good once the first connection stands."""
        self.changed = asyncio.Event()
        """Set whenever a connection comes or goes, or none can be had; for one listener, who clears it."""

    @property
    def connected(self) -> int:
        """How many connections are open and not about to end."""
        return len(self.numbers)

    @property
    def heard_at(self) -> datetime | None:
        """Last frame of any kind on any connection, by our clock; None before the first connection."""
        return max((connection.heard_at for connection in self._open), default=self._heard_at)

    def quiet_seconds(self) -> float | None:
        """Seconds since the last frame on any connection; None while there is none."""
        if not self._open:
            return None
        return asyncio.get_running_loop().time() - max(connection.last_frame_at for connection in self._open)

    def deaf_seconds(self) -> float | None:
        """Seconds since the moment up to which something said would have come; 0 while connected, None before that.

        A connection that was found mute or dead was of no use since its last frame.
        """
        if self.connected:
            return 0.0
        return None if self._heard_until is None else asyncio.get_running_loop().time() - self._heard_until

    @property
    def numbers(self) -> frozenset[int]:
        """Of the connections that are open and not about to end; each connection has its own."""
        return frozenset(connection.number for connection in self._open if not connection.leaving.is_set())

    def renew(self) -> None:
        """Replace every connection: the machine slept, and what stands may be dead without knowing it."""
        for connection in list(self._open):
            connection.leave("mute", was_dead=True)

    async def run(self) -> None:
        """Keep all slots filled. Ends only by cancellation."""
        async with asyncio.TaskGroup() as group:
            for _ in range(self.wanted):
                group.create_task(self._keep(group))

    async def _keep(self, group: asyncio.TaskGroup) -> None:
        failures = 0
        while True:
            await self._turn()
            held = asyncio.get_running_loop().create_future()
            group.create_task(self._hold(held))
            is_refused = False
            try:
                connection: Connection = await held
            except OpeningError as error:
                self._failed(error)
                failures += 1
                is_refused = error.is_refused
            else:
                await self._watch(connection)
                lived = asyncio.get_running_loop().time() - connection.opened_at
                failures = 0 if lived >= self._patience.stable else failures + 1
                self._lived(failures)
                if connection.reason == "notice" and failures <= 1:
                    continue  # the replacement comes before the end, without a pause
            await asyncio.sleep(self._pause(failures, is_refused=is_refused))

    async def _turn(self) -> None:
        """Wait until the last opening, of whatever slot, is long enough ago."""
        now = asyncio.get_running_loop().time()
        turn = max(now, self._next_turn_at)
        self._next_turn_at = turn + self._patience.apart
        await asyncio.sleep(turn - now)

    def _pause(self, failures: int, *, is_refused: bool = False) -> float:
        """Back-off with full jitter; none after a connection that lived long enough.

        Whoever is refused comes to ask at the longest interval: each wrong secret is one too many.
        """
        if failures == 0:
            return 0.0
        longest = min(self._patience.longest_retry, self._patience.first_retry * 2.0 ** min(failures - 1, 16))
        return longest if is_refused else random.uniform(0.0, longest)

    async def _hold(self, held: asyncio.Future[Connection]) -> None:
        """Open a connection, hand it to the slot, and read it to its end."""
        try:
            ticket = await open_gateway(
                self._session, self._endpoint, self._client_id, self._client_secret, self._patience.opening
            )
            async with self._socket(ticket) as socket:
                connection = Connection(
                    socket,
                    self._intake,
                    self._clock,
                    number=next(self._numbers),
                    meter=self._meter,
                    noted=self._noted,
                    left=self._left,
                )
                self._open.add(connection)
                self._stands()
                held.set_result(connection)
                try:
                    await connection.read()
                finally:
                    self._heard_at = self.heard_at
                    self._open.discard(connection)
                    await connection.close()
        except OpeningError as error:
            if not held.done():
                held.set_exception(error)
        # ImportError, ValueError: a proxy of the environment that the library cannot use.
        except (OSError, TimeoutError, websockets.WebSocketException, ImportError, ValueError) as error:
            if not held.done():
                held.set_exception(no_socket(error))

    def _socket(self, ticket: Ticket) -> connect:
        proxy: Literal[True] | None = None if is_loopback(ticket.address) else True
        return connect(
            ticket.address,
            max_size=MAX_FRAME_BYTES,
            proxy=proxy,
            ping_interval=self._patience.ping,
            ping_timeout=self._patience.ping,
            open_timeout=self._patience.opening,
            close_timeout=min(3.0, self._patience.ping),
            logger=_library_logger,
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
                connection.leave("mute", was_dead=True)
                break
            await heard_within(connection.leaving, left)
        if connection.reason != "closed":
            loop.call_later(self._patience.linger, connection.end_soon)
        else:
            logger.info("连接断了，换一条 / a connection ended (%s): replacing it", connection.close_code)

    def _left(self, connection: Connection) -> None:
        """A connection is about to end, or has."""
        self._heard_until = max(self._heard_until or connection.heard_until, connection.heard_until)
        self.changed.set()

    def _failed(self, error: OpeningError) -> None:
        if not self.connected:
            self.last_failure = error
            self.changed.set()
        self._complain(error)

    def _lived(self, failures: int) -> None:
        """A connection needs a replacement; so many in a row did not live long."""
        if failures == 0:
            self._complaints.lived()
        elif failures >= _FAILURES_WORTH_A_WORD:
            self._complain(
                OpeningError(
                    "连接一建好就断，一次次重连中：多半是网络不稳或代理限制长连接 / connections end as soon as they stand: "
                    "look at the network, and at proxies that do not allow long connections",
                    Trouble.SHORT_LIVED,
                )
            )

    def _complain(self, error: OpeningError) -> None:
        if self._complaints.is_news(error, asyncio.get_running_loop().time()):
            logger.log(logging.ERROR if error.is_refused else logging.WARNING, "%s", error)

    def _stands(self) -> None:
        """One more connection stands."""
        self._meter.opened()
        lasted = self._complaints.over(asyncio.get_running_loop().time())
        if lasted is not None:
            logger.info("已连上钉钉，故障持续了 %.0f 秒 / connected to DingTalk, the trouble is over", lasted)
        elif not self.has_connected.is_set():
            logger.info("已连上钉钉 / connected to DingTalk")
        self.last_failure = None
        self.has_connected.set()
        self.changed.set()
