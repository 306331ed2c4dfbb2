"""Groups of words that stand for each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.policy.finding.decision import decide
from handlers.policy.finding.synonyms import Group, Synonyms, shipped, with_shipped
from handlers.policy.normalise import fold
from tests.handlers.policy.finding.test_index import BOTH

WORDS = st.text("退休内Ａa群 ", max_size=4)
GROUPS = st.lists(st.builds(Group, st.lists(WORDS, max_size=4).map(tuple), WORDS), max_size=5)


def groups_in(question: str, synonyms: Synonyms) -> list[tuple[str, int]]:
    folded = fold(question)
    return [(folded[found.begin : found.end], found.group) for found in synonyms.found_in(folded)]


def test_words_are_found_where_they_stand_also_where_they_overlap() -> None:
    synonyms = Synonyms([Group(("退休", "退了")), Group(("提前退休", "内退"))])
    assert sorted(groups_in("我提前退休了", synonyms)) == [("提前退休", 1), ("退休", 0)]
    assert groups_in("别的", synonyms) == []


def test_width_and_case_do_not_matter() -> None:
    synonyms = Synonyms([Group(("ＯＡ系统", "办公系统"))])
    assert groups_in("oa系统", synonyms) == [("oa系统", 0)]
    assert synonyms.words_of(0) == ("oa系统", "办公系统")


def test_one_way_groups_are_found_by_their_words_and_not_by_what_they_mean() -> None:
    synonyms = Synonyms([Group(("大巴", "中巴"), means="公务用车")])
    assert groups_in("大巴", synonyms) == [("大巴", 0)]
    assert groups_in("公务用车", synonyms) == []
    assert "公务用车" in synonyms.words_of(0)


def test_a_word_may_be_in_several_groups() -> None:
    synonyms = Synonyms([Group(("退了", "退休")), Group(("退了", "内退"))])
    assert [group for _, group in groups_in("退了", synonyms)] == [0, 1]


def test_an_admins_own_stand_beside_those_that_ship() -> None:
    own = Group(("大巴", "公务用车"))
    both = with_shipped([own])
    assert both.groups == (*shipped().groups, own)
    assert both == with_shipped([own])
    assert hash(both) == hash(with_shipped([own]))
    assert both != shipped()


@given(GROUPS, st.text("退休内Ａa群 ", max_size=12))
def test_any_groups_and_any_text(groups: list[Group], text: str) -> None:
    synonyms, folded = Synonyms(groups), fold(text)
    for found in synonyms.found_in(folded):
        assert folded[found.begin : found.end] in synonyms.words_of(found.group)
    expected = {
        number
        for number, group in enumerate(groups)
        for word in group.words
        if (own := fold(word).strip()) and own in folded
    }
    assert {found.group for found in synonyms.found_in(folded)} == expected


@pytest.mark.parametrize("question", ["提前退休的还在组织里吗", "内部退养的人怎么办", "离岗退养的老师要移出组织吗"])
def test_an_article_is_found_by_a_word_that_means_the_same(question: str) -> None:
    decision = decide(question, BOTH, 0.5)
    assert decision.is_answered
    assert decision.hits[0].article.number == "二.6.(三)"
