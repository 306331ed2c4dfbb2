"""Commands that wait for their `/确认 代码`: one for each person and chat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.database import Database
from storage.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class Waiting:
    """A command that waits. `command` is its full text."""

    code: str
    staff_id: str
    conversation: str
    command: str
    expires_at: datetime


class Confirmations:
    """What waits for a confirmation."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, waiting: Waiting) -> None:
        """Remember a command; it replaces what waited for the same person in the same chat."""
        self._database.execute(
            "insert into confirmations (code, staff_id, conversation, command, expires_at) values (?, ?, ?, ?, ?) "
            "on conflict (staff_id, conversation) do update set code = excluded.code, command = excluded.command, "
            "expires_at = excluded.expires_at",
            (waiting.code, waiting.staff_id, waiting.conversation, waiting.command, to_text(waiting.expires_at)),
        )

    def get(self, staff_id: str, conversation: str) -> Waiting | None:
        """What waits for this person in this chat, expired or not."""
        row = self._database.row(
            "select * from confirmations where staff_id = ? and conversation = ?", (staff_id, conversation)
        )
        if row is None:
            return None
        return Waiting(
            code=row["code"],
            staff_id=row["staff_id"],
            conversation=row["conversation"],
            command=row["command"],
            expires_at=from_text(row["expires_at"]),
        )

    def drop(self, staff_id: str, conversation: str) -> bool:
        """Forget it. False when nothing waited."""
        dropped = self._database.execute(
            "delete from confirmations where staff_id = ? and conversation = ?", (staff_id, conversation)
        )
        return dropped.rowcount > 0
