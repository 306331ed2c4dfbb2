"""How the page sees the things of the world: JSON with lowerCamelCase keys and times in milliseconds."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sandbox.web.controls import NextJob
from sandbox.web.roles import PRIVATE_CHAT, Role
from sandbox.world import Department, Group, Person, ShownMessage


def moment(at: datetime) -> int:
    """Milliseconds since 1970, as JavaScript counts."""
    return round(at.timestamp() * 1000)


def department(item: Department) -> dict[str, Any]:
    """A department with the number of the one above."""
    return {"id": item.dept_id, "name": item.name, "parent": item.parent_id}


def person(item: Person) -> dict[str, Any]:
    """Somebody; without the mobile number, which nobody needs to see here."""
    return {
        "key": item.key,
        "staffId": item.staff_id,
        "name": item.name,
        "title": item.title,
        "departments": item.dept_ids,
        "isInDirectory": item.is_in_directory,
    }


def group(item: Group) -> dict[str, Any]:
    """A group with the keys of its people."""
    return {
        "id": item.conversation_id,
        "title": item.title,
        "owner": item.owner,
        "admins": item.admins,
        "members": item.members,
        "isSceneGroup": item.is_scene_group,
        "isExternal": item.is_external,
    }


def role(item: Role) -> dict[str, Any]:
    """A part to try on, its chat resolved."""
    chat = f"private:{item.person}" if item.chat == PRIVATE_CHAT else item.chat
    return {**asdict(item), "chat": chat}


def message(item: ShownMessage) -> dict[str, Any]:
    """A message as a client shows it."""
    return {
        "number": item.number,
        "id": item.message_id,
        "chat": item.chat,
        "author": item.author,
        "kind": item.kind,
        "title": item.title,
        "text": item.text,
        "at": moment(item.at),
        "buttons": [{"title": button.title, "url": button.url} for button in item.buttons],
        "mentions": list(item.at_staff_ids),
        "quotes": item.quotes,
        "via": item.via,
    }


def job(item: NextJob | None) -> dict[str, Any] | None:
    """A scheduled job with its time."""
    return None if item is None else {"title": item.title, "at": moment(item.at)}
