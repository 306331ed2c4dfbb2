"""What the bridge did, whom it knows, and which groups it may read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from storage.bridge import SIGHTED, Tally
from storage.coverage import Consent, Heard
from storage.database import Database
from storage.flags import Flag
from storage.groups import Group
from storage.inbox import Arrival
from storage.store import Store

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def store() -> Iterator[Store]:
    with Database(":memory:") as database:
        yield Store(database)


def test_a_run_tells_what_became_of_its_lines(store: Store) -> None:
    run = store.bridge.begin("stdin", NOW)
    tally = Tally(lines=9, taken=4, known=1, unwanted=1, bad=1, dropped=1, missing=1)
    store.bridge.beat(run, tally, LATER)
    (found,) = store.bridge.runs(NOW)
    assert (found.started_at, found.beat_at, found.ended_at, found.tally) == (NOW, LATER, None, tally)
    assert found.tally.lost == 3
    store.bridge.beat(run, tally, LATER, is_last=True)
    assert store.bridge.runs(NOW)[0].ended_at == LATER
    assert store.bridge.runs(LATER + timedelta(seconds=1)) == []


def test_tallies_add_up() -> None:
    tally = Tally(lines=1, bad=1)
    tally += Tally(lines=2, taken=2)
    assert tally == Tally(lines=3, taken=2, bad=1)


def test_a_consent_holds_until_it_is_taken_back(store: Store) -> None:
    coverage = store.coverage
    assert (coverage.consent("cid"), coverage.consents(), coverage.end("cid", "boss", NOW)) == (None, [], False)
    coverage.allow("cid", "owner", NOW)
    assert coverage.consents() == [Consent("cid", "owner", NOW)]
    coverage.heard({"cid": 2}, NOW)
    coverage.heard({"cid": 3, "other": 1}, LATER)
    assert coverage.of("cid") == Heard(NOW, LATER, 5)
    assert coverage.end("cid", "boss", LATER)
    assert coverage.consents() == []
    assert coverage.consent("cid") == Consent("cid", "owner", NOW, "boss", LATER)
    assert coverage.of("cid") is None, "what was heard before says nothing of what is heard after"
    coverage.allow("cid", "owner", LATER)
    assert coverage.consents() == [Consent("cid", "owner", LATER)]


def test_the_register_says_what_is_heard(store: Store) -> None:
    store.groups.save(Group("cid", "办公室"))
    store.coverage.set_mode("cid", "bridge")
    assert store.groups.get("cid") == Group("cid", "办公室", coverage="bridge")


def test_somebody_is_known_once_enough_speaks_for_it(store: Store) -> None:
    bridge = store.bridge
    bridge.learn("open", "0001", 1, NOW)
    assert bridge.staff_ids(["open"]) == {}
    bridge.learn("open", "0001", 1, NOW)
    bridge.learn("sure", "0002", 2, NOW)
    assert bridge.staff_ids(["open", "sure", "nobody"]) == {"open": "0001", "sure": "0002"}


def test_who_was_two_people_is_nobody(store: Store) -> None:
    store.bridge.learn("open", "0001", 2, NOW)
    store.bridge.learn("open", "0002", 2, NOW)
    store.bridge.learn("open", "0001", 2, NOW)
    assert store.bridge.staff_ids(["open"]) == {}


def test_the_other_way_is_found_by_id_or_by_words_for_some_minutes(store: Store) -> None:
    bridge = store.bridge
    bridge.sighted("robot", "cid", "m1", "digest", "0001", NOW)
    bridge.sighted("robot", "cid", "m2", "", "0002", NOW)
    since = NOW - SIGHTED
    assert bridge.counterparts("bridge", "cid", "m1", "", since) == [("0001", True)]
    assert bridge.counterparts("bridge", "cid", "x", "digest", since) == [("0001", False)]
    assert bridge.counterparts("bridge", "cid", "x", "", since) == [], "no words are nobody's words"
    assert bridge.counterparts("robot", "cid", "m1", "digest", since) == [], "its own side proves nothing"
    assert bridge.counterparts("bridge", "elsewhere", "m1", "digest", since) == []
    bridge.sighted("bridge", "cid", "m3", "", "open", NOW + SIGHTED + timedelta(seconds=1))
    assert bridge.counterparts("bridge", "cid", "m1", "digest", since) == []


def test_flags_of_a_message_that_was_taken_back_say_so(store: Store) -> None:
    store.flags.add(Flag("m1", "r", "abuse", "一.2", "remind", "bridge", "cid", None, "…", NOW))
    assert store.bridge.recalled("m1", LATER) == 1
    assert store.bridge.recalled("m1", LATER + timedelta(hours=1)) == 0
    assert store.flags.latest()[0].recalled_at == LATER


def test_what_the_bridge_brought_is_kept_nowhere(store: Store) -> None:
    for key in ("bridge:message:1", "bridge:message:2", "message:3"):
        store.inbox.take([Arrival(key, "event", "bridge:0", "words", NOW)])
    first, second, third = store.inbox.next_rows(NOW)
    assert store.inbox.last_received_at() == NOW
    store.inbox.park(first.id, "broken", NOW)
    store.inbox.park(third.id, "broken", NOW)
    store.inbox.done(second.id, NOW)
    assert {row.key: row.body for row in store.inbox.parked()} == {"bridge:message:1": "", "message:3": "words"}
    assert store.bridge.forget_keys(LATER, 10) == 1
    keys = [row["key"] for row in store.database.rows("select key from inbox order by id")]
    assert keys == ["bridge:message:1", "message:3"]


def test_dingtalk_was_not_heard_because_a_bridge_brought_something(store: Store) -> None:
    store.inbox.take([Arrival("message:1", "message", "cid", "{}", NOW)])
    store.inbox.take([Arrival("bridge:message:1", "event", "bridge:0", "{}", LATER)])
    assert store.inbox.last_received_at() == NOW


def test_a_report_counts_once_a_person(store: Store) -> None:
    assert store.reports.add("m1", "0001", "cid", NOW)
    assert not store.reports.add("m1", "0001", "cid", LATER)
    assert store.reports.add("m1", "0002", "cid", LATER)
    assert store.reports.add("m2", "0002", "cid", LATER)
    assert (store.reports.count("m1"), store.reports.count("m3")) == (2, 0)
    assert (store.reports.by("0002", NOW), store.reports.by("0002", LATER + timedelta(seconds=1))) == (2, 0)
    assert store.reports.has("m1", "0001")
    assert not store.reports.has("m2", "0001")
