"""Tables as offices hand them over, and what becomes of their rows."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.chart import BarChart

from bot.imports import rosters
from bot.imports.rosters import Import
from bot.imports.tables import TableError, read_table
from bot.imports.values import department_path, identifier, mobile, parse_date, person_name
from handlers.cleanup.roster import LABELS
from storage.database import Database
from storage.groups import Group
from storage.members import Member
from storage.staff import StaffFact
from storage.store import Store

NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
COLUMNS = {"工号": ("userid", "工号", "staff_id"), "姓名": ("姓名", "name"), "部门": ("部门", "单位")}
REQUIRED = (("工号",), ("姓名",))
ZHAO = {"工号": "00012", "姓名": "赵一", "部门": "教务处"}


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


def values(path: Path) -> list[dict[str, str]]:
    return [dict(row.values) for row in read_table(path, COLUMNS, REQUIRED)]


def why_not(path: Path) -> str:
    with pytest.raises(TableError) as caught:
        read_table(path, COLUMNS, REQUIRED)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)
    return str(caught.value)


# -- tables --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "，", "；", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_csv_of_any_program_is_read(tmp_path: Path, encoding: str, delimiter: str, ending: str) -> None:
    lines = [delimiter.join(["工号", "姓名", "部门"]), delimiter.join(ZHAO.values()), ""]
    assert values(csv_file(tmp_path, ending.join(lines), encoding)) == [ZHAO]


@pytest.mark.parametrize(
    "header",
    [
        "姓名,部门,工号",
        " 姓 名 ,所在行,单位,UserID",
        "＊姓名（必填）,部门,工号*",
        '"姓名","部门","工号\n（六位）"',
        "Name,单位,Staff ID",
        "NAME,单位,staff-id",
    ],
)
def test_headers_in_any_order_and_dress(tmp_path: Path, header: str) -> None:
    row = "赵一,7,教务处,00012" if "所在行" in header else "赵一,教务处,00012"
    assert values(csv_file(tmp_path, f"{header}\n{row}\n")) == [ZHAO]


def test_where_two_headers_mean_the_same_the_more_telling_one_counts(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "工号,姓名,单位,UserID,部门\n7,赵一,某学院,00012,教务处\n")
    assert values(path) == [ZHAO]


def test_a_title_and_the_excel_hint_above_the_header_are_passed_over(tmp_path: Path) -> None:
    text = "sep=;\n某学院教职工名册，2026 年 11 月\n\n工号;姓名;部门\n00012;赵一;教务处\n"
    (row,) = read_table(csv_file(tmp_path, text), COLUMNS, REQUIRED)
    assert (row.line, dict(row.values)) == (5, ZHAO)


def test_lines_are_counted_as_an_editor_does(tmp_path: Path) -> None:
    text = '工号,姓名,部门\n1,"赵\n一",\n\n2,钱二,\n'
    assert [row.line for row in read_table(csv_file(tmp_path, text), COLUMNS, REQUIRED)] == [2, 5]


def test_delimiters_within_quotes_and_excels_way_of_keeping_zeros(tmp_path: Path) -> None:
    text = '工号,姓名,部门\n="00012",赵一,"教务处,教学科;一组"\n'
    assert values(csv_file(tmp_path, text)) == [{**ZHAO, "部门": "教务处,教学科;一组"}]


def test_a_workbook_is_read_as_people_see_it(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        ["花名册"],
        [],
        ["部门", "姓名", "工号"],
        ["教务处", "赵一", "00012"],
        [None, None, None],
        ["教务处", "钱二", 13.0],
        [date(2026, 6, 30), datetime(2026, 6, 30, 12), 14],  # noqa: DTZ001 - Excel knows no zones
    )
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["C7"].number_format = "00000"
    book.save(path)
    rows = read_table(path, COLUMNS, REQUIRED)
    assert [(row.line, row.get("工号")) for row in rows] == [(4, "00012"), (6, "13"), (7, "00014")]
    assert (rows[2].get("部门"), rows[2].get("姓名")) == ("2026-06-30", "2026-06-30")


def test_a_workbook_counts_by_what_it_is_and_not_by_its_name(tmp_path: Path) -> None:
    assert values(workbook(tmp_path, list(ZHAO), list(ZHAO.values()), name="people.csv")) == [ZHAO]
    path = tmp_path / "people.xlsx"
    path.write_text("工号,姓名,部门\n00012,赵一,教务处\n", encoding="utf-8")
    assert values(path) == [ZHAO]


def test_a_wrong_size_written_into_the_sheet_hides_nothing(tmp_path: Path) -> None:
    path = workbook(tmp_path, list(ZHAO), list(ZHAO.values()))
    rewrite(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'ref="A1:C2"', b'ref="A1"'))
    assert values(path) == [ZHAO]


def test_the_first_sheet_that_holds_anything_is_taken(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "说明"
    sheet = book.create_sheet("名册")
    sheet.append(list(ZHAO))
    sheet.append(list(ZHAO.values()))
    book.create_chartsheet("图").add_chart(BarChart())
    book.save(tmp_path / "people.xlsx")
    assert values(tmp_path / "people.xlsx") == [ZHAO]


def rewrite(path: Path, name: str, change: Any) -> None:
    """Change one part within a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {item: archive.read(item) for item in archive.namelist()}
    assert change(parts[name]) != parts[name]
    parts[name] = change(parts[name])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for item, data in parts.items():
            archive.writestr(item, data)


@pytest.mark.parametrize("data", [b"", b"\n\n", "\ufeff".encode(), b",,,\n,,\n"])
def test_an_empty_file_is_said_to_be_empty(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(data)
    assert "文件是空的" in why_not(path)
    assert "文件是空的" in why_not(workbook(tmp_path))


def test_a_header_alone_is_not_taken_for_an_empty_college(tmp_path: Path) -> None:
    assert "只有表头" in why_not(csv_file(tmp_path, "工号,姓名\n\n,\n"))


def test_a_missing_column_is_one_line_with_what_is_there(tmp_path: Path) -> None:
    said = why_not(csv_file(tmp_path, "编号,姓名\n1,赵一\n"))
    assert "缺少列「工号」" in said
    assert "编号、姓名" in said
    assert "缺少列「工号」或「姓名」" in _missing(csv_file(tmp_path, "群ID,备注\nx,y\n"))
    assert len(why_not(csv_file(tmp_path, "长" * 50_000 + "\nx\n"))) < 500


def _missing(path: Path) -> str:
    with pytest.raises(TableError) as caught:
        read_table(path, rosters.MEMBER_COLUMNS, rosters.MEMBER_REQUIRED)
    return str(caught.value)


def test_what_is_no_spreadsheet_is_said_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    for data in (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", b"\xff\xff\xff\xff", b"%PDF-1.7\n\x00\xe2\xe3\xcf"):
        path.write_bytes(data)
        assert "另存为 UTF-8" in why_not(path)
    assert "读不到" in why_not(tmp_path / "nowhere.csv")
    assert "读不到" in why_not(tmp_path)


def test_an_old_or_locked_workbook_is_said_to_be_one(tmp_path: Path) -> None:
    path = tmp_path / "people.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    assert "加了密码" in why_not(path)


def test_a_zip_that_is_no_workbook_and_a_torn_one(tmp_path: Path) -> None:
    whole = workbook(tmp_path, list(ZHAO), list(ZHAO.values()), name="whole.xlsx").read_bytes()
    path = tmp_path / "people.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert "不是能打开的 XLSX" in why_not(path)
    path.write_bytes(whole[: len(whole) // 2])
    assert "不是能打开的 XLSX" in why_not(path)


def test_a_sheet_of_broken_xml_is_one_line(tmp_path: Path) -> None:
    path = workbook(tmp_path, list(ZHAO), list(ZHAO.values()))
    rewrite(path, "xl/worksheets/sheet1.xml", lambda xml: xml[:-40])
    assert "不是能打开的 XLSX" in why_not(path)


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "people.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/big.xml", "w") as part:
        for _ in range(201):
            part.write(bytes(1_000_000))
    assert "200 MB" in why_not(path)


def test_a_quote_that_is_never_closed_does_not_swallow_the_rest(tmp_path: Path) -> None:
    said = why_not(csv_file(tmp_path, '工号,姓名,部门\n1,赵一,教务处\n2,"钱二,教务处\n3,孙三,教务处\n'))
    assert "第 3 行" in said


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_no_file_whatever_makes_it_stumble(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(data)
    try:
        read_table(path, COLUMNS, REQUIRED)
    except TableError as error:
        assert "\n" not in str(error)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_a_damaged_workbook_is_read_or_refused(tmp_path: Path, at: int, byte: int) -> None:
    path = tmp_path / "people.xlsx"
    if not path.exists():
        workbook(tmp_path, list(ZHAO), list(ZHAO.values()), name="people.xlsx")
        path.rename(tmp_path / "whole.xlsx")
    data = bytearray((tmp_path / "whole.xlsx").read_bytes())
    data[at % len(data)] = byte
    damaged = tmp_path / "damaged.xlsx"
    damaged.write_bytes(bytes(data))
    try:
        read_table(damaged, COLUMNS, REQUIRED)
    except TableError as error:
        assert "\n" not in str(error)


# -- values --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "2026-06-30",
        "2026/6/30",
        "2026.6.30",
        "2026年6月30日",
        "2026 年 6 月 30 日",
        "20260630",
        "2026-06-30 00:00:00",
        "2026-06-30T08:00:00",
        "46203",
        "46203.5",
        " 2026/06/30 ",
    ],
)
def test_a_day_in_many_ways(text: str) -> None:
    assert parse_date(text) == date(2026, 6, 30)


def test_a_month_is_its_first_day_and_nothing_is_no_day() -> None:
    assert parse_date("2026年6月") == parse_date("2026-06") == parse_date("2026/6") == date(2026, 6, 1)
    assert parse_date("  ") is None


@pytest.mark.parametrize("text", ["2026-02-30", "2026-13-01", "26-06-30", "去年", "30.06.2026", "12345", "99999", "-"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_date(text)


@given(day=st.dates(date(1955, 1, 1), date(2110, 1, 1)))
def test_every_day_in_every_way_is_the_same_day(day: date) -> None:
    excel = (day - date(1899, 12, 30)).days
    texts = (
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
    )
    assert {parse_date(text) for text in (*texts, str(excel))} == {day}


@given(text=st.text(max_size=12))
def test_values_of_any_kind_do_no_harm(text: str) -> None:
    for change in (identifier, mobile, person_name, department_path):
        assert change(change(text)) == change(text)


def test_ids_names_numbers_and_departments_lose_what_spreadsheets_add() -> None:
    assert [identifier(text) for text in ("00012", "12.0", "Ｔ１００１", "'007", "a.0")] == [
        "00012",
        "12",
        "T1001",
        "007",
        "a.0",
    ]
    assert [person_name(text) for text in ("张　三", " 欧阳 修 ", "阿里木·买买提", "Anna Lee")] == [
        "张三",
        "欧阳修",
        "阿里木·买买提",
        "Anna Lee",
    ]
    assert {mobile(text) for text in ("138 0000 1111", "138-0000-1111", "+86 13800001111", "13800001111.0")} == {
        "13800001111"
    }
    assert {
        department_path(text) for text in ("教务处/教学科", "教务处 / 教学科", "/教务处＞教学科/", "教务处\\教学科")
    } == {"教务处/教学科"}


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
        ("外聘教师", "external-teacher"),
    ],
)
def test_every_status_word_is_known(store: Store, tmp_path: Path, word: str, status: str) -> None:
    assert staff(store, tmp_path, f"工号,姓名,状态\n1,赵一,{word}\n").bad == ()
    assert store.staff.facts_of("1")[0].status == status


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
