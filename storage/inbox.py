"""What came in and has not been dealt with, or could not be."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Literal

from storage.database import Database
from storage.times import from_text, to_text

_LONGEST_PAUSE = timedelta(minutes=1)
"""No row waits longer for its next try: one that seems to was written by a clock that was ahead."""
InboxKind = Literal["message", "event", "due"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something to be taken in. `key` is the same for every redelivery of the same thing."""

    key: str
    kind: InboxKind
    conversation: str
    """Order is kept within it; events and due tasks have a conversation of their own."""
    body: str
    """JSON, as it came."""
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an arrival: the row that holds it, now or since it came first."""

    id: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One thing that waits to be handled, or was parked with its error."""

    id: int
    key: str
    kind: InboxKind
    conversation: str
    body: str
    received_at: datetime
    attempts: int
    error: str | None


class Inbox:
    """The durable queue of everything that came in. A key is taken once for ever (within the retention)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, arrivals: Iterable[Arrival]) -> list[Taken]:
        """Store what is new among `arrivals`, and say of each what became of it, in the same order."""
        with self._database.transaction():
            return [self._take(arrival) for arrival in arrivals]

    def _take(self, arrival: Arrival) -> Taken:
        new = self._database.execute(
            "insert into inbox (key, kind, conversation, body, received_at) values (?, ?, ?, ?, ?) "
            "on conflict (key) do nothing returning id",
            (arrival.key, arrival.kind, arrival.conversation, arrival.body, to_text(arrival.received_at)),
        ).fetchall()
        if new:
            return Taken(new[0]["id"], is_new=True)
        known = self._database.row("select id from inbox where key = ?", (arrival.key,))
        assert known is not None
        return Taken(known["id"], is_new=False)

    def next_rows(
        self, now: datetime, limit: int = 200, beside: Iterable[str] = (), most_characters: int = 8_000_000
    ) -> list[InboxRow]:
        """The oldest open rows, oldest first. Conversations whose first row waits for another try are left out, so that
        nothing overtakes it; so are those `beside`."""
        sizes = self._database.rows(
            "select id, length(body) as size from inbox indexed by inbox_open "
            "where state = 'new' and conversation not in ("
            "select conversation from inbox indexed by inbox_waiting "
            "where state = 'new' and next_try_at is not null and next_try_at > ? and next_try_at < ?) "
            "and conversation not in (select value from json_each(?)) order by id limit ?",
            (to_text(now), to_text(now + _LONGEST_PAUSE), json.dumps(list(beside)), limit),
        )
        # One at least, and no more than memory is to hold: a frame can have megabytes.
        upto = accumulate(row["size"] for row in sizes)
        fitting = [row["id"] for row, size in zip(sizes, upto, strict=True) if size <= most_characters]
        chosen = fitting or [row["id"] for row in sizes[:1]]
        rows = self._database.rows(
            "select * from inbox where id in (select value from json_each(?)) order by id", (json.dumps(chosen),)
        )
        return [_row(row) for row in rows]

    def next_try(self) -> datetime | None:
        """When the earliest row that waits for another try may be tried; None when nothing waits."""
        row = self._database.row(
            "select min(next_try_at) as at from inbox indexed by inbox_waiting "
            "where state = 'new' and next_try_at is not null"
        )
        return from_text(row["at"]) if row is not None and row["at"] is not None else None

    def done(self, row_id: int, at: datetime) -> None:
        """It has been handled, in the transaction of its effects. Its key stays known; what it said is forgotten.

        The body holds people's words unmasked and the webhook, a secret: nobody needs them any more.
        """
        self._database.execute(
            "update inbox set state = 'done', body = '', error = null, finished_at = ? where id = ?",
            (to_text(at), row_id),
        )

    def failed(self, row_id: int, error: str, next_try_at: datetime) -> None:
        """A try failed; the next one comes at `next_try_at`, and the conversation waits until then."""
        self._database.execute(
            "update inbox set attempts = attempts + 1, error = ?, next_try_at = ? where id = ?",
            (error, to_text(next_try_at), row_id),
        )

    def park(self, row_id: int, error: str, at: datetime) -> None:
        """The last try failed: put it aside with its error, so that the conversation goes on.

        What the bridge brought was not said to the robot, so its words are not kept even then (docs/bridge.md).
        """
        self._database.execute(
            "update inbox set state = 'parked', attempts = attempts + 1, error = ?, finished_at = ?, "
            "body = iif(key like 'bridge:%', '', body) where id = ?",
            (error, to_text(at), row_id),
        )

    def parked(self, limit: int = 20) -> list[InboxRow]:
        """What was put aside, newest first."""
        rows = self._database.rows("select * from inbox where state = 'parked' order by id desc limit ?", (limit,))
        return [_row(row) for row in rows]

    def requeue(self, row_id: int) -> bool:
        """Take a parked row up again. False when there is no such row."""
        changed = self._database.execute(
            "update inbox set state = 'new', attempts = 0, next_try_at = null where id = ? and state = 'parked'",
            (row_id,),
        )
        return changed.rowcount == 1

    def parked_row(self, row_id: int) -> InboxRow | None:
        """One row that was put aside; None when there is no such row or it is not parked."""
        row = self._database.row("select * from inbox where id = ? and state = 'parked'", (row_id,))
        return None if row is None else _row(row)

    def discard(self, row_id: int, at: datetime) -> bool:
        """Deal with a parked row no more. Its key stays known, its words are forgotten. False when there is none."""
        changed = self._database.execute(
            "update inbox set state = 'done', body = '', finished_at = ? where id = ? and state = 'parked'",
            (to_text(at), row_id),
        )
        return changed.rowcount == 1

    def counts(self) -> dict[str, int]:
        """How many rows wait (`new`) and are parked (`parked`)."""
        rows = self._database.rows(
            "select state, count(*) as n from inbox where state in ('new', 'parked') group by state"
        )
        return {"new": 0, "parked": 0} | {row["state"]: row["n"] for row in rows}

    def last_received_at(self) -> datetime | None:
        """When the newest message or event came in from DingTalk; what a bridge brought says nothing about that."""
        row = self._database.row(
            "select received_at from inbox where kind <> 'due' and key not like 'bridge:%' order by id desc limit 1"
        )
        return from_text(row["received_at"]) if row is not None else None


def _row(row: sqlite3.Row) -> InboxRow:
    return InboxRow(
        id=row["id"],
        key=row["key"],
        kind=row["kind"],
        conversation=row["conversation"],
        body=row["body"],
        received_at=from_text(row["received_at"]),
        attempts=row["attempts"],
        error=row["error"],
    )
