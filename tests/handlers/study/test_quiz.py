"""A quiz from the first draft to the last answer; nobody hears of anybody's results but the person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from handlers import router
from handlers.message import ChatKind, Incoming, Private, Sender
from handlers.policy.finding.index import PolicyIndex
from storage.policies import Article, Document
from storage.roles import Grant
from tests.handlers.hall import ADMIN, SUB, private_to, reply
from tests.handlers.study.school import (
    LI,
    QIAN,
    QUESTION,
    RETIRED,
    STUDENT,
    SUN,
    TEACHING,
    WANG,
    ZHOU,
    School,
    a_school,
    hearers,
)

SECOND = "/学习 出题 五.7 部门群的群主由谁担任？ | 部门主要负责人 | 任何人 | 答案 A"


@pytest.fixture
def school() -> Iterator[School]:
    with a_school() as made:
        yield made


def results(school: School, person: str) -> dict[int, bool]:
    return school.store.quiz.answered(1, person)


def test_an_admin_writes_a_question_on_one_line(school: School) -> None:
    text = school.hall.ask(ADMIN, QUESTION).text
    assert "已存为 1 号题" in text
    assert "A. 管理员（正确）" in text
    [question] = school.store.quiz.ready()
    assert (question.article, question.options, question.answer) == ("五.8", ("管理员", "任何成员", "不用审核"), 0)
    assert school.hall.audited()[0] == "学习 出题"
    assert "已经有同样的题" in school.hall.ask(ADMIN, QUESTION).text


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("/学习 出题", "请写条款编号"),
        ("/学习 出题 九.99", "没有「九.99」这一条"),
        ("/学习 出题 九.99 谁？ | 甲 | 乙 | 答案 A", "没有「九.99」这一条"),
        ("/学习 出题 五.8 谁审核", "隔开"),
        ("/学习 出题 五.8 谁？ | 甲 | 乙 | 答案 丙", "最后写正确答案"),
        ("/学习 采用 99", "没有 99 号草稿"),
        ("/学习 停用 99", "没有 99 号题"),
        ("/学习 题目 99", "没有 99 号题"),
        ("/学习 测验", "没有还没考过的题"),
        ("/学习 测验 99", "没有 99 号题"),
    ],
)
def test_what_is_wrong_gets_the_reason_and_an_example(school: School, command: str, why: str) -> None:
    text = school.hall.ask(ADMIN, command).text
    assert why in text
    assert "例如：/学习" in text


def test_a_draft_out_of_an_article_is_only_a_proposal(school: School) -> None:
    body = school.hall.ask(ADMIN, "/学习 出题 五.8")
    assert "草稿 1 号" in body.text and "（正确）" in body.text
    assert school.store.quiz.ready() == []
    again = next(button for button in body.buttons if button.label == "换一题")
    other = school.hall.ask(ADMIN, again.says)
    assert "草稿 2 号" in other.text
    assert other.text.split("：\n\n")[1] != body.text.split("：\n\n")[1]
    taken = next(button for button in other.buttons if button.label == "采用")
    assert "2 号题可以用了" in school.hall.ask(ADMIN, taken.says).text
    assert [question.id for question in school.store.quiz.ready()] == [2]
    assert "没有 2 号草稿" in school.hall.ask(ADMIN, taken.says).text


def test_the_line_below_a_draft_can_be_sent_back(school: School) -> None:
    text = school.hall.ask(ADMIN, "/学习 出题 五.8").text
    line = text.rsplit("\n\n", 1)[1]
    assert "已存为 2 号题" in school.hall.ask(ADMIN, line).text


def test_an_article_without_a_gap_says_how_to_write_one(school: School) -> None:
    assert "请自己写" in school.hall.ask(ADMIN, "/学习 出题 一.3").text


def test_answers_of_questions_are_shown_to_admins_in_private(school: School) -> None:
    sent = school.hall.say(ADMIN, QUESTION, TEACHING)
    assert "正确" not in reply(sent).text
    assert "（正确）" in private_to(ADMIN, sent).text
    assert "- 1 号 五.8：谁审核入群人员？" in school.hall.ask(ADMIN, "/学习 题目").text
    assert "- 1 号" in school.hall.ask(ADMIN, "/学习 题目 五.8").text
    assert "- 1 号" in school.hall.ask(ADMIN, "/学习 题目 5.8").text
    assert "还没有题目" in school.hall.ask(ADMIN, "/学习 题目 五.7").text
    assert "（正确）" in school.hall.ask(ADMIN, "/学习 题目 1").text
    for command in ("题目", "题目 1", "出题 五.8", "采用 1", "测验 1", "停用 1"):
        assert "需要子管理员" in school.hall.ask(SUN, f"/学习 {command}").text


def test_it_says_first_how_many_get_it_then_the_first_question_goes_to_serving_staff_in_one_call(
    school: School,
) -> None:
    school.hall.say(ADMIN, QUESTION)
    assert "5 位在职教职工，约用 1 次接口" in school.hall.ask(ADMIN, "/学习 测验 开始").text
    sent = school.confirmed(ADMIN, "/学习 测验 开始 1")
    [word] = [one for one in sent if isinstance(one, Private)]
    assert set(word.to) == {WANG, SUN, ZHOU, LI, QIAN}
    assert RETIRED not in word.to and STUDENT not in word.to
    assert [button.says for button in word.body.buttons] == ["/学习 答 1 A", "/学习 答 1 B", "/学习 答 1 C"]
    assert "正确" not in word.body.text
    assert school.hall.audited()[0:2] == ["确认", "学习 测验"]


def test_a_quiz_for_one_department(school: School) -> None:
    school.hall.say(ADMIN, QUESTION)
    assert hearers(school.confirmed(ADMIN, "/学习 测验 1 教务处")) == {WANG, SUN, ZHOU}
    assert "没有「烹饪系」这个部门" in school.hall.ask(ADMIN, "/学习 测验 1 烹饪系").text


def test_a_sub_admin_quizzes_the_own_departments_alone(school: School) -> None:
    school.store.roles.grant(Grant(SUB, "sub-admin", ("学生处",), ("学习",)), ADMIN, school.hall.now)
    school.hall.say(SUB, QUESTION)
    assert "不在你的管理范围里" in school.hall.ask(SUB, "/学习 测验 1 教务处").text
    assert hearers(school.confirmed(SUB, "/学习 测验 1")) == {LI, QIAN}


def test_right_and_wrong_are_told_at_once_with_the_article_and_the_next_question(school: School) -> None:
    school.quiz(QUESTION, SECOND)
    body = school.hall.ask(SUN, "/学习 答 1 B")
    assert "这题应选 **A. 管理员**" in body.text
    assert "> 管理员应当审核入群人员" in body.text
    assert "第 2/2 题" in body.text
    assert [button.says for button in body.buttons] == ["/学习 答 2 A", "/学习 答 2 B"]
    last = school.hall.ask(SUN, "/学习 答 2 A")
    assert "答对了" in last.text
    assert "答对 1/2" in last.text
    assert school.store.study.owed_by(SUN) == []
    assert "3 号" not in last.text


def test_a_letter_typed_in_private_answers_the_question_that_waits(school: School) -> None:
    school.quiz(QUESTION, SECOND)
    assert "答对了" in school.hall.ask(SUN, "A").text
    assert "应选" in school.hall.ask(SUN, "选b").text
    assert results(school, SUN) == {1: True, 2: False}
    assert "答对" not in school.hall.ask(SUN, "B").text  # nothing waits any more


def test_a_letter_that_the_question_does_not_have_shows_it_again(school: School) -> None:
    school.quiz()
    assert "第 1/1 题" in school.hall.ask(SUN, "E").text
    assert "这题的选项是 A、B、C" in school.hall.ask(SUN, "/学习 答 1 D").text
    assert results(school, SUN) == {}


def test_the_first_try_counts_and_later_ones_teach(school: School) -> None:
    school.quiz()
    school.hall.say(SUN, "/学习 答 1 C")
    text = school.hall.ask(SUN, "/学习 答 1 A").text
    assert "答对了" in text and "以第一次为准" in text and "> 管理员应当审核" in text
    assert results(school, SUN) == {1: False}
    assert "答对 0/1" in school.hall.ask(SUN, "/学习 我的").text


def test_an_answer_in_a_group_is_told_in_private(school: School) -> None:
    school.quiz()
    sent = school.hall.say(SUN, "/学习 答 1 B", TEACHING)
    assert reply(sent).text == "已私下发给你。"
    assert "应选" in private_to(SUN, sent).text


def test_whoever_was_not_asked_gets_no_verdict(school: School) -> None:
    school.hall.say(ADMIN, QUESTION)
    school.confirmed(ADMIN, "/学习 测验 1 学生处")
    for person in (SUN, RETIRED):
        text = school.hall.ask(person, "/学习 答 1 A").text
        assert "不在你的测验里" in text
    assert "不在你的测验里" in school.hall.ask(SUN, "/学习 答 77 A").text
    assert "没有要做的测验" in school.hall.ask(SUN, "/学习 做题").text


def test_it_can_be_gone_on_with_later(school: School) -> None:
    school.quiz(QUESTION, SECOND)
    school.hall.say(SUN, "A")
    assert "第 2/2 题" in school.hall.ask(SUN, "/学习 做题").text
    assert "第 2/2 题" in school.hall.ask(SUN, "/学习 做题 1").text
    assert "做题 1" in [button.label for button in school.hall.ask(SUN, "/学习 我的").buttons]
    assert "1 号是测验" not in school.hall.ask(SUN, "/学习 完成 1").text
    assert not any(duty.done_at for duty in school.store.study.duties((1,)))


def test_a_question_that_is_taken_back_is_asked_of_nobody_any_more(school: School) -> None:
    school.quiz(QUESTION, SECOND)
    assert "2 号题已停用" in school.hall.ask(ADMIN, "/学习 停用 2").text
    text = school.hall.ask(SUN, "A").text
    assert "测验完成" in text and "答对 1/1" in text
    assert "没有 2 号题" in school.hall.ask(ADMIN, "/学习 测验 2").text


def test_heads_and_admins_see_who_has_done_it_and_never_how_well(school: School) -> None:
    school.quiz()
    school.hall.say(SUN, "/学习 答 1 B")
    school.hall.say(ZHOU, "/学习 答 1 A")
    for person in (WANG, ADMIN):
        texts = [school.hall.ask(person, command).text for command in ("/学习 进度", "/学习 未完成 1")]
        assert "1 号测验：2／3" in texts[0]
        assert all("答对" not in text and "应选" not in text and "0/1" not in text for text in texts)
        assert "孙悦" not in texts[1] and "王建国" in texts[1]


def test_new_questions_are_taken_where_none_is_named_and_five_at_most(school: School) -> None:
    school.quiz()
    assert "没有还没考过的题" in school.hall.ask(ADMIN, "/学习 测验").text
    for number in range(6):
        school.hall.say(ADMIN, f"/学习 出题 五.8 第{'一二三四五六'[number]}问？ | 是 | 否 | 答案 A")
    assert "5 道题" in school.hall.ask(ADMIN, "/学习 测验").text
    assert "最多 5 道题" in school.hall.ask(ADMIN, "/学习 测验 2 3 4 5 6 7").text


def test_a_number_that_several_documents_have_needs_the_title(school: School) -> None:
    school.store.policies.add(
        Document("用车办法"), [Article("五.8", "司机应当持证上岗，由办公室派车。")], school.hall.now
    )
    index = PolicyIndex.load(school.store.policies, school.hall.now.date())

    def said(text: str) -> str:
        message = Incoming(text, "private-admin", ChatKind.PRIVATE, Sender(ADMIN), text)
        return reply(router.handle(message, replace(school.hall.context, policies=index))).text

    assert "几份文件都有这一条" in said(QUESTION)
    assert "五.8《用车办法》" in said("/学习 出题 五.8")
    assert "已存为 1 号题（依据 《用车办法》五.8）" in said(QUESTION.replace("五.8", "五.8《用车办法》"))
    assert "草稿 2 号" in said("/学习 出题 《用车》五.8")
