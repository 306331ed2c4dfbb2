"""A copy while others write, whole and private; and files that are no database of ours are told apart."""

from __future__ import annotations

import os
import re
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.backup import PAGES_A_STEP, BackupError, companions, copy, examine
from storage.database import Database
from storage.inbox import Arrival
from storage.store import Store

NOW = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)


def fill(path: Path, messages: int, body: str = "{}") -> None:
    with Database(path) as database, database.transaction():
        Store(database).inbox.take(Arrival(f"message:{n}", "message", "cid", body, NOW) for n in range(messages))


def only(folder: Path, *names: str) -> None:
    """Nothing else lies in the folder."""
    assert sorted(path.name for path in folder.iterdir()) == sorted(names)


def test_the_copy_holds_what_was_committed_and_is_one_private_file(tmp_path: Path) -> None:
    source, folder = tmp_path / "steward.db", tmp_path / "backups"
    folder.mkdir()
    with Database(source) as database:
        store = Store(database)
        with database.transaction():
            store.inbox.take([Arrival("message:1", "message", "cid", "{}", NOW)])
        # What is committed and still in the log beside the file counts; what is under way does not.
        with database.transaction():
            store.inbox.take([Arrival("message:2", "message", "cid", "{}", NOW)])
            contents = copy(source, folder / "copy.db")
    assert (contents.messages, contents.newest) == (1, "2026-11-25T01:30:00.000Z")
    only(folder, "copy.db")
    if os.name == "posix":
        assert (folder / "copy.db").stat().st_mode & 0o777 == 0o600
    with Database(folder / "copy.db") as database:
        assert [row.key for row in Store(database).inbox.next_rows(NOW)] == ["message:1"]


def test_somebody_who_never_stops_writing_does_not_make_it_begin_anew(tmp_path: Path) -> None:
    """More than ten steps, and a commit by another connection in each of them: one pass is enough, of one moment."""
    source, target = tmp_path / "steward.db", tmp_path / "copy.db"
    fill(source, 100, body='"' + "x" * (PAGES_A_STEP * 512) + '"')
    steps = 0
    with closing(sqlite3.connect(source, isolation_level=None)) as other:

        def write() -> None:
            nonlocal steps
            steps += 1
            assert steps < 30, "it begins anew again and again"
            other.execute(
                "insert into inbox (key, kind, conversation, body, received_at) values (?, 'message', 'c', '', '')",
                (f"late:{steps}",),
            )

        contents = copy(source, target, write)
        assert other.execute("select count(*) from inbox").fetchone() == (100 + steps,)
    assert steps > 10
    assert contents.messages == 100


def test_writers_in_another_thread_do_not_wait_for_it(tmp_path: Path) -> None:
    source = tmp_path / "steward.db"
    fill(source, 50, body='"' + "x" * 200_000 + '"')
    written: list[int] = []
    is_over = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(source, isolation_level=None, timeout=0)) as other:
            while not is_over.is_set():
                number = len(written)
                other.execute("insert into audit (at, actor, action) values ('', 'x', ?)", (str(number),))
                written.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        before = len(written)
        contents = copy(source, tmp_path / "copy.db")
        during = len(written) - before
    finally:
        is_over.set()
        writer.join()
    assert during > 0, "the writer, who waits for no lock at all, went on"
    assert contents.messages == 50
    assert contents.audit <= len(written)


def test_nothing_is_overwritten_and_nothing_left_behind(tmp_path: Path) -> None:
    source, target = tmp_path / "steward.db", tmp_path / "there.db"
    fill(source, 1)
    target.write_text("mine", encoding="utf-8")
    with pytest.raises(BackupError, match="不覆盖"):
        copy(source, target)
    assert target.read_text(encoding="utf-8") == "mine"
    with pytest.raises(BackupError, match="还没有数据库"):
        copy(tmp_path / "none.db", tmp_path / "copy.db")
    only(tmp_path, "steward.db", "there.db")


def test_a_failure_on_the_way_leaves_no_half_copy(tmp_path: Path) -> None:
    source = tmp_path / "steward.db"
    fill(source, 100, body='"' + "x" * 100_000 + '"')

    def fail() -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(BackupError, match="没有备份成"):
        copy(source, tmp_path / "copy.db", fail)
    only(tmp_path, "steward.db")


def test_a_damaged_database_is_not_taken_for_a_backup(tmp_path: Path) -> None:
    source = tmp_path / "steward.db"
    fill(source, 200, body='"' + "x" * 1000 + '"')
    data = bytearray(source.read_bytes())
    data[40 * 4096 : 60 * 4096] = os.urandom(20 * 4096)
    source.write_bytes(data)
    with pytest.raises(BackupError, match="^" + re.escape(str(source))):
        copy(source, tmp_path / "copy.db")
    only(tmp_path, "steward.db")


def _text(path: Path) -> None:
    path.write_text("not a database, but long enough to be read as one " * 100, encoding="utf-8")


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _other(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("create table inbox (id integer)")


def _newer(path: Path) -> None:
    fill(path, 1)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at) values ('steward', 'm999_later', '')"
        )


@pytest.mark.parametrize(
    ("make", "says"),
    [(_text, "不是数据库"), (_empty, "不是群管家"), (_other, "不是群管家"), (_newer, "请先升级")],
)
def test_what_is_no_database_of_ours_is_told_apart(make: object, says: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    assert callable(make)
    make(path)
    with pytest.raises(BackupError, match=says):
        examine(path)


def test_a_missing_file_is_not_created_by_looking(tmp_path: Path) -> None:
    with pytest.raises(BackupError):
        examine(tmp_path / "none.db")
    only(tmp_path)


def test_the_files_beside_it_are_known(tmp_path: Path) -> None:
    source = tmp_path / "steward.db"
    with Database(source):
        assert {path.name for path in tmp_path.iterdir()} == {source.name, *(path.name for path in companions(source))}
