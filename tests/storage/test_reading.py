"""Looking at a database that somebody else works with, without a trace."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.database import Database, DatabaseError
from storage.probes import Probe
from storage.reading import ReadOnlyDatabase
from storage.store import Store

PROBE = Probe("network", datetime(2026, 11, 25, tzinfo=UTC), "ok", "好")


def test_what_was_committed_is_read_while_another_writes(tmp_path: Path) -> None:
    with Database(tmp_path / "steward.db") as database:
        Store(database).probes.replace([PROBE])
        with database.transaction():
            Store(database).probes.replace([])
            with ReadOnlyDatabase(tmp_path / "steward.db") as reading:
                assert Store(reading).probes.all() == [PROBE]


def test_nothing_can_be_written(tmp_path: Path) -> None:
    with Database(tmp_path / "steward.db") as database:
        Store(database).probes.replace([PROBE])
    before = (tmp_path / "steward.db").read_bytes()
    with ReadOnlyDatabase(tmp_path / "steward.db") as reading:
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            Store(reading).probes.replace([])
        assert Store(reading).probes.all() == [PROBE]
    assert (tmp_path / "steward.db").read_bytes() == before


def test_a_file_of_an_older_version_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "steward.db"
    with Database(path) as database, database.transaction():
        database.execute("drop table probes")
        database.execute("delete from _sqlite_migrations where name = 'm008_operation'")
    with pytest.raises(DatabaseError, match="旧版本"):
        ReadOnlyDatabase(path)
    with sqlite3.connect(path) as connection:
        names = {name for (name,) in connection.execute("select name from sqlite_master")}
    assert "probes" not in names


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "steward.db"
    path.write_text("no database at all" * 100)
    with pytest.raises(DatabaseError):
        ReadOnlyDatabase(path)
