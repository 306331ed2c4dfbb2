"""What is old goes; what is still to be done, and what is evidence, stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from storage.audit import AuditEntry
from storage.database import Database
from storage.flags import Flag
from storage.inbox import Arrival
from storage.outbox import Draft
from storage.policies import Asked
from storage.retention import Forgotten
from storage.store import Store

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
OLD, YOUNG = NOW - timedelta(days=366), NOW - timedelta(days=300)
BEFORE = NOW - timedelta(days=365)


@pytest.fixture
def store() -> Iterator[Store]:
    with Database(":memory:") as database:
        yield Store(database)


def keys(store: Store) -> list[str]:
    return [row["key"] for row in store.database.rows("select key from inbox order by id")]


def take(store: Store, key: str, at: datetime) -> int:
    store.inbox.take([Arrival(key, "message", "cid", "{}", at)])
    return next(row.id for row in store.inbox.next_rows(NOW) if row.key == key)


def test_old_messages_that_were_dealt_with_go(store: Store) -> None:
    for key, at in (("old", OLD), ("young", YOUNG)):
        store.inbox.done(take(store, key, at), at)
    store.inbox.park(take(store, "old and parked", OLD), "broken", OLD)
    take(store, "old and waiting", OLD)
    assert store.retention.forget(BEFORE, BEFORE) == Forgotten(messages=2)
    assert keys(store) == ["young", "old and waiting"]


def test_an_old_message_goes_with_what_was_sent_for_it(store: Store) -> None:
    inbox_id = take(store, "old", OLD)
    sent = store.outbox.add(Draft("private", "{}", 1, OLD, recipients=("0001",), inbox_id=inbox_id))
    store.outbox.sent(sent, OLD)
    waiting = store.outbox.add(Draft("private", "{}", 1, OLD, recipients=("0001",), inbox_id=inbox_id))
    store.inbox.done(inbox_id, OLD)
    assert store.retention.forget(BEFORE, BEFORE).messages == 2
    assert [row.id for row in store.outbox.due(NOW)] == [waiting]


def test_questions_and_flags_have_their_own_ages(store: Store) -> None:
    for at in (OLD, YOUNG):
        store.policies.asked(Asked(at, "cid", "退休了还要留吗", is_answered=True))
        store.flags.add(Flag(f"m{at}", "rule", "advertising", "五.2", "remind", "mention", "cid", "0001", "…", at))
    assert store.retention.forget(BEFORE, NOW - timedelta(days=180)) == Forgotten(messages=1, flags=2)
    assert [asked.asked_at for asked in store.policies.latest_asked()] == [YOUNG]
    assert store.flags.count() == 0


def test_the_audit_is_kept(store: Store) -> None:
    store.audit.add(AuditEntry(OLD, "admin", "清理 发起"))
    assert not store.retention.forget(BEFORE, BEFORE)
    assert len(store.audit.latest()) == 1
