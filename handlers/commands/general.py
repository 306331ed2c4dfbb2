"""`/我是谁`, `/本群`, `/状态`: what the bot knows about the person, the group and itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers import access
from handlers.access import Role
from handlers.cleanup.roster import Roster
from handlers.commands import general_texts as texts
from handlers.commands.command import Call, Command
from handlers.commands.privately import privately
from handlers.context import Context
from handlers.groups import texts as group_texts
from handlers.hearing import coverage
from handlers.message import Body, Outgoing, Reply
from handlers.quota.current import current

_MOST_PROBLEMS = 3


def _who_am_i(call: Call, context: Context) -> list[Outgoing]:
    message = call.message
    staff_id = message.sender.staff_id
    role = access.role_of(message, context)
    if staff_id is None:
        return [Reply(Body(texts.OUTSIDER))]
    person = Roster.load(context.store.staff).get(staff_id)
    owned = [group.label for group in context.store.groups.owned_by(staff_id)]
    return privately(message, Body(texts.person(staff_id, person, role, owned), texts.TITLE_PERSON))


def _here(call: Call, context: Context) -> list[Outgoing]:
    message = call.message
    if not message.is_group:
        return [Reply(Body(texts.ONLY_IN_GROUP))]
    group = context.store.groups.get(message.conversation)
    if group is None:
        raise LookupError(f"a group that was heard is not in the register: {message.conversation}")
    zone = context.settings.scheduler.timezone
    heard = coverage.of_group(group.conversation, context.settings.bridge, context.store, context.now)
    if message.sender.staff_id is None:
        # Nobody's name goes to another organisation.
        return [Reply(Body(group_texts.for_outsiders(group, zone, heard)))]
    roster = Roster.load(context.store.staff)
    members = len(context.store.members.of(group.conversation))
    text = group_texts.here(group, roster.name_of(group.owner), members, zone, heard)
    return [Reply(Body(text, texts.TITLE_HERE))]


def _status(call: Call, context: Context) -> list[Outgoing]:
    documents = len(context.policies.documents)
    if access.role_of(call.message, context) < Role.SUB_ADMIN:
        return [Reply(Body(texts.status(documents), texts.TITLE_STATUS))]
    store, zone = context.store, context.settings.scheduler.timezone
    facts = texts.Facts(
        documents=documents,
        groups=len(store.groups.all()),
        people=store.staff.count(),
        flags=store.flags.count(),
        owed=len(store.findings.all_open()),
        inbox=store.inbox.counts(),
        outbox=store.outbox.counts(),
        calls=current(store, context.today, context.settings.quota).calls.used,
        most_calls=context.settings.quota.calls_per_month,
        last_heard_at=_local(store.inbox.last_received_at(), zone),
        problems=[(f"收{row.id}", row.error or "") for row in store.inbox.parked(_MOST_PROBLEMS)]
        + [(f"发{row.id}", row.error or "") for row in store.outbox.parked(_MOST_PROBLEMS)],
    )
    return privately(call.message, Body(texts.status_for_admins(facts), texts.TITLE_STATUS))


def _local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if moment is None else moment.astimezone(zone)


def _command(
    name: str, alias: str, role: Role, summary: str, run: Callable[[Call, Context], list[Outgoing]]
) -> Command:
    return Command((name,), (alias,), role, f"/{name}", f"/{name}", summary, run)


COMMANDS = (
    _command("我是谁", "whoami", Role.OUTSIDER, "我认识的你：姓名、部门、身份", _who_am_i),
    _command("本群", "here", Role.OUTSIDER, "本群的登记，我在这里能听到什么", _here),
    _command("状态", "status", Role.STAFF, "我现在是否正常，管理员还能看到明细", _status),
)
