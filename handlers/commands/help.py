"""`/帮助`: what this person may ask of the bot here."""

from __future__ import annotations

from collections.abc import Iterable

from handlers import access
from handlers.access import Role
from handlers.commands import grammar, texts
from handlers.commands.command import Call, Command
from handlers.context import Context
from handlers.message import Body, Incoming, Outgoing, Reply


def permitted(
    commands: Iterable[Command], message: Incoming, context: Context, *, with_unoffered: bool = False
) -> list[Command]:
    """The commands that the sender may run in this chat, and that do something here.

    `with_unoffered`: those too that buttons say, and those of people who answer for a document.
    """
    answered = access.may_ask(message, context)
    return [
        command
        for command in commands
        if access.may(command.role, command.words[0], message, context)
        and (answered or command.words[0] != "规章")
        and (with_unoffered or command.is_offered is None or command.is_offered(message, context))
    ]


def overview(commands: Iterable[Command], message: Incoming, context: Context) -> Body:
    """What the bot is for, and the commands that this person may use here."""
    allowed = permitted(commands, message, context)
    may_ask = access.may_ask(message, context)
    return Body(texts.overview(allowed, access.role_of(message, context), may_ask=may_ask), texts.TITLE_HELP)


def _help(call: Call, context: Context) -> list[Outgoing]:
    topic = call.rest.strip().lstrip("/／")
    if not topic:
        return [Reply(overview(call.commands, call.message, context))]
    allowed = permitted(call.commands, call.message, context)
    exact = grammar.find(topic, permitted(call.commands, call.message, context, with_unoffered=True))
    family = grammar.family_of(topic, allowed)
    if exact is not None:
        text = texts.detail(exact.command)
        if family and len(exact.command.words) == 1:
            text += f"\n\n{texts.family(family, None)}"
        return [Reply(Body(text, texts.TITLE_HELP))]
    if family:
        return [Reply(Body(texts.family(family, None), texts.TITLE_HELP))]
    near = grammar.nearest(topic, allowed)
    if near is None:  # `/帮助我`, `/帮助 谢谢`
        return [Reply(overview(call.commands, call.message, context))]
    return [Reply(Body(texts.unknown(f"/{topic}", near), texts.TITLE_HELP))]


COMMANDS = (
    Command(
        words=("帮助",),
        aliases=("help",),
        role=Role.OUTSIDER,
        usage="/帮助 [命令]",
        example="/帮助 清理",
        summary="我能做什么，你可以用哪些命令",
        run=_help,
    ),
)
