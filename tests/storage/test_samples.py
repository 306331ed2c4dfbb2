"""Samples for trying rules on: masked, few, and not for long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from storage import samples
from storage.database import Database
from storage.flags import Flag
from storage.groups import Group
from storage.policies import Asked
from storage.samples import Sample
from storage.store import Store

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


@pytest.fixture
def store() -> Iterator[Store]:
    with Database(":memory:") as database:
        yield Store(database)


def test_flags_and_questions_are_samples_too(store: Store) -> None:
    store.groups.save(Group("cid", "某班", "class", "", "0001", (), registered_at=NOW))
    store.flags.add(Flag("m1", "ad", "advertising", "五.2", "remind", "mention", "cid", "0001", "…代写论文…", NOW))
    store.policies.asked(Asked(NOW + timedelta(seconds=1), "other", "退休了还要留吗", is_answered=True))
    store.samples.add(Sample("今晚开会", NOW + timedelta(seconds=2), "department"))
    assert [(one.text, one.kind) for one in store.samples.latest()] == [
        ("今晚开会", "department"),
        ("退休了还要留吗", None),
        ("…代写论文…", "class"),
    ]
    assert len(store.samples.latest(2)) == 2


def test_of_too_many_and_too_old_ones_the_oldest_go(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(samples, "MOST_KEPT", 3)
    for number in range(5):
        store.samples.add(Sample(f"第{number}句", NOW + timedelta(days=number)))
    assert [one.text for one in store.samples.latest()] == ["第4句", "第3句", "第2句"]
    assert store.samples.forget(NOW + timedelta(days=4)) == 2
    assert store.samples.count() == 1
