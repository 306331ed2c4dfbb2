"""From the text of a regulation to its articles: both families of numbering, and whatever else people import."""

from __future__ import annotations

import contextlib
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.policy.documents.corpus import PREAMBLE, CorpusError, Regulation, count_of, parse, read_text
from handlers.policy.documents.marks import bare, clause, level

CLAUSES = """学院公务用车管理规定

为规范用车，制定本规定。

第一章 总则

第一条 本规定所称公务用车，是指学院的轿车。
第二条　公务用车由学院办公室统一管理，
统一调度：
（一）轿车；
（二）客车。

第二章 用车
第一节 申请
第三条 用车应当按照
第二条的规定提前申请。
第二节 驾驶
第四条 驾驶员不得酒后驾车。
第四条之一 驾驶员每年体检一次。
"""

LEVELS = """学院会议室使用办法

一、总则
1. 会议室只用于公务。
2. 有下列情形之一的，不得使用：
（一）没有登记的；
（二）过了时间的；
二、管理
（一）钥匙
1. 钥匙由办公室保管。
2. 借用不过夜。
（二）卫生
1. 谁使用谁打扫。
"""


def numbers(regulation: Regulation) -> list[str]:
    return [article.number for article in regulation.articles]


def text_of(regulation: Regulation, number: str) -> str:
    (text,) = [article.text for article in regulation.articles if article.number == number]
    return text


def heading_of(regulation: Regulation, number: str) -> str:
    (heading,) = [article.heading for article in regulation.articles if article.number == number]
    return heading


def test_clauses_are_numbered_through_and_chapters_are_headings() -> None:
    regulation = parse(CLAUSES)
    assert regulation.title == "学院公务用车管理规定"
    assert numbers(regulation) == [PREAMBLE, "第一条", "第二条", "第三条", "第四条", "第四条之一"]
    assert count_of(regulation.articles) == 5
    assert text_of(regulation, "第二条") == "公务用车由学院办公室统一管理，\n统一调度：\n（一）轿车；\n（二）客车。"
    assert heading_of(regulation, "第二条") == "第一章 总则"
    assert heading_of(regulation, "第四条") == "第二章 用车 第二节 驾驶"


def test_a_clause_that_is_only_mentioned_at_the_beginning_of_a_line_begins_nothing() -> None:
    assert text_of(parse(CLAUSES), "第三条") == "用车应当按照\n第二条的规定提前申请。"


def test_levels_make_paths() -> None:
    regulation = parse(LEVELS)
    assert regulation.title == "学院会议室使用办法"
    assert numbers(regulation) == ["一.1", "一.2", "一.2.(一)", "一.2.(二)", "二.(一).1", "二.(一).2", "二.(二).1"]
    assert heading_of(regulation, "二.(一).2") == "管理 钥匙"
    assert text_of(regulation, "一.2") == "有下列情形之一的，不得使用：\n（一）没有登记的；\n（二）过了时间的；"
    assert text_of(regulation, "一.2.(二)") == "有下列情形之一的，不得使用：\n（二）过了时间的；"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("１．甲\n２．乙", ["1", "2"]),
        ("一、甲\n（一）乙\n(二)丙", ["一.(一)", "一.(二)"]),
        ("1.1 甲\n1.2 乙\n2.1 丙", ["1.1", "1.2", "2.1"]),
        ("# 办法\n\n## 一、总则\n\n1. **甲**\n2. 乙\n", ["一.1", "一.2"]),
        ("- 第1条 甲\n- 第2条 乙", ["第1条", "第2条"]),
        ("第 一 条 甲\n第 二 条 乙", ["第一条", "第二条"]),
        ("一、甲：\n①乙\n②丙", ["一", "一.①", "一.②"]),
        ("一、总则\r\n1、甲\r\n2、乙\r\n", ["一.1", "一.2"]),
        ("\ufeff一、甲\n二、乙", ["一", "二"]),
        ("甲部分\n1. 子\n2. 丑\n1. 寅\n2. 卯", ["1", "2", "1#2", "2#2"]),
        ("第一章 甲\n第一条 子\n第二章 乙\n第一条 丑", ["第一条", "第一条#2"]),
        ("2023年的规定\n一、甲", ["一"]),
        ("1.1 DING的使用\n1.2 个人账号", ["1.1", "1.2"]),
        ("一、今年的3.5万元经费\n3.5万元以内的由部门审批。", ["一"]),
    ],
)
def test_ways_of_numbering(text: str, found: list[str]) -> None:
    assert numbers(parse(text)) == found


def test_a_table_of_contents_is_not_taken_for_the_chapters() -> None:
    regulation = parse("某办法\n目 录\n第一章 总则\n第二章 附则\n第一章 总则\n第一条 甲\n第二章 附则\n第二条 乙")
    assert numbers(regulation) == [PREAMBLE, "第一条", "第二条"]
    assert "第二章 附则" in text_of(regulation, PREAMBLE)
    assert heading_of(regulation, "第二条") == "第二章 附则"


@pytest.mark.parametrize(("given_title", "title"), [("", "某办法"), ("别的名称", "别的名称")])
def test_a_given_title_wins(given_title: str, title: str) -> None:
    assert parse("某办法\n一、甲", given_title).title == title


def test_a_text_that_begins_with_an_article_has_no_title() -> None:
    assert parse("一、甲\n二、乙").title == "未命名规章"


@pytest.mark.parametrize("text", ["", " \n\t\n", "\ufeff", "你好", "没有编号的一段话。\n又一段。", "\x00\x01"])
def test_what_has_no_articles_is_refused(text: str) -> None:
    with pytest.raises(CorpusError, match=r"空的|没有找到编号的条款"):
        parse(text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "办法.txt"
    file.write_bytes(CLAUSES.encode(encoding))
    assert parse(read_text(file)) == parse(CLAUSES)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.xlsx", b"PK", r"a\.xlsx：只能导入 \.txt \.md"),
        ("a.txt", "一、甲\n".encode() + b"\xff\xff\xff", r"a\.txt 第 2 行：编码认不出"),
        ("none.txt", None, r"none\.txt：读不到"),
    ],
)
def test_files_that_cannot_be_read_are_named(tmp_path: Path, name: str, data: bytes | None, said: str) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(CorpusError, match=said):
        read_text(tmp_path / name)


LINES = st.one_of(
    st.sampled_from(
        [
            "第一条 甲",
            "第二条乙",
            "第一章 丙",
            "第二节 丁",
            "第一编",
            "目录",
            "一、戊",
            "二、",
            "（一）己",
            "1. 庚",
            "(1)辛",
            "①壬",
            "1.2 癸",
            "2）子",
            "# 丑",
            "- 寅：",
            "第三条",
            "卯：",
            "",
            "  ",
            "3、辰。",
            "第二条的规定",
        ]
    ),
    st.text(max_size=12),
)


@given(st.lists(LINES, max_size=25).map("\n".join))
def test_any_text_is_parsed_or_refused_and_the_same_text_gives_the_same_numbers(text: str) -> None:
    with contextlib.suppress(CorpusError):
        regulation = parse(text)
        assert parse(text) == regulation
        assert len(set(numbers(regulation))) == len(regulation.articles)
        assert all(article.number and article.text for article in regulation.articles)


@given(st.lists(LINES, min_size=1, max_size=25))
def test_every_line_is_in_some_article(lines: list[str]) -> None:
    composed = unicodedata.normalize("NFC", "\n".join(lines))
    written = [line for part in composed.splitlines() if (line := bare(part))]
    with contextlib.suppress(CorpusError):
        regulation = parse("\n".join(lines))
        kept = "\n".join(
            [regulation.title, *(f"{one.number}\n{one.heading}\n{one.text}" for one in regulation.articles)]
        )
        for line in written:
            mark = clause(line) or level(line)
            assert (mark.rest if mark else line) in kept
