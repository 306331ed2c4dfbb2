"""Appeals that nobody has looked at: after two workdays those who were asked hear again, after four the main admins."""

from __future__ import annotations

from collections import defaultdict

from handlers import access
from handlers.cleanup.workdays import workdays_between
from handlers.context import Context
from handlers.message import Body, Button, Outgoing, Private
from handlers.moderation import appeal_texts as texts
from handlers.moderation.reviewers import concerned_by, reviewers_for

REMIND_AFTER, ESCALATE_AFTER = 2, 4
"""Workdays. Asked for once a workday, so that each is said once."""


def remind(context: Context) -> list[Outgoing]:
    """What is said today. Reads only."""
    zone = context.settings.scheduler.timezone
    waiting: dict[tuple[tuple[str, ...], int], set[str]] = defaultdict(set)
    for appeal in context.store.appeals.open():
        flag = context.store.flags.get(appeal.flag_id)
        days = workdays_between(appeal.at.astimezone(zone).date(), context.today)
        if flag is None or days not in (REMIND_AFTER, ESCALATE_AFTER):
            continue
        people = reviewers_for([flag], context)
        if days == ESCALATE_AFTER:
            concerned = concerned_by(flag, context)
            people = tuple(one for one in access.main_admins(context) if one not in concerned)
        if people:
            waiting[people, days].add(flag.message_key)
    return [
        Private(
            people,
            Body(texts.still_waiting(len(messages), days), texts.TITLE_WAITING, (Button("去看看", "/复核 申诉中"),)),
        )
        for (people, days), messages in waiting.items()
    ]
