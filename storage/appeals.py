"""What senders say to flags on their messages."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from storage.database import Database
from storage.times import from_text, from_text_or_none, to_text


@dataclass(frozen=True, slots=True)
class Appeal:
    """The sender says that a flag is a mistake. `reason` is masked."""

    flag_id: int
    reason: str
    at: datetime
    settled_at: datetime | None = None


class Appeals:
    """One appeal a flag; they go with their flag. How many a rule has is counted by `FlagCounts`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, appeal: Appeal) -> None:
        """Store an open appeal; a second one takes the place of the first, whose time stays."""
        self._database.execute(
            "insert into appeals (flag_id, reason, at) values (?, ?, ?) "
            "on conflict (flag_id) do update set reason = excluded.reason",
            (appeal.flag_id, appeal.reason, to_text(appeal.at)),
        )

    def get(self, flag_id: int) -> Appeal | None:
        """The appeal against a flag, or None."""
        row = self._database.row("select * from appeals where flag_id = ?", (flag_id,))
        return None if row is None else appeal_of(row)

    def open(self) -> list[Appeal]:
        """What waits for a verdict, oldest first."""
        rows = self._database.rows("select * from appeals where settled_at is null order by at, flag_id")
        return [appeal_of(row) for row in rows]

    def settle(self, flag_id: int, at: datetime) -> None:
        """A reviewer has decided."""
        self._database.execute("update appeals set settled_at = ? where flag_id = ?", (to_text(at), flag_id))


def appeal_of(row: sqlite3.Row) -> Appeal:
    """A row of `appeals` as it is."""
    return Appeal(row["flag_id"], row["reason"], from_text(row["at"]), from_text_or_none(row["settled_at"]))
