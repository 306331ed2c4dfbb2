"""Puts the sample college into a world."""

from __future__ import annotations

from sandbox.college.chats import CHATS
from sandbox.college.people import DEPARTMENTS, ENTRIES
from sandbox.world import Department, Group, Person, World


def build(world: World) -> None:
    """Fill an empty world with the college: the same every time. Raises ValueError for a world that is not empty."""
    if world.people or world.groups:
        raise ValueError("the world is not empty")
    for dept_id, name, parent_id, head in DEPARTMENTS:
        world.departments[dept_id] = Department(dept_id, name, parent_id, [head] if head else [])
    for entry in ENTRIES.values():
        world.people[entry.key] = Person(
            key=entry.key,
            staff_id=entry.staff_id,
            name=entry.name,
            union_id=entry.union_id,
            mobile=entry.mobile,
            title=entry.title,
            dept_ids=[] if entry.dept_id is None or not entry.is_in_directory else [entry.dept_id],
            is_in_directory=entry.is_in_directory,
            nick=entry.nick,
        )
    for chat in CHATS:
        world.groups[chat.conversation_id] = Group(
            conversation_id=chat.conversation_id,
            chat_id=chat.chat_id,
            title=chat.title,
            owner=chat.owner,
            admins=list(chat.admins),
            members=list(chat.members),
            is_scene_group=chat.is_scene_group,
            is_external=chat.kind == "外部群",
        )
