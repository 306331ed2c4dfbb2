"""Appeals do not wait for ever: whoever was asked hears again, then the main admins."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from handlers.message import Private
from handlers.moderation import waiting
from storage.roles import Grant
from tests.handlers.moderation.desk import ADMIN, CLERK, OTHER, Desk, a_desk

SUB = "sub"


@pytest.fixture
def desk() -> Iterator[Desk]:
    """Tuesday noon."""
    with a_desk() as desk:
        desk.store.roles.grant(Grant(SUB, "sub-admin", families=("复核",)), ADMIN, desk.now)
        yield desk


def said(desk: Desk) -> list[tuple[tuple[str, ...], str]]:
    sent = waiting.remind(desk.context)
    return [(one.to, one.body.text) for one in sent if isinstance(one, Private)]


def test_after_two_workdays_and_after_four(desk: Desk) -> None:
    for person in (CLERK, OTHER):
        desk.write(person, "代写")
    desk.say(CLERK, "申诉 1")
    desk.say(OTHER, "申诉 2")
    heard = []
    for _ in range(9):
        heard += [(f"{desk.context.local_now:%a}", *one) for one in said(desk)]
        desk.now += timedelta(days=1)
    assert [(day, people) for day, people, _ in heard] == [("Thu", (SUB,)), ("Mon", (ADMIN,))]
    assert heard[0][2] == "有 2 条申诉等了 2 个工作日还没有复核，发送人在等回音。一条只要半分钟，麻烦看一下。"


def test_what_was_judged_waits_no_more(desk: Desk) -> None:
    desk.write(CLERK, "代写")
    desk.say(CLERK, "申诉 1")
    desk.say(SUB, "/复核 1 说不准")
    desk.now += timedelta(days=2)
    assert said(desk) == []


def test_main_admins_do_not_hear_of_their_own(desk: Desk) -> None:
    desk.write(ADMIN, "代写")
    desk.say(ADMIN, "申诉 1")
    desk.now += timedelta(days=6)
    assert said(desk) == []
