"""What a message quotes: somebody else's words, never held against the one who quotes."""

from __future__ import annotations

from handlers.context import Context
from handlers.message import Incoming
from handlers.moderation.excerpts import excerpt
from handlers.moderation.scope import Circumstances
from storage.flags import Flag
from storage.groups import Group

MOST_LOOKED_AT = 10_000
"""Characters of a quote; DingTalk hands over fewer."""


def open_data_in_quote(message: Incoming, group: Group | None, context: Context) -> list[Flag]:
    """Flags, not stored yet, for numbers and marks of secrecy that lie open in what a message in a group quotes.

    They are flags of the quoted message, in state observe, of nobody, told to nobody: reviewers find them. Words are
    left alone: people quote adverts to ask about them, and `举报` is there to report them. What the robot itself said
    is not looked at.
    """
    quoted = message.quoted
    if quoted is None or group is None or not quoted.message_id or quoted.platform_key is not None:
        return []
    text = quoted.text[:MOST_LOOKED_AT]
    hits = [hit for hit in context.scanner.scan(text, Circumstances(kind=group.kind)) if hit.is_data]
    author = context.store.prints.of_person(quoted.sender_id) if hits and quoted.sender_id else ""
    return [
        Flag(
            message_key=quoted.message_id,
            rule=rule.id,
            category=rule.category,
            article=rule.article,
            state="observe",
            severity=rule.severity,
            source="mention",
            conversation=message.conversation,
            sender=None,
            excerpt=excerpt(text, [hit for hit in hits if hit.rule == rule]),
            created_at=context.now,
            author_key=author,
        )
        for rule in dict.fromkeys(hit.rule for hit in hits if hit.rule.category in ("privacy", "secrecy"))
    ]
