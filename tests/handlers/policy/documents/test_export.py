"""Markdown that imports again to the same articles."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.policy.documents.corpus import CorpusError, Regulation, parse
from handlers.policy.documents.export import to_markdown
from handlers.policy.documents.lines import compact
from handlers.policy.documents.marks import bare, clause, level
from handlers.policy.shipped import digest
from storage.policies import Article


def again(found: Regulation) -> Regulation:
    return parse(to_markdown(found.title, found.articles))


def test_a_document_is_written_as_people_write_it() -> None:
    text = "某办法\n前面。\n第一章 总则\n第一条 甲：\n（一）子；\n（二）丑。\n第二章 附则\n第二条 乙。\n附件1 表\n一、寅\n二、卯"
    assert to_markdown("某办法", parse(text).articles) == (
        "# 某办法\n\n前面。\n\n## 第一章 总则\n\n第一条 甲：\n\n（一）子；\n\n（二）丑。\n\n## 第二章 附则\n\n第二条 乙。\n\n"
        "## 附件1 表\n\n一、寅\n\n二、卯\n"
    )


def test_levels_and_the_items_below_them_stand_once() -> None:
    text = "某办法\n一、总则\n1. 甲：\n（一）子；\n（二）丑。\n2. 乙\n二、附则\n（一）丙"
    assert to_markdown("某办法", parse(text).articles) == (
        "# 某办法\n\n## 一、总则\n\n1. 甲：\n\n（一）子；\n\n（二）丑。\n\n2. 乙\n\n## 二、附则\n\n（一）丙\n"
    )


def test_numbers_of_several_parts() -> None:
    text = "某规程\n1 总则\n1.1 甲\n1.1.1 子。\n2 附则\n2.1 乙。"
    assert "### 1.1 甲\n\n1.1.1 子。" in to_markdown("某规程", parse(text).articles)


def test_the_digest_comes_back_without_its_questions() -> None:
    found = again(digest())
    assert found.title == digest().title
    assert [(one.number, one.heading, one.text) for one in found.articles] == [
        (one.number, one.heading, one.text) for one in digest().articles
    ]
    assert "<!--" not in to_markdown(digest().title, digest().articles)


def test_numbers_that_come_twice_come_back_too() -> None:
    found = parse("某办法\n一、甲：\n1. 子\n1. 丑\n3. 寅")
    assert "<!--" not in to_markdown(found.title, found.articles)
    assert again(found).articles == found.articles


def test_where_a_number_does_not_say_how_it_is_written_comments_say_where_articles_begin() -> None:
    found = parse("某办法\n1. 甲：\n1）子\n2）丑")
    written = to_markdown(found.title, found.articles)
    assert "<!-- 条款 1.2｜ -->\n\n甲：\n\n2）丑" in written
    assert again(found).articles == found.articles


@pytest.mark.parametrize(
    "text", ["<!-- 条款 一｜ -->", "# 甲", "**甲**", r"a\.b\\", "- 甲", "第二条 乙", "一、甲", "附件1"]
)
def test_text_that_looks_like_a_mark(text: str) -> None:
    articles = (Article("第一条", f"甲\n{text}", "第一章 总则"), Article("第三条", text))
    found = parse(to_markdown("某办法", articles))
    assert found.articles == articles


LINES = st.one_of(
    st.sampled_from(
        [
            *(
                "第一条 甲",
                "第二条乙",
                "第三条 丙：",
                "第三条",
                "第四条之一 子",
                "第一章 总 则",
                "第二章 附则",
                "第二节 丁",
                "第一编",
                "第一部分 甲",
            ),
            *(
                "目录",
                "目 录",
                "第一章 总则……1",
                "第二章 附则 2",
                "一、戊",
                "二、",
                "三、己庚",
                "一、a b c",
                "（一）己",
                "（二）辛；",
                "（三）",
            ),
            *(
                "1. 庚",
                "2. 庚：",
                "3、辰。",
                "(1)辛",
                "(2) ",
                "①壬",
                "②癸",
                "2）子",
                "1.1 癸",
                "1.2 甲",
                "1.1.1 x",
                "2.1.1 y",
                "1 总则",
                "2 附则",
            ),
            *(
                "# 丑",
                "## 寅",
                "## 卯 A.b",
                "## 一、总则",
                "- 寅：",
                "> 卯",
                "卯：",
                "",
                "  ",
                "第二条的规定",
                "第一节课",
            ),
            *(
                "附件1",
                "附件2：表",
                "附件：1.甲表",
                "2.乙表",
                "附录A 定义",
                "附件",
                "附则",
                "某学院办公室",
                "2023年11月28日",
                "抄送：各部门",
            ),
            *(
                "|a|b|",
                "**粗**",
                r"\-x",
                "<!-- x -->",
                "<!-- 条款 一｜甲 -->",
                "校发〔2023〕1号",
                "某学院文件",
                "某某办法",
                "关于印发《某某办法》的通知",
                "___",
            ),
        ]
    ),
    st.text(max_size=12),
)
TEXTS = st.lists(LINES, max_size=20).map("\n".join)


@given(TEXTS)
def test_whatever_is_parsed_comes_back_the_same(text: str) -> None:
    try:
        found = parse(text)
    except CorpusError:
        return
    back = again(found)
    assert [(one.number, one.heading, one.text) for one in back.articles] == [
        (one.number, one.heading, one.text) for one in found.articles
    ]
    assert parse(text) == found


@given(st.lists(LINES, max_size=20))
def test_every_line_is_kept_somewhere(lines: list[str]) -> None:
    text = unicodedata.normalize("NFC", "\n".join(lines))
    if "<!-- 条款" in text:
        return
    try:
        found = parse(text)
    except CorpusError:
        return
    kept = compact("\n".join([found.title, *(f"{one.number}\n{one.heading}\n{one.text}" for one in found.articles)]))
    for line in filter(None, map(bare, text.splitlines())):
        mark = clause(line) or level(line)
        rest = mark.rest if mark else line
        if line.startswith("附"):
            rest = line[2:].lstrip("件录表图0123456789A：: ")
        assert compact(rest).removeprefix("1").removeprefix("2") in kept
