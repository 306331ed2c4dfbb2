"""Looking at a database without changing it."""

from __future__ import annotations

from storage.database import Database, _Here


class ReadOnlyDatabase(Database):
    """An existing file as it stands: it is not brought up to date, and nothing can be written to it.

    Raises `DatabaseError` for a file of an older version as well, because its tables are not what is asked for.
    """

    def _open_here(self) -> _Here:
        here = super()._open_here()
        here.connection.execute("pragma query_only = on")
        return here
