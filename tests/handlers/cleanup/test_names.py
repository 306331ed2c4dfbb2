"""Display names in the college's form, and whom a pasted name means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.cleanup.names import candidate_names, masked, parts_missing, people_meant
from handlers.cleanup.plain import plain
from handlers.cleanup.roster import Person, Roster

ANYTHING = st.text(max_size=40)


def person(staff_id: str, name: str, department: str = "", mobile: str = "", also_in: tuple[str, ...] = ()) -> Person:
    return Person(staff_id, name, department, mobile, "", "serving", None, False, ("directory",), also_in)


WANG = person("1", "王建国", "教务处/教学科", "13800000001")
ALI = person("2", "阿里木·买买提", "计算机学院", "13800000002")
ROSTER = Roster(
    [
        WANG,
        ALI,
        person("3", "李明", "学生处", "13800000003"),
        person("4", "李明", "后勤处", "13800000004"),
        person("5", "教建", "学生处", "13800000005"),
    ]
)


# -- the form ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "display",
    [
        "教务处-王建国-13800000001",
        "教学科 王建国 13800000001",
        "教学王建国13800000001",
        "13800000001 王建国（教务处教学科）",
        "【教务】王建国·138-0000-0001",
        "教务处－王建国－１３８００００００００１",
        "王 建 国 | 教务处 | 0571-87654321",
        "教务处_王建国_短号661234",
        "教务处🌿王建国🌿+86 13800000001",
    ],
)
def test_whoever_gives_all_three_is_in_form(display: str) -> None:
    assert parts_missing(display, WANG) == []


@pytest.mark.parametrize(
    ("display", "missing"),
    [
        ("王建国", ["部门", "电话"]),
        ("教务处王建国", ["电话"]),
        ("教务处-建国-13800000001", ["真实姓名"]),
        ("王建国13800000001", ["部门"]),
        ("学生处-王建国-13800000001", ["部门"]),
        ("教务处-王建国-2024", ["电话"]),
        ("国哥", ["部门", "真实姓名", "电话"]),
        ("", ["部门", "真实姓名", "电话"]),
        ("🌿", ["部门", "真实姓名", "电话"]),
    ],
)
def test_what_is_missing_is_named(display: str, missing: list[str]) -> None:
    assert parts_missing(display, WANG) == missing


def test_dots_in_a_name_and_second_departments_are_in_form() -> None:
    assert parts_missing("计算机-阿里木买买提-13800000002", ALI) == []
    assert parts_missing("计算机学院-阿里木·买买提-13800000002", ALI) == []
    both = person("9", "赵一", "教务处", also_in=("计算机学院",))
    assert parts_missing("计算机学院-赵一-13800000009", both) == []


def test_what_we_do_not_know_is_not_missed() -> None:
    assert parts_missing("13800000009", person("9", "")) == []
    assert parts_missing("赵一 13800000009", person("9", "赵一")) == []


# -- whom a name means ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "display",
    [
        "王建国",
        " 王 建国 ",
        "教务处-王建国-13800000001",
        "教务处王建国13800000001",
        "教学科王建国",
        "王建国老师",
        "王建国副主任",
        "科员王建国",
        "教务处-王建国老师",
        "（王建国）",
        "小王 13800000001",
        "138 0000 0001",
        "+86-138-0000-0001 国哥",
        "王建国 13911112222",
    ],
)
def test_one_person_is_recognised(display: str) -> None:
    assert [one.staff_id for one in people_meant(display, ROSTER)] == ["1"]


@pytest.mark.parametrize(
    "display",
    [
        "",
        "王",
        "建国",
        "王老师",
        "王建国的妈妈",
        "王建国爸爸13800000001",
        "教务处",
        "13911112222",
        "张三",
        "老师",
        "8613",
    ],
)
def test_nobody_is_made_up(display: str) -> None:
    assert people_meant(display, ROSTER) == []


def test_of_two_none_is_chosen_unless_the_number_tells() -> None:
    assert {one.staff_id for one in people_meant("李明", ROSTER)} == {"3", "4"}
    assert {one.staff_id for one in people_meant("李明（代王建国）", ROSTER)} == {"3", "4"}
    assert {one.staff_id for one in people_meant("李明/王建国", ROSTER)} == {"1", "3", "4"}
    assert [one.staff_id for one in people_meant("李明 13800000004", ROSTER)] == ["4"]


def test_a_name_and_the_number_of_another_are_not_decided() -> None:
    assert {one.staff_id for one in people_meant("王建国 13800000003", ROSTER)} == {"1", "3"}


def test_names_with_dots_are_recognised_with_and_without() -> None:
    for display in ("阿里木·买买提", "阿里木买买提", "计算机学院-阿里木•买买提"):
        assert [one.staff_id for one in people_meant(display, ROSTER)] == ["2"], display


@given(display=ANYTHING)
def test_no_display_name_makes_it_stumble(display: str) -> None:
    assert set(parts_missing(display, WANG)) <= {"部门", "真实姓名", "电话"}
    assert all(one in (WANG, ALI) or one.staff_id in "345" for one in people_meant(display, ROSTER))
    assert all(len(name) >= 2 for name in candidate_names(display, ROSTER))
    assert plain(plain(display)) == plain(display)


@given(before=ANYTHING.map(plain), department=st.sampled_from(["教务处", "教学科", "教务", "教学"]))
def test_more_words_never_spoil_the_form(before: str, department: str) -> None:
    assert parts_missing(f"{before}{department} 王建国 13800000001", WANG) == []


# -- masking -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number", ["13800000001", "138-0000-0001", "138 0000 0001", "330106199001011234", "０５７１８７６５４３２１"]
)
def test_numbers_are_masked_and_the_rest_stays(number: str) -> None:
    shown = masked(f"教务处-王建国-{number}")
    assert shown.startswith("教务处-王建国-")
    assert number not in shown
    assert "****" in shown
    assert masked(shown) == shown
