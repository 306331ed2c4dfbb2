"""Says when something is due, and nothing else.

APScheduler drives one look a second. Each look asks our clock, so a machine that slept, a clock that was set, and the
sandbox's moved clock are all the same to it. What is due is stored together with the next time, in one transaction.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from bot.clock import Clock
from bot.settings import Settings
from bot.writer import Writer
from handlers.cleanup.cron import OnHoliday
from handlers.cleanup.hours import first_permitted
from handlers.cleanup.when import trigger
from handlers.cleanup.workdays import is_covered
from handlers.message import Due
from handlers.moderation.digest import TASK as FLAG_DIGEST
from handlers.policy.curated.weekly import DIGEST_TASK, REVIEW_TASK
from handlers.study.naming import POST_TASK, REMIND_TASK, schedule_name
from storage.schedules import ScheduleRow
from storage.store import Store

logger = logging.getLogger(__name__)

LATE = timedelta(minutes=5)
"""From here on what is sent says that it comes late."""
REMINDERS = ("cleanup-reminders", "每个工作日 10:00")
STUDY_REMINDERS = (REMIND_TASK, "每个工作日 14:30")
"""Not at the same time as the other: nobody is to hear of both at once."""
SYNC = ("directory-sync", "每天 3:00")
RETENTION = ("retention", "每天 3:30")
POLICY_REVIEW = (REVIEW_TASK, "每个工作日 9:10")
QUOTA_WATCH = ("quota-watch", "每个工作日 8:40")
SILENT = frozenset({SYNC[0], RETENTION[0], POLICY_REVIEW[0], QUOTA_WATCH[0]})
"""Tasks that say nothing to anybody, or only when something is wrong."""
_CLOCK_WENT_BACK = timedelta(hours=1)
"""A last look this far in the future means that the clock was set back, not that two clocks differ a little."""
_REPEAT_COMPLAINT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    task: str
    when_text: str
    trigger: BaseTrigger
    speaks: OnHoliday | None
    """What the entry does on holidays where it speaks to people, and so keeps to working hours; None: it is silent."""


class Schedule:
    """All schedules of the settings, and the few that always run."""

    def __init__(
        self,
        clock: Clock,
        store: Store,
        settings: Settings,
        take: Callable[[Due], bool],
        taken: Callable[[], None] = lambda: None,
    ) -> None:
        """`take` stores a due task, in the transaction that is open, and says whether it is new; `taken` is called when some are on disk.

        Raises `WhenError` for a bad `when`.
        """
        self._clock = clock
        self._store = store
        self._take = take
        self._taken = taken
        self._cleanup = settings.cleanup
        self._zone = settings.scheduler.timezone
        self._uncovered: set[int] = set()
        self._looked_at: datetime | None = None
        self._complained_at: float | None = None
        self._woken = asyncio.Event()
        self._entries = [
            self._entry(one.name, "cleanup-cycle", one.when, one.on_holiday) for one in settings.cleanup.schedules
        ]
        self._entries += [
            self._entry(schedule_name(one.name), POST_TASK, one.when, one.on_holiday)
            for one in settings.study.schedules
        ]
        self._entries.append(self._entry(REMINDERS[0], REMINDERS[0], REMINDERS[1], "next"))
        self._entries.append(self._entry(STUDY_REMINDERS[0], STUDY_REMINDERS[0], STUDY_REMINDERS[1], "next"))
        self._entries.append(self._entry(POLICY_REVIEW[0], POLICY_REVIEW[0], POLICY_REVIEW[1], "next"))
        if settings.policy.digest:
            self._entries.append(self._entry(DIGEST_TASK, DIGEST_TASK, settings.policy.digest, "next"))
        if settings.moderation.digest:
            self._entries.append(self._entry(FLAG_DIGEST, FLAG_DIGEST, settings.moderation.digest, "next"))
        self._entries.append(self._entry(SYNC[0], SYNC[0], SYNC[1], None))
        self._entries.append(self._entry(RETENTION[0], RETENTION[0], RETENTION[1], None))
        self._entries.append(self._entry(QUOTA_WATCH[0], QUOTA_WATCH[0], QUOTA_WATCH[1], "next"))

    def _entry(self, name: str, task: str, when: str, speaks: OnHoliday | None) -> _Entry:
        # A schedule starts afresh when anything changes that its next time was computed from.
        text = f"{when} {speaks or 'same'} {self._zone.key}"
        return _Entry(name, task, text, trigger(when, self._zone, speaks or "same"), speaks)

    def obey(self, settings: Settings) -> None:
        """Other schedules, working hours and another zone hold from the next look on, which comes within a second.

        While `run` runs, this is to be done in the writing thread. Raises `WhenError`, and then nothing has changed.
        """
        new = Schedule(self._clock, self._store, settings, self._take)
        self._store.schedules.keep_only(entry.name for entry in new._entries)
        self._cleanup, self._zone, self._entries = new._cleanup, new._zone, new._entries

    async def run(self, writer: Writer) -> None:
        """Look once a second until cancelled."""
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        scheduler = AsyncIOScheduler(timezone=UTC)
        self._woken = asyncio.Event()
        try:
            # A coroutine, because APScheduler gives plain functions to threads of its own.
            scheduler.add_job(
                self._tick, "interval", seconds=1, max_instances=1, coalesce=True, misfire_grace_time=None
            )
            scheduler.start()
            while True:
                await self._look_again(writer)
                await self._woken.wait()
                self._woken.clear()
        finally:
            if scheduler.running:
                # A tick that has begun comes to its end: APScheduler would call its cancelling an error.
                scheduler.remove_all_jobs()
                await asyncio.sleep(0)
                scheduler.shutdown(wait=False)

    async def _tick(self) -> None:
        self._woken.set()

    def wake(self) -> None:
        """The clock was moved: look now."""
        self._woken.set()

    async def _look_again(self, writer: Writer) -> None:
        """Look; a disk that is full for a while is no reason to stop looking, nor to say so every second."""
        try:
            if await writer.do(self._tidy_and_look):
                self._taken()
        except sqlite3.Error as error:
            self._looked_at = None  # what this look found was not stored
            now = asyncio.get_running_loop().time()
            if self._complained_at is None or now - self._complained_at > _REPEAT_COMPLAINT.total_seconds():
                self._complained_at = now
                logger.error("定时计划读写出错，稍后再试 / the schedule cannot be read or written: %s", error)
        else:
            self._complained_at = None

    def _tidy_and_look(self) -> int:
        if self._looked_at is None:
            self._store.schedules.keep_only(entry.name for entry in self._entries)
        return self.look()

    def look(self) -> int:
        """Take what is due; return how much that was. What was missed while the bot stood still is taken once, late.

        What speaks to people waits for working hours, so that neither an odd schedule nor a restart at night wakes
        anybody. While `run` runs, nobody else may call this: it happens in the writing thread.
        """
        now = self._clock.now()
        # Only now and then, because it computes every schedule anew.
        fired = 0
        may_have_gone_back = self._looked_at is None or self._looked_at - now > _CLOCK_WENT_BACK
        for entry in self._entries:
            row = self._store.schedules.get(entry.name)
            if row is None or row.when_text != entry.when_text:
                self._put(entry, row.last_fire_at if row else None, now)
            elif may_have_gone_back and self._is_from_the_future(entry, row, now):
                logger.warning("时钟被调回，重新计算 / the clock went back, computing anew: %s", entry.name)
                self._put(entry, None, now)
            elif row.next_fire_at is not None:
                permitted_at = self._permitted(entry, row.next_fire_at)
                if permitted_at <= now and self._permitted(entry, now) == now:
                    self._fire(entry, row.next_fire_at, now, is_late=now - permitted_at > LATE)
                    fired += 1
        self._looked_at = now
        return fired

    def _is_from_the_future(self, entry: _Entry, row: ScheduleRow, now: datetime) -> bool:
        """The stored times were computed by a clock that was ahead: the next one comes later than it should."""
        if row.last_fire_at is not None and row.last_fire_at - now > _CLOCK_WENT_BACK:
            return True
        following = self._next(entry, now + _CLOCK_WENT_BACK)
        return row.next_fire_at is not None and following is not None and following < row.next_fire_at

    def _fire(self, entry: _Entry, planned_at: datetime, now: datetime, *, is_late: bool) -> None:
        with self._store.database.transaction():
            is_new = self._take(Due(entry.task, entry.name, planned_at, is_late))
            # A clock that was set back and forth comes to the same time again; what was missed since is still due.
            self._put(entry, now, now if is_new else planned_at)
        if is_new:
            logger.info("定时任务到点 / due: %s%s", entry.name, "（补发 / late）" if is_late else "")

    def _put(self, entry: _Entry, last: datetime | None, now: datetime) -> None:
        following = self._next(entry, now)
        self._store.schedules.put(ScheduleRow(entry.name, entry.when_text, last, following))
        local = None if following is None else following.astimezone(self._zone).date()
        if local is not None and not is_covered(local) and local.year not in self._uncovered:
            self._uncovered.add(local.year)
            logger.warning(
                "%d 年的放假安排还没有收录，请更新 chinesecalendar / no official holidays for this year yet: "
                "update chinesecalendar",
                local.year,
            )

    def _next(self, entry: _Entry, now: datetime) -> datetime | None:
        moment: datetime | None = entry.trigger.get_next_fire_time(None, now + timedelta(milliseconds=1))
        return moment

    def _permitted(self, entry: _Entry, moment: datetime) -> datetime:
        if entry.speaks is None:
            return moment
        return first_permitted(moment, self._zone, self._cleanup, entry.speaks)

    def next_fires(self) -> list[tuple[str, datetime]]:
        """Name and next moment of every schedule, soonest first; nothing that speaks comes outside working hours."""
        now = self._clock.now()
        found = []
        for entry in self._entries:
            row = self._store.schedules.get(entry.name)
            moment = self._next(entry, now) if row is None else row.next_fire_at
            if moment is not None:
                found.append((entry.name, self._permitted(entry, max(moment, now) if entry.speaks else moment)))
        return sorted(found, key=lambda pair: pair[1])
