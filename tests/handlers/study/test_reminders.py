"""Who has not finished hears again, not too early, not too often, not on days off; who has finished never does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from handlers.message import Private
from tests.handlers.hall import ADMIN
from tests.handlers.study.school import LI, QIAN, QUESTION, SUN, WANG, ZHOU, School, a_school, china, hearers


@pytest.fixture
def school() -> Iterator[School]:
    with a_school() as made:
        made.post()
        yield made


def test_after_enough_workdays_whoever_owes_hears_again(school: School) -> None:
    school.hall.say(SUN, "/学习 完成 2")
    school.workdays_later(2)
    assert school.remind() == []
    school.workdays_later(1)
    sent = school.remind()
    assert hearers(sent) == {WANG, ZHOU, LI, QIAN}
    assert school.hall.audited()[0] == "学习 提醒"


def test_people_who_owe_the_same_are_reached_in_one_call(school: School) -> None:
    school.workdays_later(3)
    sent = school.remind()
    assert len(sent) == 2  # two departments, two posts
    [teaching] = [one for one in sent if isinstance(one, Private) and WANG in one.to]
    assert set(teaching.to) == {WANG, SUN, ZHOU}
    assert "2 号学习还没完成" in teaching.body.text
    assert "> 本办法所称钉钉" in teaching.body.text
    assert [button.says for button in teaching.body.buttons] == ["/学习 完成 2"]


def test_everything_that_somebody_owes_comes_in_one_message(school: School) -> None:
    school.post()
    school.quiz(QUESTION)
    school.workdays_later(3)
    [word] = [one for one in school.remind() if isinstance(one, Private) and SUN in one.to]
    assert "还有 3 项没完成" in word.body.text
    assert "测验" in word.body.text
    assert [button.says for button in word.body.buttons] == ["/学习 完成 2", "/学习 完成 4", "/学习 做题 5"]


def test_at_most_so_many_times(school: School) -> None:
    times = 0
    for _ in range(20):
        school.workdays_later(1)
        times += SUN in hearers(school.remind())
    assert times == 2


def test_whoever_has_finished_hears_nothing(school: School) -> None:
    for person in (WANG, SUN, ZHOU):
        school.hall.say(person, "/学习 完成 2")
    for person in (LI, QIAN):
        school.hall.say(person, "/学习 完成 1")
    school.workdays_later(10)
    assert school.remind() == []


def test_whoever_has_left_hears_nothing(school: School) -> None:
    school.employ(SUN, "孙悦", "教务处", "departed")
    school.employ(ZHOU, "周静", "教务处", "retired")
    school.workdays_later(3)
    assert hearers(school.remind()) == {WANG, LI, QIAN}


@pytest.mark.parametrize(
    "moment",
    [china(12, 5, 14, 30), china(12, 6, 10), china(12, 7, 7, 59), china(12, 7, 17, 31)],
    ids=["Saturday", "Sunday", "too early", "too late"],
)
def test_nobody_is_reminded_outside_working_hours(school: School, moment: datetime) -> None:
    school.hall.now = moment
    assert school.remind() == []


def test_no_reminders_at_all_where_the_settings_say_so() -> None:
    with a_school(max_reminders=0) as school:
        school.post()
        school.workdays_later(5)
        assert school.remind() == []


def test_what_has_been_open_for_long_is_closed(school: School) -> None:
    school.hall.now += timedelta(days=61)
    school.workdays_later(1)
    assert school.remind() == []
    assert school.store.study.open_tasks() == []
    assert school.hall.audited()[0] == "学习 结束"
    assert "没有要学的了" in school.hall.ask(SUN, "/学习 我的").text


def test_what_an_admin_ended_is_reminded_of_no_more(school: School) -> None:
    school.hall.say(ADMIN, "/学习 结束 2")
    school.workdays_later(3)
    assert hearers(school.remind()) == {LI, QIAN}


def test_nothing_is_owed_nothing_is_written(school: School) -> None:
    before = len(school.hall.audited())
    with a_school() as fresh:
        assert fresh.remind() == []
    school.remind()
    assert len(school.hall.audited()) == before
