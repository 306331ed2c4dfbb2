"""What people said, masked, for trying rules on. Kept only where the settings say so, and only for some days."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from storage.database import Database
from storage.times import from_text, to_text

MOST_KEPT = 5000
"""Of more the oldest go."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One text, masked, and the kind of group it was said in; nothing says by whom."""

    text: str
    at: datetime
    kind: str | None = None


class Samples:
    """All samples. What was flagged is among them by its masked excerpt, whatever the settings say."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, sample: Sample) -> None:
        """Keep one; its text must have been masked."""
        cursor = self._database.execute(
            "insert into samples (text, kind, at) values (?, ?, ?)", (sample.text, sample.kind, to_text(sample.at))
        )
        self._database.execute("delete from samples where id <= ?", (int(cursor.lastrowid or 0) - MOST_KEPT,))

    def latest(self, limit: int = 200) -> list[Sample]:
        """Samples, questions that were asked and excerpts of flags, all masked, newest first."""
        rows = self._database.rows(
            "select text, kind, at from (select text, kind, at from samples order by at desc limit :limit) "
            "union all select * from (select f.excerpt, g.kind, f.created_at from flags f "
            "left join groups g on g.conversation = f.conversation where f.excerpt <> '' "
            "order by f.created_at desc limit :limit) "
            "union all select * from (select q.question, g.kind, q.asked_at from questions_asked q "
            "left join groups g on g.conversation = q.conversation order by q.asked_at desc limit :limit) "
            "order by at desc limit :limit",
            {"limit": limit},
        )
        return [_sample(row) for row in rows]

    def count(self) -> int:
        """How many are kept."""
        row = self._database.row("select count(*) as n from samples")
        return 0 if row is None else int(row["n"])

    def forget(self, before: datetime) -> int:
        """Delete what is older; returns how many that were."""
        return self._database.execute("delete from samples where at < ?", (to_text(before),)).rowcount


def _sample(row: sqlite3.Row) -> Sample:
    return Sample(row["text"], from_text(row["at"]), row["kind"])
