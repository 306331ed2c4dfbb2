"""From a row of the inbox to its effects: one handler call, one transaction, in order within a conversation."""

from __future__ import annotations

import asyncio
import json
import logging
import time
import traceback
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.gateway import frames
from bot.logs import correlation
from bot.outbox.drafts import drafts_of
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
        self._preparing: dict[int, asyncio.Task[None]] = {}
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
                if not await self._round():
                    await self._wait()
        finally:
            for task in self._preparing.values():
                task.cancel()

    async def _wait(self) -> None:
        next_try = self._store.inbox.next_try()
        seconds = None if next_try is None else max(0.05, (next_try - self._clock.now()).total_seconds())
        try:
            # A moved clock wakes us; the bound only limits what a clock set back could cost.
            await asyncio.wait_for(self._news.wait(), None if seconds is None else min(seconds, 30.0))
        except TimeoutError:
            return

    async def _round(self) -> bool:
        """Handle the first open row of every conversation once. False when there was nothing to do."""
        rows = [row for row in self._store.inbox.next_rows(self._clock.now(), _BATCH) if row.id not in self._preparing]
        began = time.monotonic()
        for row in rows:
            if row.kind == "due" and self._begin_preparing(row):
                continue
            self._take_turn(row)
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
        self._preparing[row.id] = asyncio.create_task(self._prepare_row(self._prepare, row))
        return True

    async def _prepare_row(self, prepare: Callable[[Due], Awaitable[None]], row: InboxRow) -> None:
        try:
            await prepare(_due(json.loads(row.body)))
        except Exception:
            logger.exception("准备定时任务时出错，用已有数据继续 / preparing a due task failed: going on with old data")
        finally:
            del self._preparing[row.id]
            self._prepared.add(row.id)
            self.wake()

    def _take_turn(self, row: InboxRow) -> None:
        with correlation(f"in-{row.id}"):
            try:
                item = _item(row)
            except (ValueError, KeyError, TypeError) as error:
                self._store.inbox.park(row.id, f"读不懂 / unreadable: {error}", self._clock.now())
                logger.warning("收件 %s 读不懂，已搁置 / parked an unreadable row: %s", row.id, error)
                return
            try:
                self._carry_out(row, item)
            except Exception:  # noqa: BLE001 - retried, then parked with its traceback
                self._failed(row, traceback.format_exc())

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

    def _failed(self, row: InboxRow, error: str) -> None:
        now = self._clock.now()
        if row.attempts < len(RETRY_AFTER):
            self._store.inbox.failed(row.id, error, now + RETRY_AFTER[row.attempts])
            logger.warning("处理第 %d 次失败，稍后再试 / try %d failed", row.attempts + 1, row.attempts + 1)
            return
        self._store.inbox.park(row.id, error, now)
        logger.error("处理失败，已搁置，/自检 可查 / parked after the last try:\n%s", error)


def _item(row: InboxRow) -> Item:
    """What a row holds. Raises ValueError, KeyError or TypeError for a row that holds nothing readable."""
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
