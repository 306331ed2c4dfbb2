"""Whatever arrives in one turn of the loop is stored together, and only then acknowledged."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from bot.metrics import Meter
from bot.writer import Writer
from storage.inbox import Arrival, Inbox, Taken

logger = logging.getLogger(__name__)


class Intake:
    """Puts arrivals into the inbox. A disk that is slow costs one wait for all, not one for each."""

    def __init__(self, writer: Writer, inbox: Inbox, stored: Callable[[], None], meter: Meter | None = None) -> None:
        """`stored` is called after every commit that brought something new."""
        self._writer = writer
        self._inbox = inbox
        self._stored = stored
        self._meter = meter or Meter()
        self._waiting: list[tuple[Arrival, asyncio.Future[Taken]]] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def take(self, arrival: Arrival) -> Taken:
        """Return once it is on disk, or was there before. Raises `sqlite3.Error` when it could not be stored."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Taken] = loop.create_future()
        self._waiting.append((arrival, future))
        if len(self._waiting) == 1:
            loop.call_soon(self._begin)
        return await future

    def _begin(self) -> None:
        task = asyncio.get_running_loop().create_task(self._commit())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _commit(self) -> None:
        waiting, self._waiting = self._waiting, []
        try:
            taken = await self._writer.do(lambda: self._inbox.take(arrival for arrival, _ in waiting))
        except Exception as error:  # noqa: BLE001 - handed to everyone who waits; nobody acknowledges
            for _, future in waiting:
                if not future.done():
                    future.set_exception(error)
            return
        for (arrival, future), one in zip(waiting, taken, strict=True):
            self._meter.took(arrival.kind, is_new=one.is_new)
            if not future.done():
                future.set_result(one)
        if any(one.is_new for one in taken):
            self._stored()
