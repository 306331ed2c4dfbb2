"""Questions as admins type them: all usual ways are understood, everything else is told apart with a reason."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handlers.study.written import (
    LETTERS,
    LONGEST_LINE,
    MOST_OPTIONS,
    QuestionError,
    Written,
    checked,
    choice,
    read_head,
    read_line,
)

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="|｜《》\x1c\x1d\x1e\x1f\x85"), min_size=1, max_size=40)


@pytest.mark.parametrize(
    "line",
    [
        "五.8 谁审核？ | 管理员 | 群主 | 都不用 | 答案 A",
        "五.8 谁审核？｜管理员｜群主｜都不用｜答案：A",
        "五.8　谁审核？ | A. 管理员 | B. 群主 | C. 都不用 | a",
        "五.8 谁审核？ | A管理员 | B群主 | C都不用 | 正确答案是A",
        "五.8 谁审核？|Ａ、管理员|Ｂ、群主|Ｃ、都不用|Ａ",
        "五.8 谁审核？ | a) 管理员 | b) 群主 | c) 都不用 | 选A",
        "五.8   谁审核？ |  管理员  |  群主|都不用  |答案A。",
    ],
)
def test_all_usual_ways(line: str) -> None:
    assert read_line(line) == Written("五.8", "", "谁审核？", ("管理员", "群主", "都不用"), 0)


@pytest.mark.parametrize(
    "head", ["五.8《办法》 谁审核？", "《办法》五.8 谁审核？", "《办法》 五.8 谁审核？", "五.8 《办法》谁审核？"]
)
def test_the_document_stands_before_or_behind_the_number(head: str) -> None:
    assert read_head(head) == ("五.8", "办法", "谁审核？")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("五.8 谁审核？", "用 | 隔开"),
        ("五.8 谁审核？ | 管理员 | 答案 A", "用 | 隔开"),
        ("| 管理员 | 群主 | 答案 A", "条款编号"),
        ("五.8 | 管理员 | 群主 | 答案 A", "再写题干"),
        ("五.8 谁？ | 管理员 | 群主 | 答案 C", "只能是 A、B"),
        ("五.8 谁？ | 管理员 | 群主 | 管理员", "只能是 A、B"),
        ("五.8 谁？ | 管理员 | | 答案 A", "是空的"),
        ("五.8 谁？ | 管理员 | 管理员 | 答案 A", "一样"),
        ("五.8 谁？ | 1 | 2 | 3 | 4 | 5 | 6 | 答案 A", "2 到 5 个"),
        (f"五.8 {'谁' * 201} | 管理员 | 群主 | 答案 A", "题干最多"),
        (f"五.8 谁？ | {'管' * 61} | 群主 | 答案 A", "每个选项最多"),
        ("五.8 打哪个号？ | 13812345678 | 群主 | 答案 A", "号码"),
        (f"五.8 {'谁' * LONGEST_LINE}", "太长"),
    ],
)
def test_what_is_wrong_is_said(line: str, why: str) -> None:
    with pytest.raises(QuestionError, match=why):
        read_line(line)


def test_letters_that_belong_to_the_options_stay() -> None:
    assert read_line("五.8 哪类？ | A类 | B类 | C类 | 答案 B").options == ("A类", "B类", "C类")
    assert read_line("五.8 哪种？ | DING | 电话 | 答案 A").options == ("DING", "电话")


@pytest.mark.parametrize("text", ["B", "b", "Ｂ", "选B", "选 b", "答案：B", "B.", " B、", "正确答案是Ｂ"])
def test_a_choice_however_it_is_typed(text: str) -> None:
    assert choice(text, 3) == 1


@pytest.mark.parametrize("text", ["", "D", "Z", "AB", "B吗", "2", "不知道", "好的", "B" * 100])
def test_no_choice(text: str) -> None:
    assert choice(text, 3) is None


@given(st.text(max_size=300))
@example("A" * 300)
@example("五.8 题 | | | |")
def test_any_text_is_a_question_or_told_why_not(text: str) -> None:
    try:
        found = read_line(text)
    except QuestionError as error:
        assert str(error)
    else:
        assert 0 <= found.answer < len(found.options) <= MOST_OPTIONS
        assert found.stem
        assert all(found.options)


@given(st.sampled_from(["五.8", "第十二条", "2.6.(三)"]), WORDS, st.lists(WORDS, min_size=2, max_size=5), st.data())
def test_a_question_on_one_line_is_read_as_it_was(
    article: str, stem: str, options: list[str], data: st.DataObject
) -> None:
    right = LETTERS[data.draw(st.integers(0, len(options) - 1))]
    try:
        question = checked(article, "", stem, options, right)
    except QuestionError:
        return
    assert read_line(question.line()) == question
