"""Handlers read and decide first and write last: after a handler's first write nobody else can write.

What SQLite itself was asked to do shows it. The roster is what takes longest to read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from handlers.cleanup import due
from handlers.message import Due, Outgoing
from storage.members import Member
from storage.staff import StaffFact
from tests.handlers.hall import ADMIN, OFFICE, OWNER, Hall, a_hall, reply

ROSTER = "from staff_facts order by"


@pytest.fixture
def hall() -> Iterator[Hall]:
    """Two who have left are still in the office's group, which was heard an hour ago."""
    with a_hall() as made:
        for staff_id, name in (("gone", "赵离"), ("late", "钱离")):
            made.store.staff.put(StaffFact(staff_id, "personnel-file", name, status="departed"), made.now)
            made.store.members.add(OFFICE, Member(OFFICE, staff_id), "file", made.now)
        made.store.groups.heard(OFFICE, "", made.now)
        made.later(timedelta(hours=1))
        yield made


def in_a_turn(hall: Hall, work: Callable[[], list[Outgoing]]) -> list[str]:
    """What SQLite was asked from the first write on."""
    asked: list[str] = []
    database = hall.store.database
    database.connection.set_trace_callback(asked.append)
    with database.turn():
        assert work(), "it says something"
    database.connection.set_trace_callback(None)
    assert any(ROSTER in statement for statement in asked), "it reads the roster"
    return asked[asked.index("begin immediate") :]


def start(hall: Hall) -> None:
    code = reply(hall.say(ADMIN, "/清理 发起 部门群")).text.split("/确认 ")[1][:4]
    hall.say(ADMIN, f"/确认 {code}")


def test_a_cleanup_in_a_group_that_was_not_heard_for_long(hall: Hall) -> None:
    code = reply(hall.say(ADMIN, "/清理 发起 部门群", OFFICE)).text.split("/确认 ")[1][:4]
    hall.store.database.execute("update groups set last_heard_at = first_heard_at")
    after = in_a_turn(hall, lambda: hall.say(ADMIN, f"/确认 {code}", OFFICE))
    assert not [statement for statement in after if ROSTER in statement]
    assert len(hall.store.findings.all_open()) == 2
    assert hall.store.groups.get(OFFICE).last_heard_at == hall.now  # type: ignore[union-attr]


def test_a_question_about_the_register_in_such_a_group(hall: Hall) -> None:
    after = in_a_turn(hall, lambda: hall.say(ADMIN, "/群 查看", OFFICE))
    assert not [statement for statement in after if ROSTER in statement]


def test_the_registration_of_a_group(hall: Hall) -> None:
    after = in_a_turn(hall, lambda: hall.say(OWNER, "/群 登记 部门群 教务处 日常", OFFICE))
    assert not [statement for statement in after if ROSTER in statement]


def test_reminders_of_which_some_have_settled_themselves(hall: Hall) -> None:
    start(hall)
    hall.store.members.remove(OFFICE, "gone")
    hall.later(timedelta(days=7))
    reminded = Due("cleanup-reminders", "cleanup-reminders", hall.now)
    after = in_a_turn(hall, lambda: due.handle(reminded, hall.context))
    assert not [statement for statement in after if ROSTER in statement]
    assert [finding.member for finding in hall.store.findings.all_open()] == ["late"]


def test_an_answer_that_the_admins_are_to_hear_of(hall: Hall) -> None:
    start(hall)
    after = in_a_turn(hall, lambda: hall.say(OWNER, "1不清楚"))
    assert not [statement for statement in after if ROSTER in statement]
