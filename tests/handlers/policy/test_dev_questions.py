"""The questions that the look-up is tuned on: their labels name articles that exist, and none of them ships."""

from __future__ import annotations

import pytest

from bench.evaluation.sets import documents, questions
from handlers.policy.finding.elsewhere import topics
from handlers.policy.normalise import fold
from handlers.policy.shipped import digest

NAMES = ("travel", "dormitory", "seals")


def bare(question: str) -> str:
    return "".join(character for character in fold(question) if character.isalnum())


@pytest.mark.parametrize("name", NAMES)
def test_labels_name_articles_of_the_document(name: str) -> None:
    _, articles = documents("tuned")[name]
    numbers = {article.number for article in articles}
    for question in questions("tuned", name):
        assert bool(question.articles) is (question.kind == "in_scope"), question
        assert set(question.articles) <= numbers, question


@pytest.mark.parametrize("name", NAMES)
def test_there_are_enough_of_every_kind(name: str) -> None:
    kinds = [question.kind for question in questions("tuned", name)]
    assert kinds.count("in_scope") >= 70
    assert kinds.count("near_miss") >= 25
    assert kinds.count("out_of_scope") >= 15


def test_none_is_asked_twice_or_ships() -> None:
    asked = [bare(question.text) for name in NAMES for question in questions("tuned", name)]
    shipped = {bare(question) for article in digest().articles for question in article.questions}
    shipped |= {bare(question) for topic in topics() for question in topic.questions}
    assert len(asked) == len(set(asked))
    assert not shipped & set(asked)
