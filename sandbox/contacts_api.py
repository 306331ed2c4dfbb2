"""The directory: departments, people, leavers (docs/platform.md §6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sandbox.endpoints import Ask, Endpoint, Family
from sandbox.fields import BadField
from sandbox.paging import Page, page
from sandbox.quotas import CHINA
from sandbox.refusals import Refusal
from sandbox.world import Department, Person, World

SCOPE = "qyapi_get_member"
DEPARTMENTS_SCOPE = "qyapi_get_department_list"
ROOT = 1
LISTED_MOST = 100


def endpoints() -> list[Endpoint]:
    """All calls of this part."""

    def legacy(path: str, answer: Callable[[Ask], Any], *known: str) -> Endpoint:
        scope = DEPARTMENTS_SCOPE if "/department/" in path else SCOPE
        return Endpoint("POST", path, answer, known, Family.LEGACY, scope=scope)

    listed = ("dept_id", "cursor", "size", "contain_access_limit", "order_field", "language")
    leavers = ("startTime", "endTime", "nextToken", "maxResults")
    return [
        legacy("/topapi/v2/department/listsub", _listsub, "dept_id", "language"),
        legacy("/topapi/v2/department/listsubid", _listsubid, "dept_id"),
        legacy("/topapi/v2/department/get", _department, "dept_id", "language"),
        legacy("/topapi/v2/user/get", _user, "userid", "language"),
        legacy("/topapi/v2/user/list", _user_list, *listed),
        legacy("/topapi/user/listsimple", _user_simple, *listed),
        legacy("/topapi/v2/user/listsimple", _user_simple, *listed),
        legacy("/topapi/user/listid", _user_ids, "dept_id"),
        legacy("/topapi/v2/user/getbymobile", _by_mobile, "mobile", "support_exclusive_account_search"),
        legacy("/topapi/user/listadmin", _admins),
        Endpoint("GET", "/v1.0/contact/empLeaveRecords", _leavers, leavers),
    ]


def _the_department(ask: Ask, default: int | None = None) -> Department:
    department = ask.core.world.departments.get(ask.fields.number("dept_id", default))
    if department is None:
        raise Refusal("60003", "部门不存在")
    return department


def _children(world: World, dept_id: int) -> list[Department]:
    return [department for department in world.departments.values() if department.parent_id == dept_id]


def _listsub(ask: Ask) -> list[dict[str, Any]]:
    parent = _the_department(ask, ROOT)
    return [
        {
            "dept_id": department.dept_id,
            "name": department.name,
            "parent_id": parent.dept_id,
            "create_dept_group": False,
            "auto_add_user": False,
        }
        for department in _children(ask.core.world, parent.dept_id)
    ]


def _listsubid(ask: Ask) -> dict[str, Any]:
    parent = _the_department(ask)
    return {"dept_id_list": [department.dept_id for department in _children(ask.core.world, parent.dept_id)]}


def _department(ask: Ask) -> dict[str, Any]:
    department = _the_department(ask)
    answer: dict[str, Any] = {
        "dept_id": department.dept_id,
        "name": department.name,
        "order": department.dept_id,
        "member_count": len(_people(ask.core.world, department.dept_id)),
        "dept_manager_userid_list": list(department.manager_ids),
        "hide_dept": False,
        "outer_dept": False,
    }
    if department.parent_id is not None:
        answer["parent_id"] = department.parent_id
    return answer


def _people(world: World, dept_id: int) -> list[Person]:
    """Direct members who are in the directory, in a fixed order."""
    members = [
        p for p in world.people.values() if p.is_in_directory and p.staff_id is not None and dept_id in p.dept_ids
    ]
    return sorted(members, key=lambda person: person.staff_id or "")


def _details(world: World, person: Person) -> dict[str, Any]:
    return {
        "userid": person.staff_id,
        "unionid": person.union_id,
        "name": person.name,
        "avatar": "",
        "mobile": person.mobile,
        "state_code": "86",
        "title": person.title,
        "job_number": person.staff_id,
        "dept_id_list": list(person.dept_ids),
        "active": True,
        "admin": is_admin(world, person),
        "boss": False,
    }


def _leads(world: World, person: Person, dept_id: int) -> bool:
    department = world.departments.get(dept_id)
    return department is not None and person.staff_id in department.manager_ids


def is_admin(world: World, person: Person) -> bool:
    """The person administers the organisation: in the sandbox, those who manage the root department."""
    return _leads(world, person, ROOT)


def _user(ask: Ask) -> dict[str, Any]:
    person = ask.core.staff(ask.fields.text("userid"))
    if person is None:
        raise Refusal("60121", "找不到该用户")
    world = ask.core.world
    leads = [{"dept_id": dept_id, "leader": _leads(world, person, dept_id)} for dept_id in person.dept_ids]
    return {**_details(world, person), "leader_in_dept": leads, "role_list": [], "extension": "{}"}


def _listed(ask: Ask) -> Page[Person]:
    department = _the_department(ask)
    ask.fields.flag("contain_access_limit", False)
    size = ask.fields.number("size", most=LISTED_MOST)
    return page(_people(ask.core.world, department.dept_id), ask.fields.number("cursor"), size)


def _paged(part: Page[Person], rows: list[dict[str, Any]]) -> dict[str, Any]:
    answer: dict[str, Any] = {"has_more": part.has_more, "list": rows}
    if part.has_more:
        answer["next_cursor"] = part.next_start
    return answer


def _user_list(ask: Ask) -> dict[str, Any]:
    dept_id = ask.fields.number("dept_id")
    part = _listed(ask)
    world = ask.core.world
    rows = [{**_details(world, person), "leader": _leads(world, person, dept_id)} for person in part.items]
    return _paged(part, rows)


def _user_simple(ask: Ask) -> dict[str, Any]:
    part = _listed(ask)
    return _paged(part, [{"userid": person.staff_id, "name": person.name} for person in part.items])


def _user_ids(ask: Ask) -> dict[str, Any]:
    department = _the_department(ask)
    return {"userid_list": [person.staff_id for person in _people(ask.core.world, department.dept_id)]}


def _by_mobile(ask: Ask) -> dict[str, Any]:
    mobile = ask.fields.text("mobile")
    for person in ask.core.world.people.values():
        if person.mobile == mobile and person.is_in_directory and person.staff_id is not None:
            return {"userid": person.staff_id, "contact_type": 0}
    raise Refusal("60121", "找不到该用户")


def _admins(ask: Ask) -> list[dict[str, Any]]:
    people = [person for person in ask.core.world.people.values() if is_admin(ask.core.world, person)]
    return [{"userid": person.staff_id, "sys_level": 1} for person in people if person.is_in_directory]


def _moment(ask: Ask, name: str) -> datetime:
    text = ask.fields.text(name)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadField(name, f"an ISO-8601 time is needed, not {text!r}") from error
    if moment.tzinfo is None:
        raise BadField(name, f"a time with zone is needed, not {text!r}")
    return moment


def _leavers(ask: Ask) -> dict[str, Any]:
    now = ask.core.world.clock.now()
    start = _moment(ask, "startTime")
    end = _moment(ask, "endTime") if ask.fields.has("endTime") else now
    if end - start > timedelta(days=365):
        raise BadField("startTime", "the window is at most 365 days")
    left = []
    for person in ask.core.world.people.values():
        at = person.left_at or now - timedelta(days=30)
        if person.staff_id is not None and not person.is_in_directory and start <= at <= end:
            left.append((at, person))
    left.sort(key=lambda entry: (entry[0], entry[1].key))
    part = page(left, ask.fields.number_text("nextToken", 0), ask.fields.number_text("maxResults", 50, most=50))
    records = [
        {
            "userId": person.staff_id,
            "name": person.name,
            "stateCode": "86",
            "mobile": person.mobile,
            "leaveTime": at.astimezone(CHINA).isoformat(timespec="seconds"),
            "leaveReason": "其他",
        }
        for at, person in part.items
    ]
    return {"records": records, "nextToken": part.next_mark}
