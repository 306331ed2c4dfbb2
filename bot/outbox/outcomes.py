"""What becomes of a parcel: stored, told to the log and the meter, and what of it is to be tried again."""

from __future__ import annotations

import asyncio
import logging
import random
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from bot.clock import Clock
from bot.metrics import Meter
from bot.openapi import ErrorKind, OpenAPIError
from bot.outbox.advice import advice
from bot.outbox.carrier import Delivered
from bot.outbox.gate import Gate
from bot.outbox.merge import Parcel
from bot.outbox.patience import Patience, next_try
from bot.outbox.texts import HELD_QUOTA as WHY_HELD
from bot.writer import Writer
from handlers.message import Priority
from handlers.quota.standing import Level, held_back
from storage.outbox import HELD_QUOTA, OutboxRow
from storage.store import Store

logger = logging.getLogger(__name__)

_REPEAT_COMPLAINT_SECONDS = 900.0
_UNKNOWN_RECIPIENTS = "staffId.notExisted"
"""DingTalk's word when nobody of the recipients can be reached."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What of a parcel is to be tried again."""

    again: tuple[OutboxRow, ...] = ()
    aside_seconds: float = 0.0
    """So long it waits, while others to the same target may go; 0: in its line."""
    hold_seconds: float = 0.0
    """So long nothing goes to that target, to keep the order."""
    goes_alone: bool = False


class Outcomes:
    """Over one store. What it is told it stores in the end, however long the disk is full or the database locked."""

    def __init__(
        self, store: Store, clock: Clock, writer: Writer, patience: Patience, gate: Gate, meter: Meter
    ) -> None:
        self._store = store
        self._clock = clock
        self._writer = writer
        self._patience = patience
        self._gate = gate
        self._meter = meter
        self._complaints: dict[str, float] = {}
        """When each kind of trouble was logged last, by the loop's clock."""

    async def delivered(self, parcel: Parcel, delivered: Delivered) -> Fate:
        """DingTalk took it, at least for some."""
        now, rows, draft = self._clock.now(), parcel.rows, parcel.draft
        if delivered.missed:
            logger.warning(
                "%d 人不在应用可见范围，没有收到 / %d people are outside the application's visible scope",
                len(delivered.missed),
                len(delivered.missed),
            )
        reached = set(draft.recipients) - {*delivered.missed, *delivered.still_lack}

        def note_people() -> None:
            if parcel.is_metered and draft.recipients:
                self._store.unreachable.missed(delivered.missed, now)
                self._store.unreachable.reached(reached)

        if delivered.still_lack:
            await self.stored(note_people)
            error = OpenAPIError("flow-controlled", f"{len(delivered.still_lack)} 人收信过快", ErrorKind.BLOCKED)
            return await self.failed(parcel, error, delivered.still_lack)

        def sent() -> None:
            for row in rows:
                self._store.outbox.sent(row.id, now, delivered.platform_key)
            note_people()

        await self.stored(sent)
        for row in rows:
            self._meter.sent(row.draft.kind, (now - _first_possible(row)).total_seconds())
        return Fate()

    async def failed(self, parcel: Parcel, error: OpenAPIError, still_lack: tuple[str, ...] = ()) -> Fate:
        """It did not go out, or nobody knows; `still_lack`: only these have not got it."""
        outbox, rows = self._store.outbox, parcel.rows
        if error.kind is ErrorKind.STALE_SESSION and parcel.way == "webhook":
            await self.stored(*(partial(outbox.without_webhook, row.id) for row in rows))
            return Fate(tuple(_without_webhook(row) for row in rows))
        if error.kind is ErrorKind.PERMANENT and len(rows) > 1:
            # One text may be what DingTalk refuses; the others must not suffer for it.
            await self.stored(*(partial(outbox.back, row.id) for row in rows))
            return Fate(rows, goes_alone=True)
        if error.kind is ErrorKind.QUOTA and self._gate.thrift is not None:
            await self.stored(partial(self._gate.thrift.refused, self._clock.now()))
        now, chance = self._clock.now(), random.random()
        again: list[OutboxRow] = []
        changes: list[Callable[[], object]] = []
        hold = aside = 0.0
        for row in rows:
            pause = next_try(
                row.draft.kind,
                error.kind,
                row.attempts + 1,
                now - (row.tried_at or now),
                self._patience,
                chance=chance,
                asked=error.retry_after,
            )
            if still_lack:
                changes.append(partial(outbox.narrow, row.id, still_lack))
            if error.kind is ErrorKind.QUOTA and _can_wait(row):
                at = self._gate.next_look(now)
                aside = (at - now).total_seconds()
                again.append(row)
                changes.append(partial(outbox.hold, row.id, at, HELD_QUOTA, WHY_HELD))
            elif pause is None:
                changes.append(self._parking(row, error, still_lack))
            else:
                # Later messages to the same target wait too, so that they arrive in order; not until next month,
                # though: answers go by webhook, which is not counted.
                if error.kind is ErrorKind.QUOTA:
                    aside = pause
                else:
                    hold = max(hold, pause)
                again.append(_tried(row, now, still_lack))
                next_try_at = now + timedelta(seconds=pause)
                changes.append(partial(outbox.retry, row.id, now, next_try_at, error.code, advice(error)))
                self._meter.put_off(row.draft.kind, error.kind.value)
        await self.stored(*changes)
        if again:
            self._complain(error.code, f"第 {max(row.attempts for row in rows) + 1} 次没有发成 / not sent, again later")
        return Fate(tuple(again), aside, hold)

    async def unreadable(self, row: OutboxRow) -> Fate:
        """What is stored is no message of ours: a person has to look."""
        await self.stored(self._parking(row, OpenAPIError("internal", "", ErrorKind.PERMANENT), ()))
        return Fate()

    async def stored(self, *changes: Callable[[], object]) -> None:
        """Store these in one transaction; when that does not work, again and again until it does."""

        def work() -> None:
            for change in changes:
                change()

        pause = self._patience.first
        while True:
            try:
                await self._writer.do(work)
            except sqlite3.Error as error:
                self._complain(f"database {error}", "发件箱写不进去，过一会儿再写 / the outbox cannot be written")
                await asyncio.sleep(pause)
                pause = min(self._patience.longest, pause * 2)
            else:
                return

    def _parking(self, row: OutboxRow, error: OpenAPIError, still_lack: tuple[str, ...]) -> Callable[[], None]:
        if error.kind is ErrorKind.UNKNOWN or (row.draft.kind == "ding" and error.kind is ErrorKind.PASSING):
            error = OpenAPIError("unknown-outcome", error.message, ErrorKind.PERMANENT)
        code, said, now = error.code, advice(error), self._clock.now()
        missed = still_lack or row.draft.recipients
        logger.error("发送失败，已搁置 / parked: %s", said)
        self._meter.parked(row.draft.kind, error.kind.value)

        def park() -> None:
            self._store.outbox.park(row.id, code, said)
            if code == _UNKNOWN_RECIPIENTS:
                self._store.unreachable.missed(missed, now)

        return park

    def _complain(self, code: str, what: str) -> None:
        """Say it once for each kind of trouble, and again only after a while: many rows may have the same one."""
        now = asyncio.get_running_loop().time()
        said_at = self._complaints.get(code)
        is_news = said_at is None or now - said_at > _REPEAT_COMPLAINT_SECONDS
        if is_news:
            self._complaints[code] = now
        logger.log(logging.WARNING if is_news else logging.DEBUG, "%s (%s)", what, code)


def _first_possible(row: OutboxRow) -> datetime:
    return max(row.draft.created_at, row.draft.not_before or row.draft.created_at)


def _can_wait(row: OutboxRow) -> bool:
    """It may wait for the next month; an answer would not be one any more."""
    return held_back(Priority(min(max(row.draft.priority, 0), 2)), Level.OUT)


def _without_webhook(row: OutboxRow) -> OutboxRow:
    return replace(row, draft=replace(row.draft, webhook=None, webhook_expires_at=None))


def _tried(row: OutboxRow, now: datetime, still_lack: tuple[str, ...]) -> OutboxRow:
    draft = replace(row.draft, recipients=still_lack) if still_lack else row.draft
    return replace(row, draft=draft, attempts=row.attempts + 1, tried_at=row.tried_at or now)
