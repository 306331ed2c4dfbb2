"""Numbers of articles, however people write them, and questions that only name one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.numerals import value
from handlers.policy.documents.naming import named_in
from handlers.policy.documents.numbers import parts


@pytest.mark.parametrize(
    ("numeral", "count"),
    [("十", 10), ("十二", 12), ("二十", 20), ("一百零三", 103), ("二〇", 20), ("12", 12), ("两千", 2000), ("〇", 0)],
)
def test_numerals(numeral: str, count: int) -> None:
    assert value(numeral) == count


@pytest.mark.parametrize("numeral", ["", "甲", "十甲", "1十"])
def test_what_is_no_numeral(numeral: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        value(numeral)


@given(st.integers(1, 9999))
def test_every_number_is_read_as_chinese_writes_it(count: int) -> None:
    digits = "零一二三四五六七八九"
    written = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = count // unit % 10
        if digit:
            written += digits[digit] + name
        elif written and count % unit and not written.endswith("零"):
            written += "零"
    assert value(written) == value(str(count)) == count


@pytest.mark.parametrize(
    ("number", "counts"),
    [
        ("二.6.(三)", (2, 6, 3)),
        ("2.6.3", (2, 6, 3)),
        ("二.6.（三）", (2, 6, 3)),
        ("第十二条", (12,)),
        ("第12条", (12,)),
        ("前言", ()),
        ("①", (1,)),
    ],
)
def test_parts(number: str, counts: tuple[int, ...]) -> None:
    assert parts(number) == counts


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("二.6.(三)", "二.6.(三)"),
        ("二．6．（三）", "二.6.(三)"),
        ("2.6(3)是什么", "2.6(3)"),
        ("第十二条是什么？", "第十二条"),
        ("@群管家 请看一下第12条", "第12条"),
        ("你好，五.8说了什么", "五.8"),
        ("第五章第八条怎么规定的", "第五章第八条"),
        ("《某办法》第三条的内容", "第三条"),
        ("第二条第三款", "第二条第三款"),
        ("四.（二）.2 的原文", "四.(二).2"),
    ],
)
def test_questions_that_name_an_article(question: str, number: str) -> None:
    assert named_in(question) == number


@pytest.mark.parametrize(
    "question",
    [
        "",
        "退休的老师还要留在群里吗",
        "第一次登录怎么办",
        "五.8里说的定期是多久",
        "1+1等于几",
        "2026年",
        "3",
        "一个群几个管理员",
    ],
)
def test_questions_that_name_none(question: str) -> None:
    assert named_in(question) is None


@pytest.mark.parametrize("run", ["看", "看看", "请看", "什么", "是", "的"])
def test_a_long_run_of_what_may_stand_around_a_number_is_no_trap(run: str) -> None:
    """Tried in every division, these would take years."""
    assert named_in(run * 100 + "甲") is None
    assert named_in("第一条" + run * 60 + "甲") is None


@given(st.text(max_size=60))
def test_any_question_is_looked_at(question: str) -> None:
    found = named_in(question)
    assert found is None or parts(found)
