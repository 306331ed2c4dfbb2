"""What people read: a lead, the article with what answers in bold, whom to ask; an honest refusal; what can be tapped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.message import Body
from handlers.policy import texts
from handlers.policy.finding.index import Hit
from storage.groups import Group
from storage.policies import Article, Document
from storage.staff import StaffFact
from tests.handlers.policy.desk import CARS, CARS_TEXT, DIGEST, NOW, Desk, a_desk, says

OFFICE = "cidOffice"
PHONE = "手机号换了怎么办"
LONG = "会议室办法\n第一条 " + "会议室由办公室统一管理，平时锁好。" * 60 + "会议室钥匙由值班员保管。" + "用完断电。" * 9


@pytest.fixture
def desk() -> Iterator[Desk]:
    with a_desk() as desk:
        desk.store.groups.save(Group(OFFICE, "教务处工作群", "department", registered_at=NOW))
        desk.store.groups.save(Group("cidClass", "班级群", "class", registered_at=NOW))
        yield desk


def test_an_answer_as_it_is_read(desk: Desk) -> None:
    found = desk.ask(PHONE)
    assert found.is_answered
    summary = desk.context.policies.named("二.2")[0][1].summary
    assert found.body.text == (
        f"{summary}\n\n"
        f"**《{DIGEST}》二.2**（2023-11-28 起施行）\n\n"
        "> 账号应当用本人实际使用的手机号注册；**手机号变更的，应当在钉钉里同步更换**。\n\n"
        "以上是整理的要点，不是正式文件。不同意见或疑问请联系学院办公室。"
    )
    assert 0 < len(found.body.title) <= 20
    assert says(found.body)[-2:] == ["/规章 有用 1", "/规章 没用 1"]
    assert all(said.startswith("/规章 查看 ") for said in says(found.body)[:-2])
    assert len(found.body.buttons) == 4


def test_an_article_with_items_is_readable(desk: Desk) -> None:
    text = desk.ask("哪些人要移出组织架构").body.text
    assert (
        "> 有下列情形之一的，应当将其移出学院组织架构：\n>\n> （一）合同解除或者终止，已经离职的；\n>\n> （二）" in text
    )


def test_an_official_text_is_not_called_a_digest(desk: Desk) -> None:
    desk.bring(CARS_TEXT, effective=date(2025, 3, 1))
    text = desk.ask("司机违章罚款谁出").body.text
    assert text.startswith(f"**《{CARS}》第五条**（2025-03-01 起施行）\n\n> 驾驶员不得酒后驾车；**因违章产生的罚款")
    assert "要点" not in text
    assert text.endswith("\n\n不同意见或疑问请联系学院办公室。")


def test_without_a_summary_the_sentence_that_answers_leads_a_long_article(desk: Desk) -> None:
    desk.bring(LONG)
    text = desk.ask("会议室钥匙谁保管").body.text
    assert text.startswith("会议室钥匙由值班员保管。\n\n**《会议室办法》第一条**")
    assert "> ……**会议室钥匙由值班员保管**。……\n" in text


def test_a_long_article_is_folded_and_can_be_read_whole(desk: Desk) -> None:
    desk.bring(LONG)
    body = desk.ask("会议室钥匙谁保管").body
    assert len(body.text) < 300
    assert (body.buttons[0].label, body.buttons[0].says) == ("查看全文", "/规章 查看 第一条")
    assert len(desk.call(body.buttons[0].says).text) > 1000


def test_in_a_group_less_is_folded_and_the_full_text_comes_in_private(desk: Desk) -> None:
    desk.bring("钥匙办法\n第一条 " + "会议室由办公室统一管理，平时锁好。" * 10 + "会议室钥匙由值班员保管。")
    assert "查看全文" not in [button.label for button in desk.ask("会议室钥匙谁保管").body.buttons]
    body = desk.ask("会议室钥匙谁保管", conversation=OFFICE).body
    assert len(body.text) < 200
    assert (body.buttons[0].label, body.buttons[0].says) == ("查看全文", "/规章 全文 第一条")


def test_a_card_has_no_more_than_five_buttons(desk: Desk) -> None:
    desk.bring(LONG + "\n第二条 会议室钥匙不得转借。\n第三条 会议室钥匙丢失要赔偿。\n第四条 会议室钥匙要登记。")
    for question in ("会议室钥匙由值班员保管吗", "会议室钥匙丢了要赔吗？另外手机号换了怎么办？显示名怎么写"):
        assert 3 <= len(desk.ask(question).body.buttons) <= 5


@pytest.mark.parametrize(
    "question", ["二.6.(三)", "2.6(3)是什么", "第二章第六条第三项怎么规定的？", "@群管家 看看二.6（三）"]
)
def test_a_question_that_names_an_article_gets_it(desk: Desk, question: str) -> None:
    found = desk.ask(question)
    assert found.is_answered
    assert "》二.6.(三)**" in found.body.text
    assert says(found.body) == ["/规章 有用 1", "/规章 没用 1"]


def test_the_part_that_a_question_names_is_marked(desk: Desk) -> None:
    desk.bring(
        "印章办法\n第一条 印章由办公室保管。\n第二条 用印要登记。\n外带印章的，须经院长批准。\n第三条 不得转借。"
    )
    marked = "> 用印要登记。\n>\n> **外带印章的，须经院长批准**。"
    assert marked in desk.ask("第二条第二款").body.text
    assert marked in desk.call("/规章 查看 第二条第二款").text
    assert "> 用印要登记。\n>\n> 外带" in desk.ask("第二条").body.text


def test_a_number_that_does_not_exist_is_not_guessed_at(desk: Desk) -> None:
    found = desk.ask("第九十九条是什么")
    assert not found.is_answered
    assert found.body.text == (
        f"没有「第九十九条」这一条（查过《{DIGEST}》50 条）。编号可以看文件原文，或者问学院办公室。"
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
    assert f"**《{CARS}》第二条**" in body.text
    named = [said for said in says(body) if said.startswith("/规章 查看 第一条")]
    assert named == [f"/规章 查看 第一条 {CARS}"]
    assert desk.call(named[0]).text.startswith(f"**《{CARS}》第一条**")


def test_two_documents_that_speak_of_the_same_are_both_shown(desk: Desk) -> None:
    desk.bring(
        f"{CARS}实施细则\n第一条 甲。\n第二条 各部门用车，应当提前两个工作日提出申请，由部门负责人签字。\n第三条 乙。",
        effective=date(2026, 3, 1),
    )
    desk.bring(CARS_TEXT, effective=date(2025, 3, 1))
    text = desk.ask("部门用车要提前几个工作日申请").body.text
    assert text.startswith("两份文件都讲到这件事：\n\n")
    assert 0 < text.index(f"**《{CARS}实施细则》第二条**") < text.index(f"**《{CARS}》第三条**")


def test_each_of_two_long_articles_can_be_read_whole(desk: Desk) -> None:
    rule = "会议室使用前应当向办公室预约登记，用完恢复原状并关闭电源门窗。"
    desk.bring(f"会议室办法\n第一条 {rule}{'会议室平时上锁。' * 60}\n第二条 甲。", effective=date(2025, 1, 1))
    desk.bring(f"会议室细则\n第一条 {rule}{'会议室每周打扫。' * 60}\n第二条 乙。", effective=date(2026, 1, 1))
    body = desk.ask("会议室使用前要向办公室预约登记吗").body
    assert body.text.startswith("两份文件都讲到这件事：")
    assert says(body)[:2] == ["/规章 查看 第一条 会议室细则", "/规章 查看 第一条 会议室办法"]
    assert [button.label for button in body.buttons[:2]] == ["全文：会议室细则", "全文：会议室办法"]


def test_the_time_that_was_spoken_of_goes_on_too(desk: Desk) -> None:
    desk.bring(CARS_TEXT.replace("一个工作日", "三个工作日"), effective=date(2022, 3, 1))
    desk.bring(CARS_TEXT, effective=date(2025, 3, 1))
    assert "一个工作日" in desk.ask("部门用车要提前几个工作日申请").body.text
    body = desk.ask("2023年时部门用车要提前几个工作日申请").body
    assert body.text.startswith("按 2023 年 12 月 31 日时有效的版本回答")
    assert "三个工作日" in body.text
    assert says(body) == ["/规章 有用 2", "/规章 没用 2"]  # the commands show what is in force today
    text = desk.ask("谁负责这个").body.text
    assert text.startswith("接着刚才的「")
    assert "三个工作日" in text
    assert "一个工作日" not in text


# -- whom to ask -------------------------------------------------------------------------------------------------


def test_whoever_answers_for_a_document_is_named(desk: Desk) -> None:
    _owned_by("wang", desk)
    assert desk.ask("司机违章罚款谁出").body.text.endswith("不同意见或疑问请联系王建国。")
    assert desk.ask("司机违章罚款谁出", conversation=OFFICE).body.text.endswith("请联系王建国。")
    assert "13812345678" not in desk.ask("司机违章罚款谁出").body.text


@pytest.mark.parametrize("person", ["li", None])
def test_nobody_is_named_where_outsiders_read_along(desk: Desk, person: str | None) -> None:
    _owned_by("wang", desk)
    text = desk.ask("司机违章罚款谁出", person, "cidClass").body.text
    assert text.endswith("请联系学院办公室。")
    assert "王建国" not in text


def test_an_owner_who_has_left_or_is_unknown_is_not_named(desk: Desk) -> None:
    _owned_by("wang", desk, status="retired")
    assert desk.ask("司机违章罚款谁出").body.text.endswith("请联系学院办公室。")
    _owned_by("nobody", desk)
    assert desk.ask("司机违章罚款谁出").body.text.endswith("请联系学院办公室。")


def _owned_by(owner: str, desk: Desk, status: str = "serving") -> None:
    desk.store.staff.put(StaffFact("wang", "personnel-file", "王建国", "后勤处", "13812345678", status=status), NOW)
    desk.bring(CARS_TEXT)
    desk.store.database.execute("update policy_documents set owner = ? where title = ?", (owner, CARS))
    desk.forget_index()


# -- refusals ----------------------------------------------------------------------------------------------------


def test_what_is_out_of_scope_is_refused_in_two_sentences(desk: Desk) -> None:
    desk.bring(CARS_TEXT)
    found = desk.ask("今天天气怎么样")
    assert not found.is_answered
    assert found.body == Body(
        f"规章里没有写这件事，我答不了（查过《{CARS}》6 条、《{DIGEST}》50 条）。可以换个说法再问我，或者问学院办公室。",
        "没找到对应条款",
    )


def test_a_near_miss_is_offered_but_not_claimed_and_can_be_passed_on(desk: Desk) -> None:
    found = desk.ask("退休手续去哪办")
    assert not found.is_answered
    assert found.body.text.startswith(f"规章里没有写这件事（查过《{DIGEST}》50 条）。\n\n最接近的是这两条：\n\n- ")
    assert "\n- 二.6.(二)：" in found.body.text
    assert found.body.text.endswith("都不是的话，要不要我转给负责人答复？")
    assert "/规章 查看 二.6.(二)" in says(found.body)
    assert says(found.body)[-1] == "/规章 转交 1"


def test_in_a_group_the_nearest_articles_are_only_to_be_tapped(desk: Desk) -> None:
    body = desk.ask("退休手续去哪办", conversation=OFFICE).body
    assert "\n- " not in body.text
    assert "/规章 查看 二.6.(二)" in says(body)


def test_whoever_may_ask_may_have_it_passed_on(desk: Desk) -> None:
    assert says(desk.ask("退休手续去哪办", None, "cidClass").body)[-1] == "/规章 转交 1"


def test_what_may_be_put_in_other_words_can_be_passed_on_in_private(desk: Desk) -> None:
    unknown = "龘靐齉爩灪麤鱻虋"
    assert desk.context.policies.look_up(unknown).elsewhere is None
    assert says(desk.ask(unknown).body) == ["/规章 转交 1"]
    assert says(desk.ask(unknown, conversation=OFFICE).body) == []
    assert says(desk.ask("qwxyz zzz").body) == []


def test_how_the_app_is_worked_is_not_in_the_regulations(desk: Desk) -> None:
    text = desk.ask("钉钉怎么换铃声").body.text
    assert text.startswith("这像是软件怎么操作的问题，规章里没有写操作步骤")
    assert "操作" not in desk.ask("DING一次要多少钱").body.text, "what it costs is no question of how it is worked"


def test_whom_to_ask_and_how_sure_to_be_are_settings() -> None:
    with a_desk(contact="教务处王老师", refusal_threshold=0.9999) as desk:
        found = desk.ask("今天天气怎么样")
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


def test_many_documents_are_not_all_listed(desk: Desk) -> None:
    for number in range(1, 7):
        desk.bring(f"办法{number}\n第一条 甲。\n第二条 乙。")
    text = desk.ask("今天天气怎么样").body.text
    assert "等 7 份文件）" in text
    assert text.count("《") == 3


# -- what is kept ------------------------------------------------------------------------------------------------


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


def test_nothing_personal_is_said_back(desk: Desk) -> None:
    desk.ask("退休的老师13812345678还要留在群里吗", conversation=OFFICE)
    for question in ("谁负责这个", "退休的13812345678要退群吗？另外手机号换成13912345678了怎么办？"):
        text = desk.ask(question, conversation=OFFICE).body.text
        assert "12345678" not in text


# -- small things ------------------------------------------------------------------------------------------------


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
            assert all(said.startswith("/规章 ") for said in says(found.body))
            assert len(found.body.buttons) <= 5


@pytest.mark.parametrize("how", ["第三条第二款", "/规章 查看 第三条第二款"])
def test_a_part_that_an_article_has_not_is_said_to_be_missing(how: str) -> None:
    with a_desk() as desk:
        desk.bring(CARS_TEXT)
        body = desk.call(how) if how.startswith("/") else desk.ask(how).body
        assert body.text.startswith("没有「第三条第二款」，这一条是：\n\n")
        assert "提前一个工作日" in body.text
        for there in ("第三条", "第三条第一款", "二.6第二项", "二.6.(二)", "五.8"):
            assert "没有「" not in desk.ask(there).body.text
        assert "没有「" not in desk.call(f"/规章 查看 第三条 {CARS}").text


def test_of_more_than_three_questions_it_is_said_that_three_are_answered() -> None:
    with a_desk() as desk:
        text = desk.ask("手机号换了怎么办；退休了要退群吗；涉密文件能放钉盘吗；群主谁来当").body.text
        assert "**1、手机号换了怎么办**" in text
        assert "**2、退休了要退群吗**" in text
        assert text.endswith("一次最多答三件事。没答到的，请再问我一次。")
        assert "一次最多" not in desk.ask("手机号换了怎么办？退休了要退群吗？涉密文件能放钉盘吗？").body.text
