"""Looking at a database without changing it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from storage.database import Database, DatabaseError, _Here
from storage.migrations import migrations


class ReadOnlyDatabase(Database):
    """An existing file as it stands: it is not brought up to date, and nothing can be written to it."""

    def __init__(self, path: Path) -> None:
        """Open the file. Raises `DatabaseError` for one that cannot be read, and for one of an older version as well:
        its tables are not those that would be asked."""
        _refuse_older(path)
        super().__init__(path)

    def _open_here(self) -> _Here:
        here = super()._open_here()
        here.connection.execute("pragma query_only = on")
        return here


def _refuse_older(path: Path) -> None:
    """What cannot be read at all is left to the opening itself."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            done = {name for (name,) in connection.execute("select name from _sqlite_migrations")}
    except sqlite3.Error:
        return
    if {migration.name for migration in migrations._migrations} - done:
        raise DatabaseError(
            f"数据库 {path} 由旧版本写成，启动一次群管家就会升级 / the database was written by an older Steward: it is "
            "brought up to date at the next start"
        )
