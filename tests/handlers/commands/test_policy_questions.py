"""`/规章 问法`: those who answer for a document add and take out the questions by which its articles are found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.message import Reply
from handlers.policy import shipped
from handlers.policy.curated.queue_texts import as_question
from tests.handlers.hall import ADMIN, OFFICE
from tests.handlers.policy.desk import CARS, CARS_TEXT, DIGEST
from tests.handlers.policy.office import KEEPER, TEACHER, Office, an_office, replied

WORDS = "周末能不能开回家"


@pytest.fixture
def office() -> Iterator[Office]:
    with an_office() as made:
        yield made


def questions(office: Office, number: str = "第四条") -> list[tuple[str, str]]:
    [document] = [one for one, _ in office.context.policies.documents if one.title == CARS]
    return [(one.question, one.source) for one in office.store.article_questions.of(document.id, number)]


def test_a_question_is_added_and_the_article_found_by_it(office: Office) -> None:
    assert "第四条" not in office.ask(TEACHER, WORDS).text
    assert "还没有常见问法" in office.ask(KEEPER, "/规章 问法 第四条").text
    text = office.ask(KEEPER, f"/规章 问法 添加 第四条 {WORDS}？").text
    assert f"《{CARS}》第四条" in text
    assert questions(office) == [(f"{WORDS}？", "admin")]
    assert "第四条" in office.ask(TEACHER, WORDS).text
    assert "1. " in office.ask(KEEPER, "/规章 问法 列表 第四条").text
    assert "规章 问法 添加" in office.audited()


def test_a_question_is_taken_out_by_its_place_or_its_words(office: Office) -> None:
    for words in (WORDS, "公务车可以借给朋友吗"):
        office.ask(KEEPER, f"/规章 问法 添加 第四条 《{CARS}》 {words}")
    assert "删掉" in replied(office.confirmed(KEEPER, f"/规章 问法 删除 第四条 {WORDS}"))
    [gone] = office.confirmed(KEEPER, "/规章 问法 删除 第四条 1")
    assert questions(office) == []
    assert "规章 问法 删除" in office.audited()
    assert isinstance(gone, Reply)
    [back] = gone.body.buttons
    assert "已加到" in office.ask(KEEPER, back.says).text
    assert questions(office) == [("公务车可以借给朋友吗", "admin")]


def test_what_the_suggestion_says_is_understood(office: Office) -> None:
    number = office.asked("用车最晚啥时候报", is_answered=True)
    office.say(TEACHER, f"/规章 转交 {number}")
    sent = office.confirmed(KEEPER, "问1 第三条 提前一个工作日")
    [says] = [
        button.says for one in sent if hasattr(one, "body") for button in one.body.buttons if "问法 添加" in button.says
    ]
    assert "已加到" in office.ask(KEEPER, says).text
    assert questions(office, "第三条") == [("用车最晚啥时候报", "passed-on")]


def test_questions_go_on_to_the_next_version(office: Office) -> None:
    office.ask(KEEPER, f"/规章 问法 添加 第四条 {WORDS}")
    office.bring(CARS_TEXT.replace("酒后驾车", "酒后或者疲劳驾车"))
    assert questions(office) == [(WORDS, "admin")], "it still says where it comes from"
    office.confirmed(KEEPER, f"/规章 问法 删除 第四条 {WORDS}")
    office.bring(CARS_TEXT.replace("酒后驾车", "酒后驾驶"))
    assert questions(office) == [], "what was taken out stays out"


def test_a_version_that_has_not_begun_does_not_fall_behind(office: Office) -> None:
    office.ask(KEEPER, "/规章 问法 添加 第四条 车能借给亲戚开吗")
    office.bring(CARS_TEXT.replace("2025年3月1日", "2027年3月1日").replace("第三条 各部门用车", "第三条 宿舍熄灯"))
    office.ask(KEEPER, f"/规章 问法 添加 第四条 {WORDS}")
    office.confirmed(KEEPER, "/规章 问法 删除 第四条 车能借给亲戚开吗")
    assert questions(office) == [(WORDS, "admin")]
    office.now += timedelta(days=120)
    assert office.context.policies.named("第四条")[0][0].version == 2
    assert questions(office) == [(WORDS, "admin")]


def test_the_same_question_is_not_added_again(office: Office) -> None:
    office.ask(KEEPER, f"/规章 问法 添加 第四条 {WORDS}")
    assert "已经有这个问法" in office.ask(KEEPER, "/规章 问法 添加 第四条 请问周末可不可以开回家").text
    assert f"《{CARS}》第四条 那里" in office.ask(KEEPER, f"/规章 问法 添加 第三条 {WORDS}？").text
    assert questions(office, "第三条") == []
    text = office.ask(KEEPER, "/规章 问法 添加 第四条 群主多久清理一次人").text
    assert "已加到" in text
    text = office.ask(ADMIN, "/规章 问法 添加 五.8 《要点》 群主多久清理一次人；发票丢了群主赔吗").text
    assert f"群主多久清理一次人 → 已经在 《{CARS}》第四条 那里" in text
    assert "发票丢了群主赔吗" in text.split("没有加")[0]


def test_who_cannot_take_it_out_elsewhere_is_told_who_can(office: Office) -> None:
    office.ask(ADMIN, "/规章 问法 添加 五.8 发票丢了群主赔吗")
    assert "找那份文件的负责人" in office.ask(KEEPER, "/规章 问法 添加 第四条 发票丢了群主赔吗").text


def test_several_are_added_at_once(office: Office) -> None:
    office.ask(KEEPER, "/规章 问法 添加 第四条 车能过夜吗\n车能洗吗；车能不能洗\n\n车能停家里吗")
    assert [question for question, _ in questions(office)] == ["车能停家里吗", "车能洗吗", "车能过夜吗"]


def test_an_article_has_so_many_at_most(office: Office) -> None:
    signs = "甲乙丙丁戊己庚辛壬癸"
    for first in signs:
        office.ask(KEEPER, "/规章 问法 添加 第四条 " + "；".join(f"车能开到{first}{second}县吗" for second in signs))
    assert len(questions(office)) == 100
    assert "先删几个" in office.ask(KEEPER, f"/规章 问法 添加 第四条 {WORDS}").text


def test_a_long_list_has_pages(office: Office) -> None:
    body = office.ask(ADMIN, "/规章 问法 五.8")
    assert "1. " in body.text and "\n21. " not in body.text
    [more] = body.buttons
    following = office.ask(ADMIN, more.says)
    assert "\n21. " in following.text and "第 2 页" in following.text
    assert office.ask(ADMIN, "/规章 问法 五.8 99").text == office.ask(ADMIN, "/policy questions list 五.8 99").text


def test_what_was_just_added_is_a_tap_away(office: Office) -> None:
    [look] = office.ask(ADMIN, "/规章 问法 添加 五.8 发票丢了群主赔吗").buttons
    assert "发票丢了群主赔吗（后加的）" in office.ask(ADMIN, look.says).text


def test_the_overview_says_what_has_none(office: Office) -> None:
    text = office.ask(KEEPER, "/规章 问法").text
    assert f"《{CARS}》6 条，6 条还没有" in text and "要点" not in text
    assert f"《{DIGEST}》" in office.ask(ADMIN, "/规章 问法").text
    assert "没有归你负责" in office.ask(TEACHER, "/规章 问法").text


def test_a_shipped_question_stays_away(office: Office) -> None:
    [document] = [one for one, _ in office.context.policies.documents if one.title == DIGEST]
    first, *_ = office.store.article_questions.of(document.id, "五.8")
    assert first.source == "shipped"
    office.confirmed(ADMIN, "/规章 问法 删除 五.8 1")
    shipped.install_if_empty(office.store, office.now)  # as every start does
    assert first not in office.store.article_questions.of(document.id, "五.8")


def test_a_liked_question_says_so(office: Office) -> None:
    number = office.asked("公务用车前多久要报", is_answered=True)
    office.say(TEACHER, f"/规章 有用 {number}")
    office.ask(KEEPER, "/规章 问法 添加 第三条 公务用车前多久要报")
    assert questions(office, "第三条") == [("公务用车前多久要报", "liked")]
    assert "有人说答得好" in office.ask(KEEPER, "/规章 问法 第三条").text


def test_titles_may_hold_titles(office: Office) -> None:
    title = "学院执行《印章法》的办法"
    office.bring(f"{title}\n第一条 印章由办公室保管。\n第四条 印章不得带出学院。\n")
    assert "已加到" in office.ask(ADMIN, f"/规章 问法 添加 第四条《{title}》章能带出去吗").text


def test_a_suggestion_is_one_question(office: Office) -> None:
    [(document, article)] = office.context.policies.named("第四条")
    says = as_question("车坏了；要赔吗\n急", document, article).says
    office.ask(KEEPER, says)
    assert questions(office) == [("车坏了，要赔吗 急", "admin")]


@pytest.mark.parametrize(("length", "offered"), [(120, True), (121, False)])
def test_only_what_can_be_added_is_offered(office: Office, length: int, offered: bool) -> None:
    number = office.asked("车" * (length - 5) + "最晚啥时报", is_answered=True)
    office.say(TEACHER, f"/规章 转交 {number}")
    sent = office.confirmed(KEEPER, "问1 第三条 提前一个工作日")
    says = [one.says for each in sent if isinstance(each, Reply) for one in each.body.buttons if "问法" in one.says]
    assert bool(says) is offered
    assert all("已加到" in office.ask(KEEPER, one).text for one in says)


@settings(max_examples=10, deadline=None)
@given(st.text(max_size=200))
def test_anything_that_is_typed_gets_a_word(said: str) -> None:
    with an_office() as office:
        for word in ("", "添加 第四条", "添加", "删除 第四条"):
            assert office.say(KEEPER, f"/规章 问法 {word} {said}")


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("添加", "请写条款编号"),
        ("添加 第九十九条 问", "没有「第九十九条」"),
        ("添加 第四条", "问题是空的"),
        ("添加 第四条 ？！", "问题是空的"),
        (f"添加 第四条 {'长' * 121}", "问题太长"),
        ("添加 五.8 群主不管事怎么办", "不归你负责"),
        ("添加 第四条 《没有》 问", "里没有「第四条」"),
        ("删除 第四条 1", "没有这个问法"),
        ("删除 第四条", "没有这个问法"),
        ("列表 x", "没有「x」"),
        ("第四条 一些别的", "编号后面只写"),
        ("添加 第四条 车能过夜吗；？；车能洗吗", "「？」问题是空的"),
        (
            "添加 第四条 " + "；".join(f"车能开到{name}吗" for name in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌"),
            "最多加 20 个",
        ),
    ],
)
def test_what_does_not_fit(office: Office, said: str, wrong: str) -> None:
    assert wrong in office.ask(KEEPER, f"/规章 问法 {said}").text


def test_who_may(office: Office) -> None:
    assert "不归你负责" in office.ask(TEACHER, f"/规章 问法 添加 第四条 {WORDS}").text
    assert "已加到" in office.ask(ADMIN, f"/规章 问法 添加 第四条 {WORDS}", OFFICE).text
    assert "问法" not in office.ask(TEACHER, "/帮助").text


def test_numbers_of_people_are_masked(office: Office) -> None:
    office.ask(KEEPER, "/规章 问法 添加 第四条 车牌找13812345678对吗")
    assert "13812345678" not in questions(office)[0][0]


def test_a_number_of_several_documents_has_to_be_made_clear(office: Office) -> None:
    office.bring("学院会议室管理办法\n第一条 会议室由办公室统一安排。\n第四条 会议室用完要关灯。\n")
    assert "写明是哪一份" in office.ask(ADMIN, f"/规章 问法 添加 第四条 {WORDS}").text
    choice = office.ask(ADMIN, "/规章 问法 第四条")
    assert [f"《{CARS}》" in office.ask(ADMIN, one.says).text for one in choice.buttons] == [False, True]
    assert "已加到" in office.ask(ADMIN, f"/规章 问法 添加 第四条 《{CARS}》 {WORDS}").text
    assert "已加到" in office.ask(KEEPER, "/规章 问法 添加 第四条 车能借给亲戚开吗").text, (
        "only one of them is the owner's"
    )
