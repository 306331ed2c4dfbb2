"""Who is told what after a time in which nothing could be heard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers import access
from handlers.cleanup.hours import is_permitted
from handlers.context import Context
from handlers.hearing import texts
from handlers.message import GroupPost, Outgoing, Priority, Private
from storage.gaps import Gap
from storage.store import Store

TASK = "deafness"
"""The due task that leads here."""
BETWEEN_WORDS = timedelta(hours=1)
"""However often the connection breaks, admins hear of it once an hour at most, of all breaks together."""
ACTIVE_WITHIN = timedelta(hours=3)
"""A group that was heard so long before a gap may have gone on talking in it."""
FRESH = timedelta(hours=4)
"""A group is told of a gap that ended so long ago at most: later, nobody remembers what they said."""
_WORTH_READING = timedelta(days=3)
_MOST_GROUPS = 20


def is_due(store: Store, now: datetime) -> bool:
    """There is something to tell, and the last word about it is long enough ago."""
    told_at = store.gaps.last_told_at()
    # A word from the future was said by a clock that was ahead.
    return (told_at is None or not now - BETWEEN_WORDS < told_at <= now) and bool(store.gaps.untold())


def tell(context: Context, *, to_groups: bool) -> list[Outgoing]:
    """Tell the main admins of all gaps that nobody knows of, and with `to_groups` the groups that were active before,
    in working hours. Nothing when everything was told."""
    gaps = context.store.gaps.untold()
    if not gaps:
        return []
    context.store.gaps.told(gaps, context.now)
    spans = [_span(gap, context) for gap in gaps]
    sent: list[Outgoing] = []
    if admins := access.main_admins(context):
        titles = [_title(conversation, context) for conversation in _active(gaps, context)]
        body = texts.to_admins(spans, titles, context.local_now)
        sent.append(Private(admins, body, expires_at=context.now + _WORTH_READING))
    return [*sent, *_to_groups(gaps, context)] if to_groups else sent


def _to_groups(gaps: Sequence[Gap], context: Context) -> list[Outgoing]:
    fresh = [gap for gap in gaps if gap.ended_at is not None and context.now - gap.ended_at <= FRESH]
    if not fresh or not is_permitted(context.now, context.settings.scheduler.timezone, context.settings.cleanup):
        return []
    body = texts.to_group([_span(gap, context) for gap in fresh], context.local_now)
    groups = [conversation for conversation in _active(fresh, context) if not _is_external(conversation, context)]
    expires_at = context.now + FRESH
    return [
        GroupPost(conversation, body, priority=Priority.DIGEST, expires_at=expires_at)
        for conversation in groups[:_MOST_GROUPS]
    ]


def _active(gaps: Sequence[Gap], context: Context) -> list[str]:
    """Groups that were heard shortly before one of these, those of the last one first."""
    found: dict[str, None] = {}
    for gap in reversed(gaps):
        heard = context.store.gaps.groups_heard(gap.began_at - ACTIVE_WITHIN, gap.began_at)
        found.update(dict.fromkeys(heard))
    return list(found)


def _title(conversation: str, context: Context) -> str:
    group = context.store.groups.get(conversation)
    return conversation if group is None else group.label


def _is_external(conversation: str, context: Context) -> bool:
    """People of another organisation need not know how our bot is."""
    group = context.store.groups.get(conversation)
    return group is not None and group.kind == "external"


def _span(gap: Gap, context: Context) -> texts.Span:
    zone = context.settings.scheduler.timezone
    return gap.began_at.astimezone(zone), (gap.ended_at or context.now).astimezone(zone), gap.reason
