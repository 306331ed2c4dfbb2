"""Whom messages do not reach."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from storage.database import Database
from storage.unreachable import Unreachable, UnreachablePeople

NOW = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def people() -> Iterator[UnreachablePeople]:
    with Database(":memory:") as database:
        yield UnreachablePeople(database)


def test_who_is_missed_again_keeps_the_first_time_and_comes_first(people: UnreachablePeople) -> None:
    people.missed(["0001", "0002"], NOW)
    people.missed(["0002"], LATER)
    assert people.all() == [Unreachable("0002", NOW, LATER), Unreachable("0001", NOW, NOW)]


def test_who_is_reached_is_no_longer_among_them(people: UnreachablePeople) -> None:
    people.missed(["0001", "0002"], NOW)
    people.reached(["0002", "0003"])
    assert [one.staff_id for one in people.all()] == ["0001"]
    people.missed(["0002"], LATER)
    assert people.all()[0] == Unreachable("0002", LATER, LATER)


def test_nobody_is_no_change(people: UnreachablePeople) -> None:
    people.missed([], NOW)
    people.reached([])
    assert people.all() == []
