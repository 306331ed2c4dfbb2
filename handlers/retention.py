"""What the bot forgets at night (`[privacy]`), and what `steward purge` forgets."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.context import Context
from handlers.message import Outgoing
from handlers.settings import HandlerSettings
from storage.audit import AuditEntry
from storage.retention import Before, Forgotten

ACTION = "保留期限"
"""What it is called in the audit."""
_CALLS_KEPT_DAYS = 62
"""This month and the last: how long the month's calls last is foretold from them, and they name nobody."""
_BRIDGED_KEPT = timedelta(days=7)
"""A message that a bridge brought is known for so long; its words are gone once it was looked at."""
MOST_A_NIGHT = 50_000
"""Rows of each table. Deleting so many takes well under a second, in which nobody else can write. That is more than a
college says in a day; only after the retention was shortened is there more, and the next nights take the rest."""


def limits(settings: HandlerSettings, now: datetime) -> Before:
    """How far back things are kept at `now`."""
    return _before(
        settings,
        now,
        now - timedelta(days=settings.privacy.retention_days),
        now - timedelta(days=settings.privacy.flag_retention_days),
    )


def limits_at(settings: HandlerSettings, now: datetime, moment: datetime) -> Before:
    """Everything from before `moment` goes, whatever the settings say."""
    return _before(settings, now, moment, moment)


def _before(settings: HandlerSettings, now: datetime, messages: datetime, flags: datetime) -> Before:
    zone = settings.scheduler.timezone
    needed_from = now.astimezone(zone).date() - timedelta(days=_CALLS_KEPT_DAYS)
    return Before(messages, flags, min(messages.astimezone(zone).date(), needed_from))


def detail(forgotten: Forgotten) -> str:
    """How the audit says how much that was."""
    return f"{forgotten.messages} messages, {forgotten.flags} flags, {forgotten.notes} notes"


def forget(context: Context) -> list[Outgoing]:
    """Delete what is older than the settings say, and note in the audit how much that was. Nobody is told."""
    minutes = timedelta(minutes=context.settings.policy.follow_up_minutes)
    context.store.subjects.forget(context.now - minutes)  # needed no longer, however young
    context.store.bridge.forget_keys(context.now - _BRIDGED_KEPT, MOST_A_NIGHT)
    forgotten = context.store.retention.forget(limits(context.settings, context.now), MOST_A_NIGHT)
    if forgotten:
        context.store.audit.add(AuditEntry(context.now, "schedule", ACTION, detail=detail(forgotten)))
    return []
