"""One Steward a database: two would both answer."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from storage.database import DatabaseError, create_private


class AlreadyInUseError(Exception):
    """Another process works with this database; the message says what to do."""


class ProcessLock:
    """Held until `release`, or until the process ends in whichever way.

    SQLite's own exclusive lock on a file beside the database: it works alike on Unix and on Windows, and the system
    lets go of it when the process dies, so that a crash leaves nothing to clear away.
    """

    def __init__(self, database_path: Path) -> None:
        """Take it. Raises `AlreadyInUseError` when somebody else holds it, `DatabaseError` when nobody could."""
        self.path = database_path.with_name(database_path.name + ".lock")
        try:
            create_private(self.path)
            self._connection = sqlite3.connect(self.path, timeout=0, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise _unusable(self.path, error) from error
        try:
            self._connection.execute("begin exclusive")
        except sqlite3.Error as error:
            self._connection.close()
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise _unusable(self.path, error) from error
            raise AlreadyInUseError(
                f"已有一个群管家在用数据库 {database_path}：请先结束它，或在 [storage] path 里换一个文件 / another "
                f"Steward uses this database ({error}): stop it, or choose another file under [storage] path"
            ) from error

    def release(self) -> None:
        """Let go. The file stays, empty: deleting it would race with the next holder."""
        self._connection.close()


def _unusable(path: Path, error: Exception) -> DatabaseError:
    return DatabaseError(
        f"锁文件用不了 / cannot use the lock file {path}: {error}. "
        "请检查 [storage] path 与文件夹权限 / check [storage] path and the folder's permissions."
    )
