"""What a message will ask for, seen before its turn, so that models outside can be asked meanwhile. Reads only.

Nothing here decides anything: where it guesses wrong, a model is asked in vain, or not asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from handlers import access, courtesies
from handlers.commands import grammar
from handlers.context import Context
from handlers.message import Incoming
from handlers.moderation import reports
from handlers.policy.answering.inquiry import inquire
from handlers.policy.answering.retold import hits_of
from handlers.policy.finding.index import Hit
from handlers.policy.finding.semantic import Listening
from handlers.settings import GroupKind


@dataclass(frozen=True, slots=True)
class Where:
    """In which chats, and for whom, a language model may be asked."""

    kinds: tuple[GroupKind, ...]
    private: bool
    outsiders: bool


def may_ask_a_model(message: Incoming, context: Context) -> bool:
    """The message may be a question about the regulations, asked by somebody who gets an answer, with nothing in it that
    a rule for content finds: such words do not leave the house."""
    text = message.text
    if not text or len(text) > courtesies.LONGEST_QUESTION or reports.is_report(message) or grammar.is_command(text):
        return False
    if courtesies.asks_for_help(message) or courtesies.asks_for_a_person(message):
        return False
    if courtesies.courtesy(message) is not None or not access.may_ask(message, context):
        return False
    group = context.store.groups.get(message.conversation) if message.is_group else None
    return not context.scanner.scan(text, None if group is None else group.kind)


def questions_of(message: Incoming, context: Context) -> tuple[str, ...]:
    """What will be looked up, word for word: each may be given a vector. Empty where no model is to be asked."""
    if not may_ask_a_model(message, context):
        return ()
    heard: list[str] = []
    inquire(message, replace(context, policies=Listening(context.policies, heard.append)))
    return tuple(dict.fromkeys(heard))


def hits_for(message: Incoming, context: Context, where: Where) -> tuple[str, tuple[Hit, ...]]:
    """The question, and the articles that answer it, best first; none where no language model is to be asked.

    Only a single question that the articles answer is worth it: who names an article wants to read the article, and a
    curated answer has been worded by people.
    """
    if not _is_allowed(message, context, where) or not may_ask_a_model(message, context):
        return "", ()
    asked = inquire(message, context)
    if len(asked) != 1 or asked[0].decision.kind != "found" or asked[0].given is not None:
        return "", ()
    return asked[0].question, hits_of(asked[0].answers, asked[0].others)


def _is_allowed(message: Incoming, context: Context, where: Where) -> bool:
    if message.sender.staff_id is None and not where.outsiders:
        return False
    if not message.is_group:
        return where.private
    group = context.store.groups.get(message.conversation)
    return group is not None and group.kind in where.kinds
