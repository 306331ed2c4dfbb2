"""What is known of a message for the scope of rules."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from handlers.moderation.circumstances import circumstances_of
from handlers.moderation.scope import Circumstances
from storage.groups import Group
from storage.roles import Grant
from storage.staff import StaffFact
from tests.handlers.moderation.desk import ADMIN, CLASS, CLERK, OFFICE, OTHER, OWNER, UNKNOWN, Desk, a_desk


@pytest.fixture
def desk() -> Iterator[Desk]:
    with a_desk() as desk:
        yield desk


def known(desk: Desk, person: str | None, chat: str | None) -> Circumstances:
    group = None if chat is None else desk.store.groups.get(chat)
    return circumstances_of(desk.message(person, "…", chat), group, desk.context)


def test_of_a_group_kind_id_and_department(desk: Desk) -> None:
    found = known(desk, CLERK, CLASS)
    assert (found.kind, found.group, found.departments) == ("class", CLASS, ("教务处",))
    assert found.at == desk.context.local_now


def test_a_group_without_department_counts_as_the_sender_s(desk: Desk) -> None:
    desk.store.groups.save(Group(OFFICE, "群"))
    desk.store.staff.put(StaffFact(CLERK, "directory", "孙悦", "财务处", also_in=("工会",)), desk.now)
    assert known(desk, CLERK, OFFICE).departments == ("财务处", "工会")
    assert known(desk, CLERK, None).departments == ("财务处", "工会")
    assert known(desk, None, OFFICE).departments is None
    assert known(desk, "nobody knows", UNKNOWN).departments is None


def test_who_the_sender_is(desk: Desk) -> None:
    desk.store.staff.put(StaffFact("pupil", "personnel-file", "小方", status="student"), desk.now)
    desk.store.roles.grant(Grant(OTHER, "sub-admin"), ADMIN, desk.now)
    assert known(desk, CLERK, OFFICE).roles == ("staff",)
    assert known(desk, None, CLASS).roles == ("outsider",)
    assert known(desk, "pupil", CLASS).roles == ("student",)
    assert known(desk, OWNER, OFFICE).roles == ("staff", "owner")
    assert known(desk, OWNER, None).roles == ("staff",)
    assert known(desk, OTHER, OFFICE).roles == ("staff", "sub-admin")
    assert known(desk, ADMIN, OFFICE).roles == ("staff", "main-admin")


def test_in_private_kind_and_group_are_not_known(desk: Desk) -> None:
    found = known(desk, CLERK, None)
    assert (found.kind, found.group) == (None, None)
