"""Drafts out of articles: the gap's own word is right, the others are wrong, and it is the same every time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.policy import shipped
from handlers.study.cloze import GAP, proposals
from handlers.study.lessons import worth_reading
from handlers.study.written import LETTERS, Written, read_line
from storage.policies import Article

TRAVEL = (
    Article("第一条", "出差应当在3个工作日前提出申请，由部门负责人审批。"),
    Article("第二条", "住宿费每人每天不超过350元，由财务部门审核。"),
    Article("第三条", "报销应当在返回后10个工作日内办理；超过15个工作日的不予受理。"),
)


def test_an_amount_is_asked_first_with_the_amounts_of_the_other_articles() -> None:
    first = proposals(TRAVEL[0], TRAVEL)[0]
    assert first.stem == f"出差应当在{GAP}前提出申请，由部门负责人审批"
    assert first.options[first.answer] == "3个工作日"
    assert set(first.options) >= {"3个工作日", "10个工作日", "15个工作日"}


def test_then_the_actor_and_the_duty() -> None:
    terms = [one.options[one.answer] for one in proposals(TRAVEL[0], TRAVEL)]
    assert terms == ["3个工作日", "部门负责人", "应当"]


@pytest.mark.parametrize("article", shipped.digest().articles, ids=lambda article: article.number)
def test_every_draft_is_a_question_that_can_be_asked(article: Article) -> None:
    for one in proposals(article, shipped.digest().articles):
        right = one.options[one.answer]
        assert one.stem.replace(GAP, right) in article.text
        assert len(set(one.options)) == len(one.options) >= 3
        for wrong in one.options:
            assert wrong == right or (wrong not in right and right not in wrong)
        written = Written(article.number, "", one.stem, one.options, one.answer)
        assert read_line(f"{written.line()}") == written
        assert LETTERS[one.answer] in "ABCD"


def test_most_articles_of_the_digest_give_one() -> None:
    articles = worth_reading(shipped.digest().articles)
    assert sum(bool(proposals(article, articles)) for article in articles) >= 35


def test_it_is_the_same_every_time() -> None:
    assert proposals(TRAVEL[2], TRAVEL) == proposals(TRAVEL[2], list(TRAVEL))


def test_a_day_of_a_year_is_no_amount() -> None:
    found = proposals(Article("附则", "本办法自2023年11月28日起施行，由学院办公室负责解释。"), TRAVEL)
    assert all("年" not in option for one in found for option in one.options)


@given(st.text(max_size=500))
def test_any_text_gives_drafts_or_none(text: str) -> None:
    for one in proposals(Article("一", text), TRAVEL):
        assert one.options[one.answer]
        assert GAP in one.stem
