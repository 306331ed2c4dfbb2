"""The look at the quota on each workday: main admins hear once a month and level that it runs out."""

from __future__ import annotations

from handlers import access
from handlers.context import Context
from handlers.message import Outgoing, Priority, Private
from handlers.quota import texts
from handlers.quota.current import current
from handlers.quota.standing import Level, Standing

CALLS, DINGS = "calls", "dings"
"""What may run out; the subjects of `store.quota.told`."""


def watch(context: Context) -> list[Outgoing]:
    """Tell the main admins when things are worse than they were told this month; nobody when there is none."""
    now, admins = current(context.store, context.today, context.settings.quota), access.main_admins(context)
    if not admins:
        return []
    month = f"{context.today:%Y-%m}"
    told = {subject: Level(context.store.quota.told(month, subject)) for subject in (CALLS, DINGS)}
    news = worse(now, told)
    for subject, level in news.items():
        context.store.quota.tell(month, subject, level, context.now)
    # Priority of an answer: it has to come through when reminders are held back.
    bodies = {CALLS: texts.calls_run_out, DINGS: texts.dings_run_out}
    return [Private(admins, bodies[subject](now), priority=Priority.ANSWER) for subject in news]


def worse(now: Standing, told: dict[str, Level]) -> dict[str, Level]:
    """The subjects whose level is worse than what was told, with their levels. A level passed over is not news."""
    levels = {CALLS: now.level, DINGS: now.ding_level}
    return {subject: level for subject, level in levels.items() if level > told[subject]}
