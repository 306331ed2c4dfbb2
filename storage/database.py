"""Opening the database: file mode, pragmas, migrations, the one writing connection and its transactions."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from sqlite_utils import Database as SqliteDatabase

from storage.migrations import migrations


class DatabaseError(Exception):
    """The database cannot be used; the message says why and what to do."""


class Database:
    """One connection to Steward's SQLite file. Everything writes through it, from one thread.

    A transaction never spans an `await`, so the runtime needs no lock around it.
    """

    def __init__(self, path: Path | str) -> None:
        """Open or create the file at `path` (mode 0600 where the system has modes) and bring it up to date.

        `:memory:` is for tests of repositories. Raises `DatabaseError` for a file that is not a database, cannot
        be opened, or was written by a newer version of Steward.
        """
        self.path = str(path)
        try:
            if self.path != ":memory:":
                create_private(Path(self.path))
            # No implicit transactions: `transaction` alone begins and ends them.
            self.connection = sqlite3.connect(self.path, isolation_level=None)
        except (sqlite3.Error, OSError) as error:
            raise self._unusable(error) from error
        try:
            self.connection.row_factory = sqlite3.Row
            self.connection.execute("pragma busy_timeout = 5000")
            self.connection.execute("pragma foreign_keys = on")
            self.connection.execute("pragma journal_mode = wal")
            # An ack goes out only after the row would survive a power cut (docs/decisions/0002-durability.md).
            self.connection.execute("pragma synchronous = full")
            self.tables = SqliteDatabase(self.connection)
            self._refuse_newer()
            migrations.apply(self.tables)
        except sqlite3.Error as error:
            self.connection.close()
            raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> DatabaseError:
        return DatabaseError(
            f"数据库打不开 / cannot open the database {self.path}: {error}. "
            "请检查 [storage] path 与文件权限 / check [storage] path and the file's permissions."
        )

    def _refuse_newer(self) -> None:
        known = {migration.name for migration in migrations._migrations}
        unknown = [done.name for done in migrations.applied(self.tables) if done.name not in known]
        if unknown:
            self.connection.close()
            raise DatabaseError(
                f"数据库 {self.path} 由更新的版本写成（{', '.join(unknown)}），请升级群管家或换回备份 / "
                f"the database was written by a newer Steward ({', '.join(unknown)}): upgrade, or restore a backup."
            )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Takes the write lock at once; inside another transaction it is a savepoint."""
        if self.connection.in_transaction:
            with self.tables.atomic():
                yield
            return
        self.connection.execute("begin immediate")
        try:
            yield
            # A commit that fails can leave the transaction open: whatever came after it would never be committed.
            self.connection.commit()
        except BaseException:
            self.connection.rollback()
            raise

    def rows(self, sql: str, parameters: tuple[Any, ...] | dict[str, Any] = ()) -> list[sqlite3.Row]:
        """All rows of a query."""
        return self.connection.execute(sql, parameters).fetchall()

    def row(self, sql: str, parameters: tuple[Any, ...] | dict[str, Any] = ()) -> sqlite3.Row | None:
        """The first row of a query, or None."""
        found: sqlite3.Row | None = self.connection.execute(sql, parameters).fetchone()
        return found

    def execute(self, sql: str, parameters: tuple[Any, ...] | dict[str, Any] = ()) -> sqlite3.Cursor:
        """Run one statement inside the current transaction; outside one it is committed at once."""
        if self.connection.in_transaction:
            return self.connection.execute(sql, parameters)
        with self.transaction():
            return self.connection.execute(sql, parameters)

    def close(self) -> None:
        """Close the connection; what was committed stays."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def create_private(path: Path) -> None:
    """Create the file with mode 0600 before SQLite does, so that it is never readable by others.

    SQLite gives its companions (`-wal`, `-shm`, a journal) the same mode. On systems without Unix modes (Windows) the
    folder's own permissions hold. Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    os.close(descriptor)
