"""Signs of life for whoever watches from outside: can it be written, and how long was nothing heard."""

from __future__ import annotations

import os
import tempfile
from datetime import datetime
from pathlib import Path

from storage.backlog import Waiting
from storage.database import Database
from storage.times import from_text, from_text_or_none, to_text

_PROBE_BYTES = 64 * 1024
"""About what a handful of messages takes."""


class _Undone(Exception):
    """Takes a transaction back."""


class Vitals:
    """Over the whole database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def try_writing(self) -> None:
        """Take the write lock, change something and take it back; then see that the disk takes bytes. Nothing stays.

        May wait for whoever is writing. Raises `sqlite3.Error` or `OSError` when it cannot be written.
        """
        try:
            with self._database.transaction():
                self._database.connection.execute("create table trial (is_taken_back integer)")
                raise _Undone
        except _Undone:
            pass
        if self._database.path != ":memory:":
            # SQLite holds back a small change until it is committed; only a file of one's own tells of a full disk.
            with tempfile.TemporaryFile(dir=Path(self._database.path).parent, prefix=".steward-") as file:
                file.write(bytes(_PROBE_BYTES))
                file.flush()
                os.fsync(file.fileno())

    def answers_to_send(self, now: datetime) -> Waiting:
        """Answers that could go out at `now` and have met no error, nor are held back."""
        row = self._database.row(
            "select count(*) as n, min(created_at) as since from outbox "
            # The first condition is the index's own, word for word: SQLite would not use it otherwise.
            "where state in ('queued', 'sending') and state = 'queued' and priority = 0 and error_code is null "
            "and (not_before is null or not_before <= :now) and (next_try_at is null or next_try_at <= :now)",
            {"now": to_text(now)},
        )
        return Waiting() if row is None else Waiting(row["n"], from_text_or_none(row["since"]))

    def gaps_since(self, since: datetime) -> tuple[int, float]:
        """How many times without any connection ended since then, and their seconds in all."""
        rows = self._database.rows("select began_at, ended_at from gaps where ended_at >= ?", (to_text(since),))
        seconds = [(from_text(row["ended_at"]) - from_text(row["began_at"])).total_seconds() for row in rows]
        return len(seconds), sum(seconds)
