"""Plain text and Markdown, and which reader a file gets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.policy.documents.corpus import UNTITLED, CorpusError, parse_source
from handlers.policy.documents.marks import bare, escaped
from handlers.policy.documents.reading import Source, read
from handlers.policy.documents.reading.tables import table_lines


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-32"])
def test_encodings(encoding: str) -> None:
    assert read("a.txt", "第一条 甲\r\n乙".encode(encoding)).text == "第一条 甲\n乙"


def test_utf_16_of_the_other_end() -> None:
    assert read("a.txt", b"\xfe\xff" + "第一条 甲".encode("utf-16-be")).text == "第一条 甲"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("一、甲\n".encode() + b"\xff\xff", "a.txt 第 2 行：编码认不出"),
        (b"\xff\xfe\x00\xd8", "a.txt 第 1 行：编码认不出"),
        (b"a" * 20_000_001, "a.txt：文件超过 20 MB"),
        (b"a" * 3_000_001, "a.txt：文字太多"),
    ],
)
def test_what_cannot_be_read_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(CorpusError) as refused:
        read("a.txt", data)
    assert str(refused.value).startswith(said)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a.doc", "不能读 .doc，请用 Word 或 WPS 打开后另存为 .docx"),
        ("a.wps", "不能读 .wps"),
        ("a.xlsx", "只能导入 .txt .md .docx .pdf .html .htm"),
        ("办法", "只能导入"),
    ],
)
def test_other_formats_say_what_to_do(name: str, said: str) -> None:
    with pytest.raises(CorpusError, match=said):
        read(name, "第一条 甲".encode())


def test_an_old_word_file_says_what_to_do() -> None:
    with pytest.raises(CorpusError, match=r"是旧版 Office 格式，请用 Word 或 WPS 打开后另存为 \.docx"):
        read("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


def test_endings_are_read_in_any_case() -> None:
    assert read("A.TXT", "一、甲".encode()) == Source("一、甲")


def test_tables_of_markdown() -> None:
    text = "第一条 甲\n| 岗位 | 标准 |\n|:--|--:|\n| 甲\\|乙 | 1 |\n\n| 不是 | 表 |\n丙"
    assert read("a.md", text.encode()).text.split("\n") == [
        "第一条 甲",
        "岗位：甲|乙；标准：1",
        "",
        "| 不是 | 表 |",
        "丙",
    ]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([], []),
        ([["", " "]], []),
        ([["岗位", "标准"]], ["岗位｜标准"]),
        ([["岗位", "标准："], ["甲", "1"]], ["岗位：甲；标准：1"]),
        ([["岗位", "标准"], ["甲；", "1。"], ["", "2"]], ["岗位：甲；标准：1。", "标准：2"]),
        ([["岗位", "岗位"], ["甲", "1"]], ["岗位｜岗位", "甲｜1"]),
        ([["岗位", "标准"], ["合计", ""], ["甲", "1", "多"]], ["合计", "甲｜1｜多"]),
        ([["名称是一个很长很长很长很长的句子", "乙"], ["是", "是"]], ["名称是一个很长很长很长很长的句子：是；乙：是"]),
        ([["甲"], ["乙 \n丙"]], ["甲", "乙 丙"]),
    ],
)
def test_rows_of_a_table_as_lines(rows: list[list[str]], found: list[str]) -> None:
    assert table_lines(rows) == found


@given(st.lists(st.lists(st.text(max_size=5), max_size=4), max_size=5))
def test_a_table_loses_no_word(rows: list[list[str]]) -> None:
    kept = "\n".join(table_lines(rows))
    first = next((row for row in rows if any("".join(row).split())), [])
    for row in rows:
        for cell in row:
            assert row is first or all(word in kept for word in cell.split())


@given(st.text(max_size=40))
def test_escaped_text_is_read_as_it_was(text: str) -> None:
    once = bare(text)
    assert bare(escaped(once)) == once


def test_a_file_without_a_title_has_its_name() -> None:
    source = read("办法.txt", "一、甲\n二、乙".encode())
    assert parse_source(source, name="D:/文件/车辆办法.txt").title == "车辆办法"
    assert parse_source(source, "给的", "车辆办法.txt").title == "给的"
    assert parse_source(source).title == UNTITLED
