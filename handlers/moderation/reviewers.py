"""Who may judge a flag: sub-admins for `复核` and main admins, and nobody whom it concerns (articles 五.1, 五.2)."""

from __future__ import annotations

from collections.abc import Sequence

from handlers import access
from handlers.access import Role
from handlers.cleanup.departments import is_within
from handlers.context import Context
from handlers.message import Incoming
from storage.flags import Flag
from storage.reviews import Reader

FAMILY = "复核"
"""The family of commands that a sub-admin is given for it."""


def reader_of(message: Incoming, context: Context) -> Reader:
    """The one who looks, as the queue knows them."""
    return Reader(message.sender.staff_id or "", context.store.prints.of_person(message.sender.sender_id))


def may_review(flag: Flag, message: Incoming, context: Context) -> bool:
    """The sender of this message may judge the flag: by role, by department, and because it is not about them."""
    staff_id = message.sender.staff_id
    if staff_id is None or not access.may(Role.SUB_ADMIN, FAMILY, message, context):
        return False
    conversations = conversations_of(staff_id, context)
    return (conversations is None or flag.conversation in conversations) and not _concerns(
        flag, reader_of(message, context), context
    )


def conversations_of(staff_id: str, context: Context) -> tuple[str, ...] | None:
    """The groups whose flags somebody may see: those of a sub-admin's departments; None: all chats."""
    grant = None if access.is_main_admin(staff_id, context) else context.store.roles.get(staff_id)
    if grant is None or not grant.departments:
        return None
    return tuple(
        group.conversation
        for group in context.store.groups.all(active_only=False)
        if any(is_within(group.department, department) for department in grant.departments)
    )


def reviewers_for(flags: Sequence[Flag], context: Context) -> tuple[str, ...]:
    """Whom to ask about these flags of one message: the sub-admins for it, else the main admins; nobody it concerns."""
    flag = flags[0]
    entitled = [
        grant.staff_id
        for grant in context.store.roles.sub_admins()
        if (not grant.families or FAMILY in grant.families)
        and not access.is_main_admin(grant.staff_id, context)
        and _covers(grant.staff_id, flag, context)
    ]
    concerned = concerned_by(flag, context)
    for people in (entitled, access.main_admins(context)):
        if asked := tuple(person for person in people if person not in concerned):
            return asked
    return ()


def concerned_by(flag: Flag, context: Context) -> frozenset[str | None]:
    """Staff ids of whoever wrote the message or reported it."""
    people = {person for one in _of_the_message(flag, context) for person in (one.sender, one.reporter)}
    return frozenset(people | set(context.store.reports.reporters(flag.message_key)))


def _covers(staff_id: str, flag: Flag, context: Context) -> bool:
    conversations = conversations_of(staff_id, context)
    return conversations is None or flag.conversation in conversations


def _concerns(flag: Flag, reader: Reader, context: Context) -> bool:
    """The reader wrote the message or reported it."""
    if any(context.store.reports.has(flag.message_key, one) for one in (reader.staff_id, reader.key) if one):
        return True
    return any(
        reader.staff_id in (one.sender, one.reporter) or (one.author_key != "" and one.author_key == reader.key)
        for one in _of_the_message(flag, context)
    )


def _of_the_message(flag: Flag, context: Context) -> list[Flag]:
    return context.store.flags.of_message(flag.message_key) or [flag]
