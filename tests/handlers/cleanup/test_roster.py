"""Who everybody is, when sources say different things."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.cleanup.roster import GONE, LABELS, STATUS_WORDS, Roster, merge, status_code
from storage.database import Database
from storage.staff import DepartmentRow, StaffFact
from storage.store import Store

NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)
TODAY = date(2026, 11, 25)
YESTERDAY, TOMORROW = NOW - timedelta(days=1), NOW + timedelta(days=1)


def said(source: str, status: str = "serving", **more: object) -> StaffFact:
    values: dict[str, object] = {"name": "王建国", "department": "教务处", "seen_at": NOW, **more}
    return StaffFact("0042", source, status=status, **values)  # type: ignore[arg-type]


# -- precedence ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ([said("directory")], "serving"),
        ([said("directory"), said("personnel-file", "retired")], "retired"),
        ([said("directory"), said("personnel-file", "re-hired")], "re-hired"),
        ([said("directory", "departed"), said("personnel-file", "retired")], "retired"),
        ([said("directory", "departed"), said("personnel-file", "serving")], "departed"),
        ([said("directory", "departed"), said("personnel-file", "re-hired")], "departed"),
        ([said("directory", "departed"), said("personnel-file", "external-teacher")], "departed"),
        ([said("directory", "departed"), said("personnel-file", "student")], "student"),
        ([said("event", "departed"), said("personnel-file", "serving")], "departed"),
        ([said("event", "departed", name="")], "departed"),
        ([said("event", name="")], "serving"),
        ([said("personnel-file", "transferred-out"), said("directory")], "transferred-out"),
    ],
)
def test_the_file_overrules_and_leaving_ends_what_is_active(facts: list[StaffFact], status: str) -> None:
    assert merge(facts, TODAY).status == status
    assert merge(facts[::-1], TODAY).status == status


def test_of_directory_and_event_the_newer_counts() -> None:
    left, came = said("event", "departed", status_since=TODAY), said("event")
    assert merge([said("directory", seen_at=YESTERDAY), left]).status == "departed"
    assert merge([said("directory", seen_at=TOMORROW), left]).status == "serving"
    assert merge([said("directory", "departed", seen_at=YESTERDAY), came]).status == "serving"
    assert merge([said("directory", "departed", seen_at=TOMORROW), came]).status == "departed"


@pytest.mark.parametrize("status", sorted(GONE | {"seconded"}))
def test_what_begins_tomorrow_has_not_happened_yet(status: str) -> None:
    fact = said("personnel-file", status, status_since=TODAY + timedelta(days=1))
    assert (merge([fact], TODAY).status, merge([fact], TODAY).status_since) == ("serving", None)
    assert merge([fact], TODAY + timedelta(days=1)).status == status
    assert merge([fact]).status == status
    assert merge([fact, said("directory", "departed")], TODAY).status == "departed"


def test_the_directory_fills_in_what_the_file_leaves_out() -> None:
    file = StaffFact("0042", "personnel-file", "王建国", status="retired", status_since=TODAY)
    directory = said("directory", mobile="13800001111", title="科长", is_leader=True)
    person = merge([directory, file])
    assert (person.department, person.mobile, person.title, person.is_leader) == ("教务处", "13800001111", "科长", True)
    assert (person.status_since, person.sources) == (TODAY, ("directory", "personnel-file"))


def test_a_second_department_counts_while_the_directory_is_up_to_date() -> None:
    both = said("directory", also_in=("计算机学院/软件教研室",))
    assert merge([both]).departments == ("教务处", "计算机学院/软件教研室")
    deeper = said("personnel-file", department="教务处/教学科")
    assert merge([both, deeper]).departments == ("教务处/教学科", "教务处", "计算机学院/软件教研室")
    moved = said("personnel-file", department="学生处")
    assert merge([both, moved]).departments == ("学生处",)


facts = st.builds(
    said,
    st.sampled_from(["directory", "event", "personnel-file"]),
    st.sampled_from(sorted(STATUS_WORDS)),
    seen_at=st.sampled_from([None, YESTERDAY, NOW, TOMORROW]),
    status_since=st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    department=st.sampled_from(["", "教务处", "教务处/教学科", "学生处"]),
)


@given(facts=st.lists(facts, min_size=1, max_size=3, unique_by=lambda fact: fact.source), data=st.data())
def test_the_order_of_the_words_does_not_matter(facts: list[StaffFact], data: st.DataObject) -> None:
    if {fact.source for fact in facts} == {"directory", "event"} and len({fact.seen_at for fact in facts}) == 1:
        return  # said at the same moment
    shuffled = data.draw(st.permutations(facts))
    assert merge(facts, TODAY).status == merge(shuffled, TODAY).status
    assert merge(facts, TODAY).departments == merge(shuffled, TODAY).departments


# -- words ---------------------------------------------------------------------------------------------------------


def test_each_status_word_means_one_status() -> None:
    words = [word for listed in STATUS_WORDS.values() for word in listed]
    assert len(words) == len(set(words))
    for code, listed in STATUS_WORDS.items():
        assert {status_code(f" {word.upper()}（备注） ") for word in listed} == {code}
    assert status_code("出差") is None
    assert status_code("") is None
    assert LABELS["early-retired"] == "内退"


# -- looking up ----------------------------------------------------------------------------------------------------


@pytest.fixture
def roster() -> Roster:
    with Database(":memory:") as database:
        staff = Store(database).staff
        people = [
            StaffFact("1", "directory", "王建国", "教务处", "13800000001"),
            StaffFact("2", "directory", "李　明", "教务处/教学科", "+8613800000002"),
            StaffFact("3", "directory", "李明", "学生处/综合科"),
            StaffFact("4", "directory", "阿里木·买买提", "教务处/综合科", status="departed"),
            StaffFact("5", "event", "", status="departed"),
        ]
        for fact in people:
            staff.put(fact, NOW)
        staff.put_departments(
            [
                DepartmentRow(2, "教务处", 1, "教务处", ("1", "9")),
                DepartmentRow(3, "教学科", 2, "教务处/教学科", ("4",)),
                DepartmentRow(4, "学生处", 1, "学生处"),
            ],
            NOW,
        )
        return Roster.load(staff, TODAY)


def ids(people: list) -> list[str]:  # type: ignore[type-arg]
    return [person.staff_id for person in people]


def test_people_are_found_by_id_name_and_number(roster: Roster) -> None:
    assert len(roster) == 5
    assert roster.get("9") is None
    assert ids(roster.named("李明")) == ids(roster.named("李 明")) == ["2", "3"]
    assert ids(roster.named("阿里木买买提")) == ["4"]
    assert roster.named("") == []
    assert ids(roster.with_mobile("13800000002")) == ["2"]
    assert roster.with_mobile("13800000099") == []


def test_departments_are_known_by_path_or_by_a_name_that_is_clear(roster: Roster) -> None:
    known = roster.departments
    for written in ("教务处/教学科", "教学科", "某学院/教务处/教学科", "某省/某学院/教务处/教学科"):
        assert known.path_of(written) == "教务处/教学科"
    assert known.path_of("某学院/教务处") == "教务处"
    for written in ("综合科", "教务", "", "/", "学生处/教学科"):
        assert known.path_of(written) == ""
    assert known.has_level("综合科")
    assert not known.has_level("教务处/教学科")


def test_the_files_way_of_writing_departments_is_understood_by_the_directory() -> None:
    with Database(":memory:") as database:
        staff = Store(database).staff
        staff.put_departments(
            [DepartmentRow(2, "教务处", 1, "教务处"), DepartmentRow(3, "教学科", 2, "教务处/教学科")], NOW
        )
        for number, written in enumerate(("某学院/教务处/教学科", "教学科", "教务处/教学科")):
            staff.put(StaffFact(f"{number}", "personnel-file", "王", written), NOW)
            staff.put(StaffFact(f"{number}", "directory", "王", "教务处/教学科", also_in=("学生处",)), NOW)
        staff.put(StaffFact("x", "personnel-file", "王", "某学院/新设处"), NOW)
        loaded = Roster.load(staff)
    for number in range(3):
        person = loaded.get(f"{number}")
        assert person is not None
        assert person.departments == ("教务处/教学科", "学生处")
    other = loaded.get("x")
    assert other is not None
    assert other.department == "某学院/新设处"


def test_heads_are_the_serving_ones_else_those_above(roster: Roster) -> None:
    assert roster.heads_at("教务处") == ("1", "9")
    assert roster.heads_at("教务处/教学科") == ()
    assert roster.head_of("教学科") == roster.head_of("教务处/新设科") == ("1", "9")
    assert roster.heads_over("教务处/教学科") == {"1", "9"}
    assert roster.head_of("学生处") == roster.head_of("没有的处") == roster.head_of("") == ()


def test_everybody_can_be_called_something(roster: Roster) -> None:
    assert [roster.name_of(one) for one in ("1", "5", "nobody", None)] == ["王建国", "5", "nobody", "（未知）"]
