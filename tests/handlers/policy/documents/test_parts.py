"""Parts of an article that people name, and where they stand in it."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.policy.documents.corpus import CorpusError, parse
from handlers.policy.documents.naming import article_of, is_number, named_in
from handlers.policy.documents.parts import lines_of, part, parts_of
from handlers.policy.normalise import fold
from storage.policies import Article
from tests.handlers.policy.desk import a_desk

TEXT = """甲款话。
乙款有下列情形的，
不得办理：
（一）子；
1. 细一；
2. 细二；
（二）丑：
（1）寅；
（三）卯。
丙款：
（一）辰。"""
ARTICLE = Article("第十二条", TEXT)


def says(naming: str, article: Article = ARTICLE) -> str | None:
    found = part(article, naming)
    return None if found is None else article.text[found.start : found.end]


@pytest.mark.parametrize(
    ("naming", "said"),
    [
        ("第十二条第一款", "甲款话。"),
        ("第十二条第三款", "丙款：\n（一）辰。"),
        ("第12条第2款第（一）项", "（一）子；\n1. 细一；\n2. 细二；"),
        ("第十二条第（一）项", "（一）子；\n1. 细一；\n2. 细二；"),
        ("第十二条第三款第一项", "（一）辰。"),
        ("第十二条第３项", "（三）卯。"),
        ("第十二条（三）", "（三）卯。"),
        ("第十二条的第二款第一项第二目", "2. 细二；"),
        ("第十二条第二项第一目", "（1）寅；"),
        ("第十二条第一项第1目是什么", "1. 细一；"),
    ],
)
def test_parts_by_their_names(naming: str, said: str) -> None:
    assert says(naming) == said


@pytest.mark.parametrize(
    "naming", ["第十二条", "第十二条第四款", "第十二条第一款第一项", "第十二条第九项", "", "退休了怎么办"]
)
def test_parts_that_are_not_there(naming: str) -> None:
    assert says(naming) is None
    assert lines_of(ARTICLE, naming) == ()


def test_a_paragraph_that_goes_on_over_lines_and_items() -> None:
    assert says("第十二条第二款") == TEXT[TEXT.index("乙款") : TEXT.index("\n丙款")]
    assert lines_of(ARTICLE, "第二款第二项") == ((6, 0, 5), (7, 0, 5))


def test_items_with_arabic_numbers() -> None:
    assert says("第二项", Article("一.1", "办理：\n1. 甲\n2. 乙")) == "2. 乙"
    assert says("第二项", Article("一.1", "办理：\n①甲\n②乙")) == "②乙"


def test_an_article_of_one_line_is_one_paragraph() -> None:
    assert [(one.paragraph, one.item, one.point) for one in parts_of(Article("一", "甲"))] == [(1, 0, 0)]


@pytest.mark.parametrize(
    ("number", "article"),
    [
        ("第十二条第二款第三项", "第十二条"),
        ("第十二条第（二）款", "第十二条"),
        ("第十二条第三项", "第十二条第三项"),
        ("二.6第二款", "二.6"),
        ("二.6第三项", "二.6第三项"),
        ("第十二条", "第十二条"),
    ],
)
def test_the_article_in_a_number(number: str, article: str) -> None:
    assert article_of(number) == article
    assert is_number(fold(number))
    assert named_in(f"请问{number}是什么？") == fold(number)


RULES = """某办法
第一条 甲。
乙：
（一）子；
（二）丑。
附件1 说明
第一条 寅
附录A
一、卯
二、辰
"""


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("第一条第二款", "第一条"),
        ("第一条（二）", "第一条"),
        ("附件1第一条", "附件1第一条"),
        ("附件一第1条", "附件1第一条"),
        ("附录a.二", "附录A.二"),
        ("附件1 第一条第一款", "附件1第一条"),
        ("附录Ａ", None),
        ("附件3", None),
        ("1.1", None),
    ],
)
def test_articles_in_annexes_are_found_and_no_other_for_them(number: str, found: str | None) -> None:
    with a_desk(with_digest=False) as desk:
        desk.bring(RULES)
        assert [article.number for _, article in desk.context.policies.named(number)] == ([found] if found else [])


@given(
    st.lists(
        st.sampled_from(["甲。", "乙", "（一）丙；", "1. 丁", "①戊", "(1)己", "第一条 庚", "1.1 辛"]),
        min_size=1,
        max_size=12,
    )
)
def test_parts_are_whole_lines_in_order_and_within_what_they_belong_to(lines: list[str]) -> None:
    with contextlib.suppress(CorpusError):
        for article in parse("第一条 \n" + "\n".join(lines)).articles:
            found = parts_of(article)
            assert found[0].start == 0
            assert max(one.end for one in found) == len(article.text)
            for one in found:
                assert one.start < one.end
                assert article.text[one.end : one.end + 1] in ("", "\n")
                assert article.text[max(one.start - 1, 0) : one.start] in ("", "\n")
                named = (
                    f"第{one.paragraph}款" + f"第{one.item}项" * (one.item > 0) + f"第{one.point}目" * (one.point > 0)
                )
                same = part(article, named)
                assert same is not None
                assert (same.paragraph, same.item, same.point) == (one.paragraph, one.item, one.point)
