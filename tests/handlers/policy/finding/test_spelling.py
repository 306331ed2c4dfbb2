"""Words that were typed by their sound, read as words that the regulations have."""

from __future__ import annotations

from collections.abc import Set

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.evaluation.sets import shipped_index
from handlers.policy.finding.decision import decide
from handlers.policy.finding.spelling import LONGEST, respelled
from handlers.policy.normalise import grams

INDEX = shipped_index()
THRESHOLD = 0.5
WORDS = st.lists(st.sampled_from(["tuixiu", "群", "退修", "DING", "xi", "老湿", " ", "，", "a1", "上"]), max_size=30)


def read(question: str, *texts: str) -> str | None:
    """The question as it is read where the regulations say these texts."""
    having = [set(grams(text)) for text in texts]

    def count(gram: str) -> int:
        return sum(gram in found for found in having)

    def known(wanted: Set[str]) -> set[str]:
        return {gram for gram in wanted if count(gram)}

    return respelled(question, count, known)


TEXTS = ("退休人员移出组织，由群主办理", "教师退休后群主办理移出")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("退修要移出吗", "退休要移出吗"),
        ("tuixiu 要移出吗", "退休要移出吗"),
        ("裙主办理什么", "群主办理什么"),
        ("qun zhu 是谁", "群主是谁"),
        ("qunzhu", "群主"),
    ],
)
def test_what_sounds_the_same_is_read_as_what_the_regulations_have(typed: str, meant: str) -> None:
    assert read(typed, *TEXTS) == meant


@pytest.mark.parametrize("question", ["", "？", "退休要移出吗", "群主是谁", "今天天气", "wifi 密码", "ppt"])
def test_nothing_is_changed_for_nothing(question: str) -> None:
    assert read(question, *TEXTS) is None


def test_letters_that_the_regulations_have_stay() -> None:
    assert read("ding 裙主", *TEXTS, "用ding提醒，重要的事可以ding") == "ding群主"


def test_a_pair_of_one_article_alone_changes_no_character() -> None:
    assert read("退修", "教师退休") is None
    assert read("退修", "教师退休", "退休人员") == "退休"


def test_punctuation_parts_what_is_no_pair() -> None:
    assert read("退，修", *TEXTS) is None


def test_long_ones_are_left_alone() -> None:
    assert read("退修" + "，啊" * (LONGEST - 2), *TEXTS) is not None
    assert read("退修" + "，啊" * (LONGEST - 1), *TEXTS) is None


def test_one_pair_more_is_too_little_to_change_a_long_run_for() -> None:
    assert read("退修" + "啊" * 10, *TEXTS) is None
    assert read("退修人员移" + "啊" * 10, *TEXTS) == "退休人员移" + "啊" * 10


def test_letters_that_stand_for_many_characters_count_as_those() -> None:
    assert read(" ".join(["xixixixixixixixixi"] * 8), *TEXTS, "西溪") is None


@given(st.text(max_size=120) | WORDS.map("".join))
def test_any_text_is_read_and_read_the_same_again(text: str) -> None:
    found = INDEX.respelled(text)
    assert found is None or found.strip()
    assert INDEX.respelled(text) == found


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("退修的老湿还要留在裙里吗", "二.6"),
        ("tuixiu le 要退群吗", "五.8"),
        ("qun zhu 是谁", "五.7"),
        ("tuixiu", "二.6"),
    ],
)
def test_slips_are_answered_as_what_was_meant(question: str, number: str) -> None:
    decision = decide(question, INDEX, THRESHOLD)
    assert decision.is_answered
    assert decision.hits[0].article.number.startswith(number)


@pytest.mark.parametrize(
    "question",
    [
        "今天天汽怎么样",
        "食唐几点开门",
        "gongzi 什么时候发",
        "讲个小话",
        "wo de kuaidi zai na",
        "jintian xiayu ma",
        "wifi 密码多少",
        "图书馆几点关们",
        "打印机卡只了",
        "nihao",
    ],
)
def test_a_question_about_something_else_is_not_respelled_into_an_answer(question: str) -> None:
    assert not decide(question, INDEX, THRESHOLD).is_answered


@pytest.mark.parametrize("question", ["DING 是什么时候用的", "什么事可以发DING", "ding了没人回怎么办"])
def test_ding_stays_ding(question: str) -> None:
    assert "ding" in (INDEX.respelled(question) or "ding")
    assert "ding" in (decide(question, INDEX, THRESHOLD).read_as or "ding")


def test_what_is_answered_as_it_stands_is_not_respelled() -> None:
    assert decide("退休的人要移出组织吗", INDEX, THRESHOLD).read_as == ""
