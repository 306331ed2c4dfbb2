"""Cycles, findings, asks and exceptions, written and read back by meaning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from storage.database import Database
from storage.findings import Exemption, Finding
from storage.groups import Group
from storage.store import Store

NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
RETIRED = Finding(
    cycle_id=0,
    conversation="cidA",
    member="0042",
    name="王老师",
    reason="retired",
    article="二.6.(二)",
    recommendation="请移出本群",
    source="file",
    detail="2026-06-30 起",
    owner="boss",
    number=1,
)


@pytest.fixture
def store() -> Iterator[Store]:
    with Database(":memory:") as database:
        store = Store(database)
        store.groups.save(Group("cidA", "教务处群"))
        store.groups.save(Group("cidB", "学工群"))
        yield store


@pytest.fixture
def cycle(store: Store) -> int:
    cycle_id = store.findings.open_cycle("monthly", ["department", "project"], "schedule", NOW)
    store.findings.asked(cycle_id, "boss", NOW)
    return cycle_id


def add(store: Store, cycle: int, **changes: object) -> int:
    return store.findings.add(replace(RETIRED, cycle_id=cycle, **changes))  # type: ignore[arg-type]


def test_a_cycle_and_its_findings_are_read_back(store: Store, cycle: int) -> None:
    one = add(store, cycle)
    about_the_group = add(store, cycle, member=None, name="", reason="no-admin", number=2)
    (opened,) = store.findings.open_cycles()
    assert (opened.schedule, opened.kinds, opened.opened_at, opened.opened_by) == (
        "monthly",
        ("department", "project"),
        NOW,
        "schedule",
    )
    assert store.findings.last_cycle() == opened
    assert store.findings.in_cycle(cycle) == [
        replace(RETIRED, cycle_id=cycle, id=one),
        replace(RETIRED, cycle_id=cycle, id=about_the_group, member=None, name="", reason="no-admin", number=2),
    ]


def test_only_open_findings_of_cycles_under_way_are_owed(store: Store, cycle: int) -> None:
    add(store, cycle, number=2)
    answered = add(store, cycle, number=1)
    add(store, cycle, owner="other", number=1)
    store.findings.answer(answered, "removed", "boss", NOW)
    assert [finding.number for finding in store.findings.owed_by("boss")] == [2]
    assert [finding.number for finding in store.findings.asked_of("boss")] == [1, 2]
    assert {finding.owner for finding in store.findings.all_open()} == {"boss", "other"}
    store.findings.close_cycle(cycle, NOW + timedelta(days=30))
    assert store.findings.owed_by("boss") == store.findings.asked_of("boss") == store.findings.all_open() == []
    assert store.findings.asks() == []
    assert store.findings.open_cycles() == []


def test_nothing_is_owed_for_a_group_that_was_disbanded(store: Store, cycle: int) -> None:
    add(store, cycle)
    add(store, cycle, conversation="cidB", number=2)
    store.groups.disbanded("cidA")
    assert [finding.conversation for finding in store.findings.owed_by("boss")] == ["cidB"]
    assert [finding.conversation for finding in store.findings.all_open()] == ["cidB"]


def test_an_answer_keeps_who_when_why_and_until_when(store: Store, cycle: int) -> None:
    one = add(store, cycle)
    store.findings.answer(one, "kept", "boss", NOW, keep_reason="返聘", keep_until=date(2027, 6, 30))
    (found,) = store.findings.asked_of("boss")
    assert (found.state, found.answered_by, found.answered_at, found.keep_reason, found.keep_until) == (
        "kept",
        "boss",
        NOW,
        "返聘",
        date(2027, 6, 30),
    )


def test_an_answer_taken_back_is_owed_again(store: Store, cycle: int) -> None:
    one = add(store, cycle)
    store.findings.answer(one, "kept", "boss", NOW, keep_reason="返聘", keep_until=date(2027, 6, 30))
    store.findings.finished("boss", NOW)
    assert store.findings.asks()[0].finished_at == NOW
    store.findings.reopen(one)
    assert store.findings.owed_by("boss") == [replace(RETIRED, cycle_id=cycle, id=one)]
    assert store.findings.asks()[0].finished_at is None


def test_numbers_go_on_over_cycles_and_begin_anew_when_they_have_grown_long(store: Store, cycle: int) -> None:
    assert store.findings.next_number("boss") == 1
    add(store, cycle, number=3)
    assert store.findings.next_number("boss") == 4
    assert store.findings.next_number("other") == 1
    store.findings.close_cycle(cycle, NOW)
    assert store.findings.next_number("boss") == 4
    newer = store.findings.open_cycle("monthly", ["department"], "schedule", NOW)
    add(store, newer, number=130)
    assert store.findings.next_number("boss") == 131, "a cycle under way keeps its numbers apart"
    store.findings.close_cycle(newer, NOW)
    assert store.findings.next_number("boss") == 1


def test_reminders_are_counted(store: Store, cycle: int) -> None:
    later = NOW + timedelta(days=2)
    store.findings.reminded(cycle, "boss", 1, NOW + timedelta(days=1))
    store.findings.reminded(cycle, "boss", 2, later)
    (ask,) = store.findings.asks()
    assert (ask.owner, ask.asked_at, ask.reminders, ask.last_reminded_at) == ("boss", NOW, 2, later)


def test_finishing_leaves_other_owners_and_closed_cycles_alone(store: Store, cycle: int) -> None:
    store.findings.asked(cycle, "other", NOW)
    store.findings.close_cycle(cycle, NOW)
    newer = store.findings.open_cycle("monthly", ["department"], "schedule", NOW)
    store.findings.asked(newer, "boss", NOW)
    store.findings.asked(newer, "other", NOW)
    store.findings.finished("boss", NOW)
    assert [(ask.owner, ask.finished_at) for ask in store.findings.asks()] == [("boss", NOW), ("other", None)]
    row = store.database.row("select finished_at from owner_asks where cycle_id = ? and owner = 'boss'", (cycle,))
    assert row is not None
    assert row["finished_at"] is None


def test_what_was_last_said_to_be_removed(store: Store, cycle: int) -> None:
    store.findings.answer(add(store, cycle), "removed", "boss", NOW)
    store.findings.answer(add(store, cycle, member=None, reason="dormant"), "removed", "boss", NOW)
    store.findings.answer(add(store, cycle, conversation="cidB"), "removed", "boss", NOW - timedelta(days=30))
    newer = store.findings.open_cycle("monthly", ["department"], "schedule", NOW)
    store.findings.answer(add(store, newer, conversation="cidB"), "kept", "boss", NOW)
    assert store.findings.said_removed() == {("cidA", "0042", "retired"): NOW, ("cidA", None, "dormant"): NOW}


@pytest.mark.parametrize(
    ("until", "is_exempt"), [(date(2026, 11, 24), True), (date(2026, 11, 23), False), (None, True)]
)
def test_an_exception_holds_until_its_last_day(store: Store, until: date | None, is_exempt: bool) -> None:
    store.findings.exempt(Exemption("cidA", "0042", "返聘", "boss", NOW, until))
    today = date(2026, 11, 24)
    assert store.findings.is_exempt("cidA", "0042", today) is is_exempt
    assert (("cidA", "0042") in store.findings.exempt_on(today)) is is_exempt
    assert not store.findings.is_exempt("cidB", "0042", today)
    assert not store.findings.is_exempt("cidA", "0043", today)


def test_a_newer_exception_replaces_the_older_and_can_be_withdrawn(store: Store) -> None:
    store.findings.exempt(Exemption("cidA", "0042", "返聘", "boss", NOW, date(2026, 1, 1)))
    store.findings.exempt(Exemption("cidA", "0042", "返聘", "boss", NOW, date(2027, 1, 1)))
    assert store.findings.is_exempt("cidA", "0042", date(2026, 11, 24))
    store.findings.withdraw_exemption("cidA", "0042")
    assert not store.findings.is_exempt("cidA", "0042", date(2026, 11, 24))


def test_what_an_owner_owes_is_found_by_index(store: Store) -> None:
    plan = store.database.rows(
        "explain query plan select f.* from findings f join cycles c on c.id = f.cycle_id "
        "where f.owner = 'boss' and f.state = 'open' and c.state = 'open'"
    )
    assert any("findings_by_owner" in row["detail"] for row in plan)
