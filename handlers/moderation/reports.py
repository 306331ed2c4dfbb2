"""Members report a message by quoting it. Whoever reports is protected."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from handlers import access
from handlers.context import Context
from handlers.message import Body, Button, Incoming, MessageKind, Outgoing, Priority, Private, Quoted, Reply
from handlers.moderation import texts
from handlers.moderation.audience import owner_and_admins, standing_on
from handlers.moderation.circumstances import circumstances_of
from handlers.moderation.excerpts import excerpt
from handlers.moderation.normalise import Folded
from handlers.moderation.rule import Rule
from handlers.moderation.scanner import Hit
from handlers.moderation.scope import Circumstances
from handlers.moderation.watch import MOST_WATCHED
from storage.flags import Flag
from storage.groups import Group
from storage.tellings import Rung, Telling

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

    All of it goes in private; the reporter is named to nobody, and nothing is held against them when the report turns
    out to be a mistake. A message is passed on once; when `report_threshold` different people have reported it, its
    severity rises, and the department's head hears, too. One person's reports are bounded by `reports_a_day`. Without
    a quote the reporter hears how to report.
    """
    quoted, limits, reports = message.quoted, context.settings.moderation, context.store.reports
    if quoted is None:
        return [Reply(Body(texts.HOW_TO_REPORT, texts.TITLE_HOW))]
    key = quoted.message_id or quoted.platform_key or f"report:{message.id}"
    reporter = message.sender.staff_id or context.store.prints.of_person(message.sender.sender_id)
    before = [flag for flag in context.store.flags.of_message(key) if flag.source == "report"]
    if before and reports.has(key, reporter):
        return _to_reporter(message, texts.reported_before(before[0].id))
    today = context.local_now.replace(hour=0, minute=0, second=0, microsecond=0)
    if reports.by(reporter, today) >= limits.reports_a_day:
        return _to_reporter(message, texts.enough_reports(limits.reports_a_day, context.settings.policy.contact))
    if before:
        return _once_more(before, key, reporter, message, context)
    return _first(quoted, key, reporter, message, context)


def _first(quoted: Quoted, key: str, reporter: str, message: Incoming, context: Context) -> list[Outgoing]:
    group = context.store.groups.get(message.conversation) if message.is_group else None
    words = quoted.text[:MOST_WATCHED]
    hits = context.scanner.scan(words, _circumstances(quoted, message, group, context))
    line = _line(quoted.kind, words, hits)
    rules = tuple(dict.fromkeys(hit.rule for hit in hits))
    heads = owner_and_admins(group, message.sender.staff_id, context)
    number = _record(message, key, line, rules, context)
    context.store.reports.add(key, reporter, message.conversation, context.now)
    sent = _to_reporter(message, texts.reported(number, bool(heads)))
    said = list(dict.fromkeys(texts.fits(rule) for rule in rules))
    text = texts.report_to_owner(number, _place(message, group), line, said)
    return [*sent, *_to_heads(heads, text, number, context)]


def _once_more(before: Sequence[Flag], key: str, reporter: str, message: Incoming, context: Context) -> list[Outgoing]:
    """Somebody else reports it, too. At the threshold, and only then, those who can act hear again."""
    first, reports = before[0], context.store.reports
    group = context.store.groups.get(message.conversation) if message.is_group else None
    count = reports.count(key) + 1
    is_urgent = count == context.settings.moderation.report_threshold
    heads: tuple[str, ...] = ()
    if is_urgent:
        standing = standing_on(("owner", "head", "admins"), group, message.sender.staff_id, context)
        heads = tuple(dict.fromkeys(person for people in standing.values() for person in people))
    reports.add(key, reporter, message.conversation, context.now)
    sent = _to_reporter(message, texts.reported_before(first.id))
    if not is_urgent:
        return sent
    reports.raise_severity(key)
    text = texts.reported_by_many(first.id, count, _place(message, group), first.excerpt)
    return [*sent, *_to_heads(heads, text, first.id, context)]


def _to_heads(heads: Sequence[str], text: str, number: int, context: Context) -> Iterator[Private]:
    """Admins can say at once whether it is right; others cannot, and get no button."""
    admins = tuple(person for person in heads if access.is_main_admin(person, context))
    others = tuple(person for person in heads if person not in admins)
    button = Button("看看并复核", f"/复核 {number}")
    for people, buttons in ((others, ()), (admins, (button,))):
        for person in people:
            rung: Rung = "admins" if buttons else "owner"
            context.store.tellings.add(Telling(number, person, rung, context.now))  # they hear of a mistake, too
        if people:
            yield Private(people, Body(text, texts.TITLE_REPORT, buttons), Priority.ANSWER)


def _circumstances(quoted: Quoted, message: Incoming, group: Group | None, context: Context) -> Circumstances:
    """Those of the message that is reported: its group and its time; who wrote it nobody says."""
    here = circumstances_of(message, group, context)
    at = quoted.sent_at
    zone = context.settings.scheduler.timezone
    return replace(here, roles=None, at=None if at is None else at.astimezone(zone))


def _place(message: Incoming, group: Group | None) -> str:
    return (message.title or (group.label if group else "")) if message.is_group else ""


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
        context.store.flags.add(
            replace(
                _flag(message, key, line, context),
                rule=rule.id,
                category=rule.category,
                article=rule.article,
                state=rule.state,
                severity=rule.severity,
            )
        )
        for rule in rules
    ]
    stored = [number for number in numbers if number is not None]
    if not stored:
        number = context.store.flags.add(_flag(message, key, line, context))
        stored = [number or 0]
    return stored[0]


def _flag(message: Incoming, key: str, line: str, context: Context) -> Flag:
    """The one for a report of what no rule finds."""
    author = message.quoted.sender_id if message.quoted is not None else None
    return Flag(
        message_key=key,
        rule=REPORTED,
        category=texts.PSEUDO_CATEGORY,
        article=ARTICLE,
        state="enforce",
        source="report",
        conversation=message.conversation,
        sender=None,
        excerpt=line,
        created_at=context.now,
        reporter=message.sender.staff_id,
        author_key=context.store.prints.of_person(author) if author else "",
    )


def _to_reporter(message: Incoming, text: str) -> list[Outgoing]:
    """In private; in a group, somebody who cannot be written to gets a bare word of thanks."""
    body = Body(text, texts.TITLE_REPORTED)
    if not message.is_group:
        return [Reply(body)]
    if message.sender.staff_id is None:
        return [Reply(Body(texts.THANKS))]
    return [Private((message.sender.staff_id,), body, Priority.ANSWER)]
