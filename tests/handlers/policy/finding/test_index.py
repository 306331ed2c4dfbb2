"""Looking up articles: by number, by question, over one document and several."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.evaluation.sets import shipped_index
from handlers.policy.documents.corpus import parse
from handlers.policy.finding.decision import decide
from handlers.policy.finding.index import PolicyIndex
from handlers.policy.shipped import digest
from handlers.settings import HandlerSettings
from storage.policies import Document
from tests.handlers.policy.desk import CARS, CARS_TEXT, DIGEST, NOW, a_desk

INDEX = shipped_index()
BOTH = PolicyIndex(
    [
        (Document(DIGEST, is_digest=True, id=1), digest().articles),
        (Document(CARS, id=2), parse(CARS_TEXT).articles),
    ]
)


@pytest.mark.parametrize(
    "number",
    ["二.6.(三)", "2.6.3", "二.6（三）", "二、6、（三）", "第二章第六条第三项", "２．６．（３）", " 二.6.(三) "],
)
def test_an_article_is_found_however_its_number_is_written(number: str) -> None:
    assert [article.number for _, article in INDEX.named(number)] == ["二.6.(三)"]


@pytest.mark.parametrize("number", ["第五条", "第5条", "5", "第五条第一款", "第八章第五条"])
def test_clauses_are_found_with_their_chapter_and_paragraph_too(number: str) -> None:
    assert [(document.title, article.number) for document, article in BOTH.named(number)] == [(CARS, "第五条")]


def test_a_clause_with_its_chapter_may_be_a_path_in_another_document() -> None:
    assert [article.number for _, article in BOTH.named("第二章第五条")] == ["二.5", "第五条"]


@pytest.mark.parametrize("number", ["", "第九十九条", "九.9", "甲", "二", "五.8食堂办法", "第五条细则", "一百零一夜"])
def test_no_such_number(number: str) -> None:
    assert INDEX.named(number) == []


def test_a_number_in_several_documents() -> None:
    index = PolicyIndex(
        [
            (Document(title, id=n), parse(f"{title}\n第一条 甲\n第一章 乙\n第一条 丙").articles)
            for n, title in enumerate("春秋", 1)
        ]
    )
    assert [(document.title, article.text) for document, article in index.named("第一条")] == [
        ("春", "甲"),
        ("秋", "甲"),
    ]


def test_the_best_comes_first_and_no_more_than_asked_for() -> None:
    hits = INDEX.search("退休的人要移出组织吗", limit=5)
    assert len(hits) == 5
    assert hits[0].article.number == "二.6.(二)"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 <= hit.confidence <= 1 for hit in hits)


@pytest.mark.parametrize("question", ["", "？？", "🙂", "\ud800", "qwxyz"])
def test_nothing_in_common_finds_nothing(question: str) -> None:
    assert INDEX.search(question) == []
    assert INDEX.look_up(question).confidence == 0


def test_an_empty_index() -> None:
    assert PolicyIndex().search("退休") == []
    assert PolicyIndex().named("第一条") == []
    assert PolicyIndex().documents == ()


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("司机违章罚款谁出", "第五条"),
        ("公务用车能出借给外单位吗", "第四条"),
        ("用车要提前一个工作日申请吗", "第三条"),
        ("酒驾", "第五条"),
        ("公务用车归谁统一调度", "第二条"),
    ],
)
def test_a_document_without_questions_is_answered_from_beside_the_digest(question: str, number: str) -> None:
    decision = decide(question, BOTH, 0.5)
    assert decision.is_answered
    assert (decision.hits[0].document.title, decision.hits[0].article.number) == (CARS, number)


@pytest.mark.parametrize("question", ["今天天气怎么样", "食堂几点开门", "工资什么时候发", "钉钉怎么换铃声", "讲个笑话"])
def test_a_second_document_does_not_make_the_bot_talkative(question: str) -> None:
    assert not decide(question, BOTH, 0.5).is_answered


def test_a_topic_of_which_a_document_speaks_is_no_longer_elsewhere() -> None:
    question = "食堂几点开门"
    canteen = parse("食堂管理办法\n第一条 学院食堂由后勤处管理。\n第二条 食堂早上六点半开门，晚上八点关门。")
    index = PolicyIndex([(Document("食堂管理办法"), canteen.articles)])
    hits = index.search(question)
    assert hits[0].article.number == "第二条"
    assert hits[0].confidence > BOTH.search(question)[0].confidence


def test_what_the_question_is_about_instead_is_told() -> None:
    found = INDEX.look_up("钉钉怎么换铃声")
    assert found.elsewhere is not None
    assert (found.elsewhere.name, found.elsewhere.kind) == ("提示音与显示", "operation")
    assert INDEX.look_up("退休的人要移出组织吗").elsewhere is None


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "你好，{}？谢谢！",
        "@群管家 {}",
        "各位领导好，打扰一下，我想请问一下{}，麻烦了",
        "我是教务处的小李，我们处有个工作群，里面四十多个人，平时也没人说话，前几天主任让我看一看。请问{}？",
        "事情是这样的，上个月我们处搬到了新的办公楼，东西多得不得了，大家忙了整整一个星期才收拾好。" * 8 + "对了，{}？",
    ],
)
def test_the_question_is_found_in_whatever_stands_around_it(around: str) -> None:
    decision = decide(around.format("退休的老师要不要移出组织架构"), INDEX, 0.5)
    assert decision.is_answered
    assert decision.hits[0].article.number == "二.6.(二)"


def test_a_long_story_about_something_else_is_refused() -> None:
    story = (
        "各位老师大家好，我最近心情不太好，昨天跟家里人吵架了，今天早上起来又下雨，路上堵车堵了一个小时，"
        "到办公室发现电脑坏了，打印机也没纸，中午去食堂吃饭又排了半天队，你说我是不是应该去庙里拜一拜？"
    )
    assert not decide(story, INDEX, 0.5).is_answered


def test_only_what_is_in_force_is_searched_and_official_texts_come_first() -> None:
    with a_desk() as desk:
        desk.bring(CARS_TEXT, effective=date(2026, 12, 1))
        before = PolicyIndex.load(desk.store.policies, NOW.date())
        after = PolicyIndex.load(desk.store.policies, date(2026, 12, 1))
    assert [(document.title, count) for document, count in before.documents] == [(DIGEST, 50)]
    assert [(document.title, count) for document, count in after.documents] == [(CARS, 6), (DIGEST, 50)]


@given(st.text(max_size=400))
def test_any_text_is_decided_on(text: str) -> None:
    decision = decide(text, BOTH, 0.5)
    assert 0 <= decision.score <= 1
    assert len(decision.hits) <= 3
    assert decide(text, BOTH, 0.5) == decision


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_higher_threshold_never_answers_more(one: float, other: float) -> None:
    low, high = sorted((one, other))
    for question in ("退休的老师还要留在群里吗", "退休手续去哪办", "今天天气怎么样"):
        assert decide(question, INDEX, low).is_answered or not decide(question, INDEX, high).is_answered


@pytest.mark.parametrize(
    ("question", "number"),
    [("印章外借要谁批准", "第二条"), ("印章可以外借几天", "第二条"), ("外借印章须经谁批准", "第二条")],
)
def test_what_every_article_of_a_short_regulation_speaks_of_is_no_common_word(question: str, number: str) -> None:
    regulation = parse("印章管理办法\n第一条 印章由办公室保管。\n第二条 外借印章的，须经院长批准，最长三天。")
    seals = (Document(regulation.title, id=3), regulation.articles)
    for index in (
        PolicyIndex([seals]),
        PolicyIndex([(Document(DIGEST, is_digest=True, id=1), digest().articles), seals]),
    ):
        decision = decide(question, index, HandlerSettings().policy.refusal_threshold)
        assert decision.is_answered
        assert decision.hits[0].article.number == number
