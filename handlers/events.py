"""What DingTalk's events change in roster, register and members (docs/platform.md §8).

Events come late, twice and out of order: each handler here sets a state, can be run again, and passes over what is
older than what is known already.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from handlers.context import Context
from handlers.message import Event, Outgoing
from storage.audit import AuditEntry
from storage.groups import Group
from storage.members import Member
from storage.staff import StaffFact


def handle(event: Event, context: Context) -> list[Outgoing]:
    """Take in one event. What we do not know is passed over; nothing is said to anybody: the next cycle does."""
    change = _CHANGES.get(event.type)
    if change is not None:
        change(event, context)
    return []


def _user_left(event: Event, context: Context) -> None:
    for staff_id in _news("user", _texts(event.data.get("userId")), event, context):
        moment = _happened(event, context)
        day = moment.astimezone(context.settings.scheduler.timezone).date()
        name = _known_name(staff_id, context)
        fact = StaffFact(staff_id, "event", name, status="departed", status_since=day, seen_at=moment)
        context.store.staff.put(fact, context.now)


def _user_came(event: Event, context: Context) -> None:
    """Somebody joined or came back: what an earlier word said about leaving no longer holds."""
    for staff_id in _news("user", _texts(event.data.get("userId")), event, context):
        fact = StaffFact(staff_id, "event", _known_name(staff_id, context), seen_at=_happened(event, context))
        context.store.staff.put(fact, context.now)


def _user_changed(event: Event, context: Context) -> None:
    changes = event.data.get("diffInfo")
    for change in changes if isinstance(changes, list) else []:
        if not isinstance(change, Mapping) or not isinstance(change.get("curr"), Mapping):
            continue
        staff_id, name = _text(change.get("userid")), _text(change["curr"].get("name"))
        for fact in context.store.staff.facts_of(staff_id):
            if fact.source == "directory" and name and _news("name", [staff_id], event, context):
                context.store.staff.put(replace(fact, name=name), context.now)


def _known_name(staff_id: str, context: Context) -> str:
    return next((fact.name for fact in context.store.staff.facts_of(staff_id) if fact.name), "")


def _member_joined(event: Event, context: Context) -> None:
    group = _group_with_older_list(event, context)
    if group is None:
        return
    people, outsiders = _who(event)
    for staff_id in _news(f"member:{group.conversation}", people, event, context):
        context.store.members.add(group.conversation, Member(group.conversation, staff_id), "event", context.now)
    for union_id in _news(f"guest:{group.conversation}", outsiders, event, context):
        guest = Member(group.conversation, None, union_id=union_id, is_outsider=True)
        context.store.members.add(group.conversation, guest, "event", context.now)


def _member_left(event: Event, context: Context) -> None:
    group = _group_with_older_list(event, context)
    if group is None:
        return
    people, outsiders = _who(event)
    for staff_id in _news(f"member:{group.conversation}", people, event, context):
        context.store.members.remove(group.conversation, staff_id)
    for union_id in _news(f"guest:{group.conversation}", outsiders, event, context):
        context.store.members.remove_outsider(group.conversation, union_id)


def _who(event: Event) -> tuple[list[str], list[str]]:
    """Staff ids, and union ids of people who have none: only where nobody has one is it plain which those are.

    Somebody who left of their own accord is the operator; there are no lists then (docs/platform.md §8).
    """
    people = _texts(event.data.get("userId"))
    outsiders = [] if people else _texts(event.data.get("unionId"))
    if not people and not outsiders and event.type == "chat_quit":
        people = _texts(event.data.get("operator"))
        outsiders = [] if people else _texts(event.data.get("operatorUnionId"))
    return people, outsiders


def _owner_changed(event: Event, context: Context) -> None:
    group, owner = _group(event, context), _text(event.data.get("owner"))
    if group is not None and owner and _news("owner", [group.conversation], event, context):
        context.store.groups.save(replace(group, owner=owner))
        if owner != group.owner:
            _audit("群 换群主", group, f"{group.owner or ''} → {owner}", event, context)


def _title_changed(event: Event, context: Context) -> None:
    group, title = _group(event, context), _text(event.data.get("title"))
    if group is not None and title and _news("title", [group.conversation], event, context):
        context.store.groups.save(replace(group, title=title))
        if title != group.title:
            _audit("群 改名", group, f"{group.title} → {title}", event, context)


def _disbanded(event: Event, context: Context) -> None:
    group = _group(event, context)
    if group is not None and group.status != "disbanded":
        context.store.groups.disbanded(group.conversation)
        _audit("群 解散", group, group.title, event, context)


def _audit(action: str, group: Group, detail: str, event: Event, context: Context) -> None:
    actor = _text(event.data.get("operator")) or "event"
    context.store.audit.add(AuditEntry(context.now, actor, action, group.conversation, detail, group.conversation))


def _group(event: Event, context: Context) -> Group | None:
    """The group of a chat event, or None: events come of groups without us as well (docs/platform.md §8)."""
    return context.store.groups.get(_text(event.data.get("openConversationId")))


def _group_with_older_list(event: Event, context: Context) -> Group | None:
    """The group, unless its whole list was read after this happened: that reading knows better."""
    group = _group(event, context)
    if group is None or (group.members_read_at is not None and _happened(event, context) < group.members_read_at):
        return None
    return group


def _happened(event: Event, context: Context) -> datetime:
    """When; an event without a time, or with one that lies ahead, counts as of now."""
    return min(event.born_at or context.now, context.now)


def _news(what: str, subjects: list[str], event: Event, context: Context) -> list[str]:
    """Those of the subjects about which no newer event came before."""
    at = _happened(event, context)
    return [subject for subject in subjects if context.store.event_marks.is_news(f"{what}:{subject}", at)]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> list[str]:
    """A list of ids, or one id alone."""
    if isinstance(value, str):
        return [value] if value else []
    return [item for item in value if isinstance(item, str) and item] if isinstance(value, list) else []


_CHANGES: dict[str, Callable[[Event, Context], None]] = {
    "user_leave_org": _user_left,
    "user_add_org": _user_came,
    "user_active_org": _user_came,
    "user_modify_org": _user_changed,
    "chat_add_member": _member_joined,
    "chat_remove_member": _member_left,
    "chat_quit": _member_left,
    "chat_update_owner": _owner_changed,
    "chat_update_title": _title_changed,
    "chat_disband": _disbanded,
}
