"""What can be read of groups: scene groups only, an ordinary one answers "no access" (docs/platform.md §7)."""

from __future__ import annotations

from typing import Any

from sandbox.endpoints import Ask, Endpoint, Family
from sandbox.paging import page
from sandbox.refusals import Refusal
from sandbox.world import Group, Person

SCOPE = "qyapi_chat_read"
TEMPLATE = "sandbox-scene-template"


def endpoints() -> list[Endpoint]:
    """All calls of this part."""
    scene = "/v1.0/im/sceneGroups"
    legacy = "/topapi/im/chat/scenegroup"
    conversation = ("openConversationId", "coolAppCode")
    paged = (*conversation, "maxResults", "nextToken")
    return [
        Endpoint("POST", f"{scene}/query", _query, conversation),
        Endpoint("POST", f"{scene}/queryDetail", _detail, conversation),
        Endpoint("POST", f"{scene}/members/batchQuery", _members, paged),
        Endpoint("POST", f"{legacy}/get", _legacy_get, ("open_conversation_id",), Family.LEGACY),
        Endpoint(
            "POST", f"{legacy}/member/get", _legacy_members, ("open_conversation_id", "cursor", "size"), Family.LEGACY
        ),
        Endpoint("POST", "/v1.0/im/chat/{chat_id}/convertToOpenConversationId", _convert),
    ]


def _scene_group(ask: Ask, field: str) -> Group:
    group = ask.core.world.groups.get(ask.fields.text(field))
    if group is None or not group.is_scene_group:
        raise Refusal("400020", "no access")
    return group


def _staff_id(ask: Ask, key: str) -> str:
    person = ask.core.world.people.get(key)
    return (person.staff_id if person is not None else None) or ""


def _query(ask: Ask) -> dict[str, Any]:
    group = _scene_group(ask, "openConversationId")
    return {
        "success": True,
        "openConversationId": group.conversation_id,
        "title": group.title,
        "ownerUserId": _staff_id(ask, group.owner),
        "templateId": TEMPLATE,
        "status": 1,
        "groupUrl": "",
    }


def _snake(ask: Ask, group: Group) -> dict[str, Any]:
    admins = [_staff_id(ask, key) for key in group.admins]
    return {
        "open_conversation_id": group.conversation_id,
        "template_id": TEMPLATE,
        "title": group.title,
        "owner_staff_id": _staff_id(ask, group.owner),
        "sub_admin_staff_ids": [staff_id for staff_id in admins if staff_id],
        "icon": "",
        "group_url": "",
    }


def _detail(ask: Ask) -> dict[str, Any]:
    group = _scene_group(ask, "openConversationId")
    return {"success": True, **_snake(ask, group), "member_amount": len(group.members), "status": 1}


def _people(ask: Ask, group: Group) -> list[Person]:
    return [ask.core.world.people[key] for key in group.members if key in ask.core.world.people]


def _nicks(people: list[Person]) -> tuple[list[str], dict[str, str], list[str], dict[str, str]]:
    """Staff ids and their nicks; union ids and nicks of those without a staff id.

    The documents name both lists without saying whether people of the organisation stand in the second one too;
    the sandbox takes them as disjoint (docs/platform.md §7, unconfirmed).
    """
    staff = {person.staff_id: person.nick or person.name for person in people if person.staff_id is not None}
    unions = {person.union_id: person.nick or person.name for person in people if person.staff_id is None}
    return list(staff), staff, list(unions), unions


def _members(ask: Ask) -> dict[str, Any]:
    group = _scene_group(ask, "openConversationId")
    size = ask.fields.number("maxResults", most=1000)
    part = page(_people(ask, group), ask.fields.number_text("nextToken", 0), size)
    staff_ids, staff_nicks, union_ids, union_nicks = _nicks(part.items)
    return {
        "memberUserIds": staff_ids,
        "staffIdNickMap": staff_nicks,
        "unionIdList": union_ids,
        "unionIdNickMap": union_nicks,
        "hasMore": part.has_more,
        "nextToken": part.next_mark,
    }


def _legacy_get(ask: Ask) -> dict[str, Any]:
    return {**_snake(ask, _scene_group(ask, "open_conversation_id")), "management_options": {}}


def _legacy_members(ask: Ask) -> dict[str, Any]:
    group = _scene_group(ask, "open_conversation_id")
    start = int(ask.fields.number_text("cursor", 0))
    part = page(_people(ask, group), start, ask.fields.number("size", most=1000))
    staff_ids, staff_nicks, union_ids, union_nicks = _nicks(part.items)
    return {
        "member_user_ids": staff_ids,
        "union_ids": union_ids,
        "staff_id_nick_map": staff_nicks,
        "union_id_nick_map": union_nicks,
        "has_more": part.has_more,
        "next_cursor": part.next_mark,
    }


def _convert(ask: Ask) -> dict[str, Any]:
    for group in ask.core.world.groups.values():
        if group.chat_id == ask.variables["chat_id"]:
            return {"openConversationId": group.conversation_id}
    raise Refusal("invalidParameter.chatId.invalid", "chatId不存在")
