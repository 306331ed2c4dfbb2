"""Looking at every message that reaches the bot (articles 一.2, 四.(三).2, 五.2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from handlers.context import Context
from handlers.message import Incoming, Outgoing
from handlers.moderation import telling
from handlers.moderation.circumstances import circumstances_of
from handlers.moderation.excerpts import excerpt, masked
from handlers.moderation.excused import serious
from handlers.moderation.quoted import open_data_in_quote
from handlers.moderation.rule import Rule
from handlers.moderation.scanner import Hit
from handlers.moderation.scope import counts
from handlers.moderation.telling import Found
from storage.flags import Flag, FlagSource
from storage.groups import Group

MOST_WATCHED = 50_000
"""Characters of a message that are looked at; no message that people can send is nearly as long."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What is to be said about a message, and whether something in it is held against the sender.

    The latter holds also where nothing is said, because it was said today already or cannot be said.
    """

    outgoing: tuple[Outgoing, ...] = ()
    is_held_against: bool = False


def watch(message: Incoming, context: Context, source: FlagSource | None = None) -> Watched:
    """Record what the rules find in a message, and tell those who are to hear of it, in private.

    The text and the name of a file count; what the message quotes is somebody else's and does not: `quoted.py` keeps
    what lies open there, for reviewers. A question about the rules is no offence, nor is a warning (`excused.py`). Who
    hears is said by `ladder.py`, what they read by `telling.py`; nothing is ever said in the group. `source` says how
    the message came, where it was neither a mention nor a private one.
    """
    group = (
        (context.store.groups.get(message.conversation) or Group(message.conversation)) if message.is_group else None
    )
    found = _found(message, group, context)
    of_others = open_data_in_quote(message, group, context)
    if not found:
        _keep(of_others, context)
        return Watched()
    plan = telling.plan(found, message, group, context)
    # Everything has been read; from here on it is only written.
    came = source or ("mention" if message.is_group else "private")
    _keep(of_others, context)
    numbers = {one.rule: _record(message, one, came, context) for one in found}
    stored = {rule: number for rule, number in numbers.items() if number is not None}
    outgoing = telling.tell(plan, stored, message, context)
    return Watched(tuple(outgoing), is_held_against=any(one.rule.state != "observe" for one in found))


def _keep(flags: Iterable[Flag], context: Context) -> None:
    for flag in flags:
        context.store.flags.add(flag)


def _found(message: Incoming, group: Group | None, context: Context) -> list[Found]:
    """The rules that fired, each with the masked place, in the order in which they are found."""
    kind = None if group is None else group.kind
    found: dict[Rule, Found] = {}
    circumstances = None
    for whole, is_file in ((message.text, False), (message.file_name, True)):
        text = whole[:MOST_WATCHED]
        hits = context.scanner.scan(text, kind)
        if not hits:
            continue
        circumstances = circumstances or circumstances_of(message, group, context)
        hits = [hit for hit in hits if counts(hit.rule, circumstances)]
        for rule, mine in _by_rule(hits if is_file else serious(text, hits, context.policies.articles)).items():
            found.setdefault(rule, Found(rule, excerpt(text, mine), tuple(masked(hit) for hit in mine)))
    return list(found.values())


def _by_rule(hits: Iterable[Hit]) -> dict[Rule, list[Hit]]:
    grouped: dict[Rule, list[Hit]] = {}
    for hit in hits:
        grouped.setdefault(hit.rule, []).append(hit)
    return grouped


def _record(message: Incoming, found: Found, source: FlagSource, context: Context) -> int | None:
    """Store a flag and return its number; None when this rule fired on this message before."""
    rule, sender = found.rule, message.sender
    number = context.store.flags.add(
        Flag(
            message_key=message.id,
            rule=rule.id,
            category=rule.category,
            article=rule.article,
            state=rule.state,
            severity=rule.severity,
            source=source,
            conversation=message.conversation,
            sender=sender.staff_id,
            excerpt=found.excerpt,
            created_at=context.now,
        )
    )
    if number is not None:
        stranger = sender.sender_id if sender.staff_id is None else None
        context.store.prints.note(number, (message.text or message.file_name)[:MOST_WATCHED], stranger)
    return number
