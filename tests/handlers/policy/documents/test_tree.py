"""A document as a tree: whole on a terminal, short in a chat."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from handlers.policy.documents.corpus import CorpusError, parse
from handlers.policy.documents.doubts import Doubt
from handlers.policy.documents.tree import tree
from handlers.policy.shipped import digest

TEXT = """公务用车规定
为规范用车，制定本规定。
第一章 总则
第一条 本规定所称公务用车，是指学院的轿车、客车以及其他用于公务的机动车辆。
第三条 甲款。
乙款：
（一）子；
（二）丑。
第二章 附则
第四条 丙。
附件1 申请表
用车人："""


def test_the_whole_tree() -> None:
    assert tree(parse(TEXT)) == [
        "《公务用车规定》4 条，2 处请看一看",
        "前言　为规范用车，制定本规定。",
        "第一章 总则（2 条）",
        "　第一条　本规定所称公务用车，是指学院的轿车、客车以及其…",
        "　第三条　甲款。 乙款： （一）子； （二）丑。（2 款，2 项）",
        "　　⚠ 第 5 行：「第一条」之后是「第三条」，中间缺号",
        "第二章 附则（1 条）",
        "　第四条　丙。",
        "附件1 申请表（1 条）",
        "　附件1　用车人：",
        "　　⚠ 第 11 行：「附件1 申请表」里没有编号，整个算作一条",
    ]


def test_in_brief_the_mark_stands_behind_the_article() -> None:
    assert tree(parse(TEXT), brief=True)[3] == "　第三条　甲款。 乙款： （一）子； （二）丑。（2 款，2 项） ⚠"


def test_with_a_limit_the_articles_that_nothing_is_doubtful_about_go_first() -> None:
    assert tree(parse(TEXT), 9) == [
        "《公务用车规定》4 条，2 处请看一看",
        "第一章 总则（2 条）",
        "　第三条　甲款。 乙款： （一）子； （二）丑。（2 款，2 项）",
        "　　⚠ 第 5 行：「第一条」之后是「第三条」，中间缺号",
        "第二章 附则（1 条）",
        "附件1 申请表（1 条）",
        "　附件1　用车人：",
        "　　⚠ 第 11 行：「附件1 申请表」里没有编号，整个算作一条",
        "…… 另有 2 条没有列出",
    ]
    assert tree(parse(TEXT), 4)[-1] == "…… 其余没有列出"
    assert len(tree(parse(TEXT), 4)) == 4


def test_items_go_before_articles() -> None:
    lines = tree(digest(), 60)
    assert "　二.6　有下列情形之一的，应当将其移出学院组织架构：（5 项）" in lines
    assert not any("二.6.(三)" in line for line in lines)
    assert lines[-1] == "…… 另有 5 条没有列出"
    assert "　　二.6.(三)　按学院安排提前离岗、内部退养（内退）的；" in tree(digest())


def test_what_is_doubtful_about_the_file_comes_first() -> None:
    found = parse("某办法\n第一条 甲")
    doubtful = type(found)(found.title, found.articles, (Doubt(0, "图片", "第 3 页没有文字"),))
    assert tree(doubtful)[:2] == ["《某办法》1 条，1 处请看一看", "⚠ 第 3 页没有文字"]


def test_what_was_left_out_is_named() -> None:
    found = replace(parse("某办法\n第一条 甲"), dropped=("汇编", "— 1 —", "丙", "丁", "戊"))
    assert tree(found)[1] == "没有读进来的页眉、页码、菜单等：「汇编」、「— 1 —」、「丙」、「丁」 等"
    assert tree(found, brief=True) == ["第一条　甲"]


LINES = st.sampled_from(
    [
        "第一条 甲",
        "第三条 乙：",
        "第一章 总则",
        "一、甲",
        "（二）乙",
        "1. 丙",
        "1.1 丁",
        "附件1",
        "附件2 表",
        "目录",
        "2023年1月1日",
        "子",
        "丑。",
        "附则",
        "# 题",
    ]
)


@given(st.lists(LINES, max_size=20).map("\n".join), st.integers(2, 12))
def test_any_tree_keeps_its_limit_and_shows_every_article_and_doubt_without_one(text: str, limit: int) -> None:
    try:
        found = parse(text)
    except CorpusError:
        return
    whole = tree(found)
    assert all(any(article.number in line for line in whole) for article in found.articles)
    assert sum("⚠" in line for line in whole) == len(found.doubts)
    assert len(tree(found, limit)) <= limit
    assert len(tree(found, limit, brief=True)) <= limit
