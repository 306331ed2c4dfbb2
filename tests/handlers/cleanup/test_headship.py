"""Which posts head a department."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.cleanup.headship import heads
from handlers.cleanup.roster import Roster, merge
from storage.staff import DepartmentRow, StaffFact


@pytest.mark.parametrize(
    ("title", "department"),
    [
        ("处长", "教务处"),
        ("教务处处长", "教务处"),
        ("教务处长", "教务处"),
        ("党支部书记、处长", "教务处"),
        ("处长兼教授", "某学院/教务处"),
        (" 处长（正处级） ", "教务处"),
        ("副处长（主持工作）", "教务处"),
        ("副处长，主持全面工作", "教务处"),
        ("科长", "教务处/教学科"),
        ("院长", "信息学院"),
        ("党总支书记", "信息学院"),
        ("系主任", "数学系"),
        ("主任", "学院办公室"),
        ("主任", "信息学院/软件教研室"),
        ("馆长", "图书馆"),
        ("书记", "团委"),
        ("主席", "工会"),
        ("负责人", "产业合作"),
    ],
)
def test_the_first_post_heads(title: str, department: str) -> None:
    assert heads(title, department)


@pytest.mark.parametrize(
    ("title", "department"),
    [
        ("", "教务处"),
        ("处长", ""),
        ("副处长", "教务处"),
        ("处长助理", "教务处"),
        ("原处长", "教务处"),
        ("科长", "教务处"),
        ("处长", "教务处/教学科"),
        ("办公室主任", "信息学院"),
        ("主任", "信息学院"),
        ("班主任", "软件教研室"),
        ("教研室主任", "数学系"),
        ("党支部书记", "信息学院"),
        ("教授", "信息学院"),
        ("学生处处长", "教务处"),
        ("科员（协助处长主持工作）", "教务处"),
    ],
)
def test_other_posts_do_not(title: str, department: str) -> None:
    assert not heads(title, department)


@given(title=st.text(max_size=30), department=st.text(max_size=30))
def test_any_text_is_a_post_or_none(title: str, department: str) -> None:
    assert heads(title, department) in (True, False)
    assert not heads("", department)


NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)
NEW = StaffFact("new", "personnel-file", "王新", "教务处", title="处长", status="serving", seen_at=NOW)
OLD = replace(NEW, staff_id="old", name="王老", status="retired")


def test_the_directorys_head_counts_before_any_post() -> None:
    named = replace(NEW, staff_id="named", title="", name="王名")
    with_directory = Roster(
        [merge([NEW]), merge([OLD]), merge([named])], [DepartmentRow(2, "教务处", 1, "教务处", ("named",))]
    )
    assert with_directory.heads_at("教务处") == ("named",)
    assert not with_directory.knows_head_by_post("教务处")


def test_without_one_or_when_that_one_has_gone_the_post_counts() -> None:
    alone = Roster([merge([NEW]), merge([OLD])])
    replaced = Roster([merge([NEW]), merge([OLD])], [DepartmentRow(2, "教务处", 1, "教务处", ("old",))])
    for roster in (alone, replaced):
        assert roster.heads_at("教务处") == roster.head_of("教务处/教学科") == ("new",)
        assert roster.knows_head_by_post("教务处")
    assert Roster([merge([OLD])]).heads_at("教务处") == ()
