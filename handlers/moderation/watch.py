"""Looking at every message that reaches the bot (articles 一.2, 四.(三).2, 五.2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from handlers.context import Context
from handlers.message import Body, Incoming, Outgoing, Priority, Private, Reply
from handlers.moderation import texts
from handlers.moderation.audience import name_of, owner_and_admins
from handlers.moderation.consequences import merged
from handlers.moderation.excerpts import excerpt
from handlers.moderation.excused import serious
from handlers.moderation.rule import Rule
from handlers.moderation.scanner import Hit
from handlers.moderation.texts import Told
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


def watch(message: Incoming, context: Context) -> Watched:
    """Record what the rules find in a message, and tell those who are to hear of it, in private.

    The text and the name of a file count; what the message quotes is somebody else's and does not. A question about
    the rules is no offence, nor is a warning. The sender, and owner and admins about this sender, hear of each rule
    once a day at most; what follows is recorded only. Of people outside the organisation, who cannot be told, the same
    goes for each group. Nothing is ever said in the group. What is exposed should be taken back soon, so these words
    wait neither for the morning nor for cheaper times.
    """
    group = context.store.groups.get(message.conversation) if message.is_group else None
    excerpts = _excerpts(message, group, context)
    if not excerpts:
        return Watched()
    fresh = [told for rule, line in excerpts.items() if (told := _record(message, rule, line, context)) is not None]
    outcome = merged(told.rule for told in fresh)
    outgoing = (
        *_to_sender([told for told in fresh if told.rule in outcome.sender], message, group, context),
        *_to_heads([told for told in fresh if told.rule in outcome.owner | outcome.admins], message, group, context),
    )
    return Watched(outgoing, is_held_against=any(rule.state != "observe" for rule in excerpts))


def _excerpts(message: Incoming, group: Group | None, context: Context) -> dict[Rule, str]:
    """The rules that fired, each with the masked place, in the order in which they are found."""
    kind = None if group is None else group.kind
    found: dict[Rule, str] = {}
    for whole, sift in ((message.text, serious), (message.file_name, _all)):
        text = whole[:MOST_WATCHED]
        for rule, hits in _by_rule(sift(text, context.scanner.scan(text, kind))).items():
            found.setdefault(rule, excerpt(text, hits))
    return found


def _all(_: str, hits: list[Hit]) -> list[Hit]:
    return hits


def _by_rule(hits: Iterable[Hit]) -> dict[Rule, list[Hit]]:
    grouped: dict[Rule, list[Hit]] = {}
    for hit in hits:
        grouped.setdefault(hit.rule, []).append(hit)
    return grouped


def _record(message: Incoming, rule: Rule, line: str, context: Context) -> Told | None:
    """Store a flag. None when it was stored before, or when this rule has been told of today already."""
    flags, sender = context.store.flags, message.sender.staff_id
    today = context.local_now.replace(hour=0, minute=0, second=0, microsecond=0)
    if sender is None:
        before = flags.count_by_unknown(message.conversation, rule.id, today)
    else:
        before = flags.count_since(sender, rule.id, today)
    source: FlagSource = "mention" if message.is_group else "private"
    number = flags.add(
        Flag(
            message_key=message.id,
            rule=rule.id,
            category=rule.category,
            article=rule.article,
            state=rule.state,
            source=source,
            conversation=message.conversation,
            sender=sender,
            excerpt=line,
            created_at=context.now,
        )
    )
    return None if number is None or before else Told(number, rule, line)


def _to_sender(told: list[Told], message: Incoming, group: Group | None, context: Context) -> list[Outgoing]:
    if not told or not context.settings.moderation.tell_sender:
        return []
    place = _place(message, group)
    body = Body(texts.to_sender(told, place, context.settings.policy.contact), texts.TITLE_SENDER)
    if not message.is_group:
        return [Reply(body)]
    if message.sender.staff_id is None:
        return []
    return [Private((message.sender.staff_id,), body, Priority.ANSWER)]


def _to_heads(told: list[Told], message: Incoming, group: Group | None, context: Context) -> list[Outgoing]:
    heads = owner_and_admins(group, message.sender.staff_id, context)
    if not told or not heads:
        return []
    text = texts.to_owner(told, name_of(message.sender, context), _place(message, group))
    return [Private(heads, Body(text, texts.TITLE_OWNER), Priority.ANSWER)]


def _place(message: Incoming, group: Group | None) -> str:
    if not message.is_group:
        return ""
    return message.title or (group.label if group is not None else message.conversation)
