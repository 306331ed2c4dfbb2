"""Content flags, stored and counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from storage.database import Database
from storage.flags import Flag, Flags

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


def test_counting_for_a_person_leaves_reports_out(flags: Flags) -> None:
    flags.add(replace(FLAG, message_key="old", created_at=NOW - timedelta(seconds=1)))
    flags.add(FLAG)
    flags.add(replace(FLAG, message_key="m2", source="private"))
    flags.add(replace(FLAG, message_key="m3", source="report"))
    flags.add(replace(FLAG, message_key="m4", sender="li"))
    flags.add(replace(FLAG, message_key="m5", rule="numbers"))
    assert flags.count_since("wang", "adverts", NOW) == 2


def test_counting_for_people_without_id_goes_by_group(flags: Flags) -> None:
    flags.add(FLAG)
    flags.add(replace(FLAG, message_key="m2", sender=None))
    flags.add(replace(FLAG, message_key="m3", sender=None, conversation="other"))
    flags.add(replace(FLAG, message_key="m4", sender=None, source="report"))
    flags.add(replace(FLAG, message_key="m5", sender=None, created_at=NOW - timedelta(days=1)))
    assert flags.count_by_unknown("cid", "adverts", NOW) == 1


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
