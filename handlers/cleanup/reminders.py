"""Who still owes an answer hears again; who has finished never does."""

from __future__ import annotations

from handlers import access
from handlers.cleanup import texts
from handlers.cleanup.cycle import buttons_for, titles_of
from handlers.cleanup.roster import Roster
from handlers.cleanup.workdays import is_workday, workdays_between
from handlers.context import Context
from handlers.message import Body, Outgoing, Private
from storage.findings import Ask


def remind(context: Context, late: str = "") -> list[Outgoing]:
    """The reminders that are due now: on workdays, in working hours, after enough workdays, not too often."""
    if not is_workday(context.today) or not _in_working_hours(context):
        return []
    sent: list[Outgoing] = []
    silent: list[tuple[str, int]] = []
    roster = Roster.load(context.store.staff)
    titles = titles_of(context.store.groups.all(active_only=False))
    told: set[str] = set()
    for ask in context.store.findings.asks():
        if ask.finished_at is not None or ask.owner in told:
            continue
        owed = context.store.findings.owed_by(ask.owner)
        if not owed or not _is_time(ask, context):
            continue
        told.add(ask.owner)
        context.store.findings.reminded(ask.cycle_id, ask.owner, context.now)
        if ask.reminders >= context.settings.cleanup.max_reminders:
            silent.append((roster.name_of(ask.owner), len(owed)))
            continue
        text = texts.remind(owed, titles, ask.reminders + 1, late)
        sent.append(Private((ask.owner,), Body(text, "群成员待核对", buttons_for(owed))))
    admins = access.main_admins(context)
    if silent and admins:
        sent.append(Private(admins, Body(texts.never_answered(silent), "群主未答复")))
    return sent


def _is_time(ask: Ask, context: Context) -> bool:
    """Enough workdays since the last word, and the admins have not been told yet (the last step is told once)."""
    if ask.reminders > context.settings.cleanup.max_reminders:
        return False
    zone = context.settings.scheduler.timezone
    last = (ask.last_reminded_at or ask.asked_at).astimezone(zone).date()
    return workdays_between(last, context.today) >= context.settings.cleanup.remind_after_workdays


def _in_working_hours(context: Context) -> bool:
    settings = context.settings.cleanup
    return settings.working_hours_from <= context.local_now.time().replace(tzinfo=None) <= settings.working_hours_to
