"""Says every fifteen seconds that the bot is there and how well it hears, and notes the times in which it did not."""

from __future__ import annotations

import asyncio
import logging
import os
import platform
import sqlite3
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib.metadata import version

from bot.clock import Clock
from bot.deafness import Deafness, Look, Silence
from bot.gateway.stream import Gateway
from bot.logs import redacted
from bot.settings import Settings
from bot.waiting import heard_within
from bot.writer import Writer
from handlers.hearing import gaps
from handlers.message import Due
from handlers.quiet_hours import QuietHours
from storage.gaps import Reason
from storage.presence import Presence
from storage.store import Store

logger = logging.getLogger(__name__)

BEAT_SECONDS = 15.0
STABLE_SECONDS = 10.0
"""A connection that stands so long ends a silence."""
BREATH_SECONDS = 0.1
"""Between two beats at least, however fast connections come and go."""
_FAREWELL_SECONDS = 5.0
_REPEAT_COMPLAINT_SECONDS = 900.0
_MOST_TROUBLE = 500


def sleep_counting_clock() -> Callable[[], float]:
    """A clock that nobody sets and that goes on while the machine sleeps; in seconds.

    Linux has one of its own; that of macOS for `CLOCK_MONOTONIC` and Python's own on Windows count sleep anyway.
    """
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"):
        found = getattr(time, name, None)
        if found is not None:
            clock_id: int = found
            return lambda: time.clock_gettime(clock_id)
    return time.monotonic


class Pulse:
    """Runs beside the gateway. What it is told of gaps ends in a due task, once there is somebody awake to tell."""

    def __init__(
        self,
        gateway: Gateway,
        writer: Writer,
        store: Store,
        clock: Clock,
        take: Callable[[Due], bool],
        taken: Callable[[], None],
        settings: Callable[[], Settings],
        steady: Callable[[], float] | None = None,
    ) -> None:
        """`take` stores a due task, in the transaction that is open; `taken` is called when it is on disk."""
        self._gateway = gateway
        self._writer = writer
        self._store = store
        self._clock = clock
        self._take = take
        self._taken = taken
        self._settings = settings
        self._steady = steady or sleep_counting_clock()
        self._version = version("dingtalk-steward")
        self._started_at = clock.now()
        self._heard_at: datetime | None = None
        self._unstored: list[Silence] = []
        self._asked: set[int] = set()
        """Gaps that a due task was taken for."""
        self._complained_at: float | None = None

    async def run(self) -> None:
        """Beat until cancelled, then say good-bye."""
        deafness = self._begin()
        try:
            while True:
                self._gateway.changed.clear()
                await self._beat(deafness)
                await asyncio.sleep(BREATH_SECONDS)
                proves_in = deafness.proves_in
                await heard_within(
                    self._gateway.changed, BEAT_SECONDS if proves_in is None else min(BEAT_SECONDS, proves_in)
                )
        finally:
            await self._say_good_bye()

    def _begin(self) -> Deafness:
        """What is known from the process before."""
        before = self._store.presence.get()
        self._heard_at = None if before is None else before.heard_at
        lasting = self._store.gaps.lasting()
        dingtalk = self._settings().dingtalk
        silence = None
        if lasting is not None:
            silence = Silence(lasting.began_at, None, lasting.reason)
        elif before is not None and before.heard_at is not None:
            silence = _silence_since(before, before.heard_at)
        return Deafness(
            dingtalk.deaf_seconds,
            self._look(),
            silence,
            is_noted=lasting is not None,
            stable=STABLE_SECONDS,
            settle=dingtalk.mute_seconds + BEAT_SECONDS,
        )

    def _look(self) -> Look:
        failure = self._gateway.last_failure
        return Look(
            at=self._clock.now(),
            steady=self._steady(),
            connections=self._gateway.numbers,
            deaf_seconds=self._gateway.deaf_seconds() or 0.0,
            is_refused=failure is not None and failure.is_refused,
        )

    async def _beat(self, deafness: Deafness) -> None:
        look = self._look()
        if deafness.slept(look):
            logger.warning("电脑休眠过，或程序停顿过，全部连接重连 / this machine slept: replacing all connections")
            self._gateway.renew()
            look = self._look()
        silence = deafness.look(look)
        if silence is not None:
            self._unstored.append(silence)
            _log(silence)
        silences, presence, asked = list(self._unstored), self._presence(look.at), self._asked

        def store() -> bool:
            self._store.presence.put(presence)
            for one in silences:
                self._note(one)
            return not deafness.is_silent and self._take_due(look.at)

        try:
            has_taken = await self._writer.do(store)
        except sqlite3.Error as error:
            self._asked = asked  # nothing was taken
            self._complain(error)
            return
        self._complained_at = None
        del self._unstored[: len(silences)]
        if has_taken:
            self._taken()

    def _note(self, silence: Silence) -> None:
        limit = timedelta(seconds=self._settings().dingtalk.deaf_seconds)
        if silence.ended_at is not None and silence.ended_at - silence.began_at < limit:
            self._store.gaps.withdraw()
        else:
            self._store.gaps.note(silence.began_at, silence.ended_at, silence.reason)

    def _take_due(self, now: datetime) -> bool:
        """Have gaps told that nobody knows of; not at night, since what can be done about them has been done by itself."""
        settings = self._settings()
        quiet = QuietHours(settings.quota.quiet_from, settings.quota.quiet_to, settings.scheduler.timezone)
        if quiet.until(now) is not None or not gaps.is_due(self._store, now):
            return False
        ids = {gap.id for gap in self._store.gaps.untold()}
        if ids <= self._asked:
            return False
        self._asked = ids
        self._take(Due(gaps.TASK, gaps.TASK, now))
        return True

    def _presence(self, now: datetime, stopped_at: datetime | None = None) -> Presence:
        failure = self._gateway.last_failure
        self._heard_at = self._gateway.heard_at or self._heard_at
        return Presence(
            started_at=self._started_at,
            beat_at=now,
            version=self._version,
            host=platform.node(),
            pid=os.getpid(),
            wanted_connections=self._gateway.wanted,
            connections=self._gateway.connected,
            heard_at=self._heard_at,
            trouble="" if failure is None else redacted(str(failure))[:_MOST_TROUBLE],
            stopped_at=stopped_at,
        )

    async def _say_good_bye(self) -> None:
        now = self._clock.now()
        presence = self._presence(now, stopped_at=now)
        try:
            async with asyncio.timeout(_FAREWELL_SECONDS):
                await self._writer.do(lambda: self._store.presence.put(presence))
        except (sqlite3.Error, TimeoutError) as error:
            self._complain(error)

    def _complain(self, error: Exception) -> None:
        """A full disk is no reason to stop, nor to say so at every beat."""
        now = time.monotonic()
        if self._complained_at is None or now - self._complained_at > _REPEAT_COMPLAINT_SECONDS:
            self._complained_at = now
            logger.error("在线状态写不下，稍后再试 / the bot's presence cannot be stored: %s", error)


def _silence_since(before: Presence, heard_at: datetime) -> Silence:
    """From when on nothing was heard, as far as the process before knew."""
    if before.trouble and not before.connections:
        return Silence(heard_at, None, Reason.OFFLINE)
    return Silence(before.stopped_at or before.beat_at, None, Reason.STOPPED)


def _log(silence: Silence) -> None:
    if silence.ended_at is None:
        logger.warning(
            "从 %s 起听不到消息 / deaf since then (%s)",
            silence.began_at.astimezone().strftime("%m-%d %H:%M:%S"),
            silence.reason.value,
        )
    else:
        logger.warning(
            "有 %.0f 秒没有听到消息，现在恢复了 / was deaf for that long (%s)",
            (silence.ended_at - silence.began_at).total_seconds(),
            silence.reason.value,
        )
