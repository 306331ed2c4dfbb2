"""What a slash command is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from handlers.access import Role
from handlers.context import Context
from handlers.message import Incoming, Outgoing


@dataclass(frozen=True, slots=True)
class Call:
    """One use of a command: who wrote it where, and its arguments."""

    message: Incoming
    arguments: tuple[str, ...] = ()
    """Split at white space, quotes respected."""
    rest: str = ""
    """Everything after the command's own words, as it was typed."""
    commands: tuple[Command, ...] = ()
    """All commands that there are, for those that speak about commands."""


class UsageError(Exception):
    """The arguments don't fit. The text says in one line what is wrong; usage and example are added by the router."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command and all that help, checks and docs need to know about it. `words` is `("清理", "状态")`.

    `aliases` are the English words one for one: `("cleanup", "status")`. `effect`, where there is one, describes
    what the command is about to do; the command then runs only after `/确认 代码`. Where it returns None, there is
    nothing to confirm this time.
    """

    words: tuple[str, ...]
    aliases: tuple[str, ...]
    role: Role
    usage: str
    example: str
    summary: str
    run: Callable[[Call, Context], list[Outgoing]]
    effect: Callable[[Call, Context], str | None] | None = None
    is_offered: Callable[[Incoming, Context], bool] | None = None
    """To whom, among those of the role, help offers it; None: to all. The command itself says who may run it."""
