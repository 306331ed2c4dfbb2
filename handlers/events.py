"""What DingTalk's events change in roster, register and members (platform reference §8).

Events come late, twice and out of order: each handler here sets a state and can be run again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from handlers.context import Context
from handlers.message import Event, Outgoing
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
    for staff_id in _texts(event.data.get("userId")):
        facts = context.store.staff.facts_of(staff_id)
        name = facts[0].name if facts else ""
        moment = event.born_at or context.now
        day = moment.astimezone(context.settings.scheduler.timezone).date()
        context.store.staff.put(StaffFact(staff_id, "event", name, status="departed", status_since=day), context.now)


def _user_came(event: Event, context: Context) -> None:
    """Somebody joined or came back: what an earlier event said about leaving no longer holds."""
    for staff_id in _texts(event.data.get("userId")):
        context.store.staff.withdraw(staff_id, "event")


def _user_changed(event: Event, context: Context) -> None:
    for change in event.data.get("diffInfo") or ():
        if not isinstance(change, Mapping) or not isinstance(change.get("curr"), Mapping):
            continue
        staff_id, name = _text(change.get("userid")), _text(change["curr"].get("name"))
        for fact in context.store.staff.facts_of(staff_id):
            if fact.source == "directory" and name:
                context.store.staff.put(replace(fact, name=name), context.now)


def _member_joined(event: Event, context: Context) -> None:
    group = _group(event, context)
    for staff_id in _texts(event.data.get("userId")):
        context.store.members.add(group.conversation, Member(group.conversation, staff_id), "event", context.now)


def _member_left(event: Event, context: Context) -> None:
    group = _group(event, context)
    # Somebody who left of their own accord is `operator`; there is no list then (§8).
    gone = _texts(event.data.get("userId")) or _texts(event.data.get("operator"))
    for staff_id in gone:
        context.store.members.remove(group.conversation, staff_id)


def _owner_changed(event: Event, context: Context) -> None:
    owner = _text(event.data.get("owner"))
    if owner:
        context.store.groups.save(replace(_group(event, context), owner=owner))


def _title_changed(event: Event, context: Context) -> None:
    title = _text(event.data.get("title"))
    if title:
        context.store.groups.save(replace(_group(event, context), title=title))


def _disbanded(event: Event, context: Context) -> None:
    context.store.groups.disbanded(_group(event, context).conversation)


def _group(event: Event, context: Context) -> Group:
    """The group of a chat event; known from now on. Raises ValueError for an event that names none."""
    conversation = _text(event.data.get("openConversationId"))
    if not conversation:
        raise ValueError(f"the event {event.type} names no group")
    group = context.store.groups.get(conversation)
    if group is None:
        group = Group(conversation)
        context.store.groups.save(group)
    return group


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
