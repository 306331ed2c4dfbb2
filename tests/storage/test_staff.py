"""What each source says about each person, and the departments, written and read back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from storage.database import Database
from storage.staff import DepartmentRow, Staff, StaffFact

NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)
EARLIER = datetime(2026, 11, 1, 1, tzinfo=UTC)
WANG = StaffFact(
    "0147",
    "directory",
    "王建国",
    "教务处/教学科",
    "13800001111",
    "科长",
    "serving",
    date(2026, 1, 1),
    is_leader=True,
    seen_at=EARLIER,
    also_in=("计算机学院", "学院办公室"),
)


@pytest.fixture
def staff() -> Iterator[Staff]:
    with Database(":memory:") as database:
        yield Staff(database)


def test_a_fact_is_read_back_whole(staff: Staff) -> None:
    staff.put(WANG, NOW)
    assert staff.facts_of("0147") == (WANG,)
    bare = StaffFact("0148", "personnel-file", "李明")
    staff.put(bare, NOW)
    assert staff.facts_of("0148") == (replace(bare, seen_at=NOW),)
    assert staff.facts_of("nobody") == ()


def test_each_source_has_its_own_word_and_only_its_last(staff: Staff) -> None:
    staff.put(WANG, NOW)
    staff.put(replace(WANG, source="personnel-file", status="retired"), NOW)
    staff.put(replace(WANG, name="王建邦", also_in=(), is_leader=False, status_since=None), NOW)
    directory, file = staff.facts_of("0147")
    assert directory == replace(WANG, name="王建邦", also_in=(), is_leader=False, status_since=None)
    assert (file.source, file.status) == ("personnel-file", "retired")
    staff.withdraw("0147", "directory")
    staff.withdraw("0147", "event")
    assert staff.facts_of("0147") == (file,)


def test_everybody_comes_person_by_person_and_counts_once(staff: Staff) -> None:
    for staff_id in ("2", "1"):
        for source in ("personnel-file", "directory", "event"):
            staff.put(replace(WANG, staff_id=staff_id, source=source), NOW)
    assert [(fact.staff_id, fact.source) for fact in staff.all_facts()] == [
        (staff_id, source) for staff_id in ("1", "2") for source in ("directory", "event", "personnel-file")
    ]
    assert staff.count() == 2


def test_people_of_a_name(staff: Staff) -> None:
    for staff_id, source in (("2", "directory"), ("1", "directory"), ("1", "personnel-file")):
        staff.put(replace(WANG, staff_id=staff_id, source=source), NOW)  # type: ignore[arg-type]
    assert staff.named("王建国") == ["1", "2"]
    assert staff.named("王") == []


def test_in_the_directory_is_who_it_has_as_serving(staff: Staff) -> None:
    staff.put(WANG, NOW)
    staff.put(replace(WANG, staff_id="gone", status="departed"), NOW)
    staff.put(replace(WANG, staff_id="filed", source="personnel-file"), NOW)
    assert staff.in_directory() == {"0147"}


def test_departments_are_replaced_as_a_whole(staff: Staff) -> None:
    staff.put_departments(
        [DepartmentRow(3, "学生处", 1, "学生处"), DepartmentRow(2, "教务处", 1, "教务处", ("a",))], NOW
    )
    assert staff.departments() == [
        DepartmentRow(3, "学生处", 1, "学生处"),
        DepartmentRow(2, "教务处", 1, "教务处", ("a",)),
    ]
    staff.put_departments([DepartmentRow(9, "图书馆", None, "图书馆", ("x", "y"))], NOW)
    assert staff.departments() == [DepartmentRow(9, "图书馆", None, "图书馆", ("x", "y"))]


def test_a_source_that_does_not_exist_is_refused(staff: Staff) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        staff.put(replace(WANG, source="hearsay"), NOW)  # type: ignore[arg-type]
    assert staff.count() == 0
