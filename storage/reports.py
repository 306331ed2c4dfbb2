"""Who reported which message. Nobody is ever told who it was (article 五.2)."""

from __future__ import annotations

from datetime import datetime

from storage.database import Database
from storage.times import to_text


class Reports:
    """All reports."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, message_key: str, reporter: str, conversation: str, at: datetime) -> bool:
        """Somebody reports a message. False when the same person did before."""
        cursor = self._database.execute(
            "insert into reports (message_key, reporter, conversation, at) values (?, ?, ?, ?) on conflict do nothing",
            (message_key, reporter, conversation, to_text(at)),
        )
        return cursor.rowcount == 1

    def has(self, message_key: str, reporter: str) -> bool:
        """This person reported this message before."""
        return (
            self._database.row("select 1 from reports where message_key = ? and reporter = ?", (message_key, reporter))
            is not None
        )

    def reporters(self, message_key: str) -> list[str]:
        """Who reported a message: for keeping them from reviewing it, never for telling anybody."""
        rows = self._database.rows("select reporter from reports where message_key = ?", (message_key,))
        return [row["reporter"] for row in rows]

    def count(self, message_key: str) -> int:
        """How many different people reported a message."""
        row = self._database.row("select count(*) as n from reports where message_key = ?", (message_key,))
        return 0 if row is None else int(row["n"])

    def by(self, reporter: str, since: datetime) -> int:
        """How many messages this person has reported since a moment."""
        row = self._database.row(
            "select count(*) as n from reports where reporter = ? and at >= ?", (reporter, to_text(since))
        )
        return 0 if row is None else int(row["n"])

    def raise_severity(self, message_key: str) -> None:
        """Many have reported it: what was recorded for that is grave from now on."""
        self._database.execute(
            "update flags set severity = 'high' where message_key = ? and source = 'report'", (message_key,)
        )
