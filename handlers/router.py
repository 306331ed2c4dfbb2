"""What a message is: a command, a report, an answer to a reminder, a courtesy or a question."""

from __future__ import annotations

from dataclasses import replace

from handlers import access, courtesies
from handlers.cleanup.replies import answer_to_reminder
from handlers.commands import grammar, run
from handlers.commands.help import overview
from handlers.commands.registry import COMMANDS
from handlers.context import Context
from handlers.groups import register
from handlers.message import Body, Incoming, Outgoing, Reply
from handlers.moderation import appeals, reports
from handlers.moderation import texts as moderation_texts
from handlers.moderation.editing import importing as rule_files
from handlers.moderation.questions import is_plain
from handlers.moderation.watch import Watched, watch
from handlers.policy import texts as policy_texts
from handlers.policy.answering.answer import answer
from handlers.policy.curated.replies import command_in
from handlers.policy.documents import drafts
from handlers.study.typed import typed


def handle(message: Incoming, context: Context) -> list[Outgoing]:
    """What one message leads to. Every message is looked at for content, but for commands, reports and answers to
    reminders, which quote what they are about."""
    # Nobody else can write after our first write, and a clean-up takes a while: so that the group was heard is written
    # last, unless what follows has to find the group.
    is_known = register.is_known(message, context)
    if not is_known:
        register.heard(message, context)
    sent = _handle(message, context)
    if is_known:
        register.heard(message, context)
    return sent


def _handle(message: Incoming, context: Context) -> list[Outgoing]:
    sent = rule_files.received(message, context) or drafts.received(message, context)
    if sent is not None:
        return sent
    if reports.is_report(message):  # with a slash before it, too
        return reports.report(message, context)
    if grammar.is_command(message.text):
        return _command(message, context)
    named = run.unslashed(COMMANDS, message, context)
    if named is not None:
        return named
    appealed = appeals.command_in(message)
    if appealed is not None:
        return _command(replace(message, text=appealed), context)
    replied = command_in(message, context)
    if replied is not None:
        return _command(replace(message, text=replied), context)
    recorded = answer_to_reminder(message, context)
    if recorded is not None:
        return recorded
    studied = typed(message, context)
    if studied is not None:
        return studied
    watched = watch(message, context)
    if watched.is_held_against:
        return _held_against(watched, message, context)
    return [*watched.outgoing, Reply(_answer(message, context), at_sender=True)]


def _command(message: Incoming, context: Context) -> list[Outgoing]:
    done = run.run(COMMANDS, message, context)
    if done is not None:
        return done
    # A slash before an advert does not make it a command.
    watched = watch(message, context)
    return _silently(watched, message) if watched.is_held_against else run.unknown(COMMANDS, message, context)


def _held_against(watched: Watched, message: Incoming, context: Context) -> list[Outgoing]:
    """Whoever exposed a number while asking something is told so, and answered too; an advert is not answered."""
    if is_plain(message.text) and access.may_ask(message, context):
        found = answer(message, context)
        if found.is_answered:
            return [*watched.outgoing, Reply(found.body, at_sender=True)]
    return _silently(watched, message)


def _silently(watched: Watched, message: Incoming) -> list[Outgoing]:
    """Nothing in the group, whether or not there was somebody to tell in private; in a private chat always a word."""
    if message.is_group or any(isinstance(one, Reply) for one in watched.outgoing):
        return list(watched.outgoing)
    return [*watched.outgoing, Reply(Body(moderation_texts.TOLD_ALREADY))]


def _answer(message: Incoming, context: Context) -> Body:
    if courtesies.asks_for_help(message):
        return overview(COMMANDS, message, context)
    if courtesies.asks_for_a_person(message):
        return Body(courtesies.A_PERSON.format(contact=context.settings.policy.contact))
    may_ask = access.may_ask(message, context)
    said = courtesies.courtesy(message, may_ask=may_ask)
    if said is not None:
        return Body(said)
    if not may_ask:
        return Body(policy_texts.NOT_HERE)
    return answer(message, context).body
