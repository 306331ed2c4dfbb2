"""Lessons and what says how a deed is punished are no offence; adverts that dress so are."""

from __future__ import annotations

import pytest

from handlers.moderation.lessons import without_lessons
from tests.handlers.moderation.plain import WORDS_ALONE


@pytest.mark.parametrize(
    "text",
    [
        "刑法课讨论：赌博平台怎么认定",
        "今天的讲座讲资金盘怎样骗人",
        "《治安管理处罚法》规定，赌博的处拘留并罚款",
        "出售答案的，给予开除学籍处分",
        "请写一篇《赌博》的书评",
        "刷单返利的兼职都是诈骗",
    ],
)
def test_what_is_taught_or_punished_is_left_in_peace(text: str) -> None:
    hits = WORDS_ALONE.scan(text)
    assert hits, "the example has to hold something that a rule finds"
    assert without_lessons(text, hits) == []


@pytest.mark.parametrize(
    "text",
    [
        "作业代写，课程论文都接，加我微信",
        "网课代刷，考试课也能包过",
        "刑法课：赌博平台注册送彩金，扫码进群",
        "上课讲什么玩意，傻逼",
        "法律讲座：我的身份证号11010519491231002X",
    ],
)
def test_what_only_dresses_as_a_lesson_stays(text: str) -> None:
    assert without_lessons(text, WORDS_ALONE.scan(text))
