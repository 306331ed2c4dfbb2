"""Counts by rule and week, and what stays of them when flags are forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from storage.database import Database
from storage.flag_counts import WEEK, Count
from storage.flags import Flag
from storage.store import Store

MONDAY = datetime(2026, 11, 22, 16, tzinfo=UTC)
"""Midnight in Shanghai."""
DAY = timedelta(days=1)


@pytest.fixture
def store() -> Iterator[Store]:
    with Database(":memory:") as database:
        yield Store(database)


def flag(store: Store, rule: str, at: datetime, verdict: str = "", *, is_appealed: bool = False) -> int:
    key = f"m{store.flags.count()}-{at}"
    number = store.flags.add(Flag(key, rule, "advertising", "五.2", "remind", "mention", "cid", "0001", "…", at))
    assert number is not None
    if verdict:
        store.database.execute("insert into verdicts values (?, ?, '0002', '2026-11-24')", (number, verdict))
    if is_appealed:
        store.database.execute("insert into appeals (flag_id, reason, at) values (?, '', '2026-11-24')", (number,))
    return number


def test_each_week_has_its_counts(store: Store) -> None:
    flag(store, "ad", MONDAY, "right")
    flag(store, "ad", MONDAY - timedelta(milliseconds=1), "wrong", is_appealed=True)
    flag(store, "ad", MONDAY + 6 * DAY, "unsure")
    flag(store, "ad", MONDAY - WEEK - timedelta(milliseconds=1))
    flag(store, "ad", MONDAY + WEEK)
    assert store.flag_counts.by_week(MONDAY - WEEK, 2) == {
        "ad": [Count(1, wrong=1, appeals=1), Count(2, right=1, unsure=1)]
    }


def test_what_is_forgotten_leaves_its_counts_and_nothing_else(store: Store) -> None:
    flag(store, "ad", MONDAY, "right")
    flag(store, "ad", MONDAY + 6 * DAY, "wrong", is_appealed=True)
    flag(store, "ad", MONDAY + WEEK, "unsure")
    flag(store, "abuse", MONDAY)
    store.database.execute("delete from flags")
    assert [tuple(row) for row in store.database.rows("select * from rule_weeks order by rule, week")] == [
        ("abuse", "2026-11-23", 1, 0, 0, 0, 0),
        ("ad", "2026-11-23", 2, 1, 1, 0, 1),
        ("ad", "2026-11-30", 1, 0, 0, 1, 0),
    ]
    flag(store, "ad", MONDAY + 9 * WEEK)
    assert store.flag_counts.ever()["ad"] == Count(4, 1, 1, 1, 1)
    assert store.flag_counts.since(MONDAY) == {"ad": Count(1)}


def test_who_waits_for_a_word(store: Store) -> None:
    assert store.flag_counts.waiting() == (0, 0)
    flag(store, "ad", MONDAY, "right")
    flag(store, "ad", MONDAY)
    flag(store, "ad", MONDAY, is_appealed=True)
    assert store.flag_counts.waiting() == (2, 1)


def test_a_message_that_fires_several_rules_waits_once(store: Store) -> None:
    first = flag(store, "ad", MONDAY, is_appealed=True)
    found = store.flags.get(first)
    assert found is not None
    second = store.flags.add(replace(found, rule="abuse"))
    store.database.execute("insert into appeals (flag_id, reason, at) values (?, '', '2026-11-24')", (second,))
    assert store.flag_counts.waiting() == (1, 1)
    store.database.execute("insert into verdicts values (?, 'right', '0002', '2026-11-24')", (second,))
    assert store.flag_counts.waiting() == (1, 1)


def test_the_last_hit_and_the_last_digest(store: Store) -> None:
    flag(store, "ad", MONDAY)
    flag(store, "ad", MONDAY + DAY)
    assert store.flag_counts.last_hits() == {"ad": MONDAY + DAY}
    store.database.execute("delete from flags where id = 2")
    assert store.flag_counts.last_hits() == {"ad": datetime(2026, 11, 30, tzinfo=UTC)}
    assert store.flag_counts.of("ad", MONDAY) == Count(1)
    assert store.flag_counts.digested_until() is None
    store.flag_counts.digested(MONDAY)
    store.flag_counts.digested(MONDAY + DAY)
    assert store.flag_counts.digested_until() == MONDAY + DAY


def test_counting_by_week_uses_the_index(store: Store) -> None:
    asked: list[str] = []
    store.database.connection.set_trace_callback(asked.append)
    store.flag_counts.by_week(MONDAY, 2)
    store.database.connection.set_trace_callback(None)
    (query,) = asked
    plan = store.database.rows(f"explain query plan {query}")
    assert any("USING INDEX flags_by_time" in row["detail"] for row in plan)
