"""Group commit: whatever arrives in one turn of the loop is stored in one transaction, and only then acknowledged."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from storage.database import Database
from storage.inbox import Arrival, Inbox


class Intake:
    """Puts arrivals into the inbox. A disk that is slow costs one wait for all, not one for each."""

    def __init__(self, database: Database, inbox: Inbox, stored: Callable[[], None]) -> None:
        """`stored` is called after every commit that brought something new."""
        self._database = database
        self._inbox = inbox
        self._stored = stored
        self._waiting: list[tuple[Arrival, asyncio.Future[None]]] = []

    async def take(self, arrival: Arrival) -> None:
        """Return once it is on disk, or was there before. Raises `sqlite3.Error` when it could not be stored."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        self._waiting.append((arrival, future))
        if len(self._waiting) == 1:
            loop.call_soon(self._commit)
        await future

    def _commit(self) -> None:
        waiting, self._waiting = self._waiting, []
        try:
            with self._database.transaction():
                new = self._inbox.take(arrival for arrival, _ in waiting)
        except Exception as error:  # noqa: BLE001 - handed to everyone who waits; nobody acknowledges
            for _, future in waiting:
                if not future.done():
                    future.set_exception(error)
            return
        for _, future in waiting:
            if not future.done():
                future.set_result(None)
        if new:
            self._stored()
