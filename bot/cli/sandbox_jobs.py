"""Which scheduled job a visitor of the sandbox sees next: one that says something to somebody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from bot.schedule import REMINDERS, SILENT, STUDY_REMINDERS
from bot.settings import Settings
from handlers.cleanup.workdays import add_workdays
from handlers.moderation.digest import TASK as FLAG_DIGEST
from handlers.policy.curated.weekly import DIGEST_TASK
from sandbox.web.controls import NextJob
from storage.findings import Ask

TITLES = {
    "department-monthly": "每月群成员清理",
    REMINDERS[0]: "提醒未答复的群主",
}
"""What the page calls the jobs that people notice; others keep the name from the configuration."""


def next_job(fires: Sequence[tuple[str, datetime]], asks: Iterable[Ask], settings: Settings) -> NextJob | None:
    """The first of the schedule's `fires` that people notice; None when there is none.

    Not what is silent, nor the digests, which come only when there is something to tell, and the daily look for owners to
    remind only on the day on which one will be.
    """
    found = []
    for name, at in fires:
        moment = _reminder(at, asks, settings) if name == REMINDERS[0] else at
        if moment is not None and name not in {*SILENT, STUDY_REMINDERS[0], DIGEST_TASK, FLAG_DIGEST}:
            found.append(NextJob(TITLES.get(name, name), moment))
    return min(found, key=lambda job: job.at, default=None)


def _reminder(first: datetime, asks: Iterable[Ask], settings: Settings) -> datetime | None:
    """When an owner will hear again: at the hour of `first`, on that day or a later one; None when nobody owes."""
    zone, cleanup = settings.scheduler.timezone, settings.cleanup
    last_words: dict[str, date] = {}
    for ask in asks:
        if ask.finished_at is None and ask.reminders <= cleanup.max_reminders:
            day = (ask.last_reminded_at or ask.asked_at).astimezone(zone).date()
            last_words[ask.owner] = max(day, last_words.get(ask.owner, day))
    if not last_words:
        return None
    local = first.astimezone(zone)
    day = min(add_workdays(day, cleanup.remind_after_workdays) for day in last_words.values())
    return first if day <= local.date() else datetime.combine(day, local.timetz())
