"""Whoever tells of what others wrote has not written it, and whoever quotes the regulations has not broken them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.moderation.complaints import without_complaints
from handlers.moderation.excused import serious
from handlers.moderation.quotations import LEAST, without_quotations
from handlers.moderation.rule import Rule
from handlers.moderation.scanner import Scanner
from storage.policies import Article, Document

WORDS = ("代写", "加微信", "刷单", "赌博", "脑残", "校园贷", "砍一刀", "广告", "办假证")
SCANNER = Scanner.from_rules(
    [
        Rule("words", "advertising", "五.2", words=WORDS),
        Rule("numbers", "privacy", "四.(三).2", detectors=("mobile", "id-number")),
    ]
)
ARTICLES = [
    (
        Document("钉钉使用办法"),
        Article("五.2", "严禁在群内发布与工作无关的信息，包括但不限于广告、代写代考、刷单兼职、赌博等违法违规内容。"),
    ),
    (Document("学生手册"), Article("第十二条", "学生不得参与校园贷；\n不得向他人推荐 校园贷 平台。")),
]


def left(text: str) -> list[str]:
    return [hit.matched for hit in without_complaints(text, SCANNER.scan(text))]


COMPLAINTS = """
有人在群里发“专业代写论文，加微信”，麻烦处理一下
刚才有个陌生人在班级群里发代写的消息，请管理员处理一下。
群里有人发刷单的信息，别上当
我收到一条短信说可以办校园贷，提醒大家小心
看到隔壁班群里转发赌博的链接，已经截图，请核实
他在群里骂人「脑残」，请群主管管
那条砍一刀的消息麻烦撤回
举报一个人，他发了“代写包过，加微信”
有学生反映，有人在群里推校园贷。请核实
这条广告是外面的人发的，麻烦删掉
""".strip().split("\n")

OFFENCES = """
专业代写论文，加微信
有人需要代写吗，处理论文问题找我
看到这条消息的同学，代写论文，加我
帮忙处理论文，代写包过，有人要吗
他推荐的代写很靠谱，麻烦大家加微信
大家帮我砍一刀，别删
你就是个脑残
这条消息看到的都来刷单，日结，小心错过
有人发了红包，快来一起赌博
""".strip().split("\n")


@pytest.mark.parametrize("text", COMPLAINTS)
def test_what_others_wrote_is_not_held_against_whoever_tells_of_it(text: str) -> None:
    assert SCANNER.scan(text), "the example has to hold something that a rule finds"
    assert left(text) == []


@pytest.mark.parametrize("text", OFFENCES)
def test_an_offence_stays_one(text: str) -> None:
    assert serious(text, SCANNER.scan(text), ARTICLES)


def test_data_lies_open_whoever_wrote_it() -> None:
    assert left("有人在群里发代写的广告，电话13800138000，请核实") == ["13800138000"]
    assert left("有人在群里发身份证11010519491231002X，请管理员处理一下") == ["11010519491231002X"]


QUOTATIONS = """
严禁在群内发布与工作无关的信息，包括但不限于广告、代写代考、刷单兼职、赌博等违法违规内容。
大家学习一下：“包括但不限于广告、代写代考、刷单兼职、赌博等违法违规内容”
五.2：严禁在群内发布与工作无关的信息 包括但不限于广告 代写代考 刷单兼职
不得向他人推荐校园贷平台，学生手册里写着
学生不得参与校园贷;不得向他人推荐校园贷平台
""".strip().split("\n")


@pytest.mark.parametrize("text", QUOTATIONS)
def test_a_sentence_of_an_article_in_force_is_no_offence(text: str) -> None:
    hits = SCANNER.scan(text)
    assert hits
    assert without_quotations(text, hits, ARTICLES) == []
    assert without_quotations(text, hits, []) == hits


def test_what_stands_beside_the_quotation_counts() -> None:
    text = "包括但不限于广告、代写代考、刷单兼职、赌博等。说完了，专业代写，加微信"
    assert [(hit.matched, hit.span[0] > 20) for hit in without_quotations(text, SCANNER.scan(text), ARTICLES)] == [
        ("代写", True),
        ("加微信", True),
    ]


def test_a_few_words_that_an_article_has_too_are_no_quotation() -> None:
    text = "本店广告、代写代考都做"
    assert [hit.matched for hit in without_quotations(text, SCANNER.scan(text), ARTICLES)] == ["广告", "代写"]


@given(st.text(max_size=60), st.sampled_from(QUOTATIONS + COMPLAINTS + OFFENCES), st.text(max_size=30))
def test_nothing_is_invented_and_nothing_raises(before: str, middle: str, after: str) -> None:
    text = before + middle + after
    hits = SCANNER.scan(text)
    kept = serious(text, hits, ARTICLES)
    assert [hit for hit in hits if hit in kept] == kept
    assert [hit for hit in kept if hit.detector] == [hit for hit in hits if hit.detector]


@given(st.integers(0, len(ARTICLES[0][1].text) - LEAST), st.integers(LEAST + 4, 40))
def test_any_long_enough_stretch_is_a_quotation(start: int, length: int) -> None:
    text = ARTICLES[0][1].text[start : start + length]
    letters = sum(character.isalnum() for character in text)
    if letters >= LEAST:
        assert without_quotations(text, SCANNER.scan(text), ARTICLES) == []
