"""Sends what the outbox holds: in order to each target, targets side by side, each row at most as often as is safe."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.logs import correlation
from bot.openapi import ErrorKind, OpenAPI, OpenAPIError
from bot.outbox.advice import advice
from bot.outbox.drafts import body_from_json
from bot.outbox.limits import Limits
from bot.outbox.shape import for_openapi, for_webhook
from storage.outbox import OutboxRow
from storage.store import Store

logger = logging.getLogger(__name__)

_SIDE_BY_SIDE = 16
_MOST_TRIES = 8
_WEBHOOK_MARGIN = timedelta(seconds=60)
_THROTTLED_PAUSE = timedelta(seconds=60)
"""After «too fast» a group is blocked for up to ten minutes if we go on (platform reference §4)."""
_QUOTA_PAUSE = timedelta(hours=6)
_LONGEST_WAIT_SECONDS = 30.0


class Sender:
    """Works through the outbox until it is cancelled."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        openapi: OpenAPI,
        *,
        group_messages_per_minute: int = 15,
        calls_per_second: int = 10,
    ) -> None:
        self._store = store
        self._clock = clock
        self._openapi = openapi
        self._groups = Limits(group_messages_per_minute, 60.0)
        self._calls = Limits(calls_per_second, 1.0)
        self._news = asyncio.Event()
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._held_until: dict[str, datetime] = {}

    def wake(self) -> None:
        """There is something new to send, or the clock was moved."""
        self._news.set()

    async def run(self) -> None:
        """Send what is due, then wait for more. On cancellation, what is under way is finished first."""
        self._settle_interrupted()
        try:
            while True:
                self._news.clear()
                self._start_due()
                await self._wait()
        finally:
            if self._busy:
                await asyncio.wait(set(self._busy.values()), timeout=10)

    def _settle_interrupted(self) -> None:
        """A crash came between «about to send» and «sent». Nobody can tell whether it went out: not sent twice.

        docs/decisions/0003 says why, and how wide that window is.
        """
        for row in self._store.outbox.interrupted():
            error = OpenAPIError("interrupted", "", ErrorKind.PASSING)
            self._store.outbox.park(row.id, error.code, advice(error))
            logger.warning("发件 %d 发送途中曾中断，已搁置 / parked a row that a crash caught while sending", row.id)

    def _start_due(self) -> None:
        now = self._clock.now()
        for row in self._store.outbox.due(now, limit=500):
            if len(self._busy) >= _SIDE_BY_SIDE:
                return
            target = _target(row)
            if target in self._busy or self._held_until.get(target, now) > now:
                continue
            if row.draft.expires_at is not None and row.draft.expires_at <= now:
                self._store.outbox.expire(row.id)
                continue
            task = asyncio.create_task(self._send_and_go_on(row, target))
            self._busy[target] = task

    async def _send_and_go_on(self, row: OutboxRow, target: str) -> None:
        try:
            with correlation(f"out-{row.id}"):
                await self._send(row, target)
        finally:
            del self._busy[target]
            self._news.set()

    async def _wait(self) -> None:
        now = self._clock.now()
        moments = [moment for moment in (self._store.outbox.next_due(), *self._held_until.values()) if moment]
        later = [moment for moment in moments if moment > now]
        seconds = min((min(later) - now).total_seconds(), _LONGEST_WAIT_SECONDS) if later else _LONGEST_WAIT_SECONDS
        try:
            await asyncio.wait_for(self._news.wait(), max(seconds, 0.02))
        except TimeoutError:
            return

    async def _send(self, row: OutboxRow, target: str) -> None:
        wait = self._limit(row)
        if wait > 0:
            await asyncio.sleep(wait)
        self._store.outbox.sending(row.id)
        try:
            platform_key, missed = await self._call(row)
        except OpenAPIError as error:
            self._failed(row, target, error)
            return
        now = self._clock.now()
        if missed:
            with self._store.database.transaction():
                self._store.outbox.narrow(row.id, missed)
                self._store.outbox.retry(row.id, now + _THROTTLED_PAUSE, "flow-controlled", "对方收信过快，稍后再试")
            return
        self._store.outbox.sent(row.id, now, platform_key)
        self._held_until.pop(target, None)

    def _limit(self, row: OutboxRow) -> float:
        """Seconds to wait by the buckets of the group and of the API."""
        now = asyncio.get_running_loop().time()
        wait = self._calls.take(row.draft.kind, now)
        if row.draft.kind == "group" or (row.draft.kind == "reply" and not row.draft.recipients):
            wait = max(wait, self._groups.take(str(row.draft.conversation), now))
        return wait

    async def _call(self, row: OutboxRow) -> tuple[str | None, tuple[str, ...]]:
        """Make the call; return the platform's key, and whom to try again because the platform was too busy."""
        draft, body = row.draft, body_from_json(row.draft.body)
        if draft.kind == "ding":
            return await self._openapi.send_ding(draft.recipients, body.text), ()
        fresh = draft.webhook_expires_at is None or self._clock.now() < draft.webhook_expires_at - _WEBHOOK_MARGIN
        if draft.webhook is not None and fresh:
            try:
                await self._openapi.reply(draft.webhook, for_webhook(body, draft.at_staff_ids))
            except OpenAPIError as error:
                if error.kind is not ErrorKind.STALE_SESSION:
                    raise
            else:
                return None, ()
        key, parameters = for_openapi(body)
        if draft.recipients:
            result = await self._openapi.send_to_people(draft.recipients, key, parameters)
            if result.invalid:
                logger.warning("%d 人不在应用可见范围，未送达 / not reachable", len(result.invalid))
            return result.platform_key, result.throttled
        if draft.conversation is None:
            raise OpenAPIError("no-way", "", ErrorKind.PERMANENT)
        return await self._openapi.send_to_group(draft.conversation, key, parameters), ()

    def _failed(self, row: OutboxRow, target: str, error: OpenAPIError) -> None:
        now = self._clock.now()
        tries = row.attempts + 1
        if row.draft.kind == "ding" and error.kind is ErrorKind.PASSING:
            self._park(row, OpenAPIError("unknown-outcome", error.message, error.kind))
            return
        pause = _pause(error.kind, tries)
        if pause is None or tries >= _MOST_TRIES:
            self._park(row, error)
            return
        # Later messages to the same target wait too, so that they arrive in order.
        self._held_until[target] = now + pause
        self._store.outbox.retry(row.id, now + pause, error.code, advice(error))
        logger.warning("发送第 %d 次未成（%s），稍后再试 / try %d failed, again later", tries, error.code, tries)

    def _park(self, row: OutboxRow, error: OpenAPIError) -> None:
        self._store.outbox.park(row.id, error.code, advice(error))
        logger.error("发送失败，已搁置 / parked: %s", advice(error))


def _pause(kind: ErrorKind, tries: int) -> timedelta | None:
    """How long to wait before the next try; None: trying again would not help."""
    if kind is ErrorKind.THROTTLED:
        return _THROTTLED_PAUSE
    if kind is ErrorKind.QUOTA:
        return _QUOTA_PAUSE
    if kind in (ErrorKind.PASSING, ErrorKind.UNREACHED, ErrorKind.STALE_TOKEN):
        return timedelta(seconds=min(60.0, 0.5 * 2**tries))
    return None


def _target(row: OutboxRow) -> str:
    """Whom it goes to: within a target order is kept."""
    draft = row.draft
    return draft.conversation if draft.conversation is not None else ",".join(draft.recipients)

