"""Tellings, appeals, verdicts, and the queue of flags."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlite_utils import Database as SqliteDatabase

from storage.appeals import Appeal
from storage.database import Database
from storage.flag_counts import Count
from storage.flags import Flag
from storage.migrations import migrations
from storage.reviews import Filter, Reader
from storage.store import Store
from storage.tellings import Telling
from storage.verdicts import Verdict

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
FLAG = Flag("m", "adverts", "advertising", "五.2", "remind", "mention", "cid", "wang", "代写…", NOW)
READER = Reader("zhou", "$:zhou")


@pytest.fixture
def store() -> Iterator[Store]:
    with Database(":memory:") as database:
        yield Store(database)


def put(store: Store, key: str, **how: object) -> int:
    number = store.flags.add(replace(FLAG, message_key=key, **how))  # type: ignore[arg-type]
    assert number is not None
    return number


def listed(store: Store, wanted: Filter, reader: Reader = READER) -> list[int]:
    entries = store.reviews.page(wanted, reader, 100, 0)
    assert store.reviews.count(wanted, reader) == len(entries)
    return [row.flag.id for entry in entries for row in entry]


def test_who_heard_of_a_rule_goes_by_the_person_it_is_about(store: Store) -> None:
    put_and_told = [
        (put(store, "a"), "wang", "sender"),
        (put(store, "b"), "head", "owner"),
        (put(store, "c", sender="li"), "li", "sender"),
        (put(store, "d", rule="numbers"), "wang", "sender"),
        (put(store, "e", source="report"), "x", "admins"),
        (put(store, "f", sender=None), "head", "owner"),
        (put(store, "g", sender=None, conversation="else"), "chief", "owner"),
    ]
    for number, person, rung in put_and_told:
        store.tellings.add(Telling(number, person, rung, NOW))  # type: ignore[arg-type]
    heard = store.tellings.heard_since
    assert heard("adverts", "wang", "any", NOW) == {("wang", "sender"), ("head", "owner")}
    assert heard("adverts", None, "cid", NOW) == {("head", "owner")}
    assert heard("adverts", None, "else", NOW) == {("chief", "owner")}
    assert heard("adverts", "wang", "any", NOW + timedelta(seconds=1)) == frozenset()


def test_the_first_telling_counts(store: Store) -> None:
    number = put(store, "a")
    for minutes in (0, 5):
        store.tellings.add(Telling(number, "wang", "sender", NOW + timedelta(minutes=minutes)))
    assert store.tellings.of(number) == [Telling(number, "wang", "sender", NOW)]


def test_an_appeal_said_again_keeps_its_time(store: Store) -> None:
    number = put(store, "a")
    assert store.appeals.get(number) is None
    store.appeals.put(Appeal(number, "", NOW))
    store.appeals.put(Appeal(number, "是课件", NOW + timedelta(days=1)))
    assert store.appeals.get(number) == Appeal(number, "是课件", NOW)
    store.appeals.settle(number, NOW + timedelta(days=2))
    assert store.appeals.get(number) == Appeal(number, "是课件", NOW, NOW + timedelta(days=2))
    assert store.flag_counts.since(NOW) == {"adverts": Count(1, appeals=1)}


def test_the_last_verdict_counts(store: Store) -> None:
    numbers = [put(store, key) for key in "abcde"]
    for number, word in zip(numbers, ("right", "right", "wrong", "unsure", "right"), strict=True):
        store.verdicts.put(Verdict(number, word, "zhou", NOW))  # type: ignore[arg-type]
    store.verdicts.put(Verdict(numbers[0], "wrong", "li", NOW))
    assert store.verdicts.get(numbers[0]) == Verdict(numbers[0], "wrong", "li", NOW)
    assert store.flag_counts.since(NOW) == {"adverts": Count(5, right=2, wrong=2, unsure=1)}
    assert store.flag_counts.since(NOW + timedelta(seconds=1)) == {}


def test_what_waits_comes_with_appeals_first(store: Store) -> None:
    first, second, third, fourth = (put(store, key) for key in "abcd")
    store.appeals.put(Appeal(first, "", NOW))
    store.verdicts.put(Verdict(third, "right", "zhou", NOW))
    assert listed(store, Filter()) == [first, fourth, second]
    store.verdicts.put(Verdict(first, "right", "zhou", NOW))
    assert listed(store, Filter("appealed")) == [first]
    store.appeals.settle(first, NOW)
    assert listed(store, Filter("appealed")) == []
    assert listed(store, Filter()) == [fourth, second]
    assert listed(store, Filter("reviewed")) == listed(store, Filter("right")) == [third, first]
    assert listed(store, Filter("wrong")) == []
    assert listed(store, Filter("all")) == [fourth, third, second, first]


def test_the_flags_of_one_message_are_one_entry(store: Store) -> None:
    first = [put(store, "a", rule=rule) for rule in ("adverts", "numbers")]
    alone = put(store, "b")
    late = put(store, "a", rule="late")
    assert listed(store, Filter()) == [*first, late, alone]
    assert store.reviews.count(Filter(), READER) == 2
    pages = [store.reviews.page(Filter(), READER, 1, at) for at in range(3)]
    assert [[row.flag.id for entry in page for row in entry] for page in pages] == [[*first, late], [alone], []]
    store.verdicts.put(Verdict(late, "right", "zhou", NOW))
    assert listed(store, Filter()) == [alone, *first]
    store.appeals.put(Appeal(first[1], "", NOW))
    assert listed(store, Filter()) == [*first, alone]
    assert listed(store, Filter(rules=("numbers",))) == [first[1]]
    whole = store.reviews.of_message("a")
    assert [(row.flag.id, row.is_waiting, row.is_appealed) for row in whole] == [
        (first[0], True, False),
        (first[1], True, True),
        (late, False, False),
    ]
    assert store.reviews.of_message("nothing") == ()


def test_filters_narrow_together(store: Store) -> None:
    numbers = put(store, "a", rule="numbers", category="privacy", state="observe", conversation="cid2")
    reported = put(store, "b", source="report")
    put(store, "c")
    assert listed(store, Filter(category="privacy")) == listed(store, Filter(rules=("numbers",))) == [numbers]
    assert listed(store, Filter(state="observe", conversations=("cid2", "cid3"))) == [numbers]
    assert listed(store, Filter(state="remind", conversations=("cid2",))) == []
    assert listed(store, Filter(conversations=())) == listed(store, Filter(rules=())) == []
    assert listed(store, Filter(is_reported=True)) == [reported]


def test_nobody_sees_what_is_about_them_or_from_them(store: Store) -> None:
    put(store, "own", sender="zhou")
    put(store, "by", reporter="zhou", source="report", sender=None)
    put(store, "author", author_key="$:zhou", source="report", sender=None)
    put(store, "both", sender="zhou")
    put(store, "both", rule="reported", source="report", sender=None, reporter="li")
    theirs = put(store, "theirs")
    assert listed(store, Filter()) == [theirs]
    assert len(listed(store, Filter(), Reader("somebody"))) == 6


def test_all_of_it_goes_with_the_flag(store: Store) -> None:
    number = put(store, "a")
    store.tellings.add(Telling(number, "wang", "sender", NOW))
    store.appeals.put(Appeal(number, "", NOW))
    store.verdicts.put(Verdict(number, "right", "zhou", NOW))
    store.database.execute("delete from flags")
    for table in ("tellings", "appeals", "verdicts"):
        assert store.database.rows(f"select * from {table}") == []


def test_numbers_of_flags_are_never_given_again() -> None:
    connection = sqlite3.connect(":memory:")
    migrations.apply(SqliteDatabase(connection), stop_before="m019_consequences")
    for key in ("a", "b"):
        connection.execute(
            "insert into flags (message_key, rule, category, article, state, source, conversation, excerpt, created_at) "
            "values (?, 'r', 'abuse', '一.2', 'remind', 'mention', 'cid', '…', '2026-11-24T01:00:00.000Z')",
            (key,),
        )
    connection.execute("delete from flags where message_key = 'b'")
    connection.commit()
    migrations.apply(SqliteDatabase(connection))
    assert connection.execute("select id, severity, source from flags").fetchall() == [(1, "medium", "mention")]
    connection.execute(
        "insert into flags (message_key, rule, category, article, state, source, conversation, excerpt, created_at) "
        "values ('c', 'r', 'abuse', '一.2', 'remind', 'bridge', 'cid', '…', '2026-11-24T01:00:00.000Z')"
    )
    assert connection.execute("select id from flags where message_key = 'c'").fetchone() == (3,)


def test_what_somebody_was_told_of_waits_for_a_verdict(store: Store) -> None:
    first = [put(store, "a", rule=rule) for rule in ("adverts", "numbers")]
    judged = put(store, "b")
    untold = put(store, "c")
    observed = put(store, "d", state="observe")
    of_others = put(store, "e", sender="0009")
    late = put(store, "f")
    for number in (*first, judged, observed, late):
        store.tellings.add(Telling(number, "wang", "sender", NOW))
    store.tellings.add(Telling(of_others, "0009", "sender", NOW))
    store.tellings.add(Telling(untold, "wang", "owner", NOW))
    store.verdicts.put(Verdict(judged, "right", "zhou", NOW))
    assert [[row.flag.id for row in entry] for entry in store.reviews.told("wang", 3)] == [[late], first]
    assert [[row.flag.id for row in entry] for entry in store.reviews.told("wang", 1)] == [[late]]
    assert store.reviews.told("", 3) == []
