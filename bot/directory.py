"""When the directory is read: at first, at night, and before what rests on it; as far as the month's calls allow."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot import sync
from bot.clock import Clock
from bot.desk import Desk
from bot.openapi import ErrorKind, Mark, OpenAPI, OpenAPIError
from bot.schedule import SYNC
from bot.writer import Writer
from handlers.message import Due
from handlers.quota.apis import REFUSED
from handlers.quota.current import current
from handlers.quota.standing import reads_directory
from storage.store import Store

logger = logging.getLogger(__name__)

WANTED_BY = ("cleanup-cycle", SYNC[0])
"""Due tasks before which the directory and the scene groups are read anew."""


class Directory:
    """Reads it once for all who want it at the same time: that costs a call for every hundred people, and time."""

    def __init__(
        self,
        openapi: OpenAPI,
        store: Store,
        clock: Clock,
        writer: Writer,
        desk: Desk,
        enter: Callable[[str, Mark], Awaitable[None]],
    ) -> None:
        """`enter` writes into the ledger of calls."""
        self._openapi = openapi
        self._store = store
        self._clock = clock
        self._writer = writer
        self._desk = desk
        self._enter = enter
        self._reading: asyncio.Task[sync.Summary] | None = None
        """The reading that is under way, or the last one."""

    @property
    def is_unknown(self) -> bool:
        """Nobody is known yet, as with a fresh database."""
        return not self._store.staff.in_directory()

    def wanted_before(self, due: Due) -> Awaitable[None] | None:
        """The reading that a due task waits for, or None."""
        return self._read() if due.task in WANTED_BY and self._can_afford(due) else None

    async def close(self) -> None:
        """Give up what is being read."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)

    def _can_afford(self, due: Due) -> bool:
        """The month has calls left for it. Whoever knows nobody yet reads it all the same."""
        today = self._desk.today(self._clock.now())
        level = current(self._store, today, self._desk.settings.quota).level
        if reads_directory(level, today, is_nightly=due.task == SYNC[0]) or self.is_unknown:
            return True
        logger.warning("接口额度不多了，这次不读通讯录 / calls are scarce: the directory is not read this time")
        return False

    async def _read(self) -> None:
        """Without it the task goes on with what is known."""
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(sync.refresh(self._openapi, self._store, self._clock, self._writer))
        try:
            await asyncio.shield(self._reading)
        except OpenAPIError as error:
            logger.warning("通讯录没有读成，用已有数据继续（%s）/ the directory could not be read", error)
            if error.kind is ErrorKind.QUOTA:
                await self._enter(REFUSED, lambda: None)
