"""A rule file that an admin sends in private becomes a draft, and with their word rules (articles 五.1, 五.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from handlers import access
from handlers.access import Ground, Role
from handlers.context import Context
from handlers.message import Body, Button, Incoming, MessageKind, Outgoing, Reply
from handlers.moderation.book import known_of
from handlers.moderation.editing import texts
from handlers.moderation.editing.changing import Change, check_rights, needs_second, with_state
from handlers.moderation.editing.fields import EditError
from handlers.moderation.rule import Rule
from handlers.moderation.rules import RuleError, read_rule_text
from handlers.moderation.written import WrittenError, as_json, from_json
from storage.rule_waiting import RuleDraft

KEPT = timedelta(days=3)
MOST_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class Import:
    """What a file would change. `held` are ids of rules that come in as reminding, because two admins have to agree to more."""

    changes: tuple[Change, ...]
    same: int
    held: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    """Why the sender may not: a line for each rule."""


def wants_file(message: Incoming, ground: Context | Ground) -> bool:
    """The file of this message is worth fetching: somebody who may change rules sent a `.toml` in private."""
    return (
        message.kind is MessageKind.FILE
        and not message.is_group
        and message.download_code is not None
        and message.file_name.lower().endswith(".toml")
        and access.may(Role.SUB_ADMIN, "规则", message, ground)
    )


def received(message: Incoming, context: Context) -> list[Outgoing] | None:
    """What a rule file leads to; None for every other message."""
    if not wants_file(message, context):
        return None
    file = context.fetched.file
    if file is None or file.trouble:
        return [Reply(Body(file.trouble if file is not None else texts.HOW_TO_IMPORT))]
    if len(file.data) > MOST_BYTES:
        return [Reply(Body(texts.TOO_LARGE))]
    try:
        rules = read_rule_text(message.file_name, file.data)
    except RuleError as error:
        return [Reply(Body(texts.wrong_file(error.problems), texts.TITLE_IMPORT))]
    found = plan(rules, message, context)
    number = 0
    if found.changes and not found.refused:
        number = context.store.rule_drafts.put(
            RuleDraft(
                message.sender.staff_id or "",
                message.conversation,
                message.file_name,
                tuple(map(as_json, rules)),
                context.now,
                context.now + KEPT,
            )
        )
    buttons = (Button("看效果再导入", f"/规则 导入 {number}"),) if number else ()
    return [Reply(Body(texts.draft(number, found.changes, found.same, found.refused), texts.TITLE_IMPORT, buttons))]


def plan(rules: tuple[Rule, ...], message: Incoming, context: Context) -> Import:
    """What these rules would change. Rules that the file does not name stay as they are."""
    changes: list[Change] = []
    held: list[str] = []
    refused: list[str] = []
    same = 0
    for rule in rules:
        stored = context.store.rules.get(rule.id)
        before = None if stored is None else known_of(stored)
        if before is not None and before.rule == rule and not before.stored.is_removed:
            same += 1
            continue
        change = Change(before, rule, "从文件导入")
        if needs_second(change, context):
            held.append(rule.id)
            change = Change(before, with_state(rule, "remind"), change.why)
        try:
            check_rights(change, message, context)
        except EditError as error:
            refused.append(f"{rule.id}：{error}")
        if change.what:
            changes.append(change)
        else:
            same += 1
    return Import(tuple(changes), same, tuple(held), tuple(refused))


def drafted(number: str, message: Incoming, context: Context) -> tuple[RuleDraft, Import]:
    """The sender's draft of this number, and what it would change now. Raises `EditError`."""
    typed = number.strip().lstrip("#")
    staff_id = message.sender.staff_id or ""
    draft = context.store.rule_drafts.get(int(typed[:9]), staff_id, context.now) if typed.isdecimal() else None
    if draft is None:
        raise EditError(texts.DRAFT_GONE)
    try:
        rules = tuple(map(from_json, draft.bodies))
    except WrittenError as error:
        raise EditError(texts.DRAFT_GONE) from error
    found = plan(rules, message, context)
    if found.refused:
        raise EditError(found.refused[0])
    return draft, found
