"""Which tables a statement touches, and which tables were changed since when."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

QUEUES = frozenset({"inbox", "outbox", "calls", "presence", "gaps", "probes"})
"""Tables that change all the time beside the handlers. Whoever reads them wants to show how things stand, and decides
nothing that a newer state would forbid; so a change of them spoils no handler's turn."""
_WRITING = frozenset({sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE})


@dataclass(frozen=True, slots=True)
class Touched:
    """The tables that one statement reads and changes."""

    reads: frozenset[str]
    writes: frozenset[str]


class Changes:
    """The commits of this process, counted, and which of them changed each table last. For all threads."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._commits = 0
        self._changed_by: dict[str, int] = {}
        self._touched: dict[str, Touched] = {}

    @property
    def commits(self) -> int:
        """How many commits there have been."""
        return self._commits

    def committed(self, tables: Iterable[str]) -> None:
        """A commit that changed these tables is done. To be called after it, while nobody else can commit."""
        with self._guard:
            self._commits += 1
            self._changed_by.update(dict.fromkeys(tables, self._commits))

    def has_changed(self, tables: Iterable[str], since: int) -> bool:
        """One of the tables was changed by a later commit than the `since`-th."""
        return any(self._changed_by.get(table, 0) > since for table in tables)

    def touched(self, connection: sqlite3.Connection, sql: str, parameters: Any) -> Touched:
        """What a statement touches, as SQLite itself compiles it; remembered by the statement's text."""
        known = self._touched.get(sql)
        if known is not None:
            return known
        reads: set[str] = set()
        writes: set[str] = set()

        def note(action: int, table: str | None, *_: object) -> int:
            if action == sqlite3.SQLITE_READ and table:
                reads.add(table)
            elif action in _WRITING and table:
                writes.add(table)
            return sqlite3.SQLITE_OK

        connection.set_authorizer(note)
        try:
            connection.execute(f"explain {sql}", parameters).fetchall()
        finally:
            connection.set_authorizer(None)
        # `explain` itself is no change; SQLite's own tables are not ours to watch.
        found = Touched(frozenset(reads - QUEUES), frozenset(name for name in writes if not name.startswith("sqlite_")))
        self._touched[sql] = found
        return found
