"""The index of grams says the same as reading every text anew for every question."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.policy.bm25 import K1, B, Bm25

GRAMS = st.lists(st.sampled_from("abcdefg"), max_size=8)


def naive(texts: Sequence[Sequence[str]], question: Sequence[str]) -> list[float]:
    mean = sum(map(len, texts)) / len(texts)
    scores = []
    for text in texts:
        score = 0.0
        for gram in set(question):
            having = sum(gram in other for other in texts)
            rarity = math.log(1 + (len(texts) - having + 0.5) / (having + 0.5))
            count = text.count(gram)
            if count:
                score += rarity * count * (K1 + 1) / (count + K1 * (1 - B + B * len(text) / mean))
        scores.append(score)
    return scores


@given(st.lists(GRAMS, min_size=1, max_size=8), GRAMS)
def test_scores(texts: list[list[str]], question: list[str]) -> None:
    assert Bm25(texts).scores(question) == pytest.approx(naive(texts, question))


@given(st.lists(GRAMS, min_size=1, max_size=8), st.sampled_from("abcdefgh"))
def test_what_is_known_of_a_gram(texts: list[list[str]], gram: str) -> None:
    index = Bm25(texts)
    assert len(index) == len(texts)
    assert index.knows(gram) == any(gram in text for text in texts)
    assert [index.has(gram, number) for number in range(len(texts))] == [gram in text for text in texts]
    assert index.rarity("nowhere") == index.rarest >= index.rarity(gram)


def test_an_empty_index_finds_nothing() -> None:
    assert Bm25([]).scores(["a"]) == []


def test_rare_grams_weigh_more_and_short_texts_win() -> None:
    index = Bm25([["a", "b"], ["a", "c"], ["a", "c", "d", "d", "d", "d"]])
    assert index.rarity("b") > index.rarity("c") > index.rarity("a")
    first, second, third = index.scores(["c"])
    assert first == 0 < third < second
