"""What a person answered comes before what is looked up, as long as the article that it rests on says the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from handlers.policy.curated.matching import NO_ANSWERS, CuratedIndex, content_hash, link_to
from handlers.policy.documents.corpus import parse
from handlers.policy.finding.index import PolicyIndex
from storage.curated import CuratedAnswer, Link
from storage.policies import Article, Document
from tests.handlers.hall import CLASS, OFFICE
from tests.handlers.policy.desk import CARS, CARS_TEXT
from tests.handlers.policy.office import KEEPER, TEACHER, Office, an_office

NOW = datetime(2026, 11, 24, tzinfo=UTC)
QUESTION = "公务车周末可以停在家里吗"
ANSWER = CuratedAnswer("不可以", (QUESTION,), "a", NOW, "a", NOW, id=1)
DOCUMENT = Document(CARS, id=1)
CARS_ARTICLES = parse(CARS_TEXT).articles
POLICIES = PolicyIndex([(DOCUMENT, CARS_ARTICLES)])


@pytest.fixture
def office() -> Iterator[Office]:
    with an_office() as made:
        made.ask(KEEPER, f"/规章 问答 添加 {QUESTION}｜不可以，周五开回车库。｜第四条")
        yield made


def test_whoever_asks_so_reads_what_the_owner_wrote_and_when(office: Office) -> None:
    for person, chat in ((TEACHER, None), (TEACHER, OFFICE), (None, CLASS)):
        body = office.ask(person, "请问公务车周末能不能停在家里？", chat)
        assert "不可以，周五开回车库。" in body.text
        assert "《学院公务用车管理规定》第四条" in body.text
        assert "《学院公务用车管理规定》的负责人 2026-11-24 答复" in body.text
        assert KEEPER not in body.text


def test_it_can_be_rated_and_put_right(office: Office) -> None:
    said = [button.says for button in office.ask(TEACHER, QUESTION).buttons]
    useless = next(one for one in said if one.startswith("/规章 没用"))
    office.say(TEACHER, f"{useless} 早改了")
    assert "问答 1 号" in office.ask(KEEPER, "/规章 待答 1").text
    [row] = office.store.policy_queue.asked_between(office.now, office.now + timedelta(1))
    assert (row.is_answered, row.document, row.article) == (True, CARS, "第四条")


@pytest.mark.parametrize(
    "question", ["公务车周末不可以停在家里吗", "公务车周末可以停在学校里吗", "公务车平时可以停在家里吗"]
)
def test_a_question_that_only_comes_near_is_looked_up(office: Office, question: str) -> None:
    assert "周五开回车库" not in office.ask(TEACHER, question).text


def test_an_answer_whose_article_has_changed_is_given_no_more(office: Office) -> None:
    office.bring(CARS_TEXT.replace("不得用于私事", "一般不得用于私事"))
    assert "周五开回车库" not in office.ask(TEACHER, QUESTION).text


def test_an_answer_without_articles_is_given_too(office: Office) -> None:
    office.confirmed(KEEPER, "/规章 问答 修改 1 条款")
    body = office.ask(TEACHER, QUESTION)
    assert "不可以，周五开回车库。" in body.text
    assert any(button.says.startswith("/规章 有用") for button in body.buttons)


def test_a_question_about_another_time_is_looked_up(office: Office) -> None:
    assert "周五开回车库" not in office.ask(TEACHER, f"2023年时{QUESTION}").text


def test_of_several_the_nearest_phrasing_counts_then_the_newest() -> None:
    other = replace(ANSWER, id=2, phrasings=("公务车周末能不能停家里",), reviewed_at=NOW - timedelta(1))
    index = CuratedIndex([ANSWER, other])
    for question, number in ((QUESTION, 1), ("公务车周末能不能停家里", 2)):
        found = index.match(question)
        assert found is not None
        assert found.answer.id == number
    again = replace(ANSWER, id=3)
    assert CuratedIndex([again, ANSWER]).match(QUESTION) == CuratedIndex([ANSWER, again]).match(QUESTION)


def test_nothing_matches_where_there_is_nothing() -> None:
    assert NO_ANSWERS.match(QUESTION) is None
    assert CuratedIndex([ANSWER]).match("") is None
    assert CuratedIndex([replace(ANSWER, state="stopped")]).match(QUESTION) is None


def test_a_newer_index_knows_what_the_older_one_knew() -> None:
    before = CuratedIndex([ANSWER])
    after = CuratedIndex([replace(ANSWER, answer="可以")], before=before)
    found = after.match(QUESTION)
    assert found is not None
    assert found.answer.answer == "可以"


@pytest.mark.parametrize(
    ("articles", "standing"),
    [
        (CARS_ARTICLES, "same"),
        ([replace(one, text=f" {one.text}　") for one in CARS_ARTICLES], "same"),
        ([replace(one, text=one.text.replace("不得", "不宜")) for one in CARS_ARTICLES], "changed"),
        ([one for one in CARS_ARTICLES if one.number != "第四条"], "gone"),
    ],
)
def test_how_an_article_stands(articles: list[Article], standing: str) -> None:
    article = next(one for one in CARS_ARTICLES if one.number == "第四条")
    answer = replace(ANSWER, links=(link_to(DOCUMENT, article),))
    index = CuratedIndex([answer], PolicyIndex([(DOCUMENT, articles)]))
    [given] = index.given
    assert [one.standing for one in given.linked] == [standing]
    assert (index.match(QUESTION) is not None) is (standing == "same")
    assert (given in index.outdated) is (standing != "same")


def test_the_official_text_takes_a_digests_place() -> None:
    """Its article of that number is looked at; it says something else, and so somebody has to look."""
    digest = Link(f"{CARS}（要点）", "第四条", content_hash(Article("第四条", "公车不能私用")))
    index = CuratedIndex([replace(ANSWER, links=(digest,))], POLICIES)
    assert [one.standing for one in index.given[0].linked] == ["changed"]
    assert index.given[0].articles[0][0] == DOCUMENT
