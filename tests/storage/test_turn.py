"""Turns: they read beside whoever writes, and count as if all of them had happened when they first wrote."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.audit import AuditEntry
from storage.database import ConflictError, Database
from storage.inbox import Arrival
from storage.staff import StaffFact
from storage.store import Store

NOW = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Database(tmp_path / "steward.db", is_owner=True) as database:
        yield Store(database)


def beside(work: Callable[[], object]) -> None:
    """Do it in another thread, and wait for it; ten seconds at most."""
    errors: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised again below
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(10)
    assert not thread.is_alive(), "it waits for the turn"
    if errors:
        raise errors[0]


def note(store: Store, action: str) -> None:
    store.audit.add(AuditEntry(NOW, "cli", action))


def actions(store: Store) -> list[str]:
    return sorted(entry.action for entry in store.audit.latest())


def hire(store: Store, staff_id: str) -> None:
    store.staff.put(StaffFact(staff_id, "directory", "张三", status="serving"), NOW)


def test_others_write_while_a_turn_reads(store: Store) -> None:
    with store.database.turn():
        assert store.staff.count() == 0
        beside(lambda: note(store, "beside"))
        note(store, "turn")
    assert actions(store) == ["beside", "turn"]


def test_a_turn_reads_one_state_of_things(store: Store) -> None:
    with store.database.turn():
        assert store.staff.count() == 0
        beside(lambda: hire(store, "0001"))
        assert store.staff.count() == 0
    assert store.staff.count() == 1


def test_what_it_has_read_must_not_have_changed_when_it_writes(store: Store) -> None:
    with pytest.raises(ConflictError), store.database.turn():
        assert store.staff.count() == 0
        beside(lambda: hire(store, "0001"))
        note(store, "nobody serves")
    assert actions(store) == []
    with store.database.transaction():
        note(store, "after")
    assert actions(store) == ["after"], "the lock was let go"


def test_from_its_first_write_on_it_is_alone_and_reads_what_it_wrote(store: Store) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def write_beside() -> None:
        begun.set()
        hire(store, "0002")
        go_on.set()

    thread = threading.Thread(target=write_beside, daemon=True)
    with store.database.turn():
        hire(store, "0001")
        thread.start()
        assert begun.wait(10)
        assert not go_on.wait(0.1)
        assert store.staff.count() == 1
    assert go_on.wait(10)
    thread.join(10)
    assert store.staff.count() == 2


def test_the_queues_get_in_nobodys_way(store: Store) -> None:
    """`/状态` reads them; messages come in all the time."""
    with store.database.turn():
        assert store.inbox.counts()["new"] == 0
        beside(lambda: store.inbox.take([Arrival("message:1", "message", "c1", "{}", NOW)]))
        note(store, "asked")
    assert actions(store) == ["asked"]


def test_another_process_gets_in_the_way_as_well(store: Store, tmp_path: Path) -> None:
    """`steward import` beside the running bot."""

    def come_in() -> None:
        with Database(tmp_path / "steward.db") as other:
            hire(Store(other), "0001")

    with pytest.raises(ConflictError), store.database.turn():
        assert store.staff.count() == 0
        beside(come_in)
        note(store, "nobody serves")
    with store.database.turn():
        assert store.staff.count() == 1
        note(store, "once more")
    assert actions(store) == ["once more"]


def test_another_process_that_only_reads_does_not(store: Store, tmp_path: Path) -> None:
    with store.database.turn():
        assert store.staff.count() == 0
        with Database(tmp_path / "steward.db") as other:
            assert Store(other).staff.count() == 0
        note(store, "turn")
    assert actions(store) == ["turn"]


def test_an_inner_transaction_can_fail_alone(store: Store) -> None:
    def fail_inside() -> None:
        with store.database.transaction():
            note(store, "inner")
            raise RuntimeError("inner")

    with store.database.turn():
        with pytest.raises(RuntimeError):
            fail_inside()
        note(store, "outer")
    assert actions(store) == ["outer"]


def test_a_turn_that_raises_stores_nothing(store: Store) -> None:
    with pytest.raises(RuntimeError), store.database.turn():
        note(store, "half")
        raise RuntimeError("halfway")
    assert actions(store) == []


@pytest.mark.parametrize("kind", ["turn", "transaction"])
def test_what_goes_on_after_an_error_that_ended_it_is_told_so_and_nothing_is_stored(store: Store, kind: str) -> None:
    """A full disk does that. To write on would wait for oneself, for ever."""

    def go_on() -> None:
        with getattr(store.database, kind)():
            note(store, "before")
            store.database.connection.rollback()
            note(store, "after")

    with pytest.raises(sqlite3.OperationalError, match="ended by an error"):
        beside(go_on)
    assert actions(store) == []
    beside(lambda: note(store, "next"))
    assert actions(store) == ["next"], "the lock was let go"


def test_a_turn_that_could_not_begin_leaves_nothing_open(store: Store) -> None:
    def refuse(action: int, name: str | None, *_: object) -> int:
        is_mark = action == sqlite3.SQLITE_PRAGMA and name == "user_version"
        return sqlite3.SQLITE_DENY if is_mark else sqlite3.SQLITE_OK

    store.database.connection.set_authorizer(refuse)
    with pytest.raises(sqlite3.DatabaseError), store.database.turn():
        pass
    store.database.connection.set_authorizer(None)
    with store.database.turn():
        note(store, "next")
    assert actions(store) == ["next"]


def test_a_thread_that_comes_back_after_the_end_stores_nothing(store: Store, tmp_path: Path) -> None:
    """Another process may have the file by then; what was to be done is done at the next start."""
    written, closed = threading.Event(), threading.Event()
    errors: list[sqlite3.Error] = []

    def take_long() -> None:
        for is_late in (False, True):
            try:
                with store.database.turn():
                    if not is_late:
                        note(store, "half")
                        written.set()
                        assert closed.wait(10)
                    else:
                        note(store, "late")
            except sqlite3.Error as error:
                errors.append(error)

    thread = threading.Thread(target=take_long, daemon=True)
    thread.start()
    assert written.wait(10)
    store.database.close()
    closed.set()
    thread.join(10)
    assert [str(error) for error in errors] == ["the database was closed"] * 2
    with Database(tmp_path / "steward.db") as again:
        assert actions(Store(again)) == []


def test_there_is_no_turn_inside_a_transaction(store: Store) -> None:
    with store.database.transaction(), pytest.raises(sqlite3.ProgrammingError), store.database.turn():
        pass


def test_a_database_in_memory_belongs_to_one_thread() -> None:
    with Database(":memory:") as database, pytest.raises(sqlite3.ProgrammingError):
        beside(lambda: database.rows("select 1"))


def test_no_change_is_lost_though_many_read_decide_and_write_at_once(store: Store) -> None:
    """Each counts the staff and hires the next one: as one after the other, whoever comes in between."""
    threads, each = 6, 25
    conflicts = 0
    guard = threading.Lock()

    def count_and_hire() -> None:
        nonlocal conflicts
        for _ in range(each):
            while True:
                try:
                    with store.database.turn():
                        hire(store, f"{store.staff.count():04}")
                    break
                except ConflictError:
                    with guard:
                        conflicts += 1

    running = [threading.Thread(target=count_and_hire, daemon=True) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(60)
    assert store.staff.count() == threads * each


def test_a_turn_leaves_the_flush_to_the_next_transaction(store: Store) -> None:
    """1 is «normal», 2 is «full» (docs/decisions/0002-durability.md)."""

    def how() -> int:
        return int(store.database.connection.execute("pragma synchronous").fetchone()[0])

    with store.database.turn():
        note(store, "turn")
        assert how() == 1
    with store.database.transaction():
        note(store, "transaction")
        assert how() == 2
