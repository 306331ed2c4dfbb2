"""`/配额`: how much of the month is gone, how long the rest lasts, and what waits."""

from __future__ import annotations

from datetime import UTC, datetime, time

from handlers.access import Role
from handlers.commands.command import Call, Command
from handlers.commands.privately import privately
from handlers.context import Context
from handlers.message import Body, Outgoing, Priority
from handlers.quota import texts
from handlers.quota.current import current
from handlers.quota.standing import Level, held_back


def _show(call: Call, context: Context) -> list[Outgoing]:
    now = current(context.store, context.today, context.settings.quota)
    since = datetime.combine(context.today.replace(day=1), time(), context.settings.scheduler.timezone)
    text = texts.overview(now, waiting(context, now.level), context.store.quota.pushes(since.astimezone(UTC)))
    return privately(call.message, Body(text, texts.TITLE))


def waiting(context: Context, level: Level) -> texts.Waiting:
    """What the level holds back at this moment."""
    queued = context.store.quota.waiting(context.now)
    held = {one: queued.get(one, 0) if held_back(one, level) else 0 for one in Priority}
    return texts.Waiting(held[Priority.REMINDER], held[Priority.DIGEST])


COMMANDS = (
    Command(
        words=("配额",),
        aliases=("quota",),
        role=Role.SUB_ADMIN,
        usage="/配额",
        example="/配额",
        summary="本月接口用了多少、够不够用、什么在缓发",
        run=_show,
    ),
)
