"""From a row of the inbox to its effects: one handler call, one transaction, in order within a conversation."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
import time
import traceback
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.gateway import frames
from bot.logs import correlation, redacted
from bot.outbox.drafts import drafts_of
from bot.waiting import heard_within
from handlers.message import Due, Event, Incoming, Outgoing
from storage.inbox import Arrival, InboxRow
from storage.store import Store

logger = logging.getLogger(__name__)

Item = Incoming | Event | Due
Handle = Callable[[Item, datetime], list[Outgoing]]
"""What to do with an item at a moment: writes through the store, returns what to send."""

RETRY_AFTER = (timedelta(seconds=1), timedelta(seconds=5))
"""Waits before the second and the third try; after the third the row is parked."""
_BATCH = 200
_LONGEST_TURN_SECONDS = 0.02
"""Handlers run on the loop; after this long the gateway gets its turn."""
_AFTER_DISK_ERROR_SECONDS = 5.0


class Dispatch:
    """Works through the inbox until it is cancelled."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        handle: Handle,
        *,
        queued: Callable[[], None] = lambda: None,
        prepare: Callable[[Due], Awaitable[None]] | None = None,
    ) -> None:
        """`queued` is called when there is something new to send; `prepare` fetches what a due task needs."""
        self._store = store
        self._clock = clock
        self._handle = handle
        self._queued = queued
        self._prepare = prepare
        self._news = asyncio.Event()
        self._preparing: dict[str, asyncio.Task[None]] = {}
        """Conversations whose due task is being prepared."""
        self._prepared: set[int] = set()

    def wake(self) -> None:
        """There is something new in the inbox, or the clock was moved."""
        self._news.set()

    def take_due(self, due: Due) -> None:
        """Put a due task into the inbox, in the transaction of the caller."""
        body = {
            "task": due.task,
            "schedule": due.schedule,
            "planned_at": due.planned_at.isoformat(),
            "is_late": due.is_late,
        }
        self._store.inbox.take(
            [Arrival(f"due:{due.id}", "due", f"due:{due.task}", json.dumps(body), self._clock.now())]
        )
        self.wake()

    async def run(self) -> None:
        """Handle what is there, then wait for more. Ends only by cancellation."""
        try:
            while True:
                self._news.clear()
                try:
                    has_worked = await self._round()
                except sqlite3.Error:
                    # A full disk, say. Nothing is lost: the rows stand, and the loop must not spin.
                    logger.exception("收件箱读写出错，稍后再试 / the inbox cannot be read or written, trying again")
                    await asyncio.sleep(_AFTER_DISK_ERROR_SECONDS)
                    continue
                if not has_worked:
                    await self._wait()
        finally:
            preparing = list(self._preparing.values())
            for task in preparing:
                task.cancel()
            await asyncio.gather(*preparing, return_exceptions=True)

    async def _wait(self) -> None:
        next_try = self._store.inbox.next_try()
        # What is being prepared may be past its time and still have to wait: its end wakes us.
        least = 1.0 if self._preparing else 0.01
        seconds = None if next_try is None else max(least, (next_try - self._clock.now()).total_seconds())
        # A moved clock wakes us; the bound only limits what a clock set back could cost.
        await heard_within(self._news, None if seconds is None else min(seconds, 30.0))

    async def _round(self) -> bool:
        """Handle a batch of the oldest open rows. False when there was nothing to do.

        One after the other in the order of arrival, so that order holds within every conversation; one whose row
        failed or is being prepared is left out until that row's turn comes again.
        """
        held = set(self._preparing)
        rows = self._store.inbox.next_rows(self._clock.now(), _BATCH, beside=held)
        began = time.monotonic()
        for row in rows:
            if row.conversation in held:
                continue
            if (row.kind == "due" and self._begin_preparing(row)) or not self._take_turn(row):
                held.add(row.conversation)
            if time.monotonic() - began > _LONGEST_TURN_SECONDS:
                await asyncio.sleep(0)
                began = time.monotonic()
        await asyncio.sleep(0)
        return bool(rows)

    def _begin_preparing(self, row: InboxRow) -> bool:
        """Start fetching what a due task needs; True while the row has to wait for it."""
        if self._prepare is None or row.id in self._prepared:
            self._prepared.discard(row.id)
            return False
        self._preparing[row.conversation] = asyncio.create_task(self._prepare_row(self._prepare, row))
        return True

    async def _prepare_row(self, prepare: Callable[[Due], Awaitable[None]], row: InboxRow) -> None:
        try:
            await prepare(_due(json.loads(row.body)))
        except Exception:
            logger.exception("准备定时任务时出错，用已有数据继续 / preparing a due task failed: going on with old data")
        finally:
            del self._preparing[row.conversation]
            self._prepared.add(row.id)
            self.wake()

    def _take_turn(self, row: InboxRow) -> bool:
        """Handle one row. False when it is to be tried again, and its conversation has to wait for that."""
        with correlation(f"in-{row.id}"):
            try:
                item = _item(row)
            except Exception as error:  # noqa: BLE001 - whatever it is, trying again would not make it readable
                self._store.inbox.park(row.id, _storable(f"读不懂 / unreadable: {error!r}"), self._clock.now())
                logger.warning("收件 %s 读不懂，已搁置 / parked an unreadable row: %r", row.key, error)
                return True
            logger.debug("处理 / handling %s", row.key)
            try:
                self._carry_out(row, item)
            except Exception:  # noqa: BLE001 - retried, then parked with its traceback
                return self._failed(row, traceback.format_exc())
            return True

    def _carry_out(self, row: InboxRow, item: Item) -> None:
        now = self._clock.now()
        with self._store.database.transaction():
            outgoing = self._handle(item, now)
            for message in outgoing:
                for draft in drafts_of(message, item, now, row.id):
                    self._store.outbox.add(draft)
            self._store.inbox.done(row.id, now)
        if outgoing:
            self._queued()

    def _failed(self, row: InboxRow, error: str) -> bool:
        """Try again later, or park after the last try. True when it is parked."""
        now, error = self._clock.now(), _storable(error)
        if row.attempts < len(RETRY_AFTER):
            self._store.inbox.failed(row.id, error, now + RETRY_AFTER[row.attempts])
            logger.warning("处理第 %d 次失败，稍后再试 / try %d failed", row.attempts + 1, row.attempts + 1)
            return False
        self._store.inbox.park(row.id, error, now)
        logger.error("处理失败，已搁置，/状态 可查 / parked after the last try:\n%s", error)
        return True


def _storable(error: str) -> str:
    """An error as it may be kept and shown: without secrets and numbers, and without what no database takes."""
    return redacted(error.encode("utf-8", "backslashreplace").decode())


def _item(row: InboxRow) -> Item:
    """What a row holds. Raises for a row that holds nothing readable."""
    body: dict[str, Any] = json.loads(row.body)
    if row.kind == "due":
        return _due(body)
    found = frames.incoming(body) if row.kind == "message" else frames.event(body["headers"], body["data"])
    if isinstance(found, frames.Unreadable):
        raise ValueError(found.reason)
    return found


def _due(body: dict[str, Any]) -> Due:
    return Due(
        task=body["task"],
        schedule=body["schedule"],
        planned_at=datetime.fromisoformat(body["planned_at"]),
        is_late=body["is_late"],
    )
