"""Expressions are RE2: what would take for ever is refused in one clear line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.moderation.expressions import (
    LONGEST_PATTERN,
    LONGEST_TOGETHER,
    MOST_MATCHES,
    ExpressionError,
    Expressions,
    compile_expression,
)
from handlers.moderation.normalise import Folded
from handlers.moderation.rules import load_rule_files


def found(pattern: str, text: str) -> list[str]:
    return [text[start:end] for start, end in compile_expression(pattern).find(Folded(text).readable)]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("进群[0-9]{6,10}", "進群 １２３，进群①②③④⑤⑥⑦", ["进群①②③④⑤⑥⑦"]),
        ("貸款", "贷款和貸款", ["贷款", "貸款"]),
        ("[a-z]{2}群", "ＡＢ群 xy羣", ["ＡＢ群", "xy羣"]),
        ("a|b", "aba", ["a", "b", "a"]),
        (r"日赚\d+元", "日赚500元，日賺３００元", ["日赚500元", "日賺３００元"]),
    ],
)
def test_it_matches_the_folded_text(pattern: str, text: str, expected: list[str]) -> None:
    assert found(pattern, text) == expected


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("代写(?!作)", "allow"),
        ("(?<=现)代写", "allow"),
        (r"(赌)\1", "列出来"),
        ("(?P<n>a)(?P=n)", "列出来"),
        ("a++", "去掉多余的"),
        ("(?>a)", "去掉多余的"),
        ("a(?#c)", "TOML"),
        (r"a\Z", r"\z"),
        ("a{1001}", "1000"),
        ("[一-龥]{900}", "太大"),
        ("(?:a.{0,100}b.{0,100}c){3}", "太大"),
        ("a" * (LONGEST_PATTERN + 1), "太长"),
        ("[a", "RE2 不认识"),
        ("(a", "RE2 不认识"),
        ("a*", "空文字"),
        ("", "空文字"),
    ],
)
def test_what_is_not_taken_is_said_in_one_line(pattern: str, said: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        compile_expression(pattern)
    message = str(refused.value)
    assert said in message
    assert "/ " in message
    assert "\n" not in message


@given(st.text(st.sampled_from(r"a*+?(){}[]|\123,<=!:P^$.赌"), max_size=20))
def test_any_pattern_is_taken_or_refused(pattern: str) -> None:
    try:
        expression = compile_expression(pattern)
    except ExpressionError as refused:
        assert str(refused)
    else:
        assert all(start < end for start, end in expression.find("a赌123,.a"))


@pytest.mark.parametrize("pattern", ["a.*x|a", "(a+)+b", "(.*)(.*)(.*)x", "a.{0,100}b"])
def test_there_is_an_end_to_what_one_expression_tells(pattern: str) -> None:
    assert len(list(compile_expression(pattern).find("a" * 300_000))) <= MOST_MATCHES


SHIPPED = [compile_expression(pattern) for rule in load_rule_files([]) for pattern in rule.expressions]
TOGETHER = Expressions(SHIPPED)
FIRING = [text for rule in load_rule_files([]) for text in (*rule.examples.fire, *rule.examples.quiet)]


def one_by_one(text: str) -> list[int]:
    return [place for place, expression in enumerate(SHIPPED) if next(expression.find(text), None) is not None]


def test_together_expressions_match_what_each_of_them_matches() -> None:
    texts = [Folded(text).readable for text in FIRING]
    assert [list(TOGETHER.matching(text)) for text in texts] == [one_by_one(text) for text in texts]
    assert sum(bool(TOGETHER.matching(text)) for text in texts) > 20


@given(st.text(max_size=80) | st.lists(st.sampled_from(FIRING), max_size=4).map(" ".join))
def test_together_they_match_in_any_text_what_each_matches(text: str) -> None:
    readable = Folded(text).readable
    assert list(TOGETHER.matching(readable)) == one_by_one(readable)


def test_of_a_long_text_every_expression_is_tried() -> None:
    assert list(TOGETHER.matching("好" * (LONGEST_TOGETHER + 1))) == list(range(len(SHIPPED)))


def test_expressions_that_are_too_large_together_are_tried_one_after_the_other() -> None:
    large = [compile_expression(f"[甲乙]{number}.{{0,90}}[丙丁]{number}x") for number in range(300)]
    assert list(Expressions(large).matching("甲7丁7x")) == list(range(300))


def test_no_expressions_and_no_text_match_nothing() -> None:
    assert list(Expressions([]).matching("贷款")) == []
    assert list(TOGETHER.matching("")) == []
