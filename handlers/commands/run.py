"""From a line with a slash to what it does: find it, check the role, check the arguments, ask, run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers import access
from handlers.commands import confirm, grammar, texts
from handlers.commands.command import Call, Command, UsageError
from handlers.commands.help import permitted
from handlers.context import Context
from handlers.message import Body, Incoming, Outgoing, Reply


def run(commands: Sequence[Command], message: Incoming, context: Context) -> list[Outgoing] | None:
    """Carry out the command that the message holds; None when there is no such command."""
    found = grammar.find(message.text, commands)
    if found is None:
        return None
    if found.command is confirm.CONFIRM:
        return _run_confirmed(commands, found, message, context)
    return _run(commands, found, message, context, is_confirmed=False)


def unslashed(commands: Sequence[Command], message: Incoming, context: Context) -> list[Outgoing] | None:
    """Carry out a command whose name somebody typed without the slash, and nothing else. Else None.

    Only what they may run; not `确认` and `取消`, which are words of everyday talk.
    """
    # Every message comes by here, and to ask for the rights of every command would take longer than to answer.
    ordinary = [command for command in commands if len(command.words) == 1 and command not in confirm.COMMANDS]
    if grammar.named(message.text, ordinary) is None:
        return None
    command = grammar.named(message.text, permitted(ordinary, message, context))
    return None if command is None else run(commands, replace(message, text=f"/{command.words[0]}"), context)


def unknown(commands: Sequence[Command], message: Incoming, context: Context) -> list[Outgoing]:
    """No such command: the family that was meant, or the nearest one; only what this person may run is offered."""
    allowed = permitted(commands, message, context)
    family = grammar.family_of(message.text, allowed)
    near = grammar.nearest(message.text, family or allowed)
    if family and near is not None and not _shares(message.text, near):
        near = None
    if family:
        return [Reply(Body(texts.family(family, near), texts.TITLE_HELP))]
    return [Reply(Body(texts.unknown(message.text, near), texts.TITLE_HELP))]


def _shares(typed: str, near: Command) -> bool:
    """Beside the family's name, which all of its commands have: `/学习` and `/学习 导出` are near to any of them."""
    rest = set("".join(typed.strip("/／ ").split()[1:]).casefold())
    return not rest.isdisjoint("".join((*near.words[1:], *near.aliases[1:])).casefold())


def _run_confirmed(
    commands: Sequence[Command], found: grammar.Match, message: Incoming, context: Context
) -> list[Outgoing]:
    if not access.may(found.command.role, found.command.words[0], message, context):
        return _refused(found.command, message, context)
    call = Call(message, grammar.arguments(found.rest), found.rest)
    try:
        text = confirm.confirmed(call, context)
    except UsageError as error:
        return _usage(found.command, error)
    if text is None:
        return [Reply(Body(texts.CODE_DOES_NOT_FIT))]
    waiting = grammar.find(text, commands)
    if waiting is None:
        sent: list[Outgoing] = [Reply(Body(texts.CODE_DOES_NOT_FIT))]
    else:
        # The role is asked again: it may have been taken away in the meantime.
        sent = _run(commands, waiting, replace(message, text=text), context, is_confirmed=True)
    confirm.forget(text, call, context)
    return sent


def _run(
    commands: Sequence[Command], found: grammar.Match, message: Incoming, context: Context, *, is_confirmed: bool
) -> list[Outgoing]:
    command = found.command
    if not access.may(command.role, command.words[0], message, context):
        return _refused(command, message, context)
    call = Call(message, grammar.arguments(found.rest), found.rest, tuple(commands))
    try:
        effect = None if command.effect is None or is_confirmed else command.effect(call, context)
        if effect is not None:
            return confirm.ask(message, effect, context)
        return command.run(call, context)
    except UsageError as error:
        return _usage(command, error)


def _refused(command: Command, message: Incoming, context: Context) -> list[Outgoing]:
    role = access.role_of(message, context)
    group = message.conversation if message.is_group else None
    return [Reply(Body(texts.refused(command, role, group)), at_sender=True)]


def _usage(command: Command, error: UsageError) -> list[Outgoing]:
    return [Reply(Body(texts.usage(command, str(error))))]
