"""How like a question is to those that people ask about an article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.policy.finding.asked import likest, taken_apart
from handlers.policy.normalise import core, grams

TEXT = st.text("退休人员要移出群吗车", max_size=12)


def alike(_: str) -> float:
    return 1.0


def like(question: str, *others: str, most: int = 3) -> list[float]:
    return likest(frozenset(grams(core(question))), taken_apart(others), alike, most)


def test_the_same_question_is_wholly_alike_whatever_stands_around_it() -> None:
    assert like("请问退休要移出群吗，谢谢", "退休要移出群吗") == pytest.approx([1.0])


def test_the_likest_come_first_and_no_more_than_asked_for() -> None:
    found = like("退休要移出群吗", "车", "退休", "退休要移出吗", "退休要移出群", most=2)
    assert found == sorted(found, reverse=True)
    assert len(found) == 2
    assert found[0] == pytest.approx(like("退休要移出群吗", "退休要移出群")[0])


def test_nothing_in_common_is_not_alike() -> None:
    assert like("退休", "车", "") == []
    assert like("", "退休") == []
    assert like("退休") == []


def test_rare_words_make_more_alike() -> None:
    def rarity(gram: str) -> float:
        return 5.0 if "车" in gram else 1.0

    question = frozenset(grams("退车"))
    by_common, by_rare = (likest(question, taken_apart((other,)), rarity, 1)[0] for other in ("退人", "人车"))
    assert by_rare > by_common


@given(TEXT, st.lists(TEXT, max_size=5))
def test_likeness_is_a_share_and_mutual(question: str, others: list[str]) -> None:
    found = like(question, *others, most=9)
    assert all(0 < value <= 1 + 1e-9 for value in found)
    for other in others:
        assert like(question, other) == pytest.approx(like(other, question))


@given(TEXT, st.lists(TEXT, max_size=5))
def test_the_order_of_grams_does_not_matter(question: str, others: list[str]) -> None:
    """To the last bit: sets are ordered otherwise in every process."""
    weights = {gram: 1 / (3 + number) for number, gram in enumerate(grams(question + "".join(others)))}
    units = list(dict.fromkeys(grams(question)))
    apart = taken_apart(tuple(others))
    forth = likest(dict.fromkeys(units).keys(), apart, lambda gram: weights.get(gram, 0.7), 3)
    back = likest(dict.fromkeys(reversed(units)).keys(), apart, lambda gram: weights.get(gram, 0.7), 3)
    assert forth == back
