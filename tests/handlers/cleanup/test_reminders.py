"""Only who still owes is chased, at working hours, and not for ever."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from handlers.message import Outgoing, Private
from storage.staff import DepartmentRow, StaffFact
from tests.handlers.cleanup.desk import (
    ADMIN,
    CHINA,
    CLERK,
    LI,
    STUDENTS,
    TEACHING,
    TEACHING_PROJECT,
    WANG,
    Desk,
    a_desk,
    china,
    hearers,
    private_to,
)


@pytest.fixture
def desk() -> Iterator[Desk]:
    """Asked on Monday the 2nd of November at nine."""
    with a_desk(china(11, 2)) as desk:
        desk.open()
        yield desk


def remind_at(desk: Desk, moment: datetime) -> list[Outgoing]:
    desk.now = moment
    return desk.due("cleanup-reminders")


def test_the_first_reminder_comes_after_two_workdays(desk: Desk) -> None:
    assert remind_at(desk, china(11, 3, 10)) == []
    sent = remind_at(desk, china(11, 4, 10))
    assert sorted(hearers(sent)) == [LI, WANG]
    text = private_to(WANG, sent).text
    assert text.startswith("还有 **3** 项群成员没有核对（第 1 次提醒）")
    assert "1、赵退之：已退休" in text
    assert private_to(WANG, sent).buttons[0].says == "/清理 已移出 全部"
    assert remind_at(desk, china(11, 4, 10, 30)) == []
    assert remind_at(desk, china(11, 5, 10)) == []
    assert "（第 2 次提醒）" in private_to(WANG, remind_at(desk, china(11, 6, 10))).text


def test_who_has_finished_is_not_chased_and_who_has_not_hears_what_is_left(desk: Desk) -> None:
    desk.say(WANG, "全部已移出")
    desk.say(LI, "1已移出")
    sent = remind_at(desk, china(11, 4, 10))
    assert hearers(sent) == [LI]
    assert "还有 **1** 项" in private_to(LI, sent).text
    assert "冯调" not in private_to(LI, sent).text


def test_an_answer_taken_back_is_chased_again(desk: Desk) -> None:
    desk.say(WANG, "全部已移出")
    desk.call(WANG, "/清理 撤回 2")
    assert WANG in hearers(remind_at(desk, china(11, 4, 10)))


@pytest.mark.parametrize(
    "moment", [china(11, 4, 8, 29), china(11, 4, 17, 31), china(11, 4, 3), china(11, 7, 10), china(11, 8, 10)]
)
def test_nobody_is_chased_outside_working_hours(desk: Desk, moment: datetime) -> None:
    assert remind_at(desk, moment) == []
    assert sorted(hearers(remind_at(desk, china(11, 9, 10)))) == [LI, WANG]


def test_the_national_holiday_is_left_in_peace() -> None:
    with a_desk(china(9, 30)) as desk:
        desk.open()
        for day in range(1, 8):
            assert remind_at(desk, china(10, day, 10)) == []
        assert remind_at(desk, china(10, 8, 10)) == []  # one workday has passed
        assert sorted(hearers(remind_at(desk, china(10, 9, 10)))) == [LI, WANG]


def test_after_the_last_reminder_the_main_admins_are_told_once(desk: Desk) -> None:
    desk.say(LI, "全部已移出")
    told: list[list[Outgoing]] = []
    for _ in range(14):
        desk.next_workday()
        told.append(desk.due("cleanup-reminders"))
    said = [sent for sent in told if sent]
    assert [hearers(sent) for sent in said] == [[WANG], [WANG], [WANG], [ADMIN]]
    text = private_to(ADMIN, said[-1]).text
    assert text == "下面几位多次提醒后仍未答复，请联系：\n\n- 王建国：3 项"


def test_no_reminders_at_all_can_be_wanted() -> None:
    with a_desk(china(11, 2), max_reminders=0) as desk:
        desk.open()
        assert hearers(remind_at(desk, china(11, 4, 10))) == [ADMIN]
        assert remind_at(desk, china(11, 6, 10)) == []


def test_the_pause_between_reminders_is_a_setting() -> None:
    with a_desk(china(11, 2), remind_after_workdays=5) as desk:
        desk.open()
        assert remind_at(desk, china(11, 6, 10)) == []
        assert sorted(hearers(remind_at(desk, china(11, 9, 10)))) == [LI, WANG]


def test_an_owner_of_two_cycles_hears_of_both_in_one_message(desk: Desk) -> None:
    desk.group("cidClass", "2023级1班", "class", "", WANG, ("chen",))
    desk.now = china(11, 3)
    desk.call(ADMIN, "/清理 发起 班级群")
    assert len(desk.store.findings.open_cycles()) == 2
    assert hearers(remind_at(desk, china(11, 4, 10))) == [LI]  # Wang heard something only yesterday
    sent = remind_at(desk, china(11, 5, 10))
    assert hearers(sent) == [WANG]
    assert "还有 **4** 项" in private_to(WANG, sent).text
    assert remind_at(desk, china(11, 6, 11)) != []
    assert hearers(remind_at(desk, china(11, 9, 10))) == [WANG]


def test_who_was_given_up_in_one_cycle_is_reminded_of_the_next(desk: Desk) -> None:
    desk.say(LI, "全部已移出")
    while ADMIN not in hearers(desk.due("cleanup-reminders")):
        desk.next_workday()
    desk.group("cidClass", "2023级1班", "class", "", WANG, ("chen",))
    desk.call(ADMIN, "/清理 发起 班级群")
    desk.next_workday()
    desk.next_workday()
    text = private_to(WANG, desk.due("cleanup-reminders")).text
    assert "还有 **1** 项群成员没有核对（第 1 次提醒）" in text
    assert "2023级1班" in text
    desk.say(WANG, "4已移出")
    desk.next_workday()
    desk.next_workday()
    assert desk.due("cleanup-reminders") == []


def test_who_left_the_group_meanwhile_is_not_asked_about(desk: Desk) -> None:
    desk.read(TEACHING, "zhao", WANG)
    desk.read(TEACHING_PROJECT, WANG)
    text = private_to(WANG, remind_at(desk, china(11, 4, 10))).text
    assert "还有 **1** 项" in text
    assert "钱离" not in text
    assert "孙内" not in text


def test_an_owner_for_whom_everything_settled_itself_is_done(desk: Desk) -> None:
    desk.read(STUDENTS, LI)
    assert hearers(remind_at(desk, china(11, 4, 10))) == [WANG]
    assert all(ask.finished_at for ask in desk.store.findings.asks() if ask.owner == LI)
    settled = desk.store.findings.asked_of(LI)[0]
    assert (settled.state, settled.answered_by) == ("removed", "reading")


def test_nobody_is_chased_for_a_disbanded_group(desk: Desk) -> None:
    desk.store.groups.disbanded(STUDENTS)
    assert hearers(remind_at(desk, china(11, 4, 10))) == [WANG]


def test_when_an_owner_has_gone_whoever_stands_in_is_asked_instead(desk: Desk) -> None:
    """Wang was the head as well, so it is a main admin's turn; the new head's once there is one."""
    desk.store.staff.put(StaffFact(WANG, "personnel-file", "王建国", "教务处", status="retired"), desk.now)
    sent = remind_at(desk, china(11, 3, 10))
    assert hearers(sent) == [ADMIN], "the day after already, and nobody else is due"
    text = private_to(ADMIN, sent).text
    assert text.startswith("这些群现在请你来核对，还有 **3** 项")
    assert "1、赵退之" in text
    assert hearers(remind_at(desk, china(11, 4, 10))) == [LI]
    desk.store.staff.put_departments([DepartmentRow(2, "教务处", 1, "教务处", (CLERK,))], desk.now)
    assert hearers(remind_at(desk, china(11, 5, 10))) == [CLERK]
    assert desk.store.findings.owed_by(WANG) == desk.store.findings.owed_by(ADMIN) == []
    desk.say(CLERK, "全部已移出")
    assert {f.answered_by for f in desk.store.findings.asked_of(CLERK)} == {CLERK}


def test_a_new_owner_gets_what_is_open_in_the_group_and_the_old_one_has_done(desk: Desk) -> None:
    desk.say(WANG, "1已移出")
    for group in (TEACHING, TEACHING_PROJECT):
        found = desk.store.groups.get(group)
        assert found is not None
        desk.store.groups.save(replace(found, owner=LI))
    sent = remind_at(desk, china(11, 4, 10))
    assert hearers(sent) == [LI], "one message: what is new; the rest comes in its turn"
    text = private_to(LI, sent).text
    assert "还有 **2** 项" in text
    assert "3、钱离" in text, "numbers go on after Li's own two"
    assert "赵退之" not in text
    assert [f.number for f in desk.store.findings.owed_by(LI)] == [1, 2, 3, 4]
    desk.say(WANG, "全部已移出")
    assert len(desk.store.findings.owed_by(LI)) == 4, "what is not theirs they cannot answer"
    assert all(ask.finished_at for ask in desk.store.findings.asks() if ask.owner == WANG)
    assert ("schedule", "清理 转交") in desk.actions()


def test_another_order_of_the_heads_hands_nothing_to_and_fro(desk: Desk) -> None:
    group = desk.store.groups.get(STUDENTS)
    assert group is not None
    desk.store.groups.save(replace(group, owner=None))
    for heads in ((CLERK, LI), (LI, CLERK)):
        desk.store.staff.put_departments([DepartmentRow(3, "学生处", 1, "学生处", heads)], desk.now)
        assert remind_at(desk, china(11, 3, 10)) == []


def test_somebody_who_had_finished_owes_again_what_was_handed_over(desk: Desk) -> None:
    desk.say(LI, "全部已移出")
    group = desk.store.groups.get(TEACHING)
    assert group is not None
    desk.store.groups.save(replace(group, owner=LI))
    remind_at(desk, china(11, 3, 10))
    assert LI in hearers(remind_at(desk, china(11, 4, 10)))


def test_a_late_reminder_says_so(desk: Desk) -> None:
    desk.now = china(11, 4, 15)
    text = private_to(WANG, desk.due("cleanup-reminders", planned=datetime(2026, 11, 4, 10, tzinfo=CHINA))).text
    assert text.startswith("（原定 11月04日 10:00，因停机补发）\n\n还有 **3** 项")


def test_every_reminder_is_recorded(desk: Desk) -> None:
    remind_at(desk, china(11, 4, 10))
    entries = [(e.actor, e.action, e.subject, e.detail) for e in reversed(desk.store.audit.latest(2))]
    assert entries == [("schedule", "清理 提醒", LI, "第 1 次"), ("schedule", "清理 提醒", WANG, "第 1 次")]


def test_a_reminder_that_waits_for_a_week_is_no_use_any_more_and_the_word_about_the_silent_is(desk: Desk) -> None:
    for day in (4, 6, 10):
        sent = remind_at(desk, china(11, day, 10))
        assert {one.expires_at for one in sent if isinstance(one, Private)} == {desk.now + timedelta(days=7)}
    [told] = remind_at(desk, china(11, 12, 10))
    assert isinstance(told, Private)
    assert (told.to, told.expires_at) == ((ADMIN,), None)
