"""A word in the group itself: only where the rule says so and a main admin has confirmed it, and without any name."""

from __future__ import annotations

from handlers import access
from handlers.context import Context
from handlers.message import Body, GroupPost, Incoming, Outgoing
from handlers.moderation import review_texts as texts
from handlers.moderation.rule import Rule
from storage.audit import AuditEntry
from storage.flags import Flag
from storage.tellings import Telling


def may_post(flag: Flag, message: Incoming, context: Context) -> bool:
    """A main admin may let something be said in the group about this flag, by the rule as it is now."""
    return (
        public_rule(flag, context) is not None
        and flag.source != "private"
        and context.store.groups.get(flag.conversation) is not None
        and access.is_main_admin(message.sender.staff_id or "", context)
    )


def public_rule(flag: Flag, context: Context) -> Rule | None:
    """The rule of the flag, where it allows a post and is not only observed."""
    return next(
        (
            rule
            for rule in context.scanner.rules
            if rule.id == flag.rule and "public" in rule.consequences and rule.state != "observe"
        ),
        None,
    )


def was_posted(flag: Flag, context: Context) -> bool:
    """It was said in the group before."""
    return any(telling.rung == "public" for telling in context.store.tellings.of(flag.id))


def preview(flag: Flag, rule: Rule, context: Context) -> str:
    """What would be said where, for the one who is to confirm it."""
    return texts.about_to_post(texts.post(flag, rule), _title(flag, context))


def post(flag: Flag, rule: Rule, admin: str, context: Context) -> tuple[Body, list[Outgoing]]:
    """Say it, and note who let it. Returns what the admin reads, and the post."""
    title = _title(flag, context)
    context.store.tellings.add(Telling(flag.id, admin, "public", context.now))
    entry = AuditEntry(context.now, admin, "复核 公开", str(flag.id), flag.rule, flag.conversation)
    context.store.audit.add(entry)
    body = Body(texts.post(flag, rule), texts.TITLE_POST)
    return Body(texts.posted(title), texts.TITLE_ONE), [GroupPost(flag.conversation, body)]


def _title(flag: Flag, context: Context) -> str:
    group = context.store.groups.get(flag.conversation)
    return flag.conversation if group is None else group.label
