"""Who still owes an answer hears again; who has finished never does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

from handlers import access
from handlers.cleanup import texts
from handlers.cleanup.cycle import buttons_for, settle, titles_of
from handlers.cleanup.handover import hand_over
from handlers.cleanup.hours import is_permitted
from handlers.cleanup.roster import Roster
from handlers.cleanup.workdays import workdays_between
from handlers.context import Context
from handlers.message import Body, Outgoing, Private
from storage.audit import AuditEntry
from storage.findings import Ask

_OUTDATED = timedelta(days=7)
"""A reminder that could not go out for so long names what may be done by now; another one has come meanwhile."""


def remind(context: Context, late: str = "") -> list[Outgoing]:
    """The reminders that are due now: on workdays, in working hours, after enough workdays, not too often.

    Somebody who is asked in several cycles hears of all in one message. After the last reminder the main admins are
    told once, by name and count. What is no longer an owner's to answer goes to somebody else first.
    """
    if not is_permitted(context.now, context.settings.scheduler.timezone, context.settings.cleanup):
        return []
    roster = Roster.load(context.store.staff)  # takes a while, and nobody else can write after the first write
    titles = titles_of(context.store.groups.all(active_only=False))
    settle(context)
    handed_over = hand_over(roster, context, late)
    new_to_it = {person for one in handed_over for person in one.to}
    sent: list[Outgoing] = [*handed_over]
    silent: list[tuple[str, int]] = []
    by_owner = groupby(sorted(context.store.findings.asks(), key=lambda ask: ask.owner), key=lambda ask: ask.owner)
    for owner, asks in by_owner:
        unfinished = [
            ask for ask in asks if ask.finished_at is None and ask.reminders <= context.settings.cleanup.max_reminders
        ]
        cycles = {ask.cycle_id for ask in unfinished}
        owed = [finding for finding in context.store.findings.owed_by(owner) if finding.cycle_id in cycles]
        if not owed or owner in new_to_it or not _is_time(unfinished, context):
            continue
        reminders = max(ask.reminders for ask in unfinished) + 1
        if reminders > context.settings.cleanup.max_reminders:
            silent.append((roster.name_of(owner), len(owed)))
            _count(unfinished, context.settings.cleanup.max_reminders + 1, "转告主管理员", context)
            continue
        _count(unfinished, reminders, f"第 {reminders} 次", context)
        text = texts.remind(owed, titles, reminders, late)
        body = Body(text, texts.TITLE_REMIND, buttons_for(owed))
        sent.append(Private((owner,), body, expires_at=context.now + _OUTDATED))
    admins = access.main_admins(context)
    if silent and admins:
        sent.append(Private(admins, Body(texts.never_answered(silent), texts.TITLE_SILENT)))
    return sent


def _is_time(asks: Sequence[Ask], context: Context) -> bool:
    """Enough workdays have passed since the last word."""
    zone = context.settings.scheduler.timezone
    last = max(ask.last_reminded_at or ask.asked_at for ask in asks).astimezone(zone).date()
    return workdays_between(last, context.today) >= context.settings.cleanup.remind_after_workdays


def _count(asks: Sequence[Ask], reminders: int, what: str, context: Context) -> None:
    """All of an owner's asks stand at the same number of reminders from now on."""
    for ask in asks:
        context.store.findings.reminded(ask.cycle_id, ask.owner, reminders, context.now)
    context.store.audit.add(AuditEntry(context.now, "schedule", "清理 提醒", asks[0].owner, what))
