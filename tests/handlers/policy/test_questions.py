"""What ships: every article of the regulation, people's questions for each, and how well that answers others' questions."""

from __future__ import annotations

import pytest

from bench.policy import figures, questions, run, shipped_index
from handlers.policy.documents.corpus import PREAMBLE
from handlers.policy.finding.decision import decide
from handlers.policy.finding.elsewhere import topics
from handlers.policy.normalise import fold
from handlers.policy.shipped import digest

INDEX = shipped_index()
NUMBERS = [
    *(f"一.{n}" for n in range(1, 8)),
    *(f"二.{n}" for n in range(1, 7)),
    *(f"二.6.({n})" for n in "一二三四五"),
    *(f"三.{n}" for n in range(1, 5)),
    *(
        f"四.({section}).{n}"
        for section, most in zip("一二三四五六", (3, 2, 2, 3, 3, 5), strict=True)
        for n in range(1, most + 1)
    ),
    *(f"五.{n}" for n in range(1, 11)),
]
"""Every article of the regulation."""


def bare(question: str) -> str:
    return "".join(character for character in fold(question) if character.isalnum())


def test_the_digest_has_every_article_in_order_and_nothing_else() -> None:
    assert [article.number for article in digest().articles] == [PREAMBLE, *NUMBERS]


def test_the_digest_says_that_it_is_one() -> None:
    regulation = digest()
    assert regulation.title.endswith("（要点）")
    assert "不是正式文件" in regulation.articles[0].text


@pytest.mark.parametrize("number", NUMBERS)
def test_every_article_is_answered_by_its_number_and_by_its_questions(number: str) -> None:
    (article,) = [article for article in digest().articles if article.number == number]
    assert len(article.questions) >= 12
    assert article.summary
    assert article.heading
    assert decide(number, INDEX, 0.5).hits[0].article == article
    first = [decide(question, INDEX, 0.5) for question in article.questions]
    answered = sum(one.is_answered and one.hits[0].article == article for one in first)
    assert answered / len(first) >= 0.75, f"{answered} of {len(first)}"


def test_no_question_of_the_tests_ships() -> None:
    ours = {bare(question) for article in digest().articles for question in article.questions}
    ours |= {bare(question) for topic in topics() for question in topic.questions}
    asked = [
        bare(row["question"])
        for name in ("in_scope", "out_of_scope", "near_misses")
        for part in ("tune", "test", "fresh")
        for row in questions(name, part)
    ]
    assert len(asked) > 500
    assert not ours & set(asked)
    assert len(asked) == len(set(asked))


def test_questions_name_articles_that_exist() -> None:
    for part in ("tune", "test", "fresh"):
        for row in questions("in_scope", part):
            assert set(row["articles"]) <= {PREAMBLE, *NUMBERS}


@pytest.mark.parametrize("part", ["test", "fresh"])
def test_held_out_questions_are_answered_and_others_refused(part: str) -> None:
    """Floors, a little below what `python -m bench.policy` prints."""
    found = figures(INDEX, 0.5, part)  # type: ignore[arg-type]
    assert found.right_first >= 0.93
    assert found.right_among_three >= 0.95
    assert found.out_of_scope_refused >= 0.96
    assert found.near_misses_refused >= 0.94


def test_the_bench_prints_a_line_a_part() -> None:
    lines = run()
    assert len(lines) == 3
    assert all("right first" in line and "near misses" in line for line in lines)


def test_topics_elsewhere_are_well_formed() -> None:
    names = [topic.name for topic in topics()]
    assert len(names) == len(set(names))
    assert all(topic.kind in ("operation", "other") and topic.terms and topic.questions for topic in topics())
