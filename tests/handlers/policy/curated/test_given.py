"""What somebody has answered comes before anything that a look-up finds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from handlers.policy.curated.matching import article_named, link_to
from storage.curated import CuratedAnswer
from tests.handlers.hall import OFFICE
from tests.handlers.policy.desk import CARS, says
from tests.handlers.policy.office import KEEPER, TEACHER, Office, an_office

ASKED = "退休的老师要移出组织架构吗"


@pytest.fixture
def office() -> Iterator[Office]:
    with an_office() as office:
        yield office


def give(office: Office, question: str, answer: str) -> None:
    link = article_named("第三条", CARS, office.context.policies)
    assert link is not None
    office.store.curated.add(
        CuratedAnswer(answer, (question,), KEEPER, office.now, KEEPER, office.now, (link_to(*link),), CARS)
    )


def test_it_wins_over_the_regulations(office: Office) -> None:
    assert "》二.6" in office.ask(TEACHER, ASKED, OFFICE).text
    give(office, ASKED, "办完手续当月移出。")
    body = office.ask(TEACHER, ASKED, OFFICE)
    assert body.text.startswith("办完手续当月移出。\n\n")
    assert f"《{CARS}》第三条" in body.text
    assert says(body) == ["/规章 查看 第三条", "/规章 有用 2", "/规章 没用 2"]
    (asked,) = office.store.policies.latest_asked(1)
    assert (asked.is_answered, asked.document, asked.article) == (True, CARS, "第三条")


def test_it_is_one_of_several_answers_and_a_subject(office: Office) -> None:
    give(office, ASKED, "办完手续当月移出。")
    give(office, "内退的老师要移出组织架构吗", "内退的等通知。")
    text = office.ask(TEACHER, f"{ASKED}？另外手机号换了怎么办？").text
    assert "**1、退休的老师要移出组织架构吗**\n\n办完手续当月移出。" in text
    assert "》二.2**" in text
    office.ask(TEACHER, ASKED)
    assert "吧：\n\n内退的等通知。" in office.ask(TEACHER, "那内退的呢").text
