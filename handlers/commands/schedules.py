"""`/计划`: when what happens."""

from __future__ import annotations

from handlers.access import Role
from handlers.cleanup.hours import first_permitted
from handlers.cleanup.when import next_fires, trigger
from handlers.cleanup.workdays import is_covered
from handlers.commands import schedule_texts as texts
from handlers.commands.command import Call, Command
from handlers.context import Context
from handlers.groups.register import KIND_LABELS
from handlers.message import Body, Outgoing, Reply


def _list(call: Call, context: Context) -> list[Outgoing]:
    cleanup, zone = context.settings.cleanup, context.settings.scheduler.timezone
    beside = texts.STUDY if context.settings.study.schedules else ""
    if not cleanup.schedules:
        return [Reply(Body(texts.NONE + beside))]
    lines = []
    uncovered: set[int] = set()
    for schedule in cleanup.schedules:
        moments = [
            first_permitted(moment, zone, cleanup, schedule.on_holiday).astimezone(zone)
            for moment in next_fires(trigger(schedule.when, zone, schedule.on_holiday), context.now)
        ]
        uncovered |= {moment.year for moment in moments if not is_covered(moment.date())}
        kinds = "、".join(KIND_LABELS[kind] for kind in schedule.kinds)
        lines.append((schedule.name, schedule.when, kinds, moments))
    return [Reply(Body(texts.schedules(lines, sorted(uncovered)) + beside, texts.TITLE))]


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
