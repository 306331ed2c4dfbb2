"""How inbox and outbox stand, and what becomes of rows that were put aside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from storage.backlog import Aside, Trouble, Waiting
from storage.database import Database
from storage.inbox import Arrival
from storage.outbox import Draft
from storage.store import Store

NOW = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)
POST = Draft(kind="group", body='{"text": "x"}', priority=1, created_at=NOW, conversation="c1")


@pytest.fixture
def store() -> Iterator[Store]:
    with Database(":memory:") as database:
        yield Store(database)


def test_an_empty_bot_has_nothing_to_do(store: Store) -> None:
    backlog = store.backlog
    assert backlog.to_handle(["message", "event", "due"]) == backlog.to_try_again() == Waiting(0, None)
    assert backlog.to_send(NOW) == Waiting(0, None)
    assert backlog.troubled() == backlog.parked() == []
    assert backlog.last_sent_by_api() is None


def test_what_came_in_is_counted_by_kind_from_the_oldest_on(store: Store) -> None:
    for number, kind in enumerate(("message", "event", "due", "message")):
        store.inbox.take([Arrival(f"k{number}", kind, "c", "{}", NOW + timedelta(minutes=number))])  # type: ignore[arg-type]
    rows = {row.key: row.id for row in store.inbox.next_rows(NOW)}
    store.inbox.done(rows["k0"], NOW)
    assert store.backlog.to_handle(["message", "event"]) == Waiting(2, NOW + timedelta(minutes=1))
    assert store.backlog.to_handle(["due"]) == Waiting(1, NOW + timedelta(minutes=2))
    store.inbox.failed(rows["k3"], "ValueError: x", NOW + timedelta(hours=1))
    assert store.backlog.to_try_again() == Waiting(1, NOW + timedelta(minutes=3))
    assert store.backlog.to_handle(["message"]) == Waiting(1, NOW + timedelta(minutes=3))
    assert store.backlog.not_handled() == Aside(0, None)
    store.inbox.park(rows["k3"], "ValueError: x", NOW)
    store.inbox.park(rows["k1"], "ValueError: x", NOW)
    assert store.backlog.not_handled() == Aside(2, NOW + timedelta(minutes=3))
    assert store.backlog.to_handle(["message", "event"]) == store.backlog.to_try_again() == Waiting(0, None)


def test_only_what_could_go_now_waits_to_be_sent(store: Store) -> None:
    outbox = store.outbox
    outbox.add(replace(POST, created_at=NOW - timedelta(minutes=5)))
    outbox.add(replace(POST, not_before=NOW - timedelta(minutes=9), created_at=NOW - timedelta(hours=9)))
    outbox.add(replace(POST, not_before=NOW + timedelta(hours=1)))
    outbox.retry(outbox.add(POST), NOW, NOW - timedelta(minutes=1), "504", "钉钉忙")
    outbox.sending(outbox.add(POST))
    outbox.park(outbox.add(POST), "x", "y")
    assert store.backlog.to_send(NOW) == Waiting(2, NOW - timedelta(minutes=9))
    assert store.backlog.to_send(NOW + timedelta(hours=2)) == Waiting(3, NOW - timedelta(minutes=9))


def test_errors_are_told_apart_the_newest_words_of_each(store: Store) -> None:
    outbox = store.outbox
    for number, (code, error) in enumerate((("a", "旧话"), ("b", "乙"), ("a", "新话"))):
        row = outbox.add(replace(POST, created_at=NOW + timedelta(minutes=number)))
        outbox.retry(row, NOW, NOW + timedelta(hours=3 - number), code, error)
    assert store.backlog.troubled() == [
        Trouble("a", "新话", 2, NOW, NOW + timedelta(minutes=2), NOW + timedelta(hours=1)),
        Trouble("b", "乙", 1, NOW + timedelta(minutes=1), NOW + timedelta(minutes=1), NOW + timedelta(hours=2)),
    ]
    for row_id in (1, 3):
        outbox.park(row_id, "no-way", "会话已过期")
    assert store.backlog.parked() == [
        Trouble("no-way", "会话已过期", 2, NOW, NOW + timedelta(minutes=2), NOW + timedelta(hours=1))
    ]
    assert [trouble.code for trouble in store.backlog.troubled()] == ["b"]


def test_a_reply_by_webhook_proves_nothing_about_the_api(store: Store) -> None:
    store.outbox.sent(store.outbox.add(POST), NOW)
    assert store.backlog.last_sent_by_api() is None
    for minutes in (1, 2):
        store.outbox.sent(store.outbox.add(POST), NOW + timedelta(minutes=minutes), f"key{minutes}")
    store.outbox.sent(store.outbox.add(POST), NOW + timedelta(minutes=3))
    assert store.backlog.last_sent_by_api() == NOW + timedelta(minutes=2)
    store.database.execute(
        "insert into outbox (id, kind, body, priority, created_at) values (30000, 'ding', '', 0, '')"
    )
    assert store.backlog.last_sent_by_api() is None


def test_rows_that_were_put_aside_by_their_ids(store: Store) -> None:
    store.inbox.take([Arrival(f"k{number}", "message", "c", "{}", NOW) for number in range(3)])
    first, second, _ = (row.id for row in store.inbox.next_rows(NOW))
    store.inbox.park(second, "x", NOW)
    store.database.execute("update inbox set state = 'parked' where id = ?", (first,))
    assert store.backlog.not_handled_ids(with_untried=False) == (second,)
    assert store.backlog.not_handled_ids(with_untried=True) == (first, second)
    for code in ("a", "b", "c"):
        store.outbox.park(store.outbox.add(POST), code, "x")
    assert store.backlog.parked_ids() == (1, 2, 3)
    assert store.backlog.parked_ids(["b", "c"]) == (1,)


# -- taken up again, or given up ---------------------------------------------------------------------------------


def test_a_parked_row_of_the_outbox_is_sent_as_if_never_tried(store: Store) -> None:
    outbox = store.outbox
    row_id = outbox.add(POST)
    assert not outbox.requeue(row_id)
    assert outbox.parked_row(row_id) is None
    outbox.retry(row_id, NOW, NOW + timedelta(hours=6), "504", "钉钉忙")
    outbox.park(row_id, "504", "钉钉忙")
    parked = outbox.parked_row(row_id)
    assert parked is not None and (parked.error_code, parked.attempts) == ("504", 1)
    assert outbox.requeue(row_id)
    [row] = outbox.due(NOW)
    assert (row.id, row.attempts, row.error_code, row.error) == (row_id, 0, None, None)
    assert not outbox.requeue(row_id)
    assert not outbox.requeue(row_id + 1)


def test_a_row_of_the_outbox_that_was_given_up_is_never_sent(store: Store) -> None:
    outbox = store.outbox
    row_id = outbox.add(POST)
    assert not outbox.discard(row_id)
    outbox.park(row_id, "x", "y")
    assert outbox.discard(row_id)
    assert (outbox.parked_row(row_id), outbox.due(NOW), outbox.requeue(row_id)) == (None, [], False)


def test_a_row_of_the_inbox_that_was_given_up_is_forgotten_and_stays_known(store: Store) -> None:
    inbox = store.inbox
    arrival = Arrival("message:a", "message", "c1", '{"text": "私事"}', NOW)
    inbox.take([arrival])
    [row] = inbox.next_rows(NOW)
    assert inbox.parked_row(row.id) is None
    assert not inbox.discard(row.id, NOW)
    inbox.park(row.id, "ValueError: x", NOW)
    parked = inbox.parked_row(row.id)
    assert parked is not None and (parked.key, parked.error) == ("message:a", "ValueError: x")
    assert inbox.discard(row.id, NOW)
    assert (inbox.parked_row(row.id), inbox.requeue(row.id), inbox.next_rows(NOW)) == (None, False, [])
    inbox.take([arrival])
    assert inbox.next_rows(NOW) == []
    [kept] = store.database.rows("select body from inbox")
    assert kept["body"] == ""


def test_no_look_reads_through_years_of_messages(store: Store) -> None:
    """Each is asked while people wait for the answer: what is open or parked is found by an index of its own."""
    asked: list[str] = []
    store.database.connection.set_trace_callback(asked.append)
    backlog = store.backlog
    backlog.to_handle(["message"])
    backlog.to_try_again()
    backlog.not_handled()
    backlog.not_handled_ids(with_untried=True)
    backlog.to_send(NOW)
    backlog.troubled()
    backlog.parked()
    backlog.parked_ids(["x"])
    backlog.last_sent_by_api()
    store.database.connection.set_trace_callback(None)
    assert len(asked) == 9
    for sql in asked:
        plan = [row["detail"] for row in store.database.rows(f"explain query plan {sql}")]
        assert not [step for step in plan if step in ("SCAN inbox", "SCAN outbox")], (sql, plan)
