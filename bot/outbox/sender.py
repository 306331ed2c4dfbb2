"""Sends what the outbox holds: in order to each target, targets side by side, each row at most as often as is safe."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial

from bot.clock import Clock
from bot.limits import Limits
from bot.logs import correlation
from bot.metrics import Meter
from bot.openapi import ErrorKind, OpenAPI, OpenAPIError
from bot.outbox.advice import advice
from bot.outbox.agenda import Agenda, Entry, Line
from bot.outbox.carrier import Carrier
from bot.outbox.gate import Gate
from bot.outbox.merge import MOST_ROWS, Parcel, merged, way_of
from bot.outbox.outcomes import Fate, Outcomes
from bot.outbox.patience import Patience
from bot.outbox.rests import Rests
from bot.outbox.supply import Supply
from bot.outbox.thrift import Thrift
from bot.waiting import heard_within
from bot.writer import Writer
from handlers.quiet_hours import QuietHours
from storage.outbox import OutboxRow
from storage.store import Store

logger = logging.getLogger(__name__)

_SIDE_BY_SIDE = 64
"""Calls under way: at DingTalk's 100 ms a call that is 640 a second, more than two cores can handle."""
_LESS_URGENT_SIDE_BY_SIDE = 8
"""Of those, calls without an answer in them: at most so many stand before an answer where the API's own limit is."""
_MANY_READY = 128
"""Two rounds of calls: enough never to stand idle."""
_LONGEST_WAIT_SECONDS = 30.0
_CLOCK_WENT_BACK = timedelta(minutes=1)
_LAST_WORDS_SECONDS = 10.0
"""What is under way may take this long to finish when the sender is stopped."""
_WINDOW_SECONDS = 60.0


class Sender:
    """Works through the outbox until it is cancelled."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        openapi: OpenAPI,
        writer: Writer,
        *,
        group_messages_per_minute: int = 15,
        quiet: QuietHours | None = None,
        thrift: Thrift | None = None,
        patience: Patience | None = None,
        meter: Meter | None = None,
    ) -> None:
        """Without `quiet` nothing waits for the morning, without `thrift` nothing for cheaper times."""
        self._patience = patience = patience or Patience()
        self._meter = meter or Meter()
        self._store = store
        self._clock = clock
        self._carrier = Carrier(openapi)
        self._gate = Gate(quiet, thrift, patience.quota)
        self._outcomes = Outcomes(store, clock, writer, patience, self._gate, self._meter)
        self._groups = Limits(group_messages_per_minute, _WINDOW_SECONDS)
        self._rests = Rests()
        self._agenda = Agenda()
        self._supply = Supply(store.outbox, self._agenda, patience, _SIDE_BY_SIDE)
        self._looked_at: datetime | None = None
        self._news = asyncio.Event()
        self._busy: dict[asyncio.Task[None], bool] = {}
        """What is under way, and whether there is an answer in it."""

    def wake(self) -> None:
        """There is something new to send, or the clock was moved."""
        self._supply.may_be_more = True
        self._news.set()

    def obey(self, group_messages_per_minute: int, quiet: QuietHours | None, thrift: Thrift | None) -> None:
        """Other limits hold from now on. What is kept back already stays so until then."""
        self._groups.allow(group_messages_per_minute)
        self._gate.quiet, self._gate.thrift = quiet, thrift
        self.wake()

    @property
    def is_behind(self) -> bool:
        """More people wait for answers that could go out at once than can be sent to in a moment."""
        return self._agenda.answers_ready > _MANY_READY

    async def run(self) -> None:
        """Send what is due, then wait for more. On cancellation, what is under way is finished first."""
        await self._take_over()
        try:
            while True:
                self._news.clear()
                try:
                    await self._look()
                except sqlite3.Error:
                    logger.exception("发件箱读不出来 / the outbox cannot be read")
                await self._wait()
        finally:
            await self._finish()

    async def _take_over(self) -> None:
        """Deal with what the process before this one left under way, as soon as the database can be read."""
        pause = self._patience.first
        while True:
            try:
                interrupted = self._store.outbox.interrupted()
                self._remember_last_minute(interrupted)
            except sqlite3.Error:
                logger.exception("发件箱读不出来，稍后再试 / the outbox cannot be read, trying again")
                await asyncio.sleep(pause)
                pause = min(self._patience.longest, pause * 2)
            else:
                await self._outcomes.stored(*(partial(self._settle_interrupted, row) for row in interrupted))
                return

    async def _finish(self) -> None:
        if self._busy:
            _, late = await asyncio.wait(set(self._busy), timeout=_LAST_WORDS_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _settle_interrupted(self, row: OutboxRow) -> None:
        """A crash came between «about to send» and «sent». Nobody can tell whether it went out: not sent twice.

        docs/decisions/0003-outbox-window.md says why, and how narrow that window is.
        """
        error = OpenAPIError("interrupted", "", ErrorKind.UNKNOWN)
        self._store.outbox.park(row.id, error.code, advice(error))
        self._meter.parked(row.draft.kind, error.code)
        logger.warning("发件 %d 发送途中曾中断，已搁置 / parked a row that a crash caught while sending", row.id)

    def _remember_last_minute(self, interrupted: Iterable[OutboxRow]) -> None:
        """What groups got from the process before this one counts as well, and what they may have got."""
        now, steady = self._clock.now(), asyncio.get_running_loop().time()
        for conversation, sent_at in self._store.outbox.sent_to_groups(now - timedelta(seconds=_WINDOW_SECONDS)):
            self._groups.note(conversation, steady - max(0.0, (now - sent_at).total_seconds()))
        for target in {row.target for row in interrupted if row.is_to_group}:
            self._groups.note(target, steady)

    async def _look(self) -> None:
        """Start as many as may run side by side; a target that is busy or held does not stand before others."""
        now, steady = self._clock.now(), asyncio.get_running_loop().time()
        if self._looked_at is not None and self._looked_at - now > _CLOCK_WENT_BACK:
            logger.warning("时钟被调回，等着的消息重新看一遍 / the clock went back: looking anew at what waits")
            self._agenda.reconsider()
        self._looked_at = now
        self._supply.read(now, steady)
        self._agenda.release(now, steady)
        changes: list[Callable[[], None]] = []
        trouble: sqlite3.Error | None = None
        while len(self._busy) < _SIDE_BY_SIDE and trouble is None:
            others = len(self._busy) - sum(self._busy.values())
            turn = self._agenda.take(answers_only=others >= _LESS_URGENT_SIDE_BY_SIDE)
            if turn is None:
                break
            line, entry = turn
            try:
                change = self._begin(line, entry, now, steady)
            except sqlite3.Error as error:
                self._agenda.put_back(entry)
                self._agenda.hold(line.target, steady + self._patience.longest)
                self._agenda.finish(line)
                trouble, change = error, None
            if change is not None:
                changes.append(change)
        if changes:
            await self._outcomes.stored(*changes)
        if trouble is not None:
            raise trouble
        if self._supply.may_be_more and len(self._busy) < _SIDE_BY_SIDE and not self._supply.is_full:
            self._news.set()  # not everything was read, and there is room: nothing else may make us look again

    def _begin(self, line: Line, entry: Entry, now: datetime, steady: float) -> Callable[[], None] | None:
        """Start the row whose turn it is, with others if that helps; or what is to be stored because it may not go."""
        row = entry.row or next(iter(self._store.outbox.queued([entry.id])), None)
        change: Callable[[], None] | None = None
        if row is None or row.is_expired(now):
            self._agenda.forget([entry.id])
            if row is not None:
                self._meter.put_off(row.draft.kind, "expired")
                change = partial(self._store.outbox.expire, row.id)
        elif row.draft.not_before is not None and row.is_early(now):
            self._agenda.postpone(entry, row.draft.not_before)
        elif (held := self._gate.holds(row.draft, now)) is not None:
            self._agenda.postpone(entry, held.until)
            self._meter.put_off(row.draft.kind, held.why)
            change = partial(self._store.outbox.hold, row.id, held.until, held.code, held.error)
        elif (wait := self._rests.left(row.draft, way_of(row.draft, now), steady)) > 0:
            self._agenda.put_back(entry)
            self._agenda.hold(row.target, steady + wait)
            self._meter.put_off(row.draft.kind, ErrorKind.THROTTLED.value)
        elif row.is_to_group and (wait := self._groups.take(row.target, steady)) > 0:
            self._agenda.put_back(entry)
            self._agenda.hold(row.target, steady + wait)
            self._meter.put_off(row.draft.kind, "window")
        else:
            self._start(line, [row, *self._others(line, entry, row, now, steady)], now)
            return None
        self._agenda.finish(line)
        return change

    def _others(self, line: Line, entry: Entry, row: OutboxRow, now: datetime, steady: float) -> list[OutboxRow]:
        """Rows that may go out together with this one: where they had to wait, or would have to."""
        if not line or entry.goes_alone:
            return []
        if not line.is_behind and not (row.is_to_group and len(line) > self._groups.room(row.target, steady)):
            return []
        entries = self._agenda.behind(line, entry, MOST_ROWS - 1)
        missing = self._store.outbox.queued([one.id for one in entries if one.row is None])
        known = {one.id: one for one in missing} | {one.id: one.row for one in entries if one.row is not None}
        found: list[OutboxRow] = []
        for one in entries:
            other = known.get(one.id)
            if other is None or other.is_expired(now):
                continue
            if one.goes_alone or other.is_early(now) or self._gate.holds(other.draft, now) is not None:
                break
            found.append(other)
        return found

    def _start(self, line: Line, rows: Sequence[OutboxRow], now: datetime) -> None:
        try:
            parcel = merged(rows, now)
        except ValueError:
            logger.exception("存下的消息读不懂 / a stored message cannot be read")
            parcel = None
        sent = rows[:1] if parcel is None else parcel.rows
        self._agenda.remove(line, [row.id for row in sent[1:]])
        task = asyncio.create_task(self._send_and_go_on(line, sent, parcel))
        self._busy[task] = any(row.draft.priority == 0 for row in sent)

    async def _wait(self) -> None:
        """Until there is news, a hold ends, or something's time comes."""
        seconds = _LONGEST_WAIT_SECONDS
        if (release := self._agenda.next_release()) is not None:
            seconds = min(seconds, release - asyncio.get_running_loop().time())
        if (at := self._agenda.next_time()) is not None:
            seconds = min(seconds, (at - self._clock.now()).total_seconds())
        if not await heard_within(self._news, max(seconds, 0.01)):
            self._supply.may_be_more = True  # nobody need have told us

    async def _send_and_go_on(self, line: Line, rows: Sequence[OutboxRow], parcel: Parcel | None) -> None:
        numbers = "+".join(str(row.id) for row in rows)
        with correlation(f"in-{rows[0].draft.inbox_id}/out-{numbers}"):
            fate = Fate()
            try:
                fate = await self._send(rows, parcel)
            except sqlite3.Error:
                # «About to send» could not be stored, so nothing was sent. Not again in a tight loop.
                logger.exception("发件箱写不进去 / the outbox cannot be written")
                fate = Fate(tuple(rows), hold_seconds=self._patience.longest)
            finally:
                del self._busy[_this_task()]
                self._go_on(line, rows, fate)

    def _go_on(self, line: Line, rows: Iterable[OutboxRow], fate: Fate) -> None:
        self._agenda.forget(row.id for row in rows)
        steady = asyncio.get_running_loop().time()
        at = self._clock.now() + timedelta(seconds=fate.aside_seconds) if fate.aside_seconds else None
        for row in fate.again:
            if fate.hold_seconds:
                self._agenda.hold(row.target, steady + fate.hold_seconds)
            self._agenda.add(row, at, goes_alone=fate.goes_alone)
        self._agenda.finish(line)
        self._news.set()

    async def _send(self, rows: Sequence[OutboxRow], parcel: Parcel | None) -> Fate:
        if parcel is None:
            return await self._outcomes.unreadable(rows[0])
        try:
            delivered = await self._carrier.carry(parcel, lambda: self._mark(parcel))
        except OpenAPIError as error:
            fate = await self._outcomes.failed(parcel, error)
            # Whoever saw it parked may have queued it again at once, when it was still known here and so not read.
            self._supply.may_be_more = True
            if error.kind is ErrorKind.THROTTLED:
                self._rests.begin(parcel.draft, parcel.way, asyncio.get_running_loop().time() + fate.hold_seconds)
            return fate
        except sqlite3.Error:
            raise
        except Exception:
            logger.exception("发送时程序出错 / an error of our own while sending")
            return await self._outcomes.failed(parcel, OpenAPIError("internal", "", ErrorKind.PERMANENT))
        logger.debug("已发出 / sent: %s", parcel.draft.kind)
        return await self._outcomes.delivered(parcel, delivered)

    def _mark(self, parcel: Parcel) -> None:
        """About to be sent, in the writing thread."""
        for row in parcel.rows:
            self._store.outbox.sending(row.id)
        if parcel.way == "ding" and self._gate.thrift is not None:
            self._gate.thrift.ding(len(parcel.draft.recipients), self._clock.now())


def _this_task() -> asyncio.Task[None]:
    task = asyncio.current_task()
    assert task is not None
    return task
