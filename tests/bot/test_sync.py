"""Reading the directory and the scene groups, over HTTP against the sandbox."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot import sync
from bot.openapi import ErrorKind, OpenAPIError
from handlers.cleanup.roster import Roster
from sandbox.world import Department, Person
from storage.groups import Group
from storage.members import Member
from storage.staff import DepartmentRow, StaffFact
from tests.bot.rig import GROUP, SCENE, SECONDS, START, Rig, rig

LISTSUB, USERS = "/topapi/v2/department/listsub", "/topapi/v2/user/list"
SCENE_GET, SCENE_MEMBERS = "/topapi/im/chat/scenegroup/get", "/topapi/im/chat/scenegroup/member/get"
TOO_FAST = {"errcode": 88, "errmsg": "ding talk error[subcode=90018,submsg=too fast]", "sub_code": "90018"}
SOMEWHERE = {"errcode": 60003, "errmsg": "部门不存在"}


@pytest.fixture
async def made(tmp_path: Path) -> AsyncIterator[Rig]:
    """The two doors beside the small world, with both groups known but not read."""
    async with rig(tmp_path, with_gateway=False) as made:
        with made.store.database.transaction():
            made.store.groups.save(Group(GROUP, "办公室群", "department", "办公室", "0001"))
            made.store.groups.save(Group(SCENE, "旧名", "project"))
        yield made


async def refresh(made: Rig) -> sync.Summary:
    return await sync.refresh(made.openapi, made.store, made.clock, made.writer)


def group(made: Rig, conversation: str) -> Group:
    found = made.store.groups.get(conversation)
    assert found is not None
    return found


def status(made: Rig, staff_id: str) -> str:
    person = Roster.load(made.store.staff).get(staff_id)
    return "" if person is None else person.status


def someone(made: Rig, staff_id: str) -> Person:
    return made.sandbox.world.people[staff_id]


def calls(made: Rig) -> dict[str, int]:
    return {
        row["api"]: row["calls"]
        for row in made.store.database.rows("select api, sum(calls) as calls from calls group by api")
    }


async def test_everything_is_read_at_the_first_time(made: Rig) -> None:
    assert await refresh(made) == sync.Summary(departments=1, people=30, gone=0, groups=1)
    assert made.store.staff.departments() == [DepartmentRow(2, "办公室", 1, "办公室", ("0001",))]
    (fact,) = made.store.staff.facts_of("0001")
    assert (fact.name, fact.department, fact.status, fact.is_leader) == ("老师1", "办公室", "serving", True)
    scene = group(made, SCENE)
    assert (scene.title, scene.owner, scene.admins, scene.is_scene_group) == ("项目群", "0001", ("0002",), True)
    assert (scene.kind, scene.members_source) == ("project", "scene-group")
    listed = made.store.members.of(SCENE)
    assert [one.staff_id for one in listed if one.staff_id] == [f"{n:04}" for n in range(1, 31)]
    assert [(one.name, one.is_outsider) for one in listed if one.staff_id is None] == [("小客", True)]


async def test_reading_again_changes_nothing(made: Rig) -> None:
    await refresh(made)
    before = [replace(fact, seen_at=None) for fact in made.store.staff.all_facts()]
    assert await refresh(made) == sync.Summary(departments=1, people=30, gone=0, groups=1)
    assert [replace(fact, seen_at=None) for fact in made.store.staff.all_facts()] == before
    assert len(made.store.members.of(SCENE)) == 31


async def test_large_departments_are_read_page_by_page(made: Rig) -> None:
    people = made.sandbox.world.people
    for n in range(250):
        people[f"p{n}"] = Person(f"p{n}", f"p{n}", f"新人{n}", f"up{n}", dept_ids=[2])
    made.sandbox.world.groups[SCENE].members += [f"p{n}" for n in range(250)]
    summary = await refresh(made)
    assert (summary.people, len(made.store.members.of(SCENE))) == (280, 281)
    assert calls(made)["v2/user/list"] == 1 + 3


async def test_departments_two_levels_deep_have_paths(made: Rig) -> None:
    world = made.sandbox.world
    world.departments[3] = Department(3, "文秘科", 2, ["0005"])
    world.departments[4] = Department(4, "学生处", 1)
    someone(made, "0005").dept_ids = [3]
    assert (await refresh(made)).departments == 3
    assert [(row.path, row.manager_ids) for row in made.store.staff.departments()] == [
        ("办公室", ("0001",)),
        ("办公室/文秘科", ("0005",)),
        ("学生处", ()),
    ]
    assert made.store.staff.facts_of("0005")[0].department == "办公室/文秘科"


async def test_people_in_two_departments_belong_to_both(made: Rig) -> None:
    world = made.sandbox.world
    world.departments[3] = Department(3, "文秘科", 2)
    world.departments[4] = Department(4, "学生处", 1, ["0005"])
    someone(made, "0005").dept_ids = [4, 3, 2]
    assert (await refresh(made)).people == 30
    (fact,) = made.store.staff.facts_of("0005")
    assert (fact.department, set(fact.also_in)) == ("办公室/文秘科", {"学生处", "办公室"})
    assert fact.is_leader
    assert made.store.staff.departments()[-1].manager_ids == ("0005",)


async def test_people_directly_below_the_college_have_no_department(made: Rig) -> None:
    someone(made, "0006").dept_ids = [1]
    await refresh(made)
    (fact,) = made.store.staff.facts_of("0006")
    assert (fact.department, fact.also_in) == ("", ())


async def test_who_is_gone_from_the_directory_has_departed_and_may_come_back(made: Rig) -> None:
    await refresh(made)
    someone(made, "0007").is_in_directory = False
    assert (await refresh(made)).gone == 1
    (fact,) = made.store.staff.facts_of("0007")
    assert (fact.status, fact.status_since) == ("departed", date(2026, 11, 24))
    assert (await refresh(made)).gone == 0
    someone(made, "0007").is_in_directory = True
    await refresh(made)
    assert (status(made, "0007"), made.store.staff.facts_of("0007")[0].status_since) == ("serving", None)


async def test_the_personnel_file_stays_above_what_is_read(made: Rig) -> None:
    with made.store.database.transaction():
        made.store.staff.put(StaffFact("0008", "personnel-file", "老师8", status="retired"), START)
    await refresh(made)
    assert status(made, "0008") == "retired"
    assert len(made.store.staff.facts_of("0008")) == 2


async def test_a_reading_is_newer_than_earlier_events_and_older_than_later_ones(made: Rig) -> None:
    await refresh(made)
    left = StaffFact("0009", "event", "老师9", status="departed", seen_at=made.clock.now())
    with made.store.database.transaction():
        made.store.staff.put(left, made.clock.now())
    assert status(made, "0009") == "departed"
    await refresh(made)
    assert status(made, "0009") == "serving"


async def test_when_most_are_missing_at_once_nobody_has_departed(made: Rig, caplog: pytest.LogCaptureFixture) -> None:
    await refresh(made)
    for n in range(5, 31):
        someone(made, f"{n:04}").is_in_directory = False
    with caplog.at_level(logging.WARNING):
        assert (await refresh(made)).gone == 0
    assert "通讯录权限范围" in caplog.text
    assert status(made, "0030") == "serving"


# -- groups --------------------------------------------------------------------------------------------------------


async def test_a_group_that_cannot_be_read_is_asked_for_once(made: Rig) -> None:
    with made.store.database.transaction():
        made.store.members.replace(GROUP, [Member(GROUP, "0001")], "file", START)
    await refresh(made)
    ordinary = group(made, GROUP)
    assert ordinary.is_scene_group is False
    assert (ordinary.title, ordinary.owner, ordinary.members_source) == ("办公室群", "0001", "file")
    assert len(made.store.members.of(GROUP)) == 1
    before = calls(made)["im/chat/scenegroup/get"]
    await refresh(made)
    assert calls(made)["im/chat/scenegroup/get"] == before + 1


async def test_admins_who_were_taken_away_are_no_longer_known(made: Rig) -> None:
    await refresh(made)
    made.sandbox.world.groups[SCENE].admins.clear()
    made.sandbox.world.groups[SCENE].owner = "0003"
    await refresh(made)
    assert (group(made, SCENE).owner, group(made, SCENE).admins) == ("0003", ())


async def test_our_own_people_among_the_union_ids_are_no_outsiders(made: Rig) -> None:
    page = {
        "member_user_ids": ["0001"],
        "staff_id_nick_map": {"0001": "办公室-老师1"},
        "union_ids": ["u1iEiE", "u2iEiE", "u99iEiE"],
        "union_id_nick_map": {"u1iEiE": "办公室-老师1", "u2iEiE": "办公室-老师2", "u99iEiE": "小客"},
        "has_more": False,
    }
    made.sandbox.faults.answer(SCENE_MEMBERS, 200, {"errcode": 0, "errmsg": "ok", "result": page})
    await refresh(made)
    assert [(one.staff_id, one.name, one.is_outsider) for one in made.store.members.of(SCENE)] == [
        ("0001", "办公室-老师1", False),
        ("0002", "办公室-老师2", False),
        (None, "小客", True),
    ]


async def test_what_happens_to_a_group_while_it_is_read_is_not_lost(made: Rig) -> None:
    """Reading thousands of groups takes minutes; an owner who registers one meanwhile must not be overwritten."""
    made.sandbox.faults.delay(SCENE_MEMBERS, 0.3)
    reading = asyncio.create_task(refresh(made))
    async with asyncio.timeout(SECONDS):
        while "im/chat/scenegroup/member/get" not in calls(made):
            await asyncio.sleep(0.005)
    with made.store.database.transaction():
        made.store.groups.save(replace(group(made, SCENE), kind="class", purpose="新登记", coverage="bridge"))
    assert (await reading).groups == 1
    scene = group(made, SCENE)
    assert (scene.kind, scene.purpose, scene.coverage, scene.title) == ("class", "新登记", "bridge", "项目群")


# -- trouble -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [LISTSUB, USERS, SCENE_GET, SCENE_MEMBERS])
async def test_being_too_fast_or_cut_off_is_overcome(made: Rig, path: str) -> None:
    made.sandbox.faults.answer(path, 200, TOO_FAST)
    made.sandbox.faults.drop(path)
    assert await refresh(made) == sync.Summary(departments=1, people=30, gone=0, groups=1)


async def test_what_goes_wrong_for_good_is_raised_and_nobody_departs(made: Rig) -> None:
    await refresh(made)
    made.sandbox.faults.answer(USERS, 200, SOMEWHERE)
    with pytest.raises(OpenAPIError) as caught:
        await refresh(made)
    assert caught.value.kind is ErrorKind.PERMANENT
    assert status(made, "0030") == "serving"
    assert len(made.store.members.of(SCENE)) == 31


async def test_without_the_contact_permission_nothing_changes(made: Rig) -> None:
    await refresh(made)
    made.sandbox.core.denied_scopes = {"qyapi_get_department_list", "qyapi_get_department_member", "qyapi_get_member"}
    with pytest.raises(OpenAPIError) as caught:
        await refresh(made)
    assert caught.value.kind is ErrorKind.PERMISSION
    assert status(made, "0001") == "serving"


async def test_without_the_permission_to_read_groups_the_directory_is_read_all_the_same(
    made: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    made.sandbox.core.denied_scopes = {"qyapi_chat_read"}
    with caplog.at_level(logging.WARNING):
        assert await refresh(made) == sync.Summary(departments=1, people=30, gone=0, groups=0)
    assert "没有读取群信息的权限" in caplog.text
    assert group(made, SCENE).is_scene_group is None


async def test_a_group_in_trouble_leaves_the_directory_and_its_old_list(made: Rig) -> None:
    await refresh(made)
    someone(made, "0007").is_in_directory = False
    made.sandbox.faults.answer(SCENE_MEMBERS, 500, "", times=None)
    with pytest.raises(OpenAPIError):
        await refresh(made)
    assert status(made, "0007") == "departed"
    assert len(made.store.members.of(SCENE)) == 31
