"""What the clean-up does when the schedule says so."""

from __future__ import annotations

from handlers.cleanup import texts
from handlers.cleanup.cycle import open_cycle, plan
from handlers.cleanup.reminders import remind
from handlers.context import Context
from handlers.message import Due, Outgoing
from storage.audit import AuditEntry


def handle(due: Due, context: Context) -> list[Outgoing]:
    """Carry out a due task; unknown ones (of a schedule that was taken out of the settings) do nothing."""
    zone = context.settings.scheduler.timezone
    late = texts.late_note(due.planned_at.astimezone(zone)) if due.is_late else ""
    if due.task == "cleanup-reminders":
        return remind(context, late)
    if due.task != "cleanup-cycle":
        return []
    schedule = next((one for one in context.settings.cleanup.schedules if one.name == due.schedule), None)
    if schedule is None:
        return []
    planned = plan(schedule.kinds, context, schedule.name)
    sent = open_cycle(planned, schedule.name, schedule.kinds, "schedule", context, late)
    detail = f"{len(planned.groups)} groups, {len(planned.found)} findings, {len(planned.owners)} owners"
    detail += f", {len(planned.orphans)} groups with nobody to ask" if planned.orphans else ""
    context.store.audit.add(AuditEntry(context.now, "schedule", "清理 发起", schedule.name, detail))
    return sent
