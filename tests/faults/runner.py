"""The bot as a process that kills itself at a chosen point; production code knows nothing of this.

    python -m tests.faults.runner CONFIG

`FAILPOINT=<name>:<n>` in the environment names the point and its how-many-th passing. Handlers are replaced by one that
writes a domain row (an audit entry) for each message and answers in the way that the message asks for.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from bot import logs
from bot.app import Steward
from bot.cli.stopping import on_stop_signals
from bot.clock import SystemClock
from bot.dispatch import Dispatch, Item
from bot.gateway.connection import Connection
from bot.gateway.intake import Intake
from bot.outbox.carrier import Carrier
from bot.settings import load
from handlers.message import Body, Ding, Due, GroupPost, Incoming, Outgoing, Private, Reply
from storage.audit import AuditEntry
from storage.inbox import InboxRow
from storage.outbox import Outbox


def die() -> NoReturn:
    """End at once: no `finally`, no flush, no good-bye."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("unreachable")


class Failpoint:
    """Dies at the n-th passing of the point with the name that the environment gives."""

    def __init__(self, spec: str) -> None:
        self.name, _, number = spec.partition(":")
        self._left = int(number or 1)

    def passed(self, name: str) -> None:
        if name != self.name:
            return
        self._left -= 1
        if self._left <= 0:
            die()


def handle(steward: Steward, item: Item, now: datetime, point: Failpoint) -> list[Outgoing]:
    """Write a row, then answer as asked: `post`, `word`, `ding`, or a reply."""
    if isinstance(item, Due):
        steward.store.audit.add(AuditEntry(now, "schedule", "due", item.task))
        point.passed("in-due")
        return []
    if not isinstance(item, Incoming):
        return []
    steward.store.audit.add(AuditEntry(now, item.sender.staff_id or "", "heard", item.text))
    point.passed("in-handling")
    body = Body(f"答：{item.text}")
    kind = item.text.partition(" ")[0]
    if kind == "post":
        return [GroupPost(item.conversation, body)]
    if kind == "word":
        return [Private(("0001",), body)]
    if kind == "ding":
        return [Ding(("0001",), body.text)]
    return [Reply(body)]


def wrap(owner: type, name: str, *, before: Callable[[], None] | None = None, after: Callable[[], None]) -> None:
    """Let a method pass points before and after its work."""
    original: Callable[..., Any] = getattr(owner, name)

    def sync(*args: Any, **kwargs: Any) -> Any:
        if before is not None:
            before()
        result = original(*args, **kwargs)
        after()
        return result

    async def asynchronous(*args: Any, **kwargs: Any) -> Any:
        if before is not None:
            before()
        result = await original(*args, **kwargs)
        after()
        return result

    chosen: Callable[..., Any | Awaitable[Any]] = asynchronous if asyncio.iscoroutinefunction(original) else sync
    setattr(owner, name, chosen)


async def never(self: Dispatch, row: InboxRow) -> bool:
    """Instead of a handler's turn."""
    await asyncio.Event().wait()
    return False


def install(point: Failpoint) -> None:
    """Put the points into the seams."""
    wrap(
        Intake,
        "_commit",
        before=lambda: point.passed("before-commit"),
        after=lambda: point.passed("after-commit"),
    )
    if point.name == "after-ack":
        # The handler is not to be quicker than the acknowledgement.
        Dispatch._take_turn = never  # type: ignore[method-assign]
        wrap(Connection, "_acknowledge", after=lambda: point.passed("after-ack"))
    wrap(Dispatch, "_carry_out", after=lambda: point.passed("after-outbox"))
    wrap(Carrier, "carry", after=lambda: point.passed("after-send"))
    wrap(Outbox, "sent", after=lambda: point.passed("after-sent"))


async def main(config: Path) -> None:
    """Run until SIGTERM, or until the point is reached."""
    logs.set_up("debug", "console")
    point = Failpoint(os.environ.get("FAILPOINT", ""))
    install(point)
    steward = Steward.open(load(config, environ={}), SystemClock())
    wrap_enter(steward, point)
    steward._dispatch._handle = lambda item, now, fetched: handle(steward, item, now, point)
    on_stop_signals(asyncio.get_running_loop(), steward.stop)
    await steward.run()


def wrap_enter(steward: Steward, point: Failpoint) -> None:
    """`in-the-window`: «about to send» is committed, and not a byte is written yet."""
    original = steward._enter

    async def enter(api: str, mark: Callable[[], None]) -> None:
        await original(api, mark)
        if api == "sessionWebhook" or api.startswith("robot/"):
            point.passed("in-the-window")

    steward._enter = enter  # type: ignore[method-assign]


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
