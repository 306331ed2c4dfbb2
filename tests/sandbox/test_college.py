"""The sample college is always the same and has every ill that the clean-up looks for."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from sandbox import college
from sandbox.college.chats import CHATS
from sandbox.world import Person, SandboxClock, World


@pytest.fixture
def world() -> World:
    world = World(SandboxClock())
    college.build(world)
    return world


def status_of(staff_id: str) -> str:
    """What the personnel file says about somebody; empty when it does not know them."""
    return next((row["状态"] for row in college.personnel_rows() if row["工号"] == staff_id), "")


def members(world: World, title: str) -> list[Person]:
    group = next(group for group in world.groups.values() if group.title == title)
    return [world.people[key] for key in group.members]


def test_two_colleges_are_alike(world: World) -> None:
    other = World(SandboxClock())
    college.build(other)
    assert other.people == world.people
    assert other.groups == world.groups
    assert other.departments == world.departments


def test_a_world_is_filled_once(world: World) -> None:
    with pytest.raises(ValueError, match="not empty"):
        college.build(world)


def test_it_is_as_big_as_a_small_college(world: World) -> None:
    assert 110 <= len(world.people) <= 130
    assert 14 <= len(world.groups) <= 18


def test_departments_go_two_levels_below_the_college(world: World) -> None:
    roots = [d for d in world.departments.values() if d.parent_id is None]
    assert [root.dept_id for root in roots] == [1]
    for department in world.departments.values():
        depth, step = 0, department
        while step.parent_id is not None:
            step = world.departments[step.parent_id]
            depth += 1
        assert depth <= 2
        assert department.dept_id == 1 or department.manager_ids, department.name
        for head in department.manager_ids:
            assert world.people[head].is_in_directory


def test_names_numbers_and_ids_are_not_shared(world: World) -> None:
    people = list(world.people.values())
    assert Counter(p.name for p in people).most_common(1)[0][1] == 1
    assert len({p.mobile for p in people}) == len(people) == len({p.union_id for p in people})
    assert all(re.fullmatch(r"1[3-9]\d{9}", p.mobile) for p in people)
    groups = list(world.groups.values())
    assert len({g.conversation_id for g in groups} | {g.chat_id for g in groups}) == 2 * len(groups)


def test_groups_hold_people_of_this_world_once_each(world: World) -> None:
    for group in world.groups.values():
        assert group.owner in group.members
        assert set(group.admins) <= set(group.members)
        assert len(set(group.members)) == len(group.members)
        assert set(group.members) <= set(world.people)


@pytest.mark.parametrize("status", ["在职", "离职", "退休", "内退", "调离", "借调", "返聘", "外聘", "学生"])
def test_everybody_has_each_status_somewhere(status: str) -> None:
    assert any(row["状态"] == status for row in college.personnel_rows())


def test_somebody_has_left_the_directory_but_not_the_groups(world: World) -> None:
    gone = [p for p in members(world, "教务处工作群") if not p.is_in_directory]
    assert {status_of(p.key) for p in gone} == {"离职", "退休"}


def test_newcomers_are_not_in_the_personnel_file_yet(world: World) -> None:
    newcomers = [p for p in world.people.values() if p.staff_id and not status_of(p.staff_id)]
    assert len(newcomers) == 3
    assert all(p.is_in_directory for p in newcomers)


def test_somebody_moved_to_another_office_and_stayed_in_the_group(world: World) -> None:
    office = world.departments[20]
    strangers = [
        p
        for p in members(world, "教务处工作群")
        if p.is_in_directory and all(world.departments[d].parent_id != office.dept_id for d in p.dept_ids)
    ]
    assert [p.name for p in strangers if p.key not in office.manager_ids] == ["黎俊熙"]


def test_owners_go_wrong_in_each_way(world: World) -> None:
    by_title = {group.title: group for group in world.groups.values()}
    assert by_title["软件教研室"].owner not in world.departments[61].manager_ids
    assert status_of(by_title["经济管理学院工作群"].owner) == "退休"
    assert by_title["后勤处工作群"].admins == []


def test_outsiders_sit_in_a_department_group_and_where_they_may(world: World) -> None:
    assert any(p.staff_id is None for p in members(world, "计算机学院教职工群"))
    assert any(p.staff_id is None for p in members(world, "校企合作交流群"))
    assert sum(p.staff_id is None for p in world.people.values()) == 2


def test_most_display_names_follow_the_form_and_some_do_not(world: World) -> None:
    form = re.compile(r"\S+-\S+-1[3-9]\d{9}")
    out_of_form = [p for p in world.people.values() if p.staff_id and not form.fullmatch(p.nick)]
    assert 2 <= len(out_of_form) <= 5


def test_the_register_leaves_two_groups_out(world: World) -> None:
    registered = {row["群ID"] for row in college.group_rows()}
    assert set(world.groups) - registered == set(college.UNREGISTERED_GROUPS)
    assert len(college.UNREGISTERED_GROUPS) == 2
    assert {row["类型"] for row in college.group_rows()} == {"部门群", "项目群", "班级群", "外部群"}


def test_lists_are_handed_in_for_ordinary_groups_only(world: World) -> None:
    listed = {row["群ID"] for row in college.member_rows()}
    ordinary = {g.conversation_id for g in world.groups.values() if not g.is_scene_group}
    assert listed == ordinary - set(college.UNREGISTERED_GROUPS)
    nobody = [row["姓名"] for row in college.member_rows() if not row["工号"]]
    assert "小周老师" in nobody


def test_one_group_has_slept_for_more_than_half_a_year() -> None:
    sleeping = {chat.conversation_id for chat in CHATS if chat.quiet_days > 180}
    assert sleeping == {college.DORMANT_GROUP}


def test_the_well_known_people_are_who_they_are_said_to_be(world: World) -> None:
    assert world.people[college.ADMIN].title == "主任"
    assert sum(g.owner == college.OWNER for g in world.groups.values()) >= 3
    assert world.groups[college.CLASS_GROUP].members.count(college.STUDENT) == 1
    assert not any(g.owner == college.STUDENT for g in world.groups.values())
    assert world.people[college.OUTSIDER].staff_id is None
    assert college.OUTSIDER in world.groups[college.EXTERNAL_GROUP].members
    assert len({chat.slug for chat in CHATS}) == len(CHATS)
