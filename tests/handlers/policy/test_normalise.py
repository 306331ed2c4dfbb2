"""From what people type to what is compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.policy.finding.asking import MOST_SENTENCES, askings
from handlers.policy.finding.operating import asks_how_to, reports_trouble
from handlers.policy.normalise import core, fold, grams, tokens


@pytest.mark.parametrize(
    ("typed", "folded"),
    [("ＤＩＮＧ", "ding"), ("退休老師還能留在群裡嗎", "退休老师还能留在群里吗"), ("a\ud800b", "ab"), ("①", "1")],
)
def test_one_form_of_each_character(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@pytest.mark.parametrize(
    ("question", "bare"),
    [
        ("你好，请问一下退休的人要移出吗？谢谢！", "退休的人要移出吗"),
        ("@群管家 群主谁当", "群主谁当"),
        ("机器人 我想问一下，群主谁当", "群主谁当"),
        ("麻烦问下群主谁当，急，在线等", "群主谁当"),
        ("你好", "你好"),
        ("请问", "请问"),
        ("", ""),
    ],
)
def test_courtesies_are_taken_off(question: str, bare: str) -> None:
    assert core(question).rstrip("?") == bare


def test_grams_do_not_cross_marks_and_latin_words_stay_whole() -> None:
    assert tokens("用ding，3天") == [["用", "ding"], ["3", "天"]]
    assert grams("用ding，好") == ["用", "ding", "用\x1fding", "好"]


@pytest.mark.parametrize(
    ("question", "is_how_to"),
    [
        ("怎么导出聊天记录", True),
        ("如何在群里发起投票", True),
        ("咋关闭已读", True),
        ("退休的人怎么处理", False),
        ("能导出通讯录吗", False),
    ],
)
def test_questions_about_working_the_app(question: str, is_how_to: bool) -> None:
    assert asks_how_to(question) is is_how_to


def test_reports_of_trouble() -> None:
    assert reports_trouble("会议没声音")
    assert not reports_trouble("会议由谁发起")


def test_a_long_message_is_looked_through_for_its_question() -> None:
    short = "退休的老师还要留在群里吗？今天好冷。"
    assert askings(short) == [short]
    story = "我们处里有个群，人很多，平时也没人说话，大家都潜水。" * 2
    long = f"{story}那么退休的老师还要留在群里吗？谢谢大家。"
    assert askings(long) == [long, "那么退休的老师还要留在群里吗？"]
    assert len(askings("谁来管？" * 100)) == MOST_SENTENCES + 1


@given(st.text(max_size=200))
def test_any_text_is_folded_once_and_for_all(text: str) -> None:
    grams(core(text))
    assert askings(text)[0] == text
    assert all(gram for gram in grams(fold(text)))
    assert fold(fold(text)) == fold(text)
