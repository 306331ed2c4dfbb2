"""Two questions in one message are answered apart; one that is told at length is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.policy.answering.inquiry import Inquiry, inquire
from handlers.policy.answering.several import MOST, sentences, separate
from handlers.policy.finding.asking import LONGEST_POINT, point
from tests.handlers.policy.desk import Desk, a_desk, a_message, says
from tests.handlers.policy.messages import DOUBLE, RAMBLING, SINGLE


def inquiries(text: str, desk: Desk) -> tuple[Inquiry, ...]:
    return inquire(a_message(text), desk.context)


def test_messages_get_as_many_answers_as_they_have_questions() -> None:
    """A list of messages as people write them. Few may be wrong, and none of those that ask one thing."""
    assert len(SINGLE) + len(DOUBLE) + len(RAMBLING) >= 60
    with a_desk() as desk:
        for text in (*SINGLE, *RAMBLING):
            assert len(inquiries(text, desk)) == 1, text
        right = sum(len(inquiries(text, desk)) == len(each) for text, each in DOUBLE)
    assert right >= 0.9 * len(DOUBLE)


def test_each_question_is_answered_with_its_own_article() -> None:
    with a_desk() as desk:
        body = desk.ask("退休的要移出组织架构吗？另外手机号换了怎么办？").body
    assert body.title == "你问的 2 件事"
    assert body.text.index("**1、退休的要移出组织架构吗**") < body.text.index("》二.6") < body.text.index("**2、手机号")
    assert body.text.index("**2、手机号换了怎么办**") < body.text.index("》二.2**")
    assert body.text.count("不同意见或疑问请联系") == 1
    assert says(body) == ["/规章 有用 1", "/规章 没用 1", "/规章 有用 2", "/规章 没用 2"]
    assert [button.label for button in body.buttons[2:]] == ["第2问有用", "第2问没用"]


def test_each_question_is_remembered_by_itself() -> None:
    with a_desk() as desk:
        desk.ask("1. 手机号换了要不要改？2. 今天食堂吃什么？")
        second, first = desk.store.policies.latest_asked()
    assert (first.question, first.article, first.is_answered) == ("手机号换了要不要改？", "二.2", True)
    assert (second.question, second.is_answered) == ("今天食堂吃什么？", False)


def test_what_is_not_answered_is_said_beside_what_is() -> None:
    with a_desk() as desk:
        found = desk.ask("手机号换了要不要改？另外今天食堂吃什么？")
    assert found.is_answered
    assert "**2、今天食堂吃什么**\n\n规章里没有写这件事" in found.body.text


def test_two_questions_that_one_article_answers_are_one() -> None:
    with a_desk() as desk:
        assert len(inquiries("显示名要写真名吗？另外显示名的格式是什么？", desk)) == 1


def test_none_of_which_is_answered_is_one_refusal() -> None:
    with a_desk() as desk:
        found = inquiries("食堂几点开门？另外今天天气怎么样？", desk)
    assert len(found) == 1
    assert not found[0].decision.is_answered


def test_the_second_question_may_go_on_from_the_first() -> None:
    with a_desk() as desk:
        found = inquiries("1. 退休的老师要移出组织架构吗？2. 那内退的老师呢？", desk)
    assert [one.decision.hits[0].article.number for one in found] == ["二.6.(二)", "二.6.(三)"]


def test_of_a_message_told_at_length_is_said_back_what_it_comes_down_to() -> None:
    assert point(RAMBLING[0]) == "退休的人是不是应该移出群"
    assert point(
        "今天收到一个DING，我正在上课就没理，下课才看到，系里秘书问我怎么不确认，收到DING是不是要马上确认？"
    ) == ("收到DING是不是要马上确认")
    assert sum(bool(point(message)) for message in RAMBLING) >= 0.9 * len(RAMBLING)
    assert not any(map(point, SINGLE))
    assert point("请问" * 30) == point("，" * 90) == ""
    with a_desk() as desk:
        assert desk.ask(RAMBLING[0]).body.text.startswith("你问的是「退休的人是不是应该移出群」：\n\n")


@given(st.text(max_size=2000))
def test_a_point_is_a_clause_of_the_message(message: str) -> None:
    assert len(point(message)) <= LONGEST_POINT


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("群要不要管？另外请假找谁？", ("群要不要管？另外请假找谁？",)),  # 群 says too little
        ("班级群谁管？另外请假找谁？", ("班级群谁管？", "请假找谁？")),
        ("1.班级群谁管 2.请假找谁 3.电脑能登吗 4.手机能登吗", ("班级群谁管", "请假找谁", "电脑能登吗 手机能登吗")),
        ("2.班级群谁管 3.请假找谁", ("2.班级群谁管 3.请假找谁",)),
        ("我有3.5万元，1.5米的横幅能挂吗", ("我有3.5万元，1.5米的横幅能挂吗",)),
        ("班级群谁管？谢谢老师", ("班级群谁管？谢谢老师",)),
        ("", ("",)),
    ],
)
def test_taking_apart(message: str, parts: tuple[str, ...]) -> None:
    assert separate(message) == parts


@given(st.text(alphabet="1234一二三、.：另外还有顺便问吗？。 \n群主谁管甲乙①②()（）", max_size=500))
def test_anything_is_taken_apart_quickly_and_nothing_is_made_up(message: str) -> None:
    for parts in (separate(message), sentences(message)):
        assert 1 <= len(parts) <= MOST
        assert all("".join(part.split()) for part in parts) or len(parts) == 1
        assert sum(map(len, parts)) <= len(message) + MOST
