"""Content flags, stored and counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from storage.database import Database
from storage.flags import Flag, Flags
from storage.store import Store
from storage.tellings import Telling
from storage.verdicts import Verdict, VerdictWord

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
FLAG = Flag("m1", "adverts", "advertising", "五.2", "remind", "mention", "cid", "wang", "代写…", NOW)


@pytest.fixture
def flags() -> Iterator[Flags]:
    with Database(":memory:") as database:
        yield Flags(database)


def test_what_is_stored_comes_back(flags: Flags) -> None:
    number = flags.add(replace(FLAG, reporter="li", source="report", sender=None))
    assert number is not None
    assert flags.get(number) == replace(FLAG, reporter="li", source="report", sender=None, id=number)
    assert flags.get(number + 1) is None


def test_a_rule_fires_on_a_message_once(flags: Flags) -> None:
    assert flags.add(FLAG) is not None
    assert flags.add(replace(FLAG, excerpt="anders")) is None
    assert flags.add(replace(FLAG, rule="numbers")) is not None
    assert flags.add(replace(FLAG, message_key="m2")) is not None
    assert flags.count() == 3


def test_the_newest_come_first(flags: Flags) -> None:
    for key in ("a", "b", "c"):
        flags.add(replace(FLAG, message_key=key))
    assert [flag.message_key for flag in flags.latest(2)] == ["c", "b"]


def test_what_is_held_against_somebody_is_what_they_heard_of_and_nobody_called_a_mistake() -> None:
    with Database(":memory:") as database:
        store = Store(database)

        def flag(key: str, **how: object) -> int:
            number = store.flags.add(replace(FLAG, message_key=key, **how))  # type: ignore[arg-type]
            assert number is not None
            store.tellings.add(Telling(number, "wang", "sender", NOW))
            return number

        def judged(key: str, verdict: VerdictWord, at: datetime) -> None:
            store.verdicts.put(Verdict(flag(key, created_at=at), verdict, "li", NOW))

        hours = [NOW + timedelta(hours=number) for number in range(10)]
        flag("heard", created_at=hours[1])
        flag("bridge", created_at=hours[2], source="bridge", rule="other-adverts")
        judged("right", "right", hours[3])
        judged("wrong", "wrong", hours[4])
        judged("unsure", "unsure", hours[5])
        flag("old", created_at=hours[0])
        flag("late", created_at=hours[9])
        flag("private", source="private", created_at=hours[1])
        flag("report", source="report", created_at=hours[1])
        flag("li", sender="li", created_at=hours[1])
        flag("numbers", category="privacy", created_at=hours[1])
        store.flags.add(replace(FLAG, message_key="unheard", created_at=hours[6]))
        held = store.flags.held_before("wang", "advertising", hours[1], hours[9])
        assert held == hours[1:4]


def test_all_flags_of_a_message_oldest_first(flags: Flags) -> None:
    flags.add(FLAG)
    flags.add(replace(FLAG, message_key="m2"))
    flags.add(replace(FLAG, rule="numbers"))
    assert [flag.rule for flag in flags.of_message("m1")] == ["adverts", "numbers"]
    assert flags.of_message("none") == []


def test_counts_by_rule_since_a_moment(flags: Flags) -> None:
    flags.add(replace(FLAG, message_key="old", created_at=NOW - timedelta(days=31)))
    for key in ("a", "b"):
        flags.add(replace(FLAG, message_key=key))
    flags.add(replace(FLAG, rule="numbers"))
    assert flags.counts_since(NOW - timedelta(days=30)) == {"adverts": 2, "numbers": 1}


def test_only_known_sources_can_be_stored(flags: Flags) -> None:
    with pytest.raises(Exception, match="CHECK constraint"):
        flags.add(replace(FLAG, source="gossip"))  # type: ignore[arg-type]
