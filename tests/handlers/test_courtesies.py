"""Short human replies."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import courtesies
from handlers.courtesies import BYE, EMPTY, HELLO, NOTED, ONLY_SIGNS, THANKS, asks_for_help, courtesy
from handlers.message import ChatKind, Incoming, MessageKind, Sender


def said(text: str, kind: MessageKind = MessageKind.TEXT) -> Incoming:
    return Incoming("m", "c", ChatKind.GROUP, Sender("0001"), text, kind)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("你好", HELLO),
        ("你好！", HELLO),
        ("您好呀～", HELLO),
        ("你好，在吗？", HELLO),
        ("Hi", HELLO),
        ("ＨＥＬＬＯ", HELLO),
        ("早上好", HELLO),
        ("你是谁", HELLO),
        ("你是谁开发的", HELLO),
        ("谢谢", THANKS),
        ("谢谢你啦！", THANKS),
        ("好的谢谢老师", THANKS),
        ("啊", NOTED),
        ("非常感谢🙏", THANKS),
        ("辛苦了", THANKS),
        ("thank you", THANKS),
        ("再见", BYE),
        ("好的", NOTED),
        ("嗯嗯", NOTED),
        ("收到，谢谢", THANKS),
        ("收到，马上处理", NOTED),
        ("好的，明天上班再看", NOTED),
        ("在出差，回来处理", NOTED),
        ("还没处理", NOTED),
        ("明天开会吗", None),
        ("没有管理员怎么办", None),
        ("OK", NOTED),
        ("", EMPTY),
        ("   \n", EMPTY),
        ("😀😀", ONLY_SIGNS),
        ("？！。", ONLY_SIGNS),
        ("你好，退休的老师还要留在群里吗", None),
        ("谢谢的格式怎么写", None),
        ("收到DING要做什么", None),
        ("好友怎么加", None),
    ],
)
def test_a_courtesy_gets_a_short_reply_and_a_question_none(text: str, answer: str | None) -> None:
    assert courtesy(said(text)) == answer


@pytest.mark.parametrize("text", ["收到，马上处理", "我下午弄一下", "正在处理", "没时间", "稍等"])
def test_a_promise_is_told_from_other_courtesies(text: str) -> None:
    assert courtesies.is_promise(text)


@pytest.mark.parametrize("text", ["", "好的", "谢谢", "没事", "马上处理的流程是什么", "明天"])
def test_other_words_promise_nothing(text: str) -> None:
    assert not courtesies.is_promise(text)


def test_nobody_is_invited_to_ask_where_no_answers_are_given() -> None:
    for text in ("你好", ""):
        assert "规章" not in (courtesy(said(text), may_ask=False) or "")
        assert "退休" not in (courtesy(said(text), may_ask=False) or "")
    assert courtesy(said("谢谢"), may_ask=False) == THANKS


@pytest.mark.parametrize(
    "text",
    ["你能干嘛", "怎么使用你啊", "帮助", "帮助！", "help", "?", "？", "你会什么", "你能做什么呀", "怎么用", "使用说明"],
)
def test_help_is_asked_for_in_plain_words(text: str) -> None:
    assert asks_for_help(said(text))


@pytest.mark.parametrize("text", ["怎么用钉盘", "请假帮助", "你好", "功能使用有哪些规定", ""])
def test_a_question_is_no_call_for_help(text: str) -> None:
    assert not asks_for_help(said(text))


@pytest.mark.parametrize(
    "kind", [kind for kind in MessageKind if kind not in (MessageKind.TEXT, MessageKind.RICH_TEXT)]
)
def test_every_kind_without_words_gets_a_reply_of_its_own(kind: MessageKind) -> None:
    answer = courtesy(said("", kind))
    assert answer is not None
    assert answer != EMPTY
    assert len(answer) < 40


def test_a_recording_with_words_is_a_question() -> None:
    assert courtesy(said("退休的老师还要留在群里吗", MessageKind.AUDIO)) is None


def test_a_very_long_text_is_sent_back_with_its_length() -> None:
    assert "5000" in (courtesy(said("字" * 5000)) or "")
    assert courtesy(said("字" * courtesies.LONGEST_QUESTION)) is None


def test_a_long_run_of_courtesies_takes_no_time() -> None:
    """The words overlap; trying every division of the run would take for ever."""
    assert courtesy(said("明白了" * 300 + "吗")) is None
    assert courtesy(said("嗯" * 900 + "x")) is None
    assert courtesy(said("好的明天" * 240 + "x")) is None


@given(st.text(), st.sampled_from(MessageKind))
def test_any_message_is_taken(text: str, kind: MessageKind) -> None:
    answer = courtesy(said(text, kind))
    assert answer is None or answer.strip()
    if not text.strip():
        assert answer is not None
