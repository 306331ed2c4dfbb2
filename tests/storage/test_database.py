"""The database file: how it is created, what is refused, and that a transaction is all or nothing."""

from __future__ import annotations

import os
import sqlite3
import stat
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.audit import Audit, AuditEntry
from storage.database import Database, DatabaseError
from storage.times import from_text, to_text

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no Unix modes; the folder's permissions hold there")
def test_the_file_and_its_companions_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        with Database(tmp_path / "deep" / "steward.db") as database:
            Audit(database).add(AuditEntry(NOON, "cli", "test"))
            modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in (tmp_path / "deep").iterdir()}
    finally:
        os.umask(old)
    assert modes["steward.db"] == 0o600
    assert set(modes.values()) == {0o600}


def test_it_keeps_a_write_ahead_log_and_foreign_keys(tmp_path: Path) -> None:
    with Database(tmp_path / "steward.db") as database:
        assert database.connection.execute("pragma journal_mode").fetchone()[0] == "wal"
        assert database.connection.execute("pragma synchronous").fetchone()[0] == 2
        with pytest.raises(sqlite3.IntegrityError):
            database.execute("insert into group_admins (conversation, staff_id) values ('nowhere', 'x')")


def test_a_database_from_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "steward.db"
    with Database(path) as database:
        database.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at) values ('steward', 'm999_future', 'x')"
        )
    with pytest.raises(DatabaseError, match=r"m999_future.*newer"):
        Database(path)
    with sqlite3.connect(path) as raw:
        assert raw.execute("select count(*) from _sqlite_migrations where name = 'm999_future'").fetchone() == (1,)
    raw.close()


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("this is not a database, but it is long enough to look like a file" * 20)
    with pytest.raises(DatabaseError, match=r"notes\.txt.*not a database"):
        Database(path)


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="storage"):
        Database(tmp_path)


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "steward.db"
    with Database(path) as database:
        Audit(database).add(AuditEntry(NOON, "cli", "first"))
    with Database(path) as database:
        assert [entry.action for entry in Audit(database).latest()] == ["first"]


def test_a_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    with Database(tmp_path / "steward.db") as database:
        audit = Audit(database)

        def fail_halfway() -> None:
            with database.transaction():
                audit.add(AuditEntry(NOON, "cli", "half"))
                raise RuntimeError("halfway")

        with pytest.raises(RuntimeError):
            fail_halfway()
        assert audit.latest() == []


def test_an_inner_transaction_can_fail_alone() -> None:
    with Database(":memory:") as database:
        audit = Audit(database)

        def fail_inside() -> None:
            with database.transaction():
                audit.add(AuditEntry(NOON, "cli", "inner"))
                raise RuntimeError("inner")

        with database.transaction():
            audit.add(AuditEntry(NOON, "cli", "outer"))
            with pytest.raises(RuntimeError):
                fail_inside()
        assert [entry.action for entry in audit.latest()] == ["outer"]


def test_a_commit_that_fails_takes_all_back_and_the_next_one_is_on_its_own(tmp_path: Path) -> None:
    """Otherwise everything after it would be acknowledged inside a transaction that never ends."""
    path = tmp_path / "steward.db"
    with Database(path) as database:
        audit = Audit(database)

        def fail_at_the_end() -> None:
            with database.transaction():
                database.execute("pragma defer_foreign_keys = on")
                database.execute("insert into group_admins (conversation, staff_id) values ('nowhere', 'x')")

        with pytest.raises(sqlite3.IntegrityError):
            fail_at_the_end()
        assert not database.connection.in_transaction
        audit.add(AuditEntry(NOON, "cli", "after"))
        with Database(path) as another:
            assert [entry.action for entry in Audit(another).latest()] == ["after"]


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-5))])))
def test_stored_times_keep_their_moment_to_the_millisecond(moment: datetime) -> None:
    if not datetime(2, 1, 1, tzinfo=UTC) < moment < datetime(9998, 1, 1, tzinfo=UTC):
        return
    text = to_text(moment)
    assert len(text) == len("2026-11-24T04:00:00.000Z")
    assert abs(from_text(text) - moment) < timedelta(milliseconds=1)


@given(*(st.datetimes(timezones=st.just(UTC)) for _ in range(2)))
def test_stored_times_sort_as_time_does(one: datetime, other: datetime) -> None:
    if to_text(one) < to_text(other):
        assert one < other


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        to_text(datetime(2026, 11, 24))  # noqa: DTZ001 - the point of the test


def test_of_a_damaged_file_it_says_how_to_get_a_good_one(tmp_path: Path) -> None:
    path = tmp_path / "steward.db"
    path.write_bytes(b"no database at all" * 400)
    with pytest.raises(DatabaseError, match="steward restore"):
        Database(path)
    with pytest.raises(DatabaseError, match="权限"):
        Database(tmp_path)
