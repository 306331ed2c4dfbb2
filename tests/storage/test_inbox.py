"""The durable queue of what came in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from storage.database import Database
from storage.inbox import Arrival, Inbox

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


@pytest.fixture
def box() -> Iterator[Inbox]:
    with Database(":memory:") as database:
        yield Inbox(database)


def arrival(key: str, conversation: str = "c1") -> Arrival:
    return Arrival(f"message:{key}", "message", conversation, "{}", NOW)


def keys(box: Inbox, now: datetime = NOW, **how: object) -> list[str]:
    return [row.key.removeprefix("message:") for row in box.next_rows(now, **how)]  # type: ignore[arg-type]


def test_a_key_is_taken_once(box: Inbox) -> None:
    first, other, again = box.take([arrival("a"), arrival("b"), arrival("a")])
    assert (first.is_new, other.is_new, again.is_new) == (True, True, False)
    assert first.id == again.id != other.id
    assert box.take([arrival("a")]) == [again]
    assert keys(box) == ["a", "b"]


def test_a_key_stays_known_after_it_was_dealt_with(box: Inbox) -> None:
    box.take([arrival("a")])
    box.done(box.next_rows(NOW)[0].id, NOW)
    [again] = box.take([arrival("a")])
    assert not again.is_new
    assert keys(box) == []


def test_what_was_dealt_with_keeps_neither_words_nor_webhook() -> None:
    with Database(":memory:") as database:
        box = Inbox(database)
        box.take([Arrival("message:a", "message", "c1", '{"text": "我的手机 13800138000"}', NOW)])
        box.done(box.next_rows(NOW)[0].id, NOW)
        [row] = database.rows("select key, body from inbox")
    assert (row["key"], row["body"]) == ("message:a", "")


def test_the_oldest_come_first_and_no_more_than_asked_for(box: Inbox) -> None:
    box.take(arrival(str(number), f"c{number % 3}") for number in range(10))
    assert keys(box, limit=4) == ["0", "1", "2", "3"]
    assert keys(box, beside=["c0", "c1"]) == ["2", "5", "8"]


def test_nothing_overtakes_what_waits_for_another_try_in_its_conversation(box: Inbox) -> None:
    box.take([arrival("a", "c1"), arrival("b", "c1"), arrival("c", "c2")])
    first = box.next_rows(NOW)[0]
    box.failed(first.id, "boom", NOW + timedelta(seconds=5))
    assert keys(box) == ["c"]
    assert box.next_try() == NOW + timedelta(seconds=5)
    later = box.next_rows(NOW + timedelta(seconds=5))
    assert [(row.key, row.attempts, row.error) for row in later][:2] == [
        ("message:a", 1, "boom"),
        ("message:b", 0, None),
    ]


def test_what_is_parked_lets_its_conversation_go_on_and_can_be_taken_up_again(box: Inbox) -> None:
    box.take([arrival("a"), arrival("b")])
    first = box.next_rows(NOW)[0]
    box.park(first.id, "traceback", NOW)
    assert keys(box) == ["b"]
    [parked] = box.parked()
    assert (parked.key, parked.error) == ("message:a", "traceback")
    assert box.counts() == {"new": 1, "parked": 1}
    assert box.requeue(first.id)
    assert not box.requeue(first.id), "it is not parked any more"
    assert keys(box) == ["a", "b"]


def test_when_something_came_in_last(box: Inbox) -> None:
    assert box.last_received_at() is None
    box.take([arrival("a"), Arrival("due:x", "due", "due:x", "{}", NOW + timedelta(hours=1))])
    assert box.last_received_at() == NOW
    assert box.next_try() is None


def test_looking_for_work_does_not_read_what_is_done() -> None:
    """The plan goes through the index of open rows only: a year of finished ones costs nothing."""
    with Database(":memory:") as database:
        seen: list[str] = []
        rows = database.rows
        database.rows = lambda sql, parameters=(): seen.append(sql) or rows(sql, parameters)  # type: ignore[method-assign,func-returns-value]
        Inbox(database).next_rows(NOW)
        plan = [row["detail"] for row in rows("explain query plan " + seen[0], ("", "", "[]", 5))]
    assert plan[0] == "SCAN inbox USING INDEX inbox_open"
    assert not any("TEMP B-TREE" in step for step in plan)


def test_no_more_is_read_at_once_than_memory_is_to_hold(box: Inbox) -> None:
    for number, length in enumerate((10, 10, 500, 10)):
        box.take([Arrival(f"message:{number}", "message", "c1", "x" * length, NOW)])
    assert keys(box, most_characters=25) == ["0", "1"]
    assert keys(box, most_characters=5) == ["0"], "one at least"
    assert keys(box, most_characters=1000) == ["0", "1", "2", "3"]


def test_a_row_that_failed_under_a_clock_that_was_ahead_does_not_wait_for_that_time(box: Inbox) -> None:
    box.take([arrival("a")])
    box.failed(box.next_rows(NOW)[0].id, "boom", NOW + timedelta(days=1))
    assert keys(box) == ["a"]
    box.failed(box.next_rows(NOW)[0].id, "boom", NOW + timedelta(seconds=5))
    assert keys(box) == []
