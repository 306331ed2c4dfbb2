"""The record of every change that somebody made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.database import Database
from storage.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who changed what, where and when. `actor` is a staff id, `schedule`, `event` or `cli`."""

    at: datetime
    actor: str
    action: str
    subject: str = ""
    detail: str = ""
    conversation: str | None = None


class Audit:
    """Append-only; nothing here updates or deletes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, entry: AuditEntry) -> None:
        """Record one change, in the transaction of the change itself."""
        self._database.execute(
            "insert into audit (at, actor, conversation, action, subject, detail) values (?, ?, ?, ?, ?, ?)",
            (to_text(entry.at), entry.actor, entry.conversation, entry.action, entry.subject, entry.detail),
        )

    def latest(self, limit: int = 20) -> list[AuditEntry]:
        """The newest entries, newest first."""
        rows = self._database.rows("select * from audit order by id desc limit ?", (limit,))
        return [
            AuditEntry(
                at=from_text(row["at"]),
                actor=row["actor"],
                action=row["action"],
                subject=row["subject"],
                detail=row["detail"],
                conversation=row["conversation"],
            )
            for row in rows
        ]
