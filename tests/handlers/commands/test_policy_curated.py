"""`/规章 问答`: those who answer for a document add, change, stop and review its answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.handlers.hall import ADMIN, OFFICE
from tests.handlers.policy.desk import CARS_TEXT
from tests.handlers.policy.office import KEEPER, TEACHER, Office, an_office, replied

QUESTION = "公务车周末可以停在家里吗"
ADD = f"/规章 问答 添加 {QUESTION}｜不可以，周五开回车库。｜第四条"


@pytest.fixture
def office() -> Iterator[Office]:
    with an_office() as made:
        yield made


@pytest.fixture
def kept(office: Office) -> Office:
    """One answer, of the regulation on cars."""
    office.ask(KEEPER, ADD)
    return office


def test_an_answer_is_added_and_used_at_once(office: Office) -> None:
    text = office.ask(KEEPER, ADD).text
    assert "问答 1" in text
    assert "第四条" in text
    found = office.context.curated.match("公务车周末能不能停在家里")
    assert found is not None
    assert found.answer.answer == "不可以，周五开回车库。"
    assert found.answer.document == "学院公务用车管理规定"
    assert "规章 问答 添加" in office.audited()


def test_question_and_answer_may_stand_on_lines(office: Office) -> None:
    office.ask(ADMIN, f"/规章 问答 添加 {QUESTION}\n不可以。\n请开回车库。")
    [answer] = office.store.curated.all()
    assert (answer.phrasings, answer.answer, answer.links) == ((QUESTION,), "不可以。\n请开回车库。", ())


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (f"{QUESTION}", "用｜隔开"),
        (f"{QUESTION}｜", "用｜隔开"),
        (f"{QUESTION}｜不可以｜第四条｜还有", "三段"),
        (f"{QUESTION}｜不可以｜第九十九条", "没有「第九十九条」这一条"),
        (f"{QUESTION}｜不可以｜四", "没有「四」这一条"),
        (f"{QUESTION}｜不可以｜第一条 第二条 第三条 第四条 第五条 第六条", "最多附 5 条"),
        ("？？｜不可以｜第四条", "问题是空的"),
        ("长" * 121 + "｜不可以｜第四条", "问题太长"),
        (f"{QUESTION}｜{'长' * 1501}｜第四条", "答案太长"),
        (f"{QUESTION}｜不可以", "你负责的文件"),
        (f"{QUESTION}｜不可以｜五.8", "不归你负责"),
    ],
)
def test_what_cannot_be_added(office: Office, said: str, wrong: str) -> None:
    assert wrong in office.ask(KEEPER, f"/规章 问答 添加 {said}").text.replace("**", "")
    assert office.store.curated.all() == []


def test_the_same_question_is_not_added_twice(kept: Office) -> None:
    assert "问答 1" in kept.ask(KEEPER, ADD.replace("可以停在家里吗", "能停在家里吗")).text
    assert len(kept.store.curated.all()) == 1


def test_who_may(kept: Office) -> None:
    for said in ("查看 1", "修改 1 答案 可以", "停用 1", "复核 1"):
        assert "不归你管" in kept.ask(TEACHER, f"/规章 问答 {said}").text
        assert "请私聊我" in kept.ask(KEEPER, f"/规章 问答 {said}", OFFICE).text
    assert "/规章" not in kept.ask(TEACHER, "/规章 问答 列表").text
    for person in (KEEPER, ADMIN):
        assert "问答 1 条" in kept.ask(person, "/规章 问答 列表").text
        assert QUESTION in kept.ask(person, "/规章 问答 查看 1").text


def test_lists_can_be_searched(kept: Office) -> None:
    assert "1 条" in kept.ask(KEEPER, "/规章 问答 列表 周末").text
    assert "没有这样的" in kept.ask(KEEPER, "/规章 问答 列表 食堂").text
    assert "没有这样的" in kept.ask(KEEPER, "/规章 问答 列表 待复核").text


def test_an_answer_is_changed_after_a_look_at_what_it_will_be(kept: Office) -> None:
    kept.confirmed(KEEPER, "/规章 问答 修改 1 答案 可以，先登记，电话 13812345678")
    assert kept.store.curated.all()[0].answer == "可以，先登记，电话 138******78"
    kept.confirmed(KEEPER, "/规章 问答 修改 1 问法 周末用车归谁批")
    assert kept.context.curated.match("周末用车归谁批呀") is not None
    kept.confirmed(KEEPER, "/规章 问答 修改 1 删问法 周末用车归谁批")
    assert kept.context.curated.match("周末用车归谁批呀") is None
    kept.confirmed(KEEPER, "/规章 问答 修改 1 条款 第二条")
    [answer] = kept.store.curated.all()
    assert [link.article for link in answer.links] == ["第二条"]
    assert kept.audited().count("规章 问答 修改") == 4


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("1", "请写明改什么"),
        ("1 标题 x", "请写明改什么"),
        ("1 答案", "答案是空的"),
        ("1 问法", "问题是空的"),
        ("1 删问法 没有的", "没有这个问法"),
        (f"1 删问法 {QUESTION}", "最后一个问法"),
        ("1 条款 九十九.9", "没有「九十九.9」"),
        ("1 条款 五.8", "不归你负责"),
        ("9 答案 x", "没有问答 9"),
        ("x", "编号"),
    ],
)
def test_what_cannot_be_changed(kept: Office, said: str, wrong: str) -> None:
    before = kept.store.curated.all()
    assert wrong in kept.ask(KEEPER, f"/规章 问答 修改 {said}").text
    assert kept.store.curated.all() == before


def test_an_answer_is_stopped_and_comes_back(kept: Office) -> None:
    assert "已停用" in replied(kept.confirmed(KEEPER, "/规章 问答 停用 1"))
    assert kept.context.curated.match(QUESTION) is None
    assert "重新启用" in [button.label for button in kept.ask(KEEPER, "/规章 问答 查看 1").buttons]
    kept.ask(KEEPER, "/规章 问答 复核 1")
    assert kept.context.curated.match(QUESTION) is not None


def test_when_its_article_changes_it_waits_for_a_review(kept: Office) -> None:
    kept.bring(CARS_TEXT.replace("不得用于私事", "一般不得用于私事"))
    assert kept.context.curated.match(QUESTION) is None
    text = kept.ask(KEEPER, "/规章 问答 查看 1").text
    assert "条文变了" in text
    assert "一般不得用于私事" in text
    assert "1 条" in kept.ask(KEEPER, "/规章 问答 列表 待复核").text
    assert "已复核" in kept.ask(KEEPER, "/规章 问答 复核 1").text
    assert kept.context.curated.match(QUESTION) is not None
    kept.bring(CARS_TEXT.replace("第五条 ", "第五条  "))
    assert kept.context.curated.match(QUESTION) is None


def test_when_its_article_is_gone_another_has_to_be_named(kept: Office) -> None:
    kept.bring("学院公务用车管理规定\n第一条 公务用车由学院办公室统一调度。\n第二条 公务用车不得用于私事。\n")
    assert "请写明现在依据哪一条" in kept.ask(KEEPER, "/规章 问答 复核 1").text
    assert kept.context.curated.match(QUESTION) is None
    kept.ask(KEEPER, "/规章 问答 复核 1 第二条")
    assert kept.context.curated.match(QUESTION) is not None


def test_other_articles_and_white_space_change_nothing(kept: Office) -> None:
    kept.bring(CARS_TEXT.replace("酒后驾车", "酒后或者疲劳驾车").replace("不得用于私事，", "不得用于私事， "))
    assert kept.context.curated.match(QUESTION) is not None


def test_a_trial_says_that_an_answer_comes_first(kept: Office) -> None:
    assert "先给问答 1" in kept.ask(ADMIN, f"/规章 测试 请问{QUESTION}").text
    assert "先给问答" not in kept.ask(ADMIN, "/规章 测试 公务车归谁管").text
