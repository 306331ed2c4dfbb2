"""What people read: an article with document and number, a refusal that says what was searched, the next-best as buttons."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.message import Body
from handlers.policy import texts
from handlers.policy.index import Hit
from storage.policies import Article, Document
from tests.handlers.policy.desk import CARS, CARS_TEXT, DIGEST, NOW, Desk, a_desk, says


@pytest.fixture
def desk() -> Iterator[Desk]:
    with a_desk() as desk:
        yield desk


def test_an_answer_is_shown_whole(desk: Desk) -> None:
    found = desk.ask("退休的老师还要留在群里吗")
    assert found.is_answered
    assert found.body.text == (
        f"**《{DIGEST}》五.8**\n\n"
        "> 管理员应当审核入群人员。群成员限于在职人员；应当定期核查、清理群成员，将离职、退休、调离等不再在职的人员移出群。\n\n"
        "以上是整理的要点，不是正式文件。拿不准的请问学院办公室。"
    )
    assert found.body.title == "进群得把关，只收在岗的本校职工"
    assert says(found.body) == ["/规章 查看 二.6.(二)", "/规章 查看 二.6.(三)"]
    assert found.body.buttons[0].label == "二.6.(二) 到岁数正式退下来的"


def test_an_article_with_items_is_readable(desk: Desk) -> None:
    text = desk.ask("哪些人要移出组织架构").body.text
    assert (
        "> 有下列情形之一的，应当将其移出学院组织架构：\n>\n> （一）合同解除或者终止，已经离职的；\n>\n> （二）" in text
    )


def test_an_official_text_is_not_called_a_digest(desk: Desk) -> None:
    desk.bring(CARS_TEXT)
    text = desk.ask("司机违章罚款谁出").body.text
    assert text.startswith(f"**《{CARS}》第五条**")
    assert "要点" not in text
    assert text.endswith("拿不准的请问学院办公室。")


@pytest.mark.parametrize(
    "question", ["二.6.(三)", "2.6(3)是什么", "第二章第六条第三项怎么规定的？", "@群管家 看看二.6（三）"]
)
def test_a_question_that_names_an_article_gets_it(desk: Desk, question: str) -> None:
    found = desk.ask(question)
    assert found.is_answered
    assert "》二.6.(三)**" in found.body.text
    assert found.body.buttons == ()


def test_a_number_that_does_not_exist_is_not_guessed_at(desk: Desk) -> None:
    found = desk.ask("第九十九条是什么")
    assert not found.is_answered
    assert found.body.text == (
        f"没有「第九十九条」这一条。\n\n查过：《{DIGEST}》50 条。\n\n编号可以看文件原文，或者问学院办公室。"
    )


def test_a_number_in_several_documents_asks_which(desk: Desk) -> None:
    desk.bring(CARS_TEXT)
    desk.bring("印章办法\n第一条 印章由办公室保管。\n第二条 用印要登记。\n第三条 不得带出。")
    body = desk.ask("第三条").body
    assert "要看哪一份" in body.text
    assert says(body) == ["/规章 查看 第三条 印章办法", f"/规章 查看 第三条 {CARS}"]
    assert desk.call(says(body)[0]).text.startswith("**《印章办法》第三条**")


def test_a_button_names_the_document_where_the_number_alone_is_not_enough(desk: Desk) -> None:
    desk.bring(CARS_TEXT)
    desk.bring("印章办法\n第一条 印章由办公室保管。\n第二条 公务用车的印章要登记。\n第三条 不得带出。")
    body = desk.ask("公务用车由谁统一调度").body
    assert body.text.startswith(f"**《{CARS}》第二条**")
    assert says(body) == ["/规章 查看 第四条", f"/规章 查看 第一条 {CARS}"]
    assert desk.call(says(body)[0]).text.startswith(f"**《{CARS}》第四条**")
    assert desk.call(says(body)[1]).text.startswith(f"**《{CARS}》第一条**")


def test_a_refusal_says_what_was_searched(desk: Desk) -> None:
    desk.bring(CARS_TEXT)
    found = desk.ask("今天天气怎么样")
    assert not found.is_answered
    assert found.body == Body(
        f"没有找到能回答这个问题的条款。\n\n查过：《{CARS}》6 条、《{DIGEST}》50 条。\n\n可以换个说法再问我，或者问学院办公室。",
        "没找到对应条款",
    )


def test_a_near_miss_is_offered_but_not_claimed(desk: Desk) -> None:
    found = desk.ask("退休手续去哪办")
    assert not found.is_answered
    assert "沾点边" in found.body.text
    assert "/规章 查看 二.6.(二)" in says(found.body)


def test_how_the_app_is_worked_is_not_in_the_regulations(desk: Desk) -> None:
    text = desk.ask("钉钉怎么换铃声").body.text
    assert text.startswith("这像是软件怎么操作的问题，规章里没有写操作步骤。")


def test_whom_to_ask_and_how_sure_to_be_are_settings() -> None:
    with a_desk(contact="教务处王老师", refusal_threshold=0.9999) as desk:
        found = desk.ask("退休手续去哪办")
        assert "教务处王老师" in found.body.text
        assert not found.is_answered
    with a_desk(refusal_threshold=0) as desk:
        assert desk.ask("退休手续去哪办").is_answered


def test_without_any_document_people_are_told_so() -> None:
    with a_desk(with_digest=False) as desk:
        found = desk.ask("退休的老师还要留在群里吗")
        assert not found.is_answered
        assert "没有现行有效的规章" in found.body.text
        assert "学院办公室" in found.body.text


def test_what_was_asked_is_remembered_without_numbers(desk: Desk) -> None:
    desk.ask("我的手机号13812345678换了要改吗")
    desk.ask("今天天气怎么样" + "呀" * 600)
    second, first = desk.store.policies.latest_asked()
    assert first.question == "我的手机号138******78换了要改吗"
    assert (first.is_answered, first.document, first.article) == (True, DIGEST, "二.2")
    assert first.score is not None
    assert first.score > 0.5
    assert first.asked_at == NOW
    assert (second.is_answered, len(second.question)) == (False, 300)


def test_a_very_long_article_is_quoted_from_its_beginning(desk: Desk) -> None:
    desk.bring("长办法\n第一条 " + "会议室钥匙由办公室保管。" * 300 + "\n第二条 附则。")
    text = desk.ask("会议室钥匙由谁保管").body.text
    assert len(text) < 1400
    assert "……\n>\n> （全文请发送：/规章 查看 第一条）" in text
    assert len(desk.call("/规章 查看 第一条 长办法").text) > 3600


@pytest.mark.parametrize(
    ("article", "most", "gist"),
    [
        (Article("一", "正文"), 20, "正文"),
        (Article("一", "正文", summary="用一句话说清楚。"), 20, "用一句话说清楚"),
        (Article("一", "x", summary="用一句话说清楚，后面还有很长很长很长的一段"), 12, "用一句话说清楚"),
        (Article("一", "很长很长很长很长很长的一段没有标点的话"), 8, "很长很长很长很…"),
        (Article("一", "短，后面很长很长很长很长很长的一段话"), 8, "短，后面很长很…"),
    ],
)
def test_gists(article: Article, most: int, gist: str) -> None:
    assert texts.gist(article, most) == gist
    assert len(gist) <= most


def test_many_documents_are_not_all_listed() -> None:
    searched = [(Document(f"办法{n}"), n) for n in range(1, 8)]
    text = texts.refused(searched, "办公室", is_operation=False, near=0)
    assert "《办法5》5 条，等 7 份文件。" in text
    assert "办法6" not in text


def test_labels_fit_on_a_button() -> None:
    hit = Hit(Document("办法"), Article("四.(六).5", "其他应用，按各自的使用规则执行，不另作规定"), 1.0, 1.0)
    (button,) = texts.more([hit], frozenset())
    assert button.label.startswith("四.(六).5 ")
    assert len(button.label) <= 18


@given(st.lists(st.text(max_size=300), max_size=20))
@settings(max_examples=15)
def test_anything_gets_a_short_answer(questions: list[str]) -> None:
    with a_desk() as desk:
        for question in questions:
            found = desk.ask(question)
            assert found.body.text
            assert 0 < len(found.body.title) <= 20
            assert all(said.startswith("/规章 查看 ") for said in says(found.body))
            assert len(found.body.buttons) <= 2
