"""Which groups' messages may all be read, by whose word, and which of them were heard."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from storage.database import Database
from storage.times import from_text, from_text_or_none, to_text


@dataclass(frozen=True, slots=True)
class Consent:
    """Somebody's word that all messages of a group may be read; over where `ended_at` is set."""

    conversation: str
    allowed_by: str
    allowed_at: datetime
    ended_by: str | None = None
    ended_at: datetime | None = None

    @property
    def holds(self) -> bool:
        """It was not taken back."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard of a group through the bridge since it was allowed."""

    first_at: datetime
    last_at: datetime
    messages: int


class Coverage:
    """Consents, and the groups that the bridge brought something of."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def consent(self, conversation: str) -> Consent | None:
        """The newest word about a group, whether or not it holds."""
        row = self._database.row("select * from bridge_consents where conversation = ?", (conversation,))
        return None if row is None else _consent(row)

    def consents(self) -> list[Consent]:
        """All that hold, oldest first."""
        rows = self._database.rows(
            "select * from bridge_consents where ended_at is null order by allowed_at, conversation"
        )
        return [_consent(row) for row in rows]

    def allow(self, conversation: str, by: str, at: datetime) -> None:
        """All messages of the group may be read from now on; what was heard is counted afresh."""
        self._database.execute(
            "insert or replace into bridge_consents (conversation, allowed_by, allowed_at) values (?, ?, ?)",
            (conversation, by, to_text(at)),
        )
        self._database.execute("delete from bridge_groups where conversation = ?", (conversation,))

    def end(self, conversation: str, by: str, at: datetime) -> bool:
        """They may not any more. False when they might not anyway."""
        ended = self._database.execute(
            "update bridge_consents set ended_by = ?, ended_at = ? where conversation = ? and ended_at is null",
            (by, to_text(at), conversation),
        )
        self._database.execute("delete from bridge_groups where conversation = ?", (conversation,))
        return ended.rowcount == 1

    def is_external(self, conversation: str) -> bool:
        """It is registered as a group with other organisations."""
        found = self._database.row("select 1 from groups where conversation = ? and kind = 'external'", (conversation,))
        return found is not None

    def heard(self, messages: Mapping[str, int], at: datetime) -> None:
        """So many messages of each of these groups came in."""
        for conversation, number in messages.items():
            self._database.execute(
                "insert into bridge_groups (conversation, first_at, last_at, messages) values (?, ?, ?, ?) "
                "on conflict (conversation) do update set "
                "last_at = excluded.last_at, messages = messages + excluded.messages",
                (conversation, to_text(at), to_text(at), number),
            )

    def of(self, conversation: str) -> Heard | None:
        """What was heard of a group; None when nothing was."""
        row = self._database.row("select * from bridge_groups where conversation = ?", (conversation,))
        if row is None:
            return None
        return Heard(from_text(row["first_at"]), from_text(row["last_at"]), row["messages"])

    def set_mode(self, conversation: str, mode: str) -> None:
        """What the register says of a group: `mention-only` or `bridge`."""
        self._database.execute(
            "update groups set coverage = ? where conversation = ? and coverage <> ?", (mode, conversation, mode)
        )


def _consent(row: sqlite3.Row) -> Consent:
    return Consent(
        row["conversation"],
        row["allowed_by"],
        from_text(row["allowed_at"]),
        row["ended_by"],
        from_text_or_none(row["ended_at"]),
    )
