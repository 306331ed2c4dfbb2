"""`/计划`: when what happens (design §4)."""

from __future__ import annotations

from handlers.access import Role
from handlers.cleanup import texts
from handlers.cleanup.when import next_fires, trigger
from handlers.cleanup.workdays import is_covered
from handlers.commands.command import Call, Command
from handlers.context import Context
from handlers.message import Body, Outgoing, Reply


def _list(call: Call, context: Context) -> list[Outgoing]:
    zone = context.settings.scheduler.timezone
    lines = []
    uncovered: set[int] = set()
    for schedule in context.settings.cleanup.schedules:
        moments = next_fires(trigger(schedule.when, zone, schedule.on_holiday), context.now)
        local = [moment.astimezone(zone) for moment in moments]
        uncovered |= {moment.year for moment in local if not is_covered(moment.date())}
        lines.append((schedule.name, schedule.when, local))
    return [Reply(Body(texts.schedules(lines, sorted(uncovered)), "定时计划"))]


COMMANDS = (
    Command(
        words=("计划", "列表"),
        aliases=("schedule", "list"),
        role=Role.OWNER,
        usage="/计划 列表",
        example="/计划 列表",
        summary="看定时清理的计划和接下来三次时间",
        run=_list,
    ),
)
