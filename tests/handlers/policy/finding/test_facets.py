"""What a question wants, and what an article has."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.policy.finding.facets import MEASURES, OTHERS, asks_trivia, offered, wanted
from handlers.policy.normalise import fold


@pytest.mark.parametrize(
    ("question", "article", "facet"),
    [
        ("押金多少钱", "押金为三百元", "#amount"),
        ("罚多少", "处以百分之二的罚款", "#amount"),
        ("多久能批下来", "自收到申请之日起三个工作日内批复", "#time"),
        ("最晚什么时候交", "于每年6月前提交", "#time"),
        ("一间住几个人", "每间四人", "#count"),
        ("丢了找谁", "由保卫处负责", "#who"),
        ("归哪个部门管", "报人事处备案", "#who"),
        ("能带出去吗", "不得带出", "#may"),
        ("可不可以转借", "可以转借", "#may"),
        ("要不要登记", "应当登记", "#must"),
        ("弄坏了会怎么样", "照价赔偿", "#penalty"),
        ("怎么报销", "凭票据报销", "#steps"),
        ("为什么要实名", "为规范管理", "#reason"),
        ("印章包括哪些", "印章是指公章和专用章", "#meaning"),
    ],
)
def test_what_is_wanted_is_what_is_offered(question: str, article: str, facet: str) -> None:
    assert facet in wanted(fold(question))
    assert facet in offered(fold(article))


@pytest.mark.parametrize("question", ["退休", "公务用车", "", "？？"])
def test_a_catchword_wants_nothing(question: str) -> None:
    assert wanted(question) == []


def test_an_article_without_a_number_offers_no_measure() -> None:
    assert MEASURES.isdisjoint(offered("会议室由办公室登记"))


@pytest.mark.parametrize("question", ["保卫处电话多少", "教务处在几楼", "校服是什么颜色", "哪里买饭卡", "工资几号发"])
def test_trivia(question: str) -> None:
    assert asks_trivia(fold(question))


@pytest.mark.parametrize("question", ["退休的人要移出组织吗", "会议纪律有哪些", "怎么申请用车"])
def test_no_trivia(question: str) -> None:
    assert not asks_trivia(fold(question))


@given(st.text(max_size=300) | st.text("多少能由报向经吗三十万元个工作日提前，一", max_size=300))
def test_any_text_has_known_facets_each_once(text: str) -> None:
    for found in (wanted(fold(text)), offered(fold(text))):
        assert len(set(found)) == len(found)
        assert set(found) <= MEASURES | OTHERS | {"#reason"}
