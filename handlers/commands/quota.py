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


def _show(call: Call, context: Context) -> list[Outgoing]:
    now = current(context.store, context.today, context.settings.quota)
    since = datetime.combine(context.today.replace(day=1), time(), context.settings.scheduler.timezone)
    held = context.store.quota.held()
    waiting = texts.Waiting(held.get(Priority.REMINDER, 0), held.get(Priority.DIGEST, 0))
    text = texts.overview(now, waiting, context.store.quota.pushes(since.astimezone(UTC)))
    return privately(call.message, Body(text, texts.TITLE))


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
