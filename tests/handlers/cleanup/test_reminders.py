"""Only who still owes is chased, at working hours, and not for ever."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from handlers.message import Outgoing
from storage.staff import StaffFact
from tests.handlers.cleanup.desk import (
    ADMIN,
    CHINA,
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
    assert text == "下面几位多次提醒后仍未答复，或已不在岗，请联系：\n\n- 王建国：3 项"


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


def test_an_owner_who_has_gone_is_not_chased_but_reported(desk: Desk) -> None:
    desk.store.staff.put(StaffFact(WANG, "personnel-file", "王建国", "教务处", status="retired"), desk.now)
    sent = remind_at(desk, china(11, 4, 10))
    assert sorted(hearers(sent)) == [ADMIN, LI]
    assert "王建国：3 项" in private_to(ADMIN, sent).text


def test_a_late_reminder_says_so(desk: Desk) -> None:
    desk.now = china(11, 4, 15)
    text = private_to(WANG, desk.due("cleanup-reminders", planned=datetime(2026, 11, 4, 10, tzinfo=CHINA))).text
    assert text.startswith("（原定 11月04日 10:00，因停机补发）\n\n还有 **3** 项")


def test_every_reminder_is_recorded(desk: Desk) -> None:
    remind_at(desk, china(11, 4, 10))
    entries = [(e.actor, e.action, e.subject, e.detail) for e in reversed(desk.store.audit.latest(2))]
    assert entries == [("schedule", "清理 提醒", LI, "第 1 次"), ("schedule", "清理 提醒", WANG, "第 1 次")]
