"""What is known of a message beside its text, for the scope of rules."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers import access
from handlers.access import Role
from handlers.cleanup.roster import Person, merge
from handlers.context import Context
from handlers.message import Incoming
from handlers.moderation.scope import Circumstances
from storage.groups import Group

_LATE = timedelta(days=7)
"""A message that is older than this when it comes was dated by a clock that is wrong."""


def circumstances_of(message: Incoming, group: Group | None, context: Context) -> Circumstances:
    """Of a group its kind, id and department; of the sender who they are, and their departments where the group has
    none. What nobody knows stays None, and then a rule counts."""
    sender = _sender(message, context)
    departments: tuple[str, ...] | None = (group.department,) if group is not None and group.department else None
    if departments is None and sender is not None:
        departments = sender.departments or None
    cleanup = context.settings.cleanup
    return Circumstances(
        kind=None if group is None else group.kind,
        group=message.conversation if message.is_group else None,
        departments=departments,
        roles=_roles(message, sender, context),
        at=_written_at(message, context),
        working_hours=(cleanup.working_hours_from, cleanup.working_hours_to),
    )


def _written_at(message: Incoming, context: Context) -> datetime:
    """When it was written, which may be a while ago; a time that cannot be true counts for nothing."""
    sent_at = message.sent_at
    if sent_at is None or not context.now - _LATE <= sent_at <= context.now:
        return context.local_now
    return sent_at.astimezone(context.settings.scheduler.timezone)


def _sender(message: Incoming, context: Context) -> Person | None:
    if message.sender.staff_id is None:
        return None
    facts = context.store.staff.facts_of(message.sender.staff_id)
    return merge(facts, context.today) if facts else None


def _roles(message: Incoming, sender: Person | None, context: Context) -> tuple[str, ...] | None:
    if message.sender.is_unmatched:
        return None
    if message.sender.staff_id is None:
        return ("outsider",)
    found = ["student" if sender is not None and sender.status == "student" else "staff"]
    owned = context.store.groups.owned_by(message.sender.staff_id)
    if any(group.conversation == message.conversation for group in owned):
        found.append("owner")
    role = access.role_of(message, context)
    if role is Role.SUB_ADMIN:
        found.append("sub-admin")
    elif role is Role.MAIN_ADMIN:
        found.append("main-admin")
    return tuple(found)
