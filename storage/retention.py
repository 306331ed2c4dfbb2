"""Forgetting what has been kept long enough (`[privacy]`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.database import Database
from storage.times import to_text


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows went."""

    messages: int = 0
    """Received and sent ones, and the questions that were asked."""
    flags: int = 0

    def __bool__(self) -> bool:
        return bool(self.messages or self.flags)


class Retention:
    """Deletes by age. What is still to be done stays, however old; so do the audit and the findings, which are evidence."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def forget(self, messages_before: datetime, flags_before: datetime) -> Forgotten:
        """Delete what is older: messages dealt with, questions, and flags.

        With a message its key goes too; a redelivery that comes later than this would count as new.
        """
        before = to_text(messages_before)
        messages = sum(
            self._database.execute(sql, (before,)).rowcount
            for sql in (
                "delete from outbox where state in ('sent', 'parked', 'expired') and created_at < ?",
                "delete from inbox where state in ('done', 'parked') and received_at < ?",
                "delete from questions_asked where asked_at < ?",
            )
        )
        flags = self._database.execute("delete from flags where created_at < ?", (to_text(flags_before),)).rowcount
        return Forgotten(messages, flags)
