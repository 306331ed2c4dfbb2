"""Commands that wait for their confirmation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from storage.confirmations import Confirmations, Waiting
from storage.database import Database

WAITING = Waiting("4711", "0147", "cidA", "/清理 发起", datetime(2026, 11, 25, 1, tzinfo=UTC) + timedelta(minutes=2))


@pytest.fixture
def confirmations() -> Iterator[Confirmations]:
    with Database(":memory:") as database:
        yield Confirmations(database)


def test_what_waits_is_for_the_same_person_in_the_same_chat(confirmations: Confirmations) -> None:
    confirmations.put(WAITING)
    assert confirmations.get("0147", "cidA") == WAITING
    assert confirmations.get("0147", "cidB") is None
    assert confirmations.get("0148", "cidA") is None


def test_one_thing_waits_at_a_time(confirmations: Confirmations) -> None:
    confirmations.put(WAITING)
    other_chat = replace(WAITING, conversation="cidB")
    confirmations.put(other_chat)
    newer = replace(WAITING, code="0815", command="/清理 状态", expires_at=WAITING.expires_at + timedelta(minutes=1))
    confirmations.put(newer)
    assert confirmations.get("0147", "cidA") == newer
    assert confirmations.get("0147", "cidB") == other_chat


def test_what_is_dropped_waits_no_longer(confirmations: Confirmations) -> None:
    confirmations.put(WAITING)
    assert not confirmations.drop("0147", "cidB")
    assert confirmations.drop("0147", "cidA")
    assert not confirmations.drop("0147", "cidA")
    assert confirmations.get("0147", "cidA") is None
