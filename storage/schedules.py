"""When each schedule fired last and fires next."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from storage.database import Database
from storage.times import from_text_or_none, to_text_or_none


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """`when_text` is the setting it was computed from: a changed one starts the schedule afresh."""

    name: str
    when_text: str
    last_fire_at: datetime | None
    next_fire_at: datetime | None


class Schedules:
    """A row for each schedule of the settings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> ScheduleRow | None:
        """One schedule, or None before its first look."""
        row = self._database.row("select * from schedules where name = ?", (name,))
        return None if row is None else _row(row)

    def all(self) -> list[ScheduleRow]:
        """Every schedule that the running bot has looked at, by name."""
        return [_row(row) for row in self._database.rows("select * from schedules order by name")]

    def put(self, row: ScheduleRow) -> None:
        """Store where a schedule stands."""
        self._database.execute(
            "insert into schedules (name, when_text, last_fire_at, next_fire_at) values (?, ?, ?, ?) "
            "on conflict (name) do update set when_text = excluded.when_text, last_fire_at = excluded.last_fire_at, "
            "next_fire_at = excluded.next_fire_at",
            (row.name, row.when_text, to_text_or_none(row.last_fire_at), to_text_or_none(row.next_fire_at)),
        )

    def keep_only(self, names: Iterable[str]) -> None:
        """Forget all other schedules: one that comes back to the settings starts afresh."""
        self._database.execute(
            "delete from schedules where name not in (select value from json_each(?))", (json.dumps(list(names)),)
        )


def _row(row: sqlite3.Row) -> ScheduleRow:
    return ScheduleRow(
        name=row["name"],
        when_text=row["when_text"],
        last_fire_at=from_text_or_none(row["last_fire_at"]),
        next_fire_at=from_text_or_none(row["next_fire_at"]),
    )
