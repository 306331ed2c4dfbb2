"""From a row of the inbox to its effects: one handler call, one transaction, in order within a conversation.

Handlers work in threads, so that one that takes long delays its own conversation alone.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
import threading
import traceback
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from bot.clock import Clock
from bot.gateway import frames
from bot.logs import correlation, redacted
from bot.metrics import Meter
from bot.outbox.drafts import drafts_of
from bot.waiting import heard_within
from bot.workers import Workers
from bot.writer import Writer
from handlers.fetched import NOTHING, Fetched
from handlers.message import Due, Event, Incoming, Outgoing
from storage.database import ConflictError
from storage.inbox import Arrival, InboxRow
from storage.store import Store

logger = logging.getLogger(__name__)

Item = Incoming | Event | Due
Handle = Callable[[Item, datetime, Fetched], list[Outgoing]]
"""What to do with an item at a moment, given what was fetched for it: writes through the store, returns what to send. Called in several threads; may
be called again for the same item when another one got in its way."""
Prepare = Callable[[Item], Awaitable[Fetched | None] | None]
"""What has to be fetched before an item is handled, or None. Called in the loop, and while it goes on others go on."""

RETRY_AFTER = (timedelta(seconds=1), timedelta(seconds=5))
"""Waits before the second and the third try; after the third the row is parked."""
SIDE_BY_SIDE = 4
"""Threads for handlers: one works, the others step in when it is busy with one that takes long."""
_BATCH = 200
_ENOUGH = 32
"""Conversations in hand from which on no more are fetched; bounds the memory, whatever comes in."""
_BREATH_SECONDS = 0.02
"""Between two looks whether the sending has caught up."""
_TRIES_AGAINST_OTHERS = 3
_REPEAT_COMPLAINT_SECONDS = 900.0
_LONG_SECONDS = 10.0
_LAST_TURNS_SECONDS = 10.0
"""What is under way may take this long to finish when the dispatch is stopped."""
_OF_THE_DISK = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
}
"""Errors that say nothing about the message: it is not to be parked for them."""


class Dispatch:
    """Works through the inbox until it is cancelled."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        handle: Handle,
        writer: Writer,
        *,
        queued: Callable[[], None] = lambda: None,
        prepare: Prepare = lambda item: None,
        is_ahead: Callable[[], bool] = lambda: False,
        meter: Meter | None = None,
    ) -> None:
        """`queued` is called when there is something new to send; `prepare` fetches what an item needs.

        `is_ahead` tells that more answers wait than can be sent soon: then no more are made, so that whoever has one gets
        it. The rest is safe in the inbox.
        """
        self._store = store
        self._clock = clock
        self._handle = handle
        self._writer = writer
        self._queued = queued
        self._prepare = prepare
        self._is_ahead = is_ahead
        self._meter = meter or Meter()
        self._workers = Workers(SIDE_BY_SIDE, "handler")
        self._news = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.get_ident()
        self._in_hand: dict[str, asyncio.Task[None]] = {}
        """Conversations whose rows are being handled or prepared."""
        self._preparing: set[asyncio.Future[Fetched | None]] = set()
        self._is_stopping = False
        self._complained_at: float | None = None
        """When trouble with the database was logged last, by the loop's clock."""
        self.after_disk_error = 5.0
        """Seconds before the database is tried again."""

    @property
    def alive(self) -> int:
        """How many handler threads run."""
        return self._workers.alive

    def wake(self) -> None:
        """There is something new in the inbox, or the clock was moved. May be called from any thread."""
        if self._loop is None or threading.get_ident() == self._thread:
            self._news.set()
        elif not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._news.set)

    def take_due(self, due: Due) -> bool:
        """Put a due task into the inbox, in the transaction of the caller, who may be in any thread; False when it was
        there before.

        When that is committed, `wake` is to be called.
        """
        body = {
            "task": due.task,
            "schedule": due.schedule,
            "planned_at": due.planned_at.isoformat(),
            "is_late": due.is_late,
        }
        [taken] = self._store.inbox.take(
            [Arrival(f"due:{due.id}", "due", f"due:{due.task}", json.dumps(body), self._clock.now())]
        )
        return taken.is_new

    async def run(self) -> None:
        """Handle what is there, then wait for more. Ends only by cancellation, when what is under way is finished."""
        self._loop, self._thread = asyncio.get_running_loop(), threading.get_ident()
        self._workers.start()
        try:
            while True:
                self._news.clear()
                try:
                    self._begin_more()
                    await self._wait()
                except sqlite3.Error:
                    # A broken disk, say. Nothing is lost: the rows stand, and the loop must not spin.
                    logger.exception("收件箱读写出错，稍后再试 / the inbox cannot be read or written, trying again")
                    await asyncio.sleep(self.after_disk_error)
        finally:
            await self._finish()

    @property
    def is_idle(self) -> bool:
        """There is nothing that could be handled now, and nothing is being fetched for it."""
        return not self._in_hand and not self._store.inbox.next_rows(self._clock.now(), 1)

    async def until_idle(self) -> None:
        """Wait until that is so."""
        while not self.is_idle:
            await asyncio.sleep(0.01)

    async def _finish(self) -> None:
        """Every turn that has begun comes to its end; the rows behind it wait for the next start."""
        self._is_stopping = True
        for preparing in self._preparing:
            preparing.cancel()
        if self._in_hand:
            _, stuck = await asyncio.wait(set(self._in_hand.values()), timeout=_LAST_TURNS_SECONDS)
            for task in stuck:
                task.cancel()
            await asyncio.gather(*stuck, return_exceptions=True)
        # Not in the loop: what is being sent goes on while a handler that never comes back is waited for.
        await asyncio.to_thread(self._workers.stop)

    async def _wait(self) -> None:
        next_try = self._store.inbox.next_try()
        # What is in hand may be past its time and still have to wait: its end wakes us.
        least = 1.0 if self._in_hand else 0.01
        seconds = None if next_try is None else max(least, (next_try - self._clock.now()).total_seconds())
        if self._is_ahead():
            await asyncio.sleep(_BREATH_SECONDS)
            return
        # A moved clock wakes us; the bound only limits what a clock set back could cost.
        await heard_within(self._news, None if seconds is None else min(seconds, 30.0))

    def _begin_more(self) -> None:
        """Take up the oldest open rows, each conversation's in the order of arrival."""
        while len(self._in_hand) < _ENOUGH and not self._is_ahead():
            rows = self._store.inbox.next_rows(self._clock.now(), _BATCH, beside=self._in_hand)
            if not rows:
                return
            rows.sort(key=lambda row: row.conversation)  # stable: the order of arrival holds within each
            for conversation, its_rows in groupby(rows, key=lambda row: row.conversation):
                work = self._work_through(conversation, list(its_rows))
                self._in_hand[conversation] = asyncio.create_task(work)

    async def _work_through(self, conversation: str, rows: list[InboxRow]) -> None:
        """Handle these rows one after the other, up to one that has to be tried again later."""
        try:
            for row in rows:
                with correlation(f"in-{row.id}"):
                    if self._is_stopping or not await self._take_turn(row):
                        break
        except sqlite3.Error as error:
            self._complain(error)
            if not self._is_stopping:
                await asyncio.sleep(self.after_disk_error)
        finally:
            del self._in_hand[conversation]
            if len(self._in_hand) < _ENOUGH:
                self._news.set()

    def _complain(self, error: sqlite3.Error) -> None:
        """Once for a while: a line for each conversation would fill a full disk further."""
        now = asyncio.get_running_loop().time()
        if self._complained_at is None or now - self._complained_at > _REPEAT_COMPLAINT_SECONDS:
            self._complained_at = now
            logger.error("数据库读写出错，稍后再试 / the database cannot be read or written, trying again: %s", error)

    async def _take_turn(self, row: InboxRow) -> bool:
        """Handle one row. False when it is to be tried again, and its conversation has to wait for that."""
        try:
            item = _item(row)
        except Exception as error:  # noqa: BLE001 - whatever it is, trying again would not make it readable
            await self._park(row, _storable(f"读不懂 / unreadable: {error!r}"))
            logger.warning("收件 %s 读不懂，已搁置 / parked an unreadable row: %r", row.key, error)
            return True
        fetched = await self._get_ready(item)
        logger.debug("处理 / handling %s", row.key)
        loop = asyncio.get_running_loop()
        began = loop.time()
        slow = loop.call_later(_LONG_SECONDS, _tell_slow, row)
        try:
            has_outgoing = await self._workers.do(lambda: self._carry_out(row, item, fetched))
        except sqlite3.Error as error:
            if _is_of_the_disk(error):
                raise
            return await self._failed(row, traceback.format_exc())
        except Exception:  # noqa: BLE001 - retried, then parked with its traceback
            return await self._failed(row, traceback.format_exc())
        finally:
            slow.cancel()
        self._meter.handled(row.kind, loop.time() - began)
        if has_outgoing:
            self._queued()
        return True

    async def _get_ready(self, item: Item) -> Fetched:
        try:
            wanted = self._prepare(item)
            if wanted is None:
                return NOTHING
            preparing = asyncio.ensure_future(wanted)
            self._preparing.add(preparing)
            preparing.add_done_callback(self._preparing.discard)
            return await preparing or NOTHING
        except Exception:
            logger.exception("准备时出错，用已有数据继续 / preparing failed: going on with what is known")
            return NOTHING

    def _carry_out(self, row: InboxRow, item: Item, fetched: Fetched) -> bool:
        """In a thread: the handler's turn, taken anew when somebody got in its way. True when there is something to send."""
        database = self._store.database
        for _ in range(_TRIES_AGAINST_OTHERS):
            try:
                with database.turn():
                    return self._effects(row, item, fetched)
            except ConflictError:
                logger.debug("与别的会话同时改了同一处，重来 / somebody changed what it had read: once more")
        with database.transaction():
            return self._effects(row, item, fetched)

    def _effects(self, row: InboxRow, item: Item, fetched: Fetched) -> bool:
        now = self._clock.now()
        outgoing = self._handle(item, now, fetched)
        for message in outgoing:
            for draft in drafts_of(message, item, now, row.id):
                self._store.outbox.add(draft)
        self._store.inbox.done(row.id, now)
        return bool(outgoing)

    async def _failed(self, row: InboxRow, error: str) -> bool:
        """Try again later, or park after the last try. True when it is parked."""
        error = _storable(error)
        is_last = row.attempts >= len(RETRY_AFTER)
        self._meter.failed(row.kind, is_parked=is_last)
        if is_last:
            await self._park(row, error)
            logger.error("处理失败，已搁置，/自检 可查 / parked after the last try:\n%s", error)
            return True
        at = self._clock.now() + RETRY_AFTER[row.attempts]
        await self._writer.do(lambda: self._store.inbox.failed(row.id, error, at))
        logger.warning("处理第 %d 次失败，稍后再试 / try %d failed", row.attempts + 1, row.attempts + 1)
        return False

    async def _park(self, row: InboxRow, error: str) -> None:
        now = self._clock.now()
        await self._writer.do(lambda: self._store.inbox.park(row.id, error, now))


def _is_of_the_disk(error: sqlite3.Error) -> bool:
    """SQLite said so itself; what Python's module raises by itself, about a wrong parameter for instance, has no code."""
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    return code & 0xFF in _OF_THE_DISK


def _tell_slow(row: InboxRow) -> None:
    logger.warning(
        "收件 %d 已处理了 %.0f 秒，同一会话在等 / a handler is slow, its conversation waits", row.id, _LONG_SECONDS
    )


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
