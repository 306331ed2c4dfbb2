"""What numbers a line, and what only looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.policy.documents.marks import bare, clause, division, is_numbered, level


@pytest.mark.parametrize(
    ("line", "kind", "label", "rest"),
    [
        ("一、总则", "chinese", "一", "总则"),
        ("十二．其他", "chinese", "十二", "其他"),
        ("（一）消息", "bracketed", "(一)", "消息"),
        ("( 十 ) 消息", "bracketed", "(十)", "消息"),
        ("㈢其他", "bracketed", "(三)", "其他"),
        ("1. 甲", "arabic", "1", "甲"),
        ("１２．甲", "arabic", "12", "甲"),
        ("3、甲", "arabic", "3", "甲"),
        ("(2)甲", "bracketed-arabic", "(2)", "甲"),
        ("⑵甲", "bracketed-arabic", "(2)", "甲"),
        ("2）甲", "half-bracketed", "2", "甲"),
        ("②甲", "circled", "②", "甲"),
        ("1.2.3 甲", "decimal", "1.2.3", "甲"),
        ("第三章 登录", "章", "第三章", "登录"),
        ("一、", "chinese", "一", ""),
    ],
)
def test_levels(line: str, kind: str, label: str, rest: str) -> None:
    found = level(line)
    assert found is not None
    assert (found.level, found.label, found.rest) == (kind, label, rest)
    assert is_numbered(line)


@pytest.mark.parametrize(
    "line", ["", "一切从简", "2023年11月28日", "3.5万元以内", "12.5%的人", "1.5 GB", "第一，要登录", "电话是多少", "一"]
)
def test_what_only_looks_numbered(line: str) -> None:
    assert not is_numbered(line)


@pytest.mark.parametrize(
    ("line", "label", "rest"),
    [
        ("第十二条 甲", "第十二条", "甲"),
        ("第 12 条：甲", "第12条", "甲"),
        ("第一百零三条甲", "第一百零三条", "甲"),
        ("第四条之一 甲", "第四条之一", "甲"),
        ("第五条", "第五条", ""),
    ],
)
def test_clauses(line: str, label: str, rest: str) -> None:
    found = clause(line)
    assert found is not None
    assert (found.label, found.rest) == (label, rest)


@pytest.mark.parametrize("line", ["第二条的规定", "第二条第三款", "第二条、第三条", "第二条至第五条", "依照第二条"])
def test_clauses_that_are_only_mentioned(line: str) -> None:
    assert clause(line) is None


def test_divisions() -> None:
    found = division("第 二 节：审批")
    assert found is not None
    assert (found.level, found.label, found.rest) == ("节", "第二节", "审批")
    assert division("第二条 审批") is None


@pytest.mark.parametrize(
    ("line", "plain"),
    [("## 一、**总则**", "一、总则"), ("> - 甲", "甲"), ("1\\. 甲", "1. 甲"), ("\ufeff 甲　", "甲"), ("***", "*")],
)
def test_marks_of_markdown_are_taken_off(line: str, plain: str) -> None:
    assert bare(line) == plain


@given(st.text(max_size=30))
def test_any_line_is_looked_at_without_an_error(line: str) -> None:
    found = level(line) or clause(line)
    assert found is None or found.label
