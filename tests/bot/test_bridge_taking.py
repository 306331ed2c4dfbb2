"""Lines on their way to the inbox: once each, of groups that allow it, and every one that is lost is counted."""

from __future__ import annotations

import itertools
import json
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.bridge.queue import LineQueue
from bot.bridge.taking import MOST_OPEN, Taking
from bot.bridge.working import Complaints, Working
from handlers.hearing import coverage
from handlers.settings import BridgeSettings
from storage.bridge import Tally
from storage.database import Database
from storage.store import Store

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
SETTINGS = BridgeSettings(enabled=True, groups=("cidA",))


class Clock:
    at = NOW

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Database(tmp_path / "steward.db") as database:
        yield Store(database)


def message(number: int | str, group: str = "cidA", text: str = "你好") -> bytes:
    return json.dumps({"message_id": str(number), "conversation_id": group, "content": text}).encode()


def begun(store: Store, said: list[str] | None = None, settings: BridgeSettings = SETTINGS) -> Taking:
    taking = Taking(store, settings, Clock(), "stdin", (said if said is not None else []).append)
    taking.begin()
    return taking


def test_each_message_is_taken_once_and_by_groups_that_allow_it(store: Store) -> None:
    taking = begun(store)
    lines = [message(1), message(1), message(2, "cidOther"), message(3)]
    assert taking.take(lines) == Tally(lines=4, taken=2, known=1, unwanted=1)
    assert begun(store).take([message(3)]) == Tally(lines=1, known=1), "by another run, too"
    assert [row.key for row in store.inbox.next_rows(NOW)] == ["bridge:message:1", "bridge:message:3"]
    assert "cidOther" not in "".join(row.body for row in store.inbox.next_rows(NOW))
    heard = store.coverage.of("cidA")
    assert heard is not None
    assert heard.messages == 2
    assert store.coverage.of("cidOther") is None


def test_an_owners_word_counts_from_the_next_line_on(store: Store) -> None:
    taking = begun(store)
    assert taking.take([message(1, "cidB")]).unwanted == 1
    store.coverage.allow("cidB", "owner", NOW)
    assert taking.take([message(2, "cidB")]).taken == 1
    store.coverage.end("cidB", "owner", NOW)
    assert taking.take([message(3, "cidB")]).unwanted == 1


def test_a_process_for_one_group_takes_that_alone_and_only_where_it_is_allowed(store: Store) -> None:
    settings = BridgeSettings(enabled=True, groups=("cidA", "cidB"))
    taking = Taking(store, settings, Clock(), "stdin", print, ["cidA", "cidC"])
    taking.begin()
    assert taking.take([message(1), message(2, "cidB"), message(3, "cidC")]) == Tally(lines=3, taken=1, unwanted=2)
    (run,) = store.bridge.runs(NOW)
    assert [run.reads(group) for group in ("cidA", "cidB")] == [True, False]


def test_nothing_is_taken_while_it_is_off(store: Store) -> None:
    store.coverage.allow("cidB", "owner", NOW)
    taking = begun(store, settings=BridgeSettings(enabled=False, groups=("cidA",)))
    assert taking.take([message(1), message(2, "cidB")]) == Tally(lines=2, unwanted=2)


def test_bad_lines_are_told_and_counted(store: Store) -> None:
    said: list[str] = []
    taking = begun(store, said)
    assert taking.take([b"{half", message(1)]) == Tally(lines=2, taken=1, bad=1)
    assert len(said) == 1
    (run,) = store.bridge.runs(NOW)
    assert run.tally == taking.tally == Tally(lines=2, taken=1, bad=1)


def test_what_the_source_sent_and_did_not_come_is_missing(store: Store) -> None:
    exited = "[event] exited — received 5 event(s) in 1s (reason: signal)".encode()
    taking = begun(store)
    assert taking.take([b"[event] ready", message(1), message(2), b"{half"], dropped=1).missing == 0
    assert taking.take([exited]) == Tally(missing=1)
    taking.take([message(3), exited.replace(b"5", b"1")])
    assert taking.tally == Tally(lines=4, taken=3, bad=1, dropped=1, missing=1)


def test_what_was_lost_long_ago_is_no_loss_of_today(store: Store) -> None:
    clock = Clock()
    taking = Taking(store, SETTINGS, clock, "stdin", lambda _: None)
    taking.begin()
    taking.take([message(1), b"{half"])
    for number in range(2, 50):
        clock.at += timedelta(hours=6)
        taking.take([message(number)])
    taking.lose(3)
    taking.end()
    assert taking.tally == Tally(lines=50, taken=49, bad=1, dropped=3)
    every, lately = store.bridge.runs(NOW), store.bridge.runs(clock.at - timedelta(days=7))
    whole = Tally()
    for run in every:
        whole += run.tally
    assert whole == taking.tally
    assert (sum(run.tally.lost for run in lately), sum(run.tally.lines for run in lately)) == (3, 29)
    assert all(one.ended_at == other.started_at for one, other in itertools.pairwise(every)), "without a gap"
    found = coverage.of_group("cidA", SETTINGS, store, clock.at)
    assert found.loss == pytest.approx(3 / 32)


def test_what_could_not_be_stored_has_not_happened(store: Store) -> None:
    said: list[str] = []
    taking = begun(store, said)
    store.database.execute("alter table bridge_runs rename to away")
    with pytest.raises(sqlite3.Error):
        taking.take([message(1), b"{half"])
    assert (taking.tally, said, store.inbox.counts()["new"]) == (Tally(), [], 0)
    store.database.execute("alter table away rename to bridge_runs")
    assert taking.take([message(1), b"{half"]) == Tally(lines=2, taken=1, bad=1)


def test_a_bot_that_does_not_keep_up_is_given_no_more(store: Store) -> None:
    taking = begun(store)
    with store.database.transaction():
        for start in range(0, MOST_OPEN, 500):
            taking.take([message(number) for number in range(start, start + 500)])
    assert not taking.has_room
    store.database.execute("update inbox set state = 'done' where id < 10")
    assert taking.has_room


def test_a_run_from_its_first_line_to_its_end(store: Store) -> None:
    said: list[str] = []
    pieces = iter([message(1)[:10], message(1)[10:] + b"\n" + message(2) + b"\n", message(3)[:20]])
    taking = Taking(store, SETTINGS, Clock(), "stdin", Complaints(said.append))
    Working(taking, pieces, said.append).run()
    assert taking.tally == Tally(lines=3, taken=2, bad=1), "half a line at the end is a bad one"
    assert "读不懂" in said[0]
    (run,) = store.bridge.runs(NOW)
    assert run.ended_at == NOW


def test_a_database_that_cannot_be_written_is_waited_for(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.bridge.working._AGAIN_SECONDS", 0.05)
    said: list[str] = []
    store.database.execute("alter table bridge_groups rename to away")

    def pieces() -> Iterator[bytes]:
        yield message(1) + b"\n"
        while not said:
            threading.Event().wait(0.01)
        with Database(store.database.path) as other:
            other.execute("alter table away rename to bridge_groups")

    taking = Taking(store, SETTINGS, Clock(), "stdin", said.append)
    Working(taking, pieces(), said.append).run()
    assert taking.tally == Tally(lines=1, taken=1)
    assert [line[:5] for line in said] == ["数据库写不", "数据库又能"]


def test_who_does_not_stop_reading_still_ends_when_told(store: Store) -> None:
    quiet = threading.Event()

    def pieces() -> Iterator[bytes]:
        yield message(1) + b"\n"
        quiet.wait(30)

    taking = Taking(store, SETTINGS, Clock(), "stdin", print)
    working = Working(taking, pieces(), print)
    threading.Timer(0.3, working.stop).start()
    working.run()
    quiet.set()
    assert taking.tally.taken == 1
    assert store.bridge.runs(NOW)[0].ended_at == NOW


def test_complaints_are_few_and_say_how_many(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    complain = Complaints(said.append)
    for _ in range(100):
        complain("x")
    assert len(said) == 1
    monkeypatch.setattr("bot.bridge.working._REPEAT_SECONDS", 0.0)
    complain("x")
    assert "（100 行）" in said[1]


def test_a_full_queue_waits_then_drops_the_oldest_and_counts() -> None:
    queue = LineQueue(most_lines=3, most_bytes=1000, patience=0.05)
    queue.put([b"1", b"2", b"3", b"4", b"5"])
    assert queue.take_dropped() == 2
    assert queue.take_dropped() == 0
    assert queue.get(2, 0.0) == [b"3", b"4"]
    queue.end()
    assert not queue.is_done
    assert queue.get(2, 0.0) == [b"5"]
    assert queue.is_done


def test_whoever_is_read_slowly_waits_and_loses_nothing() -> None:
    queue = LineQueue(most_lines=10, patience=10.0)

    def fill() -> None:
        queue.put([b"%d" % n for n in range(500)])
        queue.end()

    thread = threading.Thread(target=fill)
    thread.start()
    found: list[bytes] = []
    while not queue.is_done:
        found += queue.get(7, 1.0)
    thread.join()
    assert found == [b"%d" % n for n in range(500)]
    assert queue.take_dropped() == 0


def test_bytes_are_bounded_too() -> None:
    queue = LineQueue(most_bytes=100, patience=0.01)
    queue.put([b"x" * 60, b"y" * 60, b"z" * 200])
    assert queue.get(9, 0.0) == [b"z" * 200], "one line at least, however long"
    assert queue.take_dropped() == 2
