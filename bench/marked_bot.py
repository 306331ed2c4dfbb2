"""`steward run` with the id of the message under each answer, so that the platform can tell what it answers.

    python -m bench.marked_bot run -c CONFIG

Everything is the real bot. Several answers may come in one message, and one that comes twice would else look like two.
With `BENCH_ECHO=1` in the environment the handlers only repeat what they hear, as the bare bot's does.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

from bot.cli import main as steward
from handlers import router
from handlers.context import Context
from handlers.message import Body, Incoming, Outgoing, Reply

Handle = Callable[[Incoming, Context], list[Outgoing]]


def echo(message: Incoming, context: Context) -> list[Outgoing]:
    """Repeat it."""
    return [Reply(Body(f"答：{message.text}"))]


def marked(handle: Handle) -> Handle:
    """The same handler, with the mark under what it answers."""

    def answer(message: Incoming, context: Context) -> list[Outgoing]:
        return [
            replace(one, body=replace(one.body, text=f"{one.body.text}\n\n{message.id}"))
            if isinstance(one, Reply)
            else one
            for one in handle(message, context)
        ]

    return answer


if __name__ == "__main__":
    vars(router)["handle"] = marked(echo if os.environ.get("BENCH_ECHO") else router.handle)
    steward(prog_name="steward")
