"""Members report a message by quoting it. Whoever reports is protected."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.context import Context
from handlers.message import Body, Incoming, MessageKind, Outgoing, Priority, Private, Reply
from handlers.moderation import texts
from handlers.moderation.audience import owner_and_admins
from handlers.moderation.excerpts import excerpt
from handlers.moderation.normalise import Folded
from handlers.moderation.rule import Rule
from handlers.moderation.scanner import Hit
from handlers.moderation.watch import MOST_WATCHED
from storage.flags import Flag

REPORTED = "reported"
"""Stands for the rule where somebody reported what no rule finds."""
ARTICLE = "五.2"

_REPORT = re.compile(r"\W*(?:(?:我|俺)?(?:要|想|来)?(?:实名|匿名)?举报|report\b)")
_ASKS = re.compile(r"[吗么?]|怎么|如何|怎样|哪里|哪儿|什么|流程|电话|谁|能不能|可以|规定")


def is_report(message: Incoming) -> bool:
    """`举报` with or without a reason behind it; not a question about how to report."""
    text = Folded(message.text).readable.strip()
    return _REPORT.match(text) is not None and _ASKS.search(text) is None


def report(message: Incoming, context: Context) -> list[Outgoing]:
    """Record the quoted message as reported, tell the group's owner and the main admins, thank the reporter.

    All of it goes in private; the reporter is named to nobody. A message that was reported before is not passed on
    again. Without a quote the reporter hears how to report.
    """
    quoted = message.quoted
    if quoted is None:
        return [Reply(Body(texts.HOW_TO_REPORT, texts.TITLE_HOW))]
    group = context.store.groups.get(message.conversation) if message.is_group else None
    key = quoted.message_id or quoted.platform_key or f"report:{message.id}"
    before = [flag.id for flag in context.store.flags.of_message(key) if flag.source == "report"]
    if before:
        return _to_reporter(message, texts.reported_before(before[0]))
    words = quoted.text[:MOST_WATCHED]
    hits = context.scanner.scan(words, None if group is None else group.kind)
    line = _line(quoted.kind, words, hits)
    rules = tuple(dict.fromkeys(hit.rule for hit in hits))
    number = _record(message, key, line, rules, context)
    heads = owner_and_admins(group, message.sender.staff_id, context)
    sent = _to_reporter(message, texts.reported(number, bool(heads)))
    if heads:
        place = (message.title or (group.label if group else "")) if message.is_group else ""
        text = texts.report_to_owner(number, place, line, [texts.fits(rule) for rule in rules])
        sent.append(Private(heads, Body(text, texts.TITLE_REPORT), Priority.ANSWER))
    return sent


def _line(kind: MessageKind, text: str, hits: Sequence[Hit]) -> str:
    """The masked place of the quoted message, or what stands for it where there are no words."""
    words = excerpt(text, hits) if text else ""
    if kind in (MessageKind.TEXT, MessageKind.RICH_TEXT) and words:
        return words
    return texts.UNSEEN.get(kind, texts.UNSEEN_OTHERWISE) + words


def _record(message: Incoming, key: str, line: str, rules: Sequence[Rule], context: Context) -> int:
    """Store a flag for each rule that fires, or one for the report itself; the number of the first.

    Rules that fired on this message when it was posted are on record already; the report then gets a flag of its own.
    """
    numbers = [
        context.store.flags.add(_flag(message, key, line, rule.id, rule.category, rule.article, rule.state, context))
        for rule in rules
    ]
    stored = [number for number in numbers if number is not None]
    if not stored:
        number = context.store.flags.add(
            _flag(message, key, line, REPORTED, texts.PSEUDO_CATEGORY, ARTICLE, "enforce", context)
        )
        stored = [number or 0]
    return stored[0]


def _flag(
    message: Incoming, key: str, line: str, rule: str, category: str, article: str, state: str, context: Context
) -> Flag:
    return Flag(
        message_key=key,
        rule=rule,
        category=category,
        article=article,
        state=state,
        source="report",
        conversation=message.conversation,
        sender=None,
        excerpt=line,
        created_at=context.now,
        reporter=message.sender.staff_id,
    )


def _to_reporter(message: Incoming, text: str) -> list[Outgoing]:
    """In private; in a group, somebody who cannot be written to gets a bare word of thanks."""
    body = Body(text, texts.TITLE_REPORTED)
    if not message.is_group:
        return [Reply(body)]
    if message.sender.staff_id is None:
        return [Reply(Body(texts.THANKS))]
    return [Private((message.sender.staff_id,), body, Priority.ANSWER)]
