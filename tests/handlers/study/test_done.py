"""People say that they have read; heads and admins see counts and names, the others their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from handlers.message import Reply
from storage.roles import Grant
from tests.handlers.hall import ADMIN, SUB, private_to, reply
from tests.handlers.study.school import (
    LI,
    QIAN,
    RETIRED,
    STUDENT,
    STUDENTS,
    SUN,
    TEACHING,
    WANG,
    ZHOU,
    School,
    a_school,
)

FOR_STUDENTS, FOR_TEACHING = 1, 2


@pytest.fixture
def school() -> Iterator[School]:
    with a_school() as made:
        made.post()
        yield made


def is_done(school: School, number: int, person: str) -> bool:
    duty = school.store.study.duty(number, person)
    return duty is not None and duty.done_at is not None


def test_the_button_in_the_group_is_noted_with_the_same_words_for_everybody(school: School) -> None:
    said = {reply(school.hall.say(person, "/学习 完成 2", TEACHING)).text for person in (SUN, ZHOU)}
    assert said == {"2 号学习已记下，谢谢！"}
    assert is_done(school, FOR_TEACHING, SUN) and is_done(school, FOR_TEACHING, ZHOU)
    assert not is_done(school, FOR_TEACHING, WANG)


@pytest.mark.parametrize(
    "text", ["/学习 完成 2", "/学习完成２号", "/study done 2", "学完了 2", "我已学完", "已阅", "看完了！"]
)
def test_whatever_people_type_in_private(school: School, text: str) -> None:
    assert "2 号学习已记下" in school.hall.ask(SUN, text).text
    assert is_done(school, FOR_TEACHING, SUN)


def test_twice_is_once(school: School) -> None:
    school.hall.say(SUN, "/学习 完成 2")
    at = school.store.study.duty(2, SUN)
    school.workdays_later(1)
    assert "已经记过了" in school.hall.ask(SUN, "/学习 完成 2").text
    assert school.store.study.duty(2, SUN) == at


def test_in_private_what_is_left_is_said_with_buttons(school: School) -> None:
    school.post()
    body = school.hall.ask(SUN, "/学习 完成 2")
    assert "还有 1 项没完成" in body.text
    assert [button.says for button in body.buttons] == ["/学习 完成 4"]


def test_without_a_number_and_with_several_it_asks_which(school: School) -> None:
    school.post()
    body = school.hall.ask(SUN, "学完了")
    assert "学完的是哪一号" in body.text
    assert len(body.buttons) == 2
    assert "学完的是哪一号" in school.hall.ask(SUN, "学完了", TEACHING).text
    assert not is_done(school, 2, SUN) and not is_done(school, 4, SUN)


def test_words_are_an_answer_only_where_something_is_owed(school: School) -> None:
    school.hall.say(SUN, "学完了")
    assert "学习" not in school.hall.ask(SUN, "退休的老师还要留在群里吗").text
    assert "已记下" not in school.hall.ask(SUN, "看完了").text


@pytest.mark.parametrize("chat", [None, TEACHING])
def test_whoever_owes_nothing_hears_how_it_stands(school: School, chat: str | None) -> None:
    school.hall.say(SUN, "学完了")
    assert reply(school.hall.say(SUN, "学完了", chat)).text == "你没有要学的了，谢谢！"
    assert "已经记过了" in reply(school.hall.say(SUN, "学完了 2", chat)).text
    assert "没有 99 号学习" in reply(school.hall.say(SUN, "学完了 99", chat)).text


@pytest.mark.parametrize("person", [RETIRED, STUDENT, "nobody"])
def test_only_serving_staff_are_counted(school: School, person: str) -> None:
    assert "名册里的在职教职工" in reply(school.hall.say(person, "/学习 完成 2", TEACHING)).text
    assert school.store.study.duty(2, person) is None


def test_outsiders_are_none_of_it(school: School) -> None:
    assert "需要教职工" in school.hall.ask(None, "/学习 完成 2", TEACHING).text


def test_somebody_of_another_department_need_not(school: School) -> None:
    assert "不用登记" in school.hall.ask(QIAN, "/学习 完成 2", TEACHING).text
    assert school.store.study.duty(2, QIAN) is None


def test_whoever_came_after_the_post_is_counted_from_then_on(school: School) -> None:
    school.employ("new", "新老师", "教务处")
    assert "已记下" in school.hall.ask("new", "/学习 完成 2", TEACHING).text
    assert "- 2 号 一.1：1／4" in school.hall.ask(WANG, "/学习 进度").text


def test_numbers_that_there_are_not(school: School) -> None:
    assert "没有 99 号学习" in school.hall.ask(SUN, "/学习 完成 99").text
    assert "请写编号" in school.hall.ask(SUN, "/学习 完成 这个").text
    assert "请写编号" in school.hall.ask(SUN, "/学习 完成 999999999999999999999").text


def test_a_head_sees_the_counts_of_the_own_department(school: School) -> None:
    school.hall.say(SUN, "/学习 完成 2")
    text = school.hall.ask(WANG, "/学习 进度").text
    assert "**教务处**" in text
    assert "- 2 号 一.1：1／3" in text
    assert "学生处" not in text


def test_an_admin_sees_all_and_staff_their_own(school: School) -> None:
    text = school.hall.ask(ADMIN, "/学习 进度").text
    assert "- 1 号 一.1：0／2" in text and "- 2 号 一.1：0／3" in text
    own = school.hall.ask(SUN, "/学习 进度").text
    assert "还有 1 项没完成" in own
    assert "／" not in own


def test_a_sub_admin_sees_the_departments_of_the_grant(school: School) -> None:
    school.store.roles.grant(Grant(SUB, "sub-admin", ("学生处",), ("学习",)), ADMIN, school.hall.now)
    text = school.hall.ask(SUB, "/学习 进度").text
    assert "学生处" in text and "教务处" not in text
    assert "钱多" in school.hall.ask(SUB, "/学习 未完成 1").text
    assert "只有本部门负责人和管理员" in school.hall.ask(SUB, "/学习 未完成 2").text


def test_a_sub_admin_of_other_things_sees_nothing(school: School) -> None:
    assert "／" not in school.hall.ask(SUB, "/学习 进度").text


def test_names_of_who_owes_go_to_the_head_in_private(school: School) -> None:
    school.hall.say(SUN, "/学习 完成 2")
    sent = school.hall.say(WANG, "/学习 未完成 2", TEACHING)
    assert "周静" not in reply(sent).text
    text = private_to(WANG, sent).text
    assert "王建国、周静（2 人）" in text or "周静、王建国（2 人）" in text
    assert "孙悦" not in text


@pytest.mark.parametrize("person", [SUN, LI])
def test_nobody_else_gets_the_names(school: School, person: str) -> None:
    sent = school.hall.say(person, "/学习 未完成 2", TEACHING)
    assert sent == [Reply(reply(sent), at_sender=True)]
    assert "只有本部门负责人和管理员" in reply(sent).text
    assert "只有本部门负责人和管理员" in school.hall.ask(SUN, "/学习 未完成 999").text


def test_without_a_number_the_newest_with_somebody_owing(school: School) -> None:
    assert "**2 号 一.1**" in school.hall.ask(WANG, "/学习 未完成").text
    for person in (WANG, SUN, ZHOU):
        school.hall.say(person, "/学习 完成 2")
    assert "都完成了" in school.hall.ask(WANG, "/学习 未完成").text


def test_who_has_left_is_not_counted_any_more_unless_done(school: School) -> None:
    school.hall.say(SUN, "/学习 完成 2")
    school.employ(SUN, "孙悦", "教务处", "departed")
    school.employ(ZHOU, "周静", "教务处/教学科", "retired")
    assert "- 2 号 一.1：1／2" in school.hall.ask(WANG, "/学习 进度").text
    assert "周静" not in school.hall.ask(WANG, "/学习 未完成 2").text


def test_progress_in_a_group_goes_to_whoever_asked(school: School) -> None:
    sent = school.hall.say(LI, "/学习 进度", STUDENTS)
    assert reply(sent).text == "已私下发给你。"
    assert "学生处" in private_to(LI, sent).text


def test_an_admin_ends_a_task(school: School) -> None:
    assert "已结束 2 号" in school.hall.ask(ADMIN, "/学习 结束 2").text
    assert school.store.study.owed_by(SUN) == []
    assert "早已结束" in school.hall.ask(ADMIN, "/学习 结束 2").text
    assert "没有 77 号" in school.hall.ask(ADMIN, "/学习 结束 77").text
    assert "2 号学习已记下" in school.hall.ask(SUN, "/学习 完成 2").text  # late is better than never
    school.store.roles.grant(Grant(SUB, "sub-admin", ("教务处",), ("学习",)), ADMIN, school.hall.now)
    assert "管理范围以外" in school.hall.ask(SUB, "/学习 结束 1").text


def test_own_state_in_a_group_is_said_in_private(school: School) -> None:
    sent = school.hall.say(SUN, "/学习 我的", TEACHING)
    assert reply(sent).text == "已私下发给你。"
    assert "还有 1 项没完成" in private_to(SUN, sent).text
