"""Opening the database: file mode, pragmas, migrations, a connection a thread, and transactions."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from sqlite_utils import Database as SqliteDatabase

from storage.changes import Changes
from storage.migrations import migrations

_ENDED = "the transaction was ended by an error inside it"


class DatabaseError(Exception):
    """The database cannot be used; the message says why and what to do."""


class ConflictError(Exception):
    """Somebody else changed what this turn had read before it first wrote: nothing was stored, take the turn again."""


@dataclass(slots=True)
class _Turn:
    """A transaction that has read and may yet write."""

    since: int
    """Commits of this process before it began to read."""
    mark: int
    """What other processes had left in the file by then."""
    reads: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Here:
    """What belongs to one thread."""

    connection: sqlite3.Connection
    tables: SqliteDatabase
    written: set[str] = field(default_factory=set)
    """Tables changed in the open transaction."""
    turn: _Turn | None = None
    is_writing: bool = False
    """This thread is the one that writes."""
    is_flushing: bool | None = None
    """Commits of this connection wait for the disk."""


class Database:
    """Steward's SQLite file, with a connection for each thread that uses it; one of them writes at a time.

    A transaction never spans an `await`.
    """

    def __init__(self, path: Path | str, *, is_owner: bool = False) -> None:
        """Open or create the file at `path` (mode 0600 where the system has modes) and bring it up to date.

        `is_owner`: this is the running bot, which holds the file's lock; everybody else leaves a mark in the file with
        each change, for the bot to see. `:memory:` is for tests of repositories, in one thread. Raises
        `DatabaseError` for a file that is not a database, cannot be opened, or was written by a newer version.
        """
        self.path = str(path)
        self._is_owner = is_owner
        self._local = threading.local()
        self._guard = threading.Lock()
        self._opened: list[tuple[threading.Thread, sqlite3.Connection]] = []
        self._is_closed = False
        self._writing = threading.Lock()
        """Held by whoever writes. Threads of one process wait here in turn, not by asking SQLite again and again."""
        self._changes = Changes()
        try:
            if self.path != ":memory:":
                create_private(Path(self.path))
            here = self._open_here()
        except (sqlite3.Error, OSError) as error:
            self.close()
            raise self._unusable(error) from error
        try:
            here.connection.execute("pragma journal_mode = wal")
            self._refuse_newer()
            migrations.apply(here.tables)
        except sqlite3.Error as error:
            self.close()
            raise self._unusable(error) from error

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection of this thread, opened when it is first asked for. Raises sqlite3.Error."""
        return self._here().connection

    def _here(self) -> _Here:
        here: _Here | None = getattr(self._local, "here", None)
        return here if here is not None else self._open_here()

    def _open_here(self) -> _Here:
        with self._guard:
            if self._is_closed:
                raise sqlite3.ProgrammingError("the database was closed")
            if self.path == ":memory:" and self._opened:
                raise sqlite3.ProgrammingError("a database in memory belongs to the thread that made it")
            # No implicit transactions: `transaction` and `turn` alone begin and end them. Each thread has its own
            # connection and uses no other's; only `close`, when all have ended, touches them from outside.
            connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
            self._opened.append((threading.current_thread(), connection))
        connection.row_factory = sqlite3.Row
        connection.execute("pragma busy_timeout = 5000")
        connection.execute("pragma foreign_keys = on")
        here = self._local.here = _Here(connection, SqliteDatabase(connection))
        self._flush(here, True)
        return here

    @staticmethod
    def _flush(here: _Here, is_flushing: bool) -> None:
        """Whether commits wait for the disk: an ack goes out only after the row would survive a power cut."""
        if here.is_flushing is not is_flushing:
            here.connection.execute(f"pragma synchronous = {'full' if is_flushing else 'normal'}")
            here.is_flushing = is_flushing

    def _unusable(self, error: Exception) -> DatabaseError:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return DatabaseError(
                f"{self.path} 已损坏，或者不是数据库 / is damaged or no database: {error}. "
                "请核对 [storage] path；先复制一份留底，再用最近的备份恢复（steward restore）/ check [storage] path; keep a copy, "
                "then restore the latest backup."
            )
        return DatabaseError(
            f"数据库打不开 / cannot open the database {self.path}: {error}. "
            "请检查 [storage] path 与文件权限 / check [storage] path and the file's permissions."
        )

    def _refuse_newer(self) -> None:
        known = {migration.name for migration in migrations._migrations}
        unknown = [done.name for done in migrations.applied(self._here().tables) if done.name not in known]
        if unknown:
            self.close()
            raise DatabaseError(
                f"数据库 {self.path} 由更新的版本写成（{', '.join(unknown)}），请升级群管家或换回备份 / "
                f"the database was written by a newer Steward ({', '.join(unknown)}): upgrade, or restore a backup."
            )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Takes the write lock at once; inside another transaction it is a savepoint."""
        here = self._here()
        if here.connection.in_transaction:
            if here.turn is not None:
                self._begin_writing(here, here.turn)
            with here.tables.atomic():
                yield
            return
        if here.turn is not None or here.is_writing:
            raise sqlite3.OperationalError(_ENDED)  # it would wait for itself
        with self._writing:
            self._flush(here, True)
            here.connection.execute("begin immediate")
            here.is_writing = True
            try:
                yield
                self._commit(here)
            except BaseException:
                here.connection.rollback()
                raise
            finally:
                here.is_writing = False
                here.written.clear()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """A transaction for work that reads, decides, and writes at its end: others write until it first does so.

        From its first write on it is alone, as in `transaction`. It is as if all of it had happened at that moment: when
        one of the tables that it has read has been changed meanwhile, that write raises `ConflictError`.

        Its commit does not wait for the disk; the next `transaction` takes it there. What comes of a turn leaves the
        house only after one (docs/decisions/0002-durability.md).
        """
        here = self._here()
        if here.connection.in_transaction:
            raise sqlite3.ProgrammingError("a turn cannot begin inside a transaction")
        self._flush(here, False)
        since = self._changes.commits  # before the snapshot: a commit in between counts as a change
        here.connection.execute("begin")
        try:
            here.turn = _Turn(since, self._mark_of_others(here))
            yield
            if here.is_writing:
                self._commit(here)
        finally:
            here.turn = None
            here.written.clear()
            try:
                # After a commit there is nothing left to take back.
                here.connection.rollback()
            finally:
                if here.is_writing:
                    here.is_writing = False
                    self._writing.release()

    def _begin_writing(self, here: _Here, turn: _Turn) -> None:
        if here.is_writing:
            return
        here.connection.rollback()
        self._writing.acquire()
        here.is_writing = True
        here.connection.execute("begin immediate")
        if self._changes.has_changed(turn.reads, turn.since) or self._mark_of_others(here) != turn.mark:
            raise ConflictError

    def _commit(self, here: _Here) -> None:
        # A full disk can end the transaction behind our back; what came before it must not pass for stored.
        if not here.connection.in_transaction:
            raise sqlite3.OperationalError(_ENDED)
        if self._is_closed:
            raise sqlite3.ProgrammingError("the database was closed")  # somebody else may have opened the file since
        if here.written and not self._is_owner:
            here.connection.execute(f"pragma user_version = {(self._mark_of_others(here) + 1) % 2**31}")
        # A commit that fails can leave the transaction open: callers roll back.
        here.connection.commit()
        if here.written:
            self._changes.committed(here.written)

    def mark_of_others(self) -> int:
        """Differs from what it was once another process than the bot has changed something. Raises sqlite3.Error."""
        return self._mark_of_others(self._here())

    @staticmethod
    def _mark_of_others(here: _Here) -> int:
        """A number in the file's header that every process but the bot counts up with each change."""
        [(mark,)] = here.connection.execute("pragma user_version").fetchall()
        return int(mark)

    def rows(self, sql: str, parameters: tuple[Any, ...] | dict[str, Any] = ()) -> list[sqlite3.Row]:
        """All rows of a query."""
        here = self._here()
        self._note_reading(here, sql, parameters)
        return here.connection.execute(sql, parameters).fetchall()

    def row(self, sql: str, parameters: tuple[Any, ...] | dict[str, Any] = ()) -> sqlite3.Row | None:
        """The first row of a query, or None."""
        here = self._here()
        self._note_reading(here, sql, parameters)
        found: sqlite3.Row | None = here.connection.execute(sql, parameters).fetchone()
        return found

    def _note_reading(self, here: _Here, sql: str, parameters: Any) -> None:
        if here.turn is not None and not here.is_writing:
            here.turn.reads |= self._changes.touched(here.connection, sql, parameters).reads

    def execute(self, sql: str, parameters: tuple[Any, ...] | dict[str, Any] = ()) -> sqlite3.Cursor:
        """Run one statement inside the current transaction; outside one it is committed at once."""
        here = self._here()
        if not here.connection.in_transaction:
            with self.transaction():
                return self.execute(sql, parameters)
        touched = self._changes.touched(here.connection, sql, parameters)
        if here.turn is not None and not here.is_writing:
            here.turn.reads |= touched.reads
            if touched.writes:
                self._begin_writing(here, here.turn)
        here.written |= touched.writes
        return here.connection.execute(sql, parameters)

    def close(self) -> None:
        """Close the connections of this thread and of those that have ended; what was committed stays.

        A thread that never came back keeps its own until the process ends: to close it under its hands could crash. But
        what it does from now on raises `sqlite3.Error`, and is not stored.
        """
        with self._guard:
            self._is_closed = True
            for thread, connection in self._opened:
                if thread is threading.current_thread() or not thread.is_alive():
                    connection.close()
            self._opened.clear()
            self._local = threading.local()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def create_private(path: Path) -> None:
    """Create the file with mode 0600 before SQLite does, so that it is never readable by others.

    SQLite gives its companions (`-wal`, `-shm`, a journal) the same mode. On systems without Unix modes (Windows) the
    folder's own permissions hold. What root creates belongs to the owner of the folder, as the bot's user has to open it.
    Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    os.close(descriptor)
    if is_new:
        with suppress(OSError):  # a file system of another machine gives no files away
            give_to_owner(path, path.parent)


def give_to_owner(path: Path, like: Path) -> None:
    """When root calls this, `path` gets the owner of `like`; nobody else gives files away. Raises OSError."""
    if os.name == "posix" and os.geteuid() == 0:
        owner = like.stat()
        os.chown(path, owner.st_uid, owner.st_gid)
