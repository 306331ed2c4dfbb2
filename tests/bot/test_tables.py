"""Tables as offices hand them over, and the values in them."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.chart import BarChart

from bot.imports import rosters
from bot.imports.tables import TableError, read_table
from bot.imports.values import department_path, identifier, mobile, parse_date, person_name

COLUMNS = {"工号": ("userid", "工号", "staff_id"), "姓名": ("姓名", "name"), "部门": ("部门", "单位")}
REQUIRED = (("工号",), ("姓名",))
ZHAO = {"工号": "00012", "姓名": "赵一", "部门": "教务处"}


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


def test_a_cover_sheet_with_a_word_to_the_reader_is_passed_over(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["填表说明：姓名请写全"])
    sheet = book.create_sheet("名册")
    for line in (["教职工名册"], list(ZHAO), list(ZHAO.values())):
        sheet.append(line)
    book.save(tmp_path / "people.xlsx")
    (row,) = read_table(tmp_path / "people.xlsx", COLUMNS, REQUIRED)
    assert (row.line, dict(row.values)) == (3, ZHAO)


def test_of_two_sheets_with_tables_the_one_that_is_open_counts(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name in ("旧", "新"):
        sheet = book.create_sheet(name)
        for line in (list(ZHAO), ["00012", name, "教务处"]):
            sheet.append(line)
    book.active = 2
    book.save(tmp_path / "people.xlsx")
    assert [found["姓名"] for found in values(tmp_path / "people.xlsx")] == ["新"]


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
