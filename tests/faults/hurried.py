"""The bot of the storms: the whole Steward with a handler of its own, in hurried time, with a point to die at.

It runs in a child that `nursery.py` has forked. The handler answers every message with its own words, in the way that
the message asks for, and announces every due task in a group, so that the sandbox's record tells all.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot import logs, wire
from bot.app import Steward
from bot.cli.stopping import on_stop_signals
from bot.dispatch import Item
from bot.openapi import OpenAPI
from bot.settings import load
from handlers.message import Body, Ding, Due, GroupPost, Incoming, Outgoing, Priority, Private, Reply
from storage.database import Database, DatabaseError
from tests.bot.rig import GROUP
from tests.faults.clockwork import SPEED, BotClock, Dial, HurriedLoop, Resolver
from tests.faults.runner import Failpoint, install, wrap, wrap_enter

SCHEDULE = "alle-zehn"
"""Name of the schedule that is announced."""


@dataclass(frozen=True, slots=True)
class Orders:
    """What a child is to run."""

    config: str
    dial: str
    resolver_flag: str
    failpoint: str = ""
    http_seconds: float = 15.0
    """Of our time: how long a call may take. Long, so that a busy machine is not taken for a network that hangs."""


def answer(item: Item, now: datetime, point: Failpoint) -> list[Outgoing]:
    """What the bot says: to a message `答：` and its words, by reply, `post`, `word` or `ding`; `到点：` when due."""
    if isinstance(item, Due):
        point.passed("in-due")
        if item.schedule != SCHEDULE:
            return []
        body = Body(f"到点：{item.planned_at.isoformat()} 于 {now.isoformat()}{' 补发' if item.is_late else ''}")
        return [GroupPost(GROUP, body, Priority.ANSWER)]
    if not isinstance(item, Incoming):
        return []
    point.passed("in-handling")
    body = Body(f"答：{item.text}")
    way = item.text.partition(" ")[0]
    if way == "twice":
        return [Reply(body), Reply(body)]
    if way == "never":
        return []
    if way == "post":
        return [GroupPost(item.conversation, body, Priority.ANSWER)]
    staff_id = item.sender.staff_id
    if way == "word" and staff_id is not None:
        return [Private((staff_id,), body, Priority.ANSWER)]
    if way == "ding" and staff_id is not None:
        return [Ding((staff_id,), body.text, Priority.ANSWER)]
    return [Reply(body)]


def run(orders: Orders) -> None:
    """Run until SIGTERM, or until the point is reached."""
    logs.set_up("debug", "console")
    Resolver(Path(orders.resolver_flag)).install()
    defaults = OpenAPI.__init__.__kwdefaults__
    assert defaults is not None and "timeout" in defaults
    defaults["timeout"] = wire.timeout_of(orders.http_seconds * SPEED)
    with asyncio.Runner(loop_factory=HurriedLoop) as runner:
        runner.run(_work(orders))


async def _work(orders: Orders) -> None:
    point = Failpoint(orders.failpoint)
    install(point)
    wrap(
        Database,
        "_commit",
        before=lambda: point.passed("before-any-commit"),
        after=lambda: point.passed("after-any-commit"),
    )
    try:
        steward = Steward.open(load(Path(orders.config), environ={}), BotClock(Dial(Path(orders.dial))))
    except DatabaseError as error:  # as `steward run` does; whoever started it starts it again
        sys.exit(str(error))
    wrap_enter(steward, point)
    steward._dispatch._handle = lambda item, now, fetched: answer(item, now, point)
    on_stop_signals(asyncio.get_running_loop(), steward.stop)
    await steward.run()
