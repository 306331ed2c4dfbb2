"""What is certainly not ours, and everything that is left alone because it may be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from storage.audit import AuditEntry
from storage.database import Database
from storage.outbox import Draft
from storage.store import Store

NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
GROUP = "cidGROUP=="


@pytest.fixture
def store() -> Iterator[Store]:
    """A bot that has been at work for a month."""
    with Database(":memory:") as database:
        store = Store(database)
        add(store, NOW - 30 * DAY, conversation="cidOTHER==")
        yield store


def add(store: Store, at: datetime, **draft: object) -> int:
    """Something of ours that was queued then and went out by webhook, as most answers do."""
    fields = {"kind": "group", "body": "{}", "priority": 0, "created_at": at, **draft}
    row_id = store.outbox.add(Draft(**fields))  # type: ignore[arg-type]
    store.outbox.sent(row_id, at)
    return row_id


def is_foreign(store: Store, sent_at: datetime, *, conversation: str = GROUP, staff_id: str | None = None) -> bool:
    return not store.rivals.may_be_ours("KEY", conversation, staff_id, sent_at)


def test_a_message_that_nothing_of_ours_could_be_is_not_ours(store: Store) -> None:
    assert is_foreign(store, NOW - DAY)


def test_one_with_a_key_that_we_know_is_ours(store: Store) -> None:
    row_id = add(store, NOW - DAY, conversation=GROUP)
    store.outbox.sent(row_id, NOW - DAY, "KEY")
    assert not is_foreign(store, NOW - DAY)
    assert not store.rivals.may_be_ours("ELSE", GROUP, None, NOW - DAY), "one whose key is known is not another one"


def test_what_is_older_than_our_records_is_left_alone(store: Store) -> None:
    assert not is_foreign(store, NOW - 31 * DAY)
    assert not is_foreign(store, NOW - 28 * DAY)
    assert is_foreign(store, NOW - 26 * DAY)


def test_a_new_bot_suspects_nobody() -> None:
    with Database(":memory:") as database:
        assert not is_foreign(Store(database), NOW)


def test_what_was_sent_before_a_backup_was_restored_is_left_alone(store: Store) -> None:
    """The backup does not know what was sent after it."""
    store.audit.add(AuditEntry(NOW - 10 * DAY, "cli", "restore", "steward.bak"))
    assert not is_foreign(store, NOW - 11 * DAY)
    assert is_foreign(store, NOW - DAY)


def test_an_answer_by_webhook_at_that_time_may_be_the_one(store: Store) -> None:
    """DingTalk returns no key for it, and may show one when it is quoted."""
    add(store, NOW - DAY, conversation=GROUP)
    assert not is_foreign(store, NOW - DAY + 9 * MINUTE)
    assert is_foreign(store, NOW - DAY + 11 * MINUTE)
    assert is_foreign(store, NOW - DAY, conversation="cidELSEWHERE==")


def test_a_private_word_may_be_the_one(store: Store) -> None:
    add(store, NOW - DAY, kind="private", recipients=("0001", "0002"))
    assert not is_foreign(store, NOW - DAY, conversation="private", staff_id="0002")
    assert is_foreign(store, NOW - DAY, conversation="private", staff_id="0003")


@pytest.mark.parametrize("trouble", ["tried twice", "parked", "under way"])
def test_what_we_sent_with_an_outcome_in_doubt_may_be_the_one(store: Store, trouble: str) -> None:
    row_id = store.outbox.add(Draft("group", "{}", 0, NOW - 2 * DAY, conversation=GROUP))
    if trouble == "parked":
        store.outbox.park(row_id, "interrupted", "x")
    elif trouble == "under way":
        store.outbox.sending(row_id)
    else:
        store.database.execute("update outbox set attempts = 1 where id = ?", (row_id,))
        store.outbox.sent(row_id, NOW - DAY, "ANOTHER")
    assert not is_foreign(store, NOW - DAY)
    assert is_foreign(store, NOW - 5 * DAY)


def test_signs_are_kept_once_with_when_they_were_told(store: Store) -> None:
    rivals = store.rivals
    assert not rivals.knows("K1")
    rivals.note("K1", GROUP, NOW - DAY, NOW)
    assert rivals.knows("K1")
    rivals.note("K2", GROUP, NOW, NOW + DAY)
    assert rivals.seen(NOW) == [NOW, NOW + DAY]
    assert rivals.seen(NOW + MINUTE) == [NOW + DAY]
    assert rivals.last_told_at() is None
    rivals.told(NOW + DAY)
    assert rivals.last_told_at() == NOW + DAY
