"""The record of changes, and when events last changed what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage import audit
from storage.audit import AuditEntry
from storage.database import Database
from storage.store import Store

NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)


@pytest.fixture
def store() -> Iterator[Store]:
    with Database(":memory:") as database:
        yield Store(database)


def test_entries_are_read_back_newest_first(store: Store) -> None:
    entries = [
        AuditEntry(NOW, "0147", "群 登记", "cidA", "department 教务处", "cidA"),
        AuditEntry(NOW - timedelta(hours=1), "schedule", "清理 发起"),
        AuditEntry(NOW, "cli", "import staff", "people.csv", "12 rows"),
    ]
    for entry in entries:
        store.audit.add(entry)
    assert store.audit.latest() == entries[::-1]
    assert store.audit.latest(1) == [entries[2]]


def test_an_entry_goes_with_the_change_that_it_tells_of(store: Store) -> None:
    with pytest.raises(RuntimeError), store.database.transaction():
        store.audit.add(AuditEntry(NOW, "0147", "群 登记"))
        raise RuntimeError("the change failed")
    assert store.audit.latest() == []


def test_nothing_changes_or_deletes_an_entry() -> None:
    source = Path(audit.__file__).read_text(encoding="utf-8")
    assert not re.search(r"\b(update|delete from)\b audit", source)
    everywhere = "".join(path.read_text(encoding="utf-8") for path in Path(audit.__file__).parent.glob("*.py"))
    assert not re.search(r"\b(update|delete from|replace into) audit\b", everywhere)


def test_news_is_what_no_newer_event_has_overtaken(store: Store) -> None:
    marks = store.event_marks
    assert marks.is_news("owner:cidA", NOW)
    assert marks.is_news("owner:cidA", NOW)
    assert not marks.is_news("owner:cidA", NOW - timedelta(milliseconds=1))
    assert marks.is_news("owner:cidB", NOW - timedelta(days=1))
    assert marks.is_news("owner:cidA", NOW + timedelta(milliseconds=1))
    assert not marks.is_news("owner:cidA", NOW)
