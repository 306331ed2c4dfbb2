"""Who sits in which group, written and read back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from storage.database import Database
from storage.groups import Group
from storage.members import Member
from storage.store import Store

NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def store() -> Iterator[Store]:
    with Database(":memory:") as database:
        store = Store(database)
        store.groups.save(Group("cidA"))
        store.groups.save(Group("cidB"))
        yield store


def test_a_list_is_read_back_in_its_order_with_source_and_age(store: Store) -> None:
    listed = [
        Member("cidA", "2", "乙", "u2"),
        Member("cidA", None, "客", "u9", is_outsider=True),
        Member("cidA", "1", "甲"),
    ]
    store.members.replace("cidA", listed, "scene-group", NOW)
    assert store.members.of("cidA") == [replace(one, source="scene-group", read_at=NOW) for one in listed]
    group = store.groups.get("cidA")
    assert group is not None
    assert (group.members_source, group.members_read_at) == ("scene-group", NOW)
    assert store.members.of("cidB") == []


def test_a_newer_list_replaces_the_older_of_that_group_only(store: Store) -> None:
    store.members.replace("cidA", [Member("cidA", "1")], "file", NOW)
    store.members.replace("cidB", [Member("cidB", "1")], "file", NOW)
    store.members.replace("cidA", [], "owner", LATER)
    assert store.members.of("cidA") == []
    assert len(store.members.of("cidB")) == 1
    group = store.groups.get("cidA")
    assert group is not None
    assert (group.members_source, group.members_read_at) == ("owner", LATER)


def test_times_of_a_mixed_list_are_each_their_own(store: Store) -> None:
    store.members.replace("cidA", [Member("cidA", "1")], "file", NOW)
    store.members.add("cidA", Member("cidA", "2"), "event", LATER)
    assert [(one.staff_id, one.source, one.read_at) for one in store.members.of("cidA")] == [
        ("1", "file", NOW),
        ("2", "event", LATER),
    ]


def test_joining_twice_is_joining_once(store: Store) -> None:
    for _ in range(2):
        store.members.add("cidA", Member("cidA", "1"), "event", NOW)
        store.members.add("cidA", Member("cidA", None, union_id="u9", is_outsider=True), "event", NOW)
    assert [(one.staff_id, one.union_id) for one in store.members.of("cidA")] == [("1", None), (None, "u9")]


def test_leaving_takes_exactly_that_one(store: Store) -> None:
    listed = [Member("cidA", "1", union_id="u9"), Member("cidA", None, "客", "u9"), Member("cidA", None, "又一客")]
    store.members.replace("cidA", listed, "file", NOW)
    store.members.remove("cidA", "u9")
    assert len(store.members.of("cidA")) == 3
    store.members.remove_outsider("cidA", "u9")
    assert [one.name or one.staff_id for one in store.members.of("cidA")] == ["1", "又一客"]
    store.members.remove("cidA", "1")
    store.members.remove("cidA", "1")
    assert [one.name for one in store.members.of("cidA")] == ["又一客"]


def test_members_of_no_group_are_refused(store: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        store.members.add("cidX", Member("cidX", "1"), "event", NOW)


def test_lists_are_found_by_index(store: Store) -> None:
    plan = store.database.rows("explain query plan select * from members where conversation = 'cidA' order by id")
    assert any("members_by_group" in row["detail"] for row in plan)
