"""`/群 旁听`: a group's word that all of its messages may be looked at (docs/bridge.md).

Asked and answered in the group itself, so that everybody there reads it.
"""

from __future__ import annotations

from handlers import access
from handlers.access import Role
from handlers.cleanup.roster import Roster
from handlers.commands.command import Call, Command, UsageError
from handlers.context import Context
from handlers.groups import bridge_texts as texts
from handlers.hearing import coverage
from handlers.message import Body, Outgoing, Reply
from storage.audit import AuditEntry


def _show(call: Call, context: Context) -> list[Outgoing]:
    conversation = _here(call)
    consent = context.store.coverage.consent(conversation)
    heard = coverage.of_group(conversation, context.settings.bridge, context.store, context.now)
    zone = context.settings.scheduler.timezone
    who = ""
    if consent is not None and consent.holds and call.message.sender.staff_id is not None:
        who = Roster.load(context.store.staff).name_of(consent.allowed_by)
    is_named = conversation in context.settings.bridge.groups
    body = Body(texts.standing(heard, consent, who, zone, is_named=is_named), texts.TITLE)
    return [Reply(body)]


def _allow_effect(call: Call, context: Context) -> str | None:
    _check_allowing(call, context)
    return texts.EFFECT


def _allow(call: Call, context: Context) -> list[Outgoing]:
    conversation, staff_id = _check_allowing(call, context), call.message.sender.staff_id or ""
    context.store.coverage.allow(conversation, staff_id, context.now)
    context.store.audit.add(AuditEntry(context.now, staff_id, "群 旁听 同意", conversation, "", conversation))
    return [Reply(Body(texts.ALLOWED, texts.TITLE))]


def _check_allowing(call: Call, context: Context) -> str:
    """The group; only its owner and main admins speak for it. Raises `UsageError`."""
    conversation, staff_id = _here(call), call.message.sender.staff_id or ""
    if not context.settings.bridge.enabled:
        raise UsageError(texts.NOT_ENABLED)
    group = context.store.groups.get(conversation)
    if group is None or group.kind is None:
        raise UsageError(texts.NOT_REGISTERED)
    if group.kind == "external":
        raise UsageError(texts.NOT_EXTERNAL)
    if group.owner != staff_id and not access.is_main_admin(staff_id, context):
        raise UsageError(texts.NOT_YOURS)
    if coverage.may_hear(conversation, context.settings.bridge, context.store.coverage):
        raise UsageError(texts.ALLOWED_ALREADY)
    return conversation


def _stop(call: Call, context: Context) -> list[Outgoing]:
    conversation, staff_id = _here(call), call.message.sender.staff_id or ""
    is_heard = coverage.may_hear(conversation, context.settings.bridge, context.store.coverage)
    if is_heard and conversation in context.settings.bridge.groups:
        raise UsageError(texts.NAMED)
    consent = context.store.coverage.consent(conversation)
    if consent is None or not consent.holds:
        raise UsageError(texts.STOPPED_ALREADY)
    context.store.coverage.end(conversation, staff_id, context.now)
    context.store.coverage.set_mode(conversation, "mention-only")
    context.store.audit.add(AuditEntry(context.now, staff_id, "群 旁听 停止", conversation, "", conversation))
    return [Reply(Body(texts.STOPPED, texts.TITLE))]


def _here(call: Call) -> str:
    if not call.message.is_group:
        raise UsageError(texts.ONLY_IN_GROUP)
    return call.message.conversation


COMMANDS = (
    Command(
        words=("群", "旁听"),
        aliases=("group", "bridge"),
        role=Role.OUTSIDER,
        usage="/群 旁听",
        example="/群 旁听",
        summary="本群的消息我是不是都看，谁同意的",
        run=_show,
    ),
    Command(
        words=("群", "旁听", "同意"),
        aliases=("group", "bridge", "allow"),
        role=Role.OWNER,
        usage="/群 旁听 同意",
        example="/群 旁听 同意",
        summary="群主同意我看本群的全部消息，随时可以停",
        run=_allow,
        effect=_allow_effect,
    ),
    Command(
        words=("群", "旁听", "停止"),
        aliases=("group", "bridge", "stop"),
        role=Role.OWNER,
        usage="/群 旁听 停止",
        example="/群 旁听 停止",
        summary="以后只看 @我 的消息",
        run=_stop,
    ),
)
"""That a bridge may read a group."""
