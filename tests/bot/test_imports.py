"""What becomes of the rows of an imported table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bot.imports import rosters
from bot.imports.rosters import Import
from bot.imports.tables import read_table
from handlers.cleanup.roster import LABELS
from storage.database import Database
from storage.groups import Group
from storage.members import Member
from storage.staff import StaffFact
from storage.store import Store

NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)
LATER = NOW + timedelta(days=30)


@pytest.fixture
def store() -> Iterator[Store]:
    with Database(":memory:") as database:
        yield Store(database)


def csv_file(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "people.csv"
    path.write_bytes(text.encode(encoding))
    return path


def workbook(folder: Path, *rows: list[Any], name: str = "people.xlsx") -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(folder / name)
    return folder / name


# -- staff ---------------------------------------------------------------------------------------------------------


def take(store: Store, path: Path, what: str, *, keep_good: bool = False, now: datetime = NOW) -> Import:
    columns, required, function = {
        "staff": (rosters.STAFF_COLUMNS, rosters.STAFF_REQUIRED, rosters.import_staff),
        "groups": (rosters.GROUP_COLUMNS, rosters.GROUP_REQUIRED, rosters.import_groups),
        "members": (rosters.MEMBER_COLUMNS, rosters.MEMBER_REQUIRED, rosters.import_members),
    }[what]
    return function(read_table(path, columns, required), store, now, keep_good=keep_good)


def staff(store: Store, folder: Path, text: str, **how: Any) -> Import:
    return take(store, csv_file(folder, text), "staff", **how)


def contents(store: Store) -> list[tuple[Any, ...]]:
    """Everything that an import could have changed."""
    tables = ("staff_facts", "groups", "group_admins", "members")
    return [tuple(row) for table in tables for row in store.database.rows(f"select * from {table}")]


def test_a_personnel_file_is_stored_as_one_source(store: Store, tmp_path: Path) -> None:
    store.staff.put(StaffFact("00012", "directory", "赵一", "学生处"), NOW)
    result = staff(
        store,
        tmp_path,
        "职务,状态,姓名,工号,日期,部门,手机\n科长,退休,赵　一,00012,2026年6月30日,教务处 / 教学科,138 0000 1111\n",
    )
    assert result == Import(1, ())
    directory, file = store.staff.facts_of("00012")
    assert directory.department == "学生处"
    assert file == StaffFact(
        "00012",
        "personnel-file",
        "赵一",
        "教务处/教学科",
        "13800001111",
        "科长",
        "retired",
        date(2026, 6, 30),
        seen_at=NOW,
    )


@pytest.mark.parametrize(
    ("word", "status"),
    [
        *((label, code) for code, label in LABELS.items() if code != "unknown"),
        ("", "serving"),
        ("在职（产假）", "serving"),
        ("退休返聘", "re-hired"),
        ("退休(2026)", "retired"),
        ("Retired", "retired"),
        (" 提前退休 ", "early-retired"),
        ("退　休", "retired"),
        ("外聘教师", "external-teacher"),
    ],
)
def test_every_status_word_is_known(store: Store, tmp_path: Path, word: str, status: str) -> None:
    assert staff(store, tmp_path, f"工号,姓名,状态\n1,赵一,{word}\n").bad == ()
    assert store.staff.facts_of("1")[0].status == status


@pytest.mark.parametrize("headers", ["员工工号,教师姓名", "教职工号,姓　名", "职工号*,职工姓名", "Staff ID,Name"])
def test_offices_call_the_columns_differently(store: Store, tmp_path: Path, headers: str) -> None:
    assert staff(store, tmp_path, f"{headers}\n00012,赵一\n") == Import(1, ())
    assert store.staff.facts_of("00012")[0].name == "赵一"


BAD_STAFF = """工号,姓名,部门,手机,状态,日期
,赵一,,,,
2,,,,,
3,孙三,,,出差,
4,李四,,,退休,去年
5,周五,,,,
5,周五,,,,
4.2E+11,吴六,,,,
8,郑七,#N/A,,,
9,王八,教务处,13800001111,在职,2026-01-01,多出来的
,,,,出差,2026-99-99
10,冯九,,,,
"""


def test_every_bad_row_is_named_by_line_column_and_reason(store: Store, tmp_path: Path) -> None:
    before = contents(store)
    result = staff(store, tmp_path, BAD_STAFF)
    assert contents(store) == before
    assert [(bad.line, bad.column) for bad in result.bad] == [
        (2, "工号"),
        (3, "姓名"),
        (4, "状态"),
        (5, "日期"),
        (7, "工号"),
        (8, "工号"),
        (9, "部门"),
        (10, "最后一列"),
        (11, "工号"),
        (11, "姓名"),
        (11, "状态"),
        (11, "日期"),
    ]
    assert result.good == 2
    assert "可写：在职、离职、退休、内退、调离、借调、返聘、外聘、学生" in str(result.bad[2])
    assert "前面已经出现过" in str(result.bad[4])
    assert str(result.bad[0]) == "第 2 行「工号」：没有填 / is empty / line 2, column 工号"


def test_keep_good_takes_the_rest(store: Store, tmp_path: Path) -> None:
    result = staff(store, tmp_path, BAD_STAFF, keep_good=True)
    assert (result.good, len(result.bad)) == (2, 12)
    assert {fact.staff_id for fact in store.staff.all_facts()} == {"5", "10"}


def test_importing_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    text = "工号,姓名,部门,状态,日期\n1,赵一,教务处,退休,2026-06-30\n2,钱二,教务处,,\n"
    staff(store, tmp_path, text)
    before = contents(store)
    staff(store, tmp_path, text)
    assert contents(store) == before


def test_a_newer_file_replaces_what_it_says_and_leaves_the_rest(store: Store, tmp_path: Path) -> None:
    staff(
        store, tmp_path, "工号,姓名,部门,手机,状态,日期\n1,赵一,教务处,13800001111,退休,2026-06-30\n2,钱二,教务处,,,\n"
    )
    staff(store, tmp_path, "工号,姓名,手机\n1,赵壹,13900002222\n")
    (fact,) = store.staff.facts_of("1")
    assert (fact.name, fact.department, fact.mobile, fact.status, fact.status_since) == (
        "赵壹",
        "教务处",
        "13900002222",
        "retired",
        date(2026, 6, 30),
    )
    staff(store, tmp_path, "工号,姓名,部门,状态,日期\n1,赵一,,返聘,\n")
    (fact,) = store.staff.facts_of("1")
    assert (fact.department, fact.status, fact.status_since) == ("", "re-hired", None)
    assert store.staff.facts_of("2")[0].department == "教务处"


def test_a_workbook_of_people(store: Store, tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        ["工号", "姓名", "手机", "状态", "日期"],
        ["00012", "赵一", 13800001111, "退休", datetime(2026, 6, 30)],  # noqa: DTZ001
        [13.0, "钱二", 13900002222.0, "内退", 46203],
        ["14", "孙三", None, "#N/A", "2026/6/30"],
    )
    result = take(store, path, "staff", keep_good=True)
    assert [(bad.line, bad.column) for bad in result.bad] == [(4, "状态")]
    zhao, qian = store.staff.all_facts()
    assert (zhao.staff_id, zhao.mobile, zhao.status_since) == ("00012", "13800001111", date(2026, 6, 30))
    assert (qian.staff_id, qian.mobile, qian.status_since) == ("13", "13900002222", date(2026, 6, 30))


# -- groups --------------------------------------------------------------------------------------------------------


def groups(store: Store, folder: Path, text: str, **how: Any) -> Import:
    return take(store, csv_file(folder, text), "groups", **how)


def test_a_register_is_stored(store: Store, tmp_path: Path) -> None:
    store.staff.put(StaffFact("boss", "directory", "王处长"), NOW)
    text = "群名,群ID,类型,部门,群主,管理员,用途\n教务处群,cidA,部门群,教务处 / 教学科,王处长,a;b；c a,工作\n甲班,cidB,班级,,t1,,\n"
    assert groups(store, tmp_path, text) == Import(2, ())
    first = store.groups.get("cidA")
    assert first == Group(
        "cidA",
        "教务处群",
        "department",
        "教务处/教学科",
        "boss",
        ("a", "b", "c"),
        "工作",
        registered_at=NOW,
        registered_by="import",
    )
    second = store.groups.get("cidB")
    assert second is not None
    assert (second.kind, second.owner, second.admins) == ("class", "t1", ())


def test_bad_groups_are_named(store: Store, tmp_path: Path) -> None:
    for staff_id in ("1", "2"):
        store.staff.put(StaffFact(staff_id, "directory", "张伟"), NOW)
    text = (
        "群ID,群名,类型,群主,管理员\n,甲,,,\ncidB,,,,\ncidC,丙,聊天群,,\ncidD,丁,部门群,张伟,没这人;x\n"
        "cidE,戊,,,\ncidE,戊,,,\n"
    )
    result = groups(store, tmp_path, text)
    assert [(bad.line, bad.column) for bad in result.bad] == [
        (2, "群ID"),
        (3, "群名"),
        (4, "类型"),
        (5, "群主"),
        (5, "管理员"),
        (7, "群ID"),
    ]
    assert "有 2 位「张伟」" in str(result.bad[3])
    assert "人员里没有「没这人」" in str(result.bad[4])
    assert store.groups.all() == []
    assert groups(store, tmp_path, text, keep_good=True).good == 1
    assert [group.conversation for group in store.groups.all()] == ["cidE"]


def test_importing_groups_again_changes_nothing_and_keeps_what_the_bot_heard(store: Store, tmp_path: Path) -> None:
    store.groups.heard("cidA", "旧名", NOW)
    text = "群ID,群名,类型,群主\ncidA,新名,部门群,boss\n"
    groups(store, tmp_path, text)
    before = contents(store)
    groups(store, tmp_path, text, now=LATER)
    assert contents(store) == before
    group = store.groups.get("cidA")
    assert group is not None
    assert (group.title, group.last_heard_at, group.registered_at) == ("新名", NOW, NOW)
    groups(store, tmp_path, "群ID,群名\ncidA,新名\n", now=LATER)
    assert contents(store) == before


# -- members -------------------------------------------------------------------------------------------------------


@pytest.fixture
def with_groups(store: Store) -> Store:
    for conversation in ("cidA", "cidB"):
        store.groups.save(Group(conversation, f"群 {conversation}"))
        store.members.replace(conversation, [Member(conversation, "old", "旧人")], "scene-group", NOW)
    return store


def members(store: Store, folder: Path, text: str, **how: Any) -> Import:
    return take(store, csv_file(folder, text), "members", **how)


def listed(store: Store, conversation: str) -> list[tuple[str | None, str]]:
    return [(member.staff_id, member.name) for member in store.members.of(conversation)]


def test_a_list_replaces_those_of_the_groups_that_it_names(with_groups: Store, tmp_path: Path) -> None:
    text = "群ID,工号,姓名\ncidA,1,赵一\ncidA,,外面的人\ncidA,2,\n"
    assert members(with_groups, tmp_path, text, now=LATER) == Import(3, ())
    assert listed(with_groups, "cidA") == [("1", "赵一"), (None, "外面的人"), ("2", "")]
    assert listed(with_groups, "cidB") == [("old", "旧人")]
    group = with_groups.groups.get("cidA")
    assert group is not None
    assert (group.members_source, group.members_read_at) == ("file", LATER)


def test_somebody_listed_twice_counts_once(with_groups: Store, tmp_path: Path) -> None:
    members(with_groups, tmp_path, "群ID,工号,姓名\ncidA,1,赵一\ncidA,1,赵一\ncidB,1,赵一\ncidA,,客\ncidA,,客\n")
    assert listed(with_groups, "cidA") == [("1", "赵一"), (None, "客")]
    assert listed(with_groups, "cidB") == [("1", "赵一")]


def test_bad_members_are_named_and_nothing_changes(with_groups: Store, tmp_path: Path) -> None:
    text = "群ID,工号,姓名\ncidA,1,赵一\n,2,钱二\ncidX,3,孙三\ncidA,,\ncidA,1E+11,李四\n"
    before = contents(with_groups)
    result = members(with_groups, tmp_path, text)
    assert [(bad.line, bad.column) for bad in result.bad] == [(3, "群ID"), (4, "群ID"), (5, "工号"), (6, "工号")]
    assert "cidX" in str(result.bad[1])
    assert contents(with_groups) == before
    assert members(with_groups, tmp_path, text, keep_good=True).good == 1
    assert listed(with_groups, "cidA") == [("1", "赵一")]


def test_a_list_of_names_alone_is_enough(with_groups: Store, tmp_path: Path) -> None:
    assert members(with_groups, tmp_path, "群ID;群昵称\ncidA;教务处-赵一\n").bad == ()
    assert listed(with_groups, "cidA") == [(None, "教务处-赵一")]


def test_importing_members_again_gives_the_same_list(with_groups: Store, tmp_path: Path) -> None:
    for _ in range(2):
        members(with_groups, tmp_path, "群ID,工号\ncidA,1\ncidA,2\n")
        assert listed(with_groups, "cidA") == [("1", ""), ("2", "")]
