"""`/规章 问法`: those who answer for a document add and take out the questions by which its articles are found."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.handlers.hall import ADMIN, OFFICE
from tests.handlers.policy.desk import CARS, CARS_TEXT
from tests.handlers.policy.office import KEEPER, TEACHER, Office, an_office, replied

WORDS = "周末能不能开回家"


@pytest.fixture
def office() -> Iterator[Office]:
    with an_office() as made:
        yield made


def questions(office: Office, number: str = "第四条") -> list[tuple[str, str]]:
    [document] = [one for one, _ in office.context.policies.documents if one.title == CARS]
    return [(one.question, one.source) for one in office.store.article_questions.of(document.id, number)]


def test_a_question_is_added_and_the_article_found_by_it(office: Office) -> None:
    assert "第四条" not in office.ask(TEACHER, WORDS).text
    assert "还没有常见问法" in office.ask(KEEPER, "/规章 问法 列表 第四条").text
    text = office.ask(KEEPER, f"/规章 问法 添加 第四条 {WORDS}？").text
    assert f"《{CARS}》第四条" in text
    assert questions(office) == [(f"{WORDS}？", "person")]
    assert "第四条" in office.ask(TEACHER, WORDS).text
    assert "1. " in office.ask(KEEPER, "/规章 问法 列表 第四条").text
    assert "规章 问法 添加" in office.audited()


def test_a_question_is_taken_out_by_its_place_or_its_words(office: Office) -> None:
    for words in (WORDS, "公务车可以借给朋友吗"):
        office.ask(KEEPER, f"/规章 问法 添加 第四条 《{CARS}》 {words}")
    assert "删掉" in replied(office.confirmed(KEEPER, f"/规章 问法 删除 第四条 {WORDS}"))
    office.confirmed(KEEPER, "/规章 问法 删除 第四条 1")
    assert questions(office) == []
    assert "规章 问法 删除" in office.audited()


def test_what_the_suggestion_says_is_understood(office: Office) -> None:
    number = office.asked("用车最晚啥时候报", is_answered=True)
    office.say(TEACHER, f"/规章 转交 {number}")
    sent = office.confirmed(KEEPER, "问1 第三条 提前一个工作日")
    [says] = [
        button.says for one in sent if hasattr(one, "body") for button in one.body.buttons if "问法 添加" in button.says
    ]
    assert "已加到" in office.ask(KEEPER, says).text
    assert questions(office, "第三条") == [("用车最晚啥时候报", "person")]


def test_questions_go_on_to_the_next_version(office: Office) -> None:
    office.ask(KEEPER, f"/规章 问法 添加 第四条 {WORDS}")
    office.bring(CARS_TEXT.replace("酒后驾车", "酒后或者疲劳驾车"))
    assert [question for question, _ in questions(office)] == [WORDS]


def test_the_same_question_is_not_added_again(office: Office) -> None:
    office.ask(KEEPER, f"/规章 问法 添加 第四条 {WORDS}")
    assert "已经有这个问法" in office.ask(KEEPER, "/规章 问法 添加 第四条 请问周末可不可以开回家").text
    assert f"《{CARS}》第四条 那里" in office.ask(KEEPER, f"/规章 问法 添加 第三条 {WORDS}").text
    assert questions(office, "第三条") == []


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("添加", "请写条款编号"),
        ("添加 第九十九条 问", "没有「第九十九条」"),
        ("添加 第四条", "问题是空的"),
        ("添加 第四条 ？！", "问题是空的"),
        (f"添加 第四条 {'长' * 121}", "问题太长"),
        ("添加 五.8 群主不管事怎么办", "不归你负责"),
        ("添加 第四条 《没有》 问", "里没有「第四条」"),
        ("删除 第四条 1", "没有这个问法"),
        ("删除 第四条", "没有这个问法"),
        ("列表 x", "没有「x」"),
    ],
)
def test_what_does_not_fit(office: Office, said: str, wrong: str) -> None:
    assert wrong in office.ask(KEEPER, f"/规章 问法 {said}").text


def test_who_may(office: Office) -> None:
    assert "不归你负责" in office.ask(TEACHER, f"/规章 问法 添加 第四条 {WORDS}").text
    assert "已加到" in office.ask(ADMIN, f"/规章 问法 添加 第四条 {WORDS}", OFFICE).text
    assert "问法" not in office.ask(TEACHER, "/帮助").text


def test_numbers_of_people_are_masked(office: Office) -> None:
    office.ask(KEEPER, "/规章 问法 添加 第四条 车牌找13812345678对吗")
    assert "13812345678" not in questions(office)[0][0]


def test_a_number_of_several_documents_has_to_be_made_clear(office: Office) -> None:
    office.bring("学院会议室管理办法\n第一条 会议室由办公室统一安排。\n第四条 会议室用完要关灯。\n")
    assert "请写明" in office.ask(ADMIN, f"/规章 问法 添加 第四条 {WORDS}").text
    assert "已加到" in office.ask(ADMIN, f"/规章 问法 添加 第四条 《{CARS}》 {WORDS}").text
    assert "已加到" in office.ask(KEEPER, "/规章 问法 添加 第四条 车能借给亲戚开吗").text, (
        "only one of them is the owner's"
    )
