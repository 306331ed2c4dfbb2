"""`/规则 批准|驳回`: the second main admin's word on a change (`[moderation] two_admins`)."""

from __future__ import annotations

from dataclasses import replace

from handlers.access import Role
from handlers.commands.command import Call, Command, UsageError
from handlers.context import Context
from handlers.message import Body, Outgoing, Priority, Private, Reply
from handlers.moderation.editing import texts
from handlers.moderation.editing.changing import Change, put
from handlers.moderation.editing.effects import effect_of
from handlers.moderation.editing.fields import EditError
from handlers.moderation.editing.proposing import name_of, proposed
from storage.audit import AuditEntry
from storage.rule_waiting import Proposal


def _found(call: Call, context: Context) -> tuple[Proposal, Change]:
    if not call.arguments:
        raise UsageError("请写改动的编号")
    try:
        return proposed(call.arguments[0], call.message, context)
    except EditError as error:
        raise UsageError(str(error)) from error


def _about_to_agree(call: Call, context: Context) -> str | None:
    if call.message.is_group:
        return None
    found, change = _found(call, context)
    return effect_of(f"{name_of(found.staff_id, context)}提的：规则 {change.after.id}", change, context)


def _agree(call: Call, context: Context) -> list[Outgoing]:
    if call.message.is_group:
        return [Reply(Body(texts.IN_PRIVATE))]
    found, change = _found(call, context)
    who = name_of(call.message.sender.staff_id or "", context)
    why = "，".join(filter(None, (change.why, f"{who}同意")))
    number = put(replace(change, why=why), "批准", call.message, context, by=found.staff_id)
    context.store.rule_proposals.drop(found.id)
    body = Body(texts.done(number, change, found.version + 1), texts.TITLE_CHANGED, texts.done_buttons(number, change))
    return [Reply(body), _told(found, who, is_agreed=True)]


def _refuse(call: Call, context: Context) -> list[Outgoing]:
    if call.message.is_group:
        return [Reply(Body(texts.IN_PRIVATE))]
    if not call.arguments:
        raise UsageError("请写改动的编号")
    typed = call.arguments[0].lstrip("#")
    found = context.store.rule_proposals.get(int(typed[:9]), context.now) if typed.isdecimal() else None
    if found is None:
        return [Reply(Body(texts.NO_PROPOSAL))]
    actor = call.message.sender.staff_id or ""
    who = name_of(actor, context)
    context.store.rule_proposals.drop(found.id)
    context.store.audit.add(
        AuditEntry(context.now, actor, "规则 驳回", found.rule, found.what[:200], call.message.conversation)
    )
    told = [] if found.staff_id == actor else [_told(found, who, is_agreed=False)]
    return [Reply(Body(texts.REFUSED)), *told]


def _told(found: Proposal, who: str, *, is_agreed: bool) -> Private:
    body = Body(texts.agreed(who, found.rule, is_agreed=is_agreed), texts.TITLE_AGREED)
    return Private((found.staff_id,), body, Priority.ANSWER)


COMMANDS = (
    Command(
        words=("规则", "批准"),
        aliases=("rule", "agree"),
        role=Role.MAIN_ADMIN,
        usage="/规则 批准 编号",
        example="/规则 批准 3",
        summary="同意另一位主管理员提的改动",
        run=_agree,
        effect=_about_to_agree,
    ),
    Command(
        words=("规则", "驳回"),
        aliases=("rule", "refuse"),
        role=Role.MAIN_ADMIN,
        usage="/规则 驳回 编号",
        example="/规则 驳回 3",
        summary="不同意一项改动；自己提的可以这样撤回",
        run=_refuse,
    ),
)
