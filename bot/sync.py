"""Reading the directory and the scene groups from DingTalk into the database (platform reference §6, §7).

Network calls come first, writes after them in one short transaction each, so that no transaction waits for a call.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import Any

from bot.clock import Clock
from bot.openapi import ErrorKind, OpenAPI, OpenAPIError
from storage.groups import Group
from storage.members import Member
from storage.staff import DepartmentRow, StaffFact
from storage.store import Store

logger = logging.getLogger(__name__)

ROOT = 1
"""The organisation itself in DingTalk's tree of departments."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a sync read."""

    departments: int = 0
    people: int = 0
    gone: int = 0
    """Who was in the directory before and no longer is."""
    groups: int = 0


async def refresh(openapi: OpenAPI, store: Store, clock: Clock) -> Summary:
    """Read departments, people and scene groups anew. Raises OpenAPIError; what was read before that is kept."""
    tree = await _departments(openapi)
    people, managers = await _people(openapi, tree)
    departments = [replace(row, manager_ids=tuple(managers.get(row.dept_id, ()))) for row in tree]
    now = clock.now()
    with store.database.transaction():
        store.staff.put_departments(departments, now)
        gone = store.staff.in_directory() - people.keys()
        for fact in people.values():
            store.staff.put(fact, now)
            store.staff.withdraw(fact.staff_id, "event")
        for staff_id in gone:
            _mark_gone(store, staff_id, clock)
    read = 0
    for group in store.groups.all():
        read += await _scene_group(openapi, store, clock, group)
    summary = Summary(len(departments), len(people), len(gone), read)
    logger.info("通讯录已同步 / directory read: %s", summary)
    return summary


def _mark_gone(store: Store, staff_id: str, clock: Clock) -> None:
    for fact in store.staff.facts_of(staff_id):
        if fact.source == "directory":
            store.staff.put(replace(fact, status="departed", status_since=clock.now().date()), clock.now())


async def _departments(openapi: OpenAPI) -> list[DepartmentRow]:
    """All departments below the organisation, with the path that people write."""
    rows: list[DepartmentRow] = []
    pending: list[tuple[int, str]] = [(ROOT, "")]
    while pending:
        parent, parent_path = pending.pop()
        for entry in await openapi.sub_departments(parent):
            dept_id, name = int(entry["dept_id"]), str(entry["name"])
            path = f"{parent_path}/{name}" if parent_path else name
            rows.append(DepartmentRow(dept_id, name, parent, path))
            pending.append((dept_id, path))
    return rows


async def _people(
    openapi: OpenAPI, departments: list[DepartmentRow]
) -> tuple[dict[str, StaffFact], dict[int, list[str]]]:
    """Everybody, and who leads which department: the list of users says both, a call for each would cost the quota."""
    paths = {department.dept_id: department.path for department in departments}
    people: dict[str, StaffFact] = {}
    managers: dict[int, list[str]] = {}
    for dept_id in (ROOT, *paths):
        cursor: int | None = 0
        while cursor is not None:
            page = await openapi.users(dept_id, cursor)
            for user in page.users:
                fact = _fact(user, paths.get(dept_id, ""))
                if fact.is_leader:
                    managers.setdefault(dept_id, []).append(fact.staff_id)
                known = people.get(fact.staff_id)
                # Somebody in two departments counts to the deeper one.
                if known is None or known.department.count("/") < fact.department.count("/"):
                    people[fact.staff_id] = fact
            cursor = page.next_cursor
    return people, managers


def _fact(user: dict[str, Any], path: str) -> StaffFact:
    return StaffFact(
        staff_id=str(user["userid"]),
        source="directory",
        name=str(user.get("name", "")),
        department=path,
        mobile=str(user.get("mobile") or ""),
        title=str(user.get("title") or ""),
        status="serving",
        is_leader=bool(user.get("leader")),
    )


async def _scene_group(openapi: OpenAPI, store: Store, clock: Clock, group: Group) -> bool:
    """Read one group if it can be read; remember when it cannot (only scene groups can, design §1.7)."""
    if group.is_scene_group is False:
        return False
    try:
        detail = await openapi.scene_group(group.conversation)
        found = await openapi.scene_group_members(group.conversation)
    except OpenAPIError as error:
        if error.kind is not ErrorKind.PERMANENT:
            raise
        store.groups.save(replace(group, is_scene_group=False))
        return False
    # The platform does not say whether people with a staff id are listed by union id as well: they count once.
    members = [
        Member(group.conversation, one.staff_id, one.nick, one.union_id, is_outsider=one.staff_id is None)
        for one in found
    ]
    now = clock.now()
    with store.database.transaction():
        store.groups.save(
            replace(
                group,
                title=detail.title or group.title,
                owner=detail.owner or group.owner,
                admins=detail.admins or group.admins,
                is_scene_group=True,
            )
        )
        store.members.replace(group.conversation, members, "scene-group", now)
    return True
