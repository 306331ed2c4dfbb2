"""Sends what the outbox holds: in order to each target, targets side by side, each row at most as often as is safe."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from bot.clock import Clock
from bot.limits import Limits
from bot.logs import correlation
from bot.openapi import ErrorKind, OpenAPI, OpenAPIError
from bot.outbox.advice import advice
from bot.outbox.carrier import Carrier
from bot.outbox.patience import Patience, next_try
from bot.waiting import heard_within
from bot.writer import Writer
from storage.outbox import OutboxRow
from storage.store import Store

logger = logging.getLogger(__name__)

_SIDE_BY_SIDE = 16
_LONGEST_WAIT_SECONDS = 30.0
_LAST_WORDS_SECONDS = 10.0
"""What is under way may take this long to finish when the sender is stopped."""
_REPEAT_COMPLAINT_SECONDS = 900.0


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
        patience: Patience | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._writer = writer
        self._carrier = Carrier(openapi, clock)
        self._patience = patience or Patience()
        self._groups = Limits(group_messages_per_minute, 60.0)
        self._news = asyncio.Event()
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._held_until: dict[str, float] = {}
        """Targets that get nothing before this time of the loop's clock."""
        self._complaints: dict[str, float] = {}
        """When each kind of trouble was logged last, by the loop's clock."""

    def wake(self) -> None:
        """There is something new to send, or the clock was moved."""
        self._news.set()

    async def run(self) -> None:
        """Send what is due, then wait for more. On cancellation, what is under way is finished first."""
        await self._writer.do(self._settle_interrupted)
        try:
            while True:
                self._news.clear()
                try:
                    await self._start_due()
                except sqlite3.Error:
                    logger.exception("发件箱读写出错 / the outbox cannot be read or written")
                await self._wait()
        finally:
            await self._finish()

    async def _finish(self) -> None:
        if self._busy:
            _, late = await asyncio.wait(set(self._busy.values()), timeout=_LAST_WORDS_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _settle_interrupted(self) -> None:
        """A crash came between «about to send» and «sent». Nobody can tell whether it went out: not sent twice.

        docs/decisions/0003-outbox-window.md says why, and how narrow that window is.
        """
        for row in self._store.outbox.interrupted():
            error = OpenAPIError("interrupted", "", ErrorKind.UNKNOWN)
            self._store.outbox.park(row.id, error.code, advice(error))
            logger.warning("发件 %d 发送途中曾中断，已搁置 / parked a row that a crash caught while sending", row.id)

    async def _start_due(self) -> None:
        """Start as many as may run side by side; a target that is busy or held does not stand before others."""
        self._forget_past_holds()
        while len(self._busy) < _SIDE_BY_SIDE:
            now = self._clock.now()
            rows = self._store.outbox.due(now, _SIDE_BY_SIDE, beside=(*self._busy, *self._held_until))
            late = [row.id for row in rows if row.draft.expires_at is not None and row.draft.expires_at <= now]
            if late:
                await self._writer.do(partial(self._expire, late))
            progress = [row.id in late or self._start(row) for row in rows]
            if not any(progress):
                return

    def _expire(self, row_ids: Iterable[int]) -> None:
        for row_id in row_ids:
            self._store.outbox.expire(row_id)

    def _start(self, row: OutboxRow) -> bool:
        """Start one row if it may go now. True when the next look will not find it again."""
        target = row.target
        if target in self._busy or target in self._held_until or len(self._busy) >= _SIDE_BY_SIDE:
            return False
        wait = self._groups.take(target, asyncio.get_running_loop().time()) if _is_to_group(row) else 0.0
        if wait > 0:
            self._hold(target, wait)
            return True
        self._busy[target] = asyncio.create_task(self._send_and_go_on(row, target))
        return True

    def _hold(self, target: str, seconds: float) -> None:
        self._held_until[target] = asyncio.get_running_loop().time() + seconds

    def _forget_past_holds(self) -> None:
        now = asyncio.get_running_loop().time()
        self._held_until = {target: until for target, until in self._held_until.items() if until > now}

    async def _wait(self) -> None:
        """Until there is news, a hold ends, or something's time comes."""
        seconds = _LONGEST_WAIT_SECONDS
        if self._held_until:
            seconds = min(seconds, min(self._held_until.values()) - asyncio.get_running_loop().time())
        next_due, now = self._store.outbox.next_due(), self._clock.now()
        if next_due is not None and next_due > now:
            seconds = min(seconds, (next_due - now).total_seconds())
        await heard_within(self._news, max(seconds, 0.01))

    async def _send_and_go_on(self, row: OutboxRow, target: str) -> None:
        with correlation(f"in-{row.draft.inbox_id}/out-{row.id}"):
            try:
                await self._send(row)
            except sqlite3.Error:
                # As it stands in the database it is tried again, or parked at the next start; not in a tight loop.
                logger.exception("发件箱读写出错 / the outbox cannot be read or written")
                self._hold(target, self._patience.longest)
            finally:
                del self._busy[target]
                self._news.set()

    async def _send(self, row: OutboxRow) -> None:
        try:
            delivered = await self._carrier.carry(row, lambda: self._store.outbox.sending(row.id))
        except OpenAPIError as error:
            await self._failed(row, error)
            return
        except sqlite3.Error:
            raise
        except Exception:
            logger.exception("发送时程序出错 / an error of our own while sending")
            await self._failed(row, OpenAPIError("internal", "", ErrorKind.PERMANENT))
            return
        await self._delivered(row, delivered.platform_key, delivered.still_lack)
        logger.debug("已发出 / sent: %s", row.draft.kind)

    async def _delivered(self, row: OutboxRow, platform_key: str | None, still_lack: tuple[str, ...]) -> None:
        if not still_lack:
            now = self._clock.now()
            await self._writer.do(lambda: self._store.outbox.sent(row.id, now, platform_key))
            return
        error = OpenAPIError("flow-controlled", f"{len(still_lack)} 人收信过快", ErrorKind.BLOCKED)
        await self._failed(row, error, still_lack)

    async def _failed(self, row: OutboxRow, error: OpenAPIError, still_lack: tuple[str, ...] = ()) -> None:
        outbox = self._store.outbox
        if error.kind is ErrorKind.STALE_SESSION and row.draft.webhook is not None:
            await self._writer.do(lambda: outbox.without_webhook(row.id))
            return
        begun = max(row.draft.created_at, row.draft.not_before or row.draft.created_at)
        waited = self._clock.now() - begun
        pause = next_try(row.draft.kind, error.kind, row.attempts + 1, waited, self._patience)
        if pause is None:
            await self._park(row, error, still_lack)
            return
        if error.kind is not ErrorKind.QUOTA:
            # Later messages to the same target wait too, so that they arrive in order; not until next month, though:
            # answers go by webhook, which is not counted.
            self._hold(row.target, pause)
        at = self._clock.now() + timedelta(seconds=pause)

        def retry() -> None:
            if still_lack:
                outbox.narrow(row.id, still_lack)
            outbox.retry(row.id, at, error.code, advice(error))

        await self._writer.do(retry)
        self._complain(error.code, row.attempts + 1)

    def _complain(self, code: str, tries: int) -> None:
        """Say it once for each kind of trouble, and again only after a while: many rows may have the same one."""
        now = asyncio.get_running_loop().time()
        said_at = self._complaints.get(code)
        is_news = said_at is None or now - said_at > _REPEAT_COMPLAINT_SECONDS
        if is_news:
            self._complaints[code] = now
        level = logging.WARNING if is_news else logging.DEBUG
        logger.log(level, "第 %d 次没有发成（%s），稍后再试 / not sent, again later", tries, code)

    async def _park(self, row: OutboxRow, error: OpenAPIError, still_lack: tuple[str, ...]) -> None:
        if error.kind is ErrorKind.UNKNOWN or (row.draft.kind == "ding" and error.kind is ErrorKind.PASSING):
            error = OpenAPIError("unknown-outcome", error.message, ErrorKind.PERMANENT)
        outbox, code, said = self._store.outbox, error.code, advice(error)

        def park() -> None:
            if still_lack:
                outbox.narrow(row.id, still_lack)
            outbox.park(row.id, code, said)

        await self._writer.do(park)
        logger.error("发送失败，已搁置 / parked: %s", said)


def _is_to_group(row: OutboxRow) -> bool:
    return row.draft.conversation is not None and not row.draft.recipients
