"""Says when something is due, and nothing else (design §3).

APScheduler drives one look a second. Each look asks our clock, so a machine that slept, a clock that was set, and the
sandbox's moved clock are all the same to it. What is due is stored together with the next time, in one transaction.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from bot.clock import Clock
from bot.settings import Settings
from handlers.cleanup.when import trigger
from handlers.message import Due
from storage.schedules import ScheduleRow
from storage.store import Store

logger = logging.getLogger(__name__)

LATE = timedelta(minutes=5)
"""From here on what is sent says that it comes late."""
REMINDERS = ("cleanup-reminders", "每个工作日 10:00")
SYNC = ("directory-sync", "每天 3:00")


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    task: str
    when_text: str
    trigger: BaseTrigger


class Schedule:
    """All schedules of the settings, and the two that always run."""

    def __init__(self, clock: Clock, store: Store, settings: Settings, take: Callable[[Due], None]) -> None:
        """`take` stores a due task, in the transaction that is open. Raises `WhenError` for a bad `when`."""
        self._clock = clock
        self._store = store
        self._take = take
        zone = settings.scheduler.timezone
        self._entries = [
            _Entry(one.name, "cleanup-cycle", f"{one.when} {one.on_holiday}", trigger(one.when, zone, one.on_holiday))
            for one in settings.cleanup.schedules
        ]
        self._entries += [_Entry(name, name, when, trigger(when, zone, "same")) for name, when in (REMINDERS, SYNC)]
        self._scheduler: AsyncIOScheduler | None = None

    async def run(self) -> None:
        """Look once a second until cancelled."""
        scheduler = AsyncIOScheduler()
        scheduler.add_job(self.look, "interval", seconds=1, max_instances=1, coalesce=True)
        self.look()
        scheduler.start()
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        try:
            await asyncio.Event().wait()
        finally:
            scheduler.shutdown(wait=False)

    def wake(self) -> None:
        """The clock was moved: look now."""
        self.look()

    def look(self) -> None:
        """Take what is due. What was missed while the bot stood still is taken once, late."""
        now = self._clock.now()
        for entry in self._entries:
            row = self._store.schedules.get(entry.name)
            if row is None or row.when_text != entry.when_text:
                self._store.schedules.put(
                    ScheduleRow(entry.name, entry.when_text, row.last_fire_at if row else None, self._next(entry, now))
                )
            elif row.next_fire_at is not None and row.next_fire_at <= now:
                self._fire(entry, row.next_fire_at, now)

    def _fire(self, entry: _Entry, planned_at: datetime, now: datetime) -> None:
        due = Due(entry.task, entry.name, planned_at, is_late=now - planned_at > LATE)
        with self._store.database.transaction():
            self._take(due)
            self._store.schedules.put(ScheduleRow(entry.name, entry.when_text, now, self._next(entry, now)))
        logger.info("定时任务到点 / due: %s%s", entry.name, "（补发 / late）" if due.is_late else "")

    def _next(self, entry: _Entry, now: datetime) -> datetime | None:
        moment: datetime | None = entry.trigger.get_next_fire_time(None, now + timedelta(milliseconds=1))
        return moment

    def next_fires(self) -> list[tuple[str, datetime]]:
        """Name and next moment of every schedule, soonest first."""
        found = [(entry.name, self._store.schedules.get(entry.name)) for entry in self._entries]
        moments = [(name, row.next_fire_at) for name, row in found if row is not None and row.next_fire_at is not None]
        return sorted(moments, key=lambda pair: pair[1])
