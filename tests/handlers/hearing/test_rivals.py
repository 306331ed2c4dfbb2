"""Another process that answers as the same robot: told when it is likely, once a day, and never on thin grounds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from handlers.hearing import rivals
from handlers.message import ChatKind, Incoming, Outgoing, Private, Quoted, Sender
from storage.outbox import Draft
from tests.handlers.hall import ADMIN, CLERK, OFFICE, Hall, a_hall

DAY = timedelta(days=1)


@pytest.fixture
def hall() -> Iterator[Hall]:
    """A bot that has been at work for a month."""
    with a_hall() as hall:
        hall.store.outbox.add(Draft("group", "{}", 0, hall.now - 30 * DAY, conversation="cidElsewhere"))
        yield hall


def quote(
    hall: Hall, key: str | None, *, sent_days_ago: float | None = 1.0, chat: str | None = OFFICE
) -> list[Outgoing]:
    """Somebody quotes a message of the robot to the bot."""
    sent_at = None if sent_days_ago is None else hall.now - sent_days_ago * DAY
    message = Incoming(
        id=f"m-{key}",
        conversation=chat or "private",
        chat=ChatKind.GROUP if chat else ChatKind.PRIVATE,
        sender=Sender(CLERK),
        text="这个对吗",
        title="教务处工作群" if chat else "",
        quoted=Quoted(message_id="x", platform_key=key, sent_at=sent_at),
    )
    return rivals.notice(message, hall.context)


def test_two_messages_that_are_not_ours_are_told_to_admins(hall: Hall) -> None:
    assert quote(hall, "K1") == []
    assert rivals.suspected_at(hall.store, hall.now) is None
    [word] = quote(hall, "K2", sent_days_ago=1 / 24)
    assert isinstance(word, Private)
    assert word.to == (ADMIN,)
    assert "引用过 2 条机器人发的消息" in word.body.text
    assert "「教务处工作群」，发于 8:30" in word.body.text
    assert rivals.suspected_at(hall.store, hall.now) == hall.now


def test_the_same_message_quoted_by_many_counts_once(hall: Hall) -> None:
    assert [quote(hall, "K1") for _ in range(5)] == [[]] * 5
    assert rivals.suspected_at(hall.store, hall.now) is None


def test_admins_hear_of_it_once_a_day(hall: Hall) -> None:
    sent = [word for number in range(10) for word in quote(hall, f"K{number}")]
    assert len(sent) == 1
    hall.now += DAY
    assert len(quote(hall, "K10")) == 1


def test_signs_of_last_week_are_forgotten(hall: Hall) -> None:
    quote(hall, "K1")
    hall.now += 8 * DAY
    assert quote(hall, "K2") == []
    quote(hall, "K3")
    assert rivals.suspected_at(hall.store, hall.now) == hall.now
    assert rivals.suspected_at(hall.store, hall.now + 8 * DAY) is None


def test_nothing_is_concluded_where_the_time_or_the_key_is_missing(hall: Hall) -> None:
    for number in range(3):
        assert quote(hall, f"K{number}", sent_days_ago=None) == []
        assert quote(hall, None) == []
    assert hall.store.rivals.seen(hall.now - DAY) == []


def test_our_own_messages_are_ours(hall: Hall) -> None:
    for number in range(3):
        row = hall.store.outbox.add(Draft("group", "{}", 0, hall.now - DAY, conversation=OFFICE))
        hall.store.outbox.sent(row, hall.now - DAY, f"K{number}")
        assert quote(hall, f"K{number}") == []
    assert hall.store.rivals.seen(hall.now - DAY) == []


def test_in_private_the_person_counts_as_the_chat(hall: Hall) -> None:
    row = hall.store.outbox.add(Draft("private", "{}", 0, hall.now - DAY, recipients=(CLERK,)))
    hall.store.outbox.park(row, "interrupted", "x")
    for number in range(3):
        assert quote(hall, f"K{number}", chat=None) == []
    assert hall.store.rivals.seen(hall.now - DAY) == []


def test_without_admins_it_is_noted_for_the_self_check() -> None:
    with a_hall(roles={"main_admins": []}) as hall:
        hall.store.outbox.add(Draft("group", "{}", 0, hall.now - 30 * DAY, conversation="cidElsewhere"))
        assert quote(hall, "K1") == quote(hall, "K2") == []
        assert rivals.suspected_at(hall.store, hall.now) == hall.now
