"""Reading the directory and the scene groups from DingTalk into the database (docs/platform.md §6, §7).

Network calls come first, writes after them in short transactions, so that no transaction waits for a call.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Coroutine, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.openapi import ErrorKind, OpenAPI, OpenAPIError, SceneMember
from bot.writer import Writer
from storage.members import Member
from storage.staff import DepartmentRow, StaffFact
from storage.store import Store

T = TypeVar("T")
U = TypeVar("U")
logger = logging.getLogger(__name__)

ROOT = 1
"""The organisation itself in DingTalk's tree of departments."""
MOST_GONE = 10
"""So many may always go at once; beyond it, up to half of all."""
_AT_ONCE = 500
"""People in one transaction."""
CHINA = ZoneInfo("Asia/Shanghai")
"""DingTalk's own days."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a sync read."""

    departments: int = 0
    people: int = 0
    gone: int = 0
    """Who was in the directory before and no longer is."""
    groups: int = 0
    """Scene groups whose members were read."""


async def refresh(openapi: OpenAPI, store: Store, clock: Clock, writer: Writer) -> Summary:
    """Read departments, people and scene groups anew. Raises OpenAPIError; what was read before that is kept.

    A missing permission to read groups ends the reading of groups only.
    """
    # What is read counts as of the beginning: an event that comes in while we read is newer.
    began = clock.now()
    directory = await _read_directory(openapi)
    departments = directory.departments_with_managers()
    gone = _gone(store.staff.in_directory(), directory.people)
    await writer.do(lambda: store.staff.put_departments(departments, began))
    # In parts: whoever waits for the disk meanwhile waits for one of them.
    for part in _parts(list(directory.people.values())):
        await writer.do(partial(_put, store, part, began))
    for left in _parts(sorted(gone)):
        await writer.do(partial(_mark_gone, store, left, clock, began))
    read = await _scene_groups(openapi, store, clock, writer, directory.union_ids)
    summary = Summary(len(departments), len(directory.people), len(gone), read)
    logger.info("通讯录已同步 / directory read: %s", summary)
    return summary


def _gone(before: set[str], now: Collection[str]) -> set[str]:
    """Who is no longer there. Nobody, when most are missing at once: then the application sees less than it did.

    What lies outside its contact scope looks as if it did not exist (docs/platform.md §6).
    """
    gone = before.difference(now)
    if len(gone) > max(MOST_GONE, len(before) / 2):
        logger.warning(
            "通讯录里一下少了 %d 人（原有 %d 人），没有当作离职；请检查应用的通讯录权限范围 / too many are missing at once "
            "to have left: check which departments the application may see",
            len(gone),
            len(before),
        )
        return set()
    return gone


def _parts(things: list[T]) -> Iterator[list[T]]:
    for start in range(0, len(things), _AT_ONCE):
        yield things[start : start + _AT_ONCE]


def _put(store: Store, facts: Iterable[StaffFact], began: datetime) -> None:
    for fact in facts:
        store.staff.put(fact, began)


def _mark_gone(store: Store, staff_ids: Iterable[str], clock: Clock, began: datetime) -> None:
    day = clock.now().astimezone(CHINA).date()
    for staff_id in staff_ids:
        for fact in store.staff.facts_of(staff_id):
            if fact.source == "directory":
                store.staff.put(replace(fact, status="departed", status_since=day, seen_at=began), began)


@dataclass(slots=True)
class _Directory:
    """What the lists say: one call for a hundred people, and no call for each."""

    departments: list[DepartmentRow] = field(default_factory=list)
    people: dict[str, StaffFact] = field(default_factory=dict)
    managers: dict[int, list[str]] = field(default_factory=dict)
    union_ids: dict[str, str] = field(default_factory=dict)
    """Staff id by union id."""

    def add(self, user: dict[str, Any], dept_id: int, path: str) -> None:
        """Take in somebody as a member of one department; the deepest that somebody belongs to comes first."""
        fact = _fact(user, path)
        if isinstance(user.get("unionid"), str):
            self.union_ids[user["unionid"]] = fact.staff_id
        if fact.is_leader:
            self.managers.setdefault(dept_id, []).append(fact.staff_id)
        known = self.people.get(fact.staff_id)
        if known is not None:
            paths = dict.fromkeys(filter(None, (known.department, *known.also_in, path)))
            first, *others = sorted(paths, key=lambda one: -one.count("/")) or [""]
            leads = known.is_leader or fact.is_leader
            fact = replace(fact, department=first, also_in=tuple(others), is_leader=leads)
        self.people[fact.staff_id] = fact

    def departments_with_managers(self) -> list[DepartmentRow]:
        """The departments, each with those whom its list of users marks as leaders."""
        return [replace(row, manager_ids=tuple(self.managers.get(row.dept_id, ()))) for row in self.departments]


async def _read_directory(openapi: OpenAPI) -> _Directory:
    """All departments below the organisation, with the path that people write, and everybody in them.

    Both lists of a department are asked for at once: calls a second are counted for each API, so this halves the time.
    """
    directory = _Directory()
    pending: list[tuple[int, str]] = [(ROOT, "")]
    while pending:
        dept_id, path = pending.pop()
        below, users = await _both(openapi.sub_departments(dept_id), _users(openapi, dept_id))
        for user in users:
            directory.add(user, dept_id, path)
        for entry in below:
            child, name = int(entry["dept_id"]), str(entry["name"])
            child_path = f"{path}/{name}" if path else name
            directory.departments.append(DepartmentRow(child, name, dept_id, child_path))
            pending.append((child, child_path))
    return directory


async def _both(first: Coroutine[Any, Any, T], second: Coroutine[Any, Any, U]) -> tuple[T, U]:
    """Both results; when one fails, its error, after the other has ended too, so that no call goes on behind our back."""
    one, two = asyncio.ensure_future(first), asyncio.ensure_future(second)
    await asyncio.gather(one, two, return_exceptions=True)
    return one.result(), two.result()


async def _users(openapi: OpenAPI, dept_id: int) -> list[dict[str, Any]]:
    """Everybody who is directly in a department."""
    users: list[dict[str, Any]] = []
    cursor: int | None = 0
    while cursor is not None:
        page = await openapi.users(dept_id, cursor)
        users += page.users
        cursor = page.next_cursor
    return users


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


async def _scene_groups(
    openapi: OpenAPI, store: Store, clock: Clock, writer: Writer, union_ids: Mapping[str, str]
) -> int:
    """How many groups could be read. Ends at the first answer that the application may not read any."""
    read = 0
    for group in store.groups.all():
        if group.is_scene_group is False:
            continue
        try:
            read += await _scene_group(openapi, store, clock, writer, group.conversation, union_ids)
        except OpenAPIError as error:
            if error.kind is not ErrorKind.PERMISSION:
                raise
            logger.warning("应用没有读取群信息的权限，群成员没有更新（%s）/ the application may not read groups", error)
            break
    return read


async def _scene_group(
    openapi: OpenAPI, store: Store, clock: Clock, writer: Writer, conversation: str, union_ids: Mapping[str, str]
) -> bool:
    """Read one group if it can be read; remember when it cannot (only scene groups can, docs/platform.md §7).

    The group is looked up again after the calls: meanwhile it may have been registered, renamed or disbanded.
    """
    began = clock.now()
    try:
        detail = await openapi.scene_group(conversation)
        found = await openapi.scene_group_members(conversation)
    except OpenAPIError as error:
        if error.kind is not ErrorKind.PERMANENT:
            raise
        await writer.do(lambda: _update_group(store, conversation, {"is_scene_group": False}))
        return False

    def put() -> bool:
        group = store.groups.get(conversation)
        if group is None:
            return False
        known = {
            "title": detail.title or group.title,
            "owner": detail.owner or group.owner,
            "admins": detail.admins,
            "is_scene_group": True,
        }
        _update_group(store, conversation, known)
        store.members.replace(conversation, _members(conversation, found, union_ids), "scene-group", began)
        return True

    return await writer.do(put)


def _update_group(store: Store, conversation: str, changes: Mapping[str, Any]) -> None:
    group = store.groups.get(conversation)
    if group is not None:
        store.groups.save(replace(group, **changes))


def _members(conversation: str, found: Iterable[SceneMember], union_ids: Mapping[str, str]) -> Iterable[Member]:
    """Everybody once: our own people may stand in the list of union ids as well (docs/platform.md §7)."""
    members: dict[str, Member] = {}
    for one in found:
        staff_id = one.staff_id or union_ids.get(one.union_id or "")
        key = staff_id or f"union {one.union_id}"
        members.setdefault(key, Member(conversation, staff_id, one.nick, one.union_id, is_outsider=staff_id is None))
    return members.values()
