"""How inbox and outbox stand: what waits, since when, and what keeps it from going on. Reads only."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from storage.database import Database
from storage.inbox import InboxKind
from storage.times import from_text_or_none, to_text


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rows that nobody has got to yet."""

    count: int = 0
    since: datetime | None = None
    """When the oldest one could have gone; None where nothing waits."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Rows of the outbox with the same error. `code` is the platform's own or one of ours, `error` says what to do."""

    code: str
    error: str
    count: int
    since: datetime | None = None
    """When the oldest of them was written."""
    next_try_at: datetime | None = None
    """None for parked ones."""


class Backlog:
    """Over both boxes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def to_handle(self, kinds: Iterable[InboxKind]) -> Waiting:
        """Rows of the inbox of these kinds that are open, those that wait for another try included."""
        wanted = ", ".join(f"'{kind}'" for kind in kinds)
        row = self._database.row(
            "select count(*) as n, min(received_at) as since from inbox indexed by inbox_open "
            f"where state = 'new' and kind in ({wanted})"
        )
        return _waiting(row)

    def to_try_again(self) -> Waiting:
        """Rows of the inbox that failed at least once and will be tried again."""
        return _waiting(
            self._database.row(
                "select count(*) as n, min(received_at) as since from inbox indexed by inbox_waiting "
                "where state = 'new' and next_try_at is not null"
            )
        )

    def to_send(self, now: datetime, most_urgent_only: bool) -> Waiting:
        """Rows of the outbox that could go at `now` and have met no error yet.

        `most_urgent_only`: answers only, for times at which everything else is held back on purpose.
        """
        return _waiting(
            self._database.row(
                "select count(*) as n, min(coalesce(not_before, created_at)) as since from outbox "
                "where state in ('queued', 'sending') and state = 'queued' and error_code is null "
                "and (not_before is null or not_before <= :now) and (next_try_at is null or next_try_at <= :now) "
                "and (:urgent = 0 or priority = 0)",
                {"now": to_text(now), "urgent": int(most_urgent_only)},
            )
        )

    def troubled(self) -> list[Trouble]:
        """What could not be sent so far and will be tried again, by error, most rows first."""
        return self._troubles("state in ('queued', 'sending') and state = 'queued' and error_code is not null")

    def parked(self) -> list[Trouble]:
        """What could not be sent and was put aside, by error, most rows first."""
        return self._troubles("state = 'parked'")

    def last_sent_by_api(self) -> datetime | None:
        """When DingTalk last took a message that did not go by session webhook."""
        row = self._database.row(
            "select sent_at from outbox indexed by outbox_by_platform_key where platform_key is not null "
            "and sent_at is not null order by sent_at desc limit 1"
        )
        return None if row is None else from_text_or_none(row["sent_at"])

    def _troubles(self, condition: str) -> list[Trouble]:
        # `max(id)` decides of which row SQLite takes the bare column `error`: the newest.
        rows = self._database.rows(
            "select coalesce(error_code, '') as code, coalesce(error, '') as error, count(*) as n, max(id), "
            "min(created_at) as since, min(next_try_at) as next_try_at "
            f"from outbox where {condition} group by 1 order by n desc, 1"
        )
        return [
            Trouble(
                code=row["code"],
                error=row["error"],
                count=row["n"],
                since=from_text_or_none(row["since"]),
                next_try_at=from_text_or_none(row["next_try_at"]),
            )
            for row in rows
        ]


def _waiting(row: sqlite3.Row | None) -> Waiting:
    return Waiting() if row is None else Waiting(row["n"], from_text_or_none(row["since"]))
