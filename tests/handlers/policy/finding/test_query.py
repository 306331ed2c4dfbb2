"""What a question is worth to each text: grams, words of the same meaning, and what it wants."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.policy.finding.bm25 import Bm25, rarity
from handlers.policy.finding.facets import offered
from handlers.policy.finding.query import MOST_GRAMS, Query, Rarities
from handlers.policy.finding.synonyms import Group, Synonyms
from handlers.policy.normalise import core, fold, grams

TEXTS = (
    "退休人员应当移出组织",
    "公务用车不得出借",
    "会议室由办公室负责登记",
    "印章应当在三日内归还",
)
ASKED = ("退休能不能留下", "车能不能借给别人", "会议室能不能外借", "印章能不能带走", "")


def a_query(
    question: str, groups: Sequence[Group] = (), texts: Sequence[str] = TEXTS, asked: Sequence[str] = ASKED
) -> Query:
    own, _ = Bm25().adding([*grams(fold(text)), *offered(fold(text))] for text in texts)
    theirs, _ = Bm25().adding(grams(fold(text)) for text in asked)
    return Query(core(question), Synonyms(groups), own, theirs, Rarities(own, theirs))


def best(query: Query) -> int:
    scores = query.scores_of_texts()
    return max(range(len(scores)), key=scores.__getitem__)


def test_what_is_said_in_any_question_is_no_rare_word() -> None:
    query = a_query("能不能出借")
    assert query.rarity("能\x1f不") < query.rarity("出\x1f借") < query.rarity("飞\x1f机")
    assert query.rarity("飞\x1f机") == query.rarest


def test_what_is_said_in_any_question_is_none_beside_texts_without_questions_either() -> None:
    """The pair stands in no text, but in what is asked beside them."""
    assert a_query("能不能出借").rarity("能\x1f不") < a_query("能不能出借", asked=()).rarity("能\x1f不")


@given(st.text(max_size=40))
def test_no_gram_is_rarer_than_one_that_stands_nowhere(text: str) -> None:
    query = a_query(text)
    assert all(0 < query.rarity(gram) <= query.rarest for gram in query.grams)
    assert all(0 <= query.cover(number) <= 1.000001 for number in range(len(TEXTS)))


def test_a_word_of_the_same_meaning_finds_a_text() -> None:
    groups = [Group(("退休", "退下来"))]
    with_it, without = a_query("退下来的", groups), a_query("退下来的")
    assert best(with_it) == 0
    assert with_it.scores_of_texts()[0] > without.scores_of_texts()[0]
    assert with_it.cover(0) > without.cover(0)


def test_a_word_that_means_another_is_found_by_it_and_not_the_other_way_round() -> None:
    groups = [Group(("大巴",), means="公务用车")]
    assert a_query("大巴", groups).scores_of_texts()[1] > 0
    assert a_query("大巴").scores_of_texts()[1] == 0
    texts = (*TEXTS, "大巴停在东门")
    assert a_query("公务用车", groups, texts).scores_of_texts()[4] == 0
    assert a_query("大巴", groups, texts).scores_of_texts()[4] > 0, "its own word stands for itself"


def test_words_of_the_same_meaning_count_once_however_many_a_text_has() -> None:
    groups = [Group(("退休", "退下来", "离岗养老"))]
    one = a_query("离岗养老", groups, ("退休", "别的"), ())
    many = a_query("离岗养老", groups, ("退休退下来", "别的"), ())
    assert one.scores_of_texts() == pytest.approx(many.scores_of_texts())


def test_what_a_question_wants_counts_for_texts_that_have_it() -> None:
    query = a_query("多久")
    assert query.scores_of_texts()[3] > 0
    assert query.lacks(3, {"#time"}) == 0
    assert query.lacks(0, {"#time"}) == 1
    assert query.lacks(0, {"#amount"}) == 0, "what is not wanted is not lacking"


def test_of_a_long_question_the_rarest_count() -> None:
    many = "".join(chr(0x4E00 + n) for n in range(200))
    query = a_query(f"{many}移出", texts=(*TEXTS, *[many] * 9), asked=())
    assert len(query.weights) == MOST_GRAMS
    assert "移\x1f出" in query.weights
    assert query.length == 202


def test_rarities_keep_nothing_that_stands_nowhere() -> None:
    own, _ = Bm25().adding([["a"]])
    kept = Rarities(own, Bm25())
    for gram in "abcdef":
        assert kept[gram] > 0
    assert list(kept) == ["a"]


@pytest.mark.parametrize("question", ["", "？", "\ud800", "退休"])
def test_an_empty_index_has_nothing_to_say(question: str) -> None:
    query = a_query(question, [Group(("退休", "内退"))], (), ())
    assert query.scores_of_texts() == []
    assert query.cover_by_texts(range(0)) == 0


def test_a_word_that_only_questions_have_is_as_rare_as_it_is_among_them() -> None:
    asked = ["退休", *["会议室"] * 99]
    assert a_query("退休", (), ("印章",), asked).rarity("退\x1f休") == pytest.approx(rarity(100, 1))
