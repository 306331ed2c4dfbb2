"""`/群`: the register of groups (article 五.5)."""

from __future__ import annotations

from handlers import access
from handlers.access import Role
from handlers.cleanup.roster import Roster
from handlers.commands.command import Call, Command, UsageError
from handlers.commands.privately import privately
from handlers.context import Context
from handlers.groups import texts
from handlers.groups.register import KINDS, look_up, register
from handlers.hearing import coverage
from handlers.message import Body, Outgoing, Priority, Private, Reply
from storage.audit import AuditEntry
from storage.groups import Group


def _register(call: Call, context: Context) -> list[Outgoing]:
    staff_id = call.message.sender.staff_id or ""
    if not call.message.is_group:
        return [Reply(Body(texts.ONLY_IN_GROUP))]
    kind, department, purpose = _words(call.arguments)
    group = context.store.groups.get(call.message.conversation) or Group(call.message.conversation, call.message.title)
    if group.owner not in (None, staff_id) and access.role_of(call.message, context) < Role.SUB_ADMIN:
        return [Reply(Body(texts.NOT_YOURS))]
    roster = Roster.load(context.store.staff)  # before the first write: it takes a while
    registered = register(group, kind, department, purpose, staff_id, context)
    context.store.audit.add(
        AuditEntry(
            context.now, staff_id, "群 登记", group.conversation, f"{kind} {registered.department}", group.conversation
        )
    )
    sent: list[Outgoing] = [Reply(Body(texts.registered(registered, roster.name_of(registered.owner))))]
    admins = tuple(admin for admin in access.main_admins(context) if admin != staff_id)
    if admins:
        body = Body(texts.registered_for_admins(registered, roster.name_of(staff_id)))
        sent.append(Private(admins, body, Priority.DIGEST))  # nothing for them to do
    return sent


def _words(arguments: tuple[str, ...]) -> tuple[str, str, str]:
    if not arguments:
        raise UsageError("请写明群的类型")
    kind = KINDS.get(arguments[0]) or KINDS.get(arguments[0] + "群")
    if kind is None:
        raise UsageError(f"没有「{arguments[0]}」这种类型，可写：{'、'.join(KINDS)}")
    return kind, arguments[1] if len(arguments) > 1 else "", " ".join(arguments[2:])


def _visible(call: Call, context: Context) -> list[Group]:
    if access.role_of(call.message, context) >= Role.SUB_ADMIN:
        return context.store.groups.all()
    return context.store.groups.owned_by(call.message.sender.staff_id or "")


def _list(call: Call, context: Context) -> list[Outgoing]:
    groups = _visible(call, context)
    if not groups:
        return [Reply(Body(texts.NONE_HERE))]
    roster = Roster.load(context.store.staff)
    owners = {group.owner: roster.name_of(group.owner) for group in groups if group.owner is not None}
    return privately(call.message, Body(texts.listing(groups, owners)))


def _show(call: Call, context: Context) -> list[Outgoing]:
    groups = _visible(call, context)
    words = call.rest.strip() or (call.message.conversation if call.message.is_group else "")
    if not words:
        raise UsageError("请写群名或群 ID")
    found = look_up(words, groups)
    if not found:
        raise UsageError("没有找到这个群，或者不归你管")
    if len(found) > 1:
        return privately(call.message, Body(texts.several(found)))
    group = found[0]
    roster = Roster.load(context.store.staff)
    admins = [roster.name_of(admin) for admin in group.admins]
    members = len(context.store.members.of(group.conversation))
    zone = context.settings.scheduler.timezone
    heard = coverage.of_group(group.conversation, context.settings.bridge, context.store, context.now)
    text = texts.detail(group, roster.name_of(group.owner), admins, members, zone, heard)
    return privately(call.message, Body(text))


COMMANDS = (
    Command(
        words=("群", "登记"),
        aliases=("group", "register"),
        role=Role.STAFF,
        usage="/群 登记 类型 部门 用途",
        example="/群 登记 部门群 教务处 日常工作",
        summary="说明本群是做什么的、归哪个部门",
        run=_register,
    ),
    Command(
        words=("群", "列表"),
        aliases=("group", "list"),
        role=Role.OWNER,
        usage="/群 列表",
        example="/群 列表",
        summary="群主看自己的群，管理员看全部",
        run=_list,
    ),
    Command(
        words=("群", "查看"),
        aliases=("group", "show"),
        role=Role.OWNER,
        usage="/群 查看 群名",
        example="/群 查看 教务处工作群",
        summary="看一个群的登记和成员名单来源",
        run=_show,
    ),
)
