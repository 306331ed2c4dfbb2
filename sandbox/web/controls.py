"""What the page needs from whoever wires the sandbox together."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class NextJob:
    """What the bot's schedule will do next. `title` is what people read."""

    title: str
    at: datetime


class Controls(Protocol):
    """What the page can do to the world beyond chatting. The wiring supplies it."""

    def robot_is_online(self) -> bool:
        """The bot holds a stream connection at the moment."""
        ...

    def next_job(self) -> NextJob | None:
        """The next scheduled job; None when nothing is scheduled or no bot runs."""
        ...

    async def advance(self) -> NextJob | None:
        """Move the clock to the next job and let it run. Returns what is running, None when nothing is scheduled."""
        ...

    async def reset(self) -> None:
        """Begin anew: the world as built, the present time, the bot with an empty database."""
        ...


class Say(Protocol):
    """`Sandbox.say`: somebody writes a message."""

    def __call__(
        self,
        person_key: str,
        chat: str,
        text: str,
        *,
        at_robot: bool = True,
        quotes: str | None = None,
        kind: str = "text",
        content: dict[str, Any] | None = None,
    ) -> Awaitable[str]:
        """Returns the message's id."""
        ...
