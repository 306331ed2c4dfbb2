"""Noticing that another process answers as the same robot, as far as DingTalk lets us.

Each frame goes to any one connection of the application, whoever holds it (docs/platform.md §1.4), so a forgotten
second process takes its share of the messages, and nothing says so. What it sends, however, is the robot's; and when
somebody quotes that to us, DingTalk names it by a key that we never got. A wrong alarm would send people looking for
what is not there: one such message may be an accident, two are told.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers import access
from handlers.context import Context
from handlers.hearing import texts
from handlers.message import Incoming, Outgoing, Private
from storage.store import Store

WITHIN = timedelta(days=7)
ENOUGH = 2
"""Messages that are not ours, within those days."""
BETWEEN_WORDS = timedelta(days=1)


def suspected_at(store: Store, now: datetime) -> datetime | None:
    """When something last looked as if another process answered as this robot; None when nothing does."""
    seen = store.rivals.seen(now - WITHIN)
    return seen[-1] if len(seen) >= ENOUGH else None


def notice(message: Incoming, context: Context) -> list[Outgoing]:
    """Look at what a message quotes; a word to the main admins, once a day at most, when it makes us suspicious."""
    store, quoted = context.store, message.quoted
    if quoted is None or quoted.platform_key is None or quoted.sent_at is None:
        return []
    staff_id = None if message.is_group else message.sender.staff_id
    key, sent_at = quoted.platform_key, quoted.sent_at
    if store.rivals.knows(key) or store.rivals.may_be_ours(key, message.conversation, staff_id, sent_at):
        return []
    store.rivals.note(key, message.conversation, sent_at, context.now)
    told_at = store.rivals.last_told_at()
    is_quiet = told_at is not None and context.now - BETWEEN_WORDS < told_at <= context.now
    admins = access.main_admins(context)
    if is_quiet or not admins or suspected_at(store, context.now) is None:
        return []
    store.rivals.told(context.now)
    messages = len(store.rivals.seen(context.now - WITHIN))
    group = (message.title or message.conversation) if message.is_group else None
    sent_local = sent_at.astimezone(context.settings.scheduler.timezone)
    return [Private(admins, texts.rival(messages, group, sent_local, context.local_now))]
