"""What happens when the schedule says so."""

from __future__ import annotations

from handlers.context import Context
from handlers.message import Due, Outgoing
from handlers.study import texts
from handlers.study.naming import POST_TASK, plan_name
from handlers.study.posting import next_round, send
from handlers.study.reminders import remind


def handle(due: Due, context: Context) -> list[Outgoing]:
    """Carry out a due task. A plan that was paused, or taken out of the settings, sends nothing."""
    if due.task != POST_TASK:
        return remind(context)
    name = plan_name(due.schedule)
    schedule = next((one for one in context.settings.study.schedules if one.name == name), None)
    if schedule is None or context.store.study.is_paused(name):
        return []
    planned = next_round(schedule, context)
    if not planned.to_send:
        return []
    zone = context.settings.scheduler.timezone
    late = texts.late_note(due.planned_at.astimezone(zone)) if due.is_late else ""
    return send(schedule, planned, "schedule", context, late)
