"""The index of grams says the same as reading every text anew for every question, whatever was added and taken out."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.policy.finding.bm25 import K1, B, Bm25, rarity

GRAMS = st.lists(st.sampled_from("abcdefg"), max_size=8)
DOCUMENTS = st.lists(st.lists(GRAMS, min_size=1, max_size=4), min_size=1, max_size=4)


def naive(document: Sequence[Sequence[str]], weights: dict[str, float]) -> list[float]:
    """Length counts within a document; what a gram is worth is the caller's."""
    lengths = [len(text) for text in document if text]
    mean = sum(lengths) / len(lengths) if lengths else 1.0
    return [
        sum(
            weight * text.count(gram) * (K1 + 1) / (text.count(gram) + K1 * (1 - B + B * len(text) / mean))
            for gram, weight in weights.items()
        )
        for text in document
    ]


def built(documents: Sequence[Sequence[Sequence[str]]]) -> tuple[Bm25, list[range]]:
    index, places = Bm25(), []
    for document in documents:
        index, numbers = index.adding(document)
        places.append(numbers)
    return index, places


@given(DOCUMENTS, GRAMS)
def test_scores(documents: list[list[list[str]]], question: list[str]) -> None:
    index, _ = built(documents)
    weights = {gram: 1.0 + ord(gram) / 100 for gram in question}
    expected = [score for document in documents for score in naive(document, weights)]
    assert index.scores(weights) == pytest.approx(expected, rel=1e-5)


@given(DOCUMENTS, st.sampled_from("abcdefgh"))
def test_what_is_known_of_a_gram(documents: list[list[list[str]]], gram: str) -> None:
    index, places = built(documents)
    texts = [text for document in documents for text in document]
    assert index.size == sum(map(bool, texts))
    assert list(index.having(gram)) == [number for number, text in enumerate(texts) if gram in text]
    assert index.count(gram) == sum(gram in text for text in texts)
    for document, numbers in zip(documents, places, strict=True):
        assert index.is_among(gram, numbers) == any(gram in text for text in document)
    assert index.rarity("nowhere") >= index.rarity(gram)


@given(DOCUMENTS, st.data(), GRAMS)
def test_what_was_taken_out_leaves_no_trace(
    documents: list[list[list[str]]], data: st.DataObject, question: list[str]
) -> None:
    whole, places = built(documents)
    gone = data.draw(st.integers(0, len(documents) - 1))
    index = whole.without(places[gone], documents[gone])
    left, _ = built([document for number, document in enumerate(documents) if number != gone])
    assert [index.count(gram) for gram in "abcdefg"] == [left.count(gram) for gram in "abcdefg"]
    assert index.size == left.size
    weights = dict.fromkeys(question, 1.0)
    kept = [score for number, score in enumerate(index.scores(weights)) if number not in places[gone]]
    assert kept == pytest.approx(left.scores(weights), rel=1e-5)
    assert all(index.scores(weights)[number] == 0 for number in places[gone])
    again, numbers = index.adding(documents[gone])
    assert numbers.start == whole.end, "a number is never given twice"
    assert sorted(again.scores(weights)) == pytest.approx(
        sorted([*whole.scores(weights), *[0.0] * len(documents[gone])]), rel=1e-5
    )


@given(DOCUMENTS, st.lists(GRAMS, min_size=1, max_size=3))
def test_what_others_read_does_not_change(documents: list[list[list[str]]], more: list[list[str]]) -> None:
    index, places = built(documents)
    weights = dict.fromkeys("abcdefg", 1.0)
    before = index.scores(weights)
    index.adding(more)
    index.without(places[0], documents[0])
    assert index.scores(weights) == before


def test_an_empty_index_finds_nothing() -> None:
    assert Bm25().scores({"a": 1.0}) == []
    assert Bm25().count("a") == 0


def test_rare_grams_weigh_more_and_short_texts_win() -> None:
    index, _ = Bm25().adding([["a", "b"], ["a", "c"], ["a", "c", "d", "d", "d", "d"]])
    assert index.rarity("b") > index.rarity("c") > index.rarity("a")
    first, second, third = index.scores({"c": 1.0})
    assert first == 0 < third < second
    assert rarity(3, 1) == pytest.approx(math.log(1 + 2.5 / 1.5))
