"""How inbox and outbox stand: what waits, since when, and what keeps it from going on. Reads only."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from storage.database import Database
from storage.inbox import InboxKind
from storage.times import from_text_or_none, to_text

_MOST_LOOKED_AT = 20_000
"""Rows; a college sends so many in months."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rows that nobody has got to yet."""

    count: int = 0
    since: datetime | None = None
    """When the oldest one could have gone; None where nothing waits."""


@dataclass(frozen=True, slots=True)
class Aside:
    """Rows that were put aside with their error."""

    count: int = 0
    latest: datetime | None = None
    """When the newest of them came in; None where there is none."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Rows of the outbox with the same error. `code` is the platform's own or one of ours, `error` says what to do."""

    code: str
    error: str
    count: int
    since: datetime | None = None
    """When the oldest of them was written."""
    latest: datetime | None = None
    """When the newest was."""
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

    def not_handled(self) -> Aside:
        """Rows of the inbox that were put aside."""
        row = self._database.row(
            "select count(*) as n, max(received_at) as latest from inbox indexed by inbox_by_state "
            "where state = 'parked'"
        )
        return Aside() if row is None else Aside(row["n"], from_text_or_none(row["latest"]))

    def to_send(self, now: datetime) -> Waiting:
        """Rows of the outbox that could go at `now`, have met no error and are not kept back."""
        return _waiting(
            self._database.row(
                "select count(*) as n, min(coalesce(not_before, created_at)) as since from outbox "
                "where state in ('queued', 'sending') and state = 'queued' and error_code is null "
                "and (not_before is null or not_before <= :now) and (next_try_at is null or next_try_at <= :now)",
                {"now": to_text(now)},
            )
        )

    def troubled(self) -> list[Trouble]:
        """What could not be sent so far and will be tried again, by error, most rows first."""
        return self._troubles("state in ('queued', 'sending') and state = 'queued' and error_code is not null")

    def parked(self) -> list[Trouble]:
        """What could not be sent and was put aside, by error, most rows first."""
        return self._troubles("state = 'parked'")

    def not_handled_ids(self, *, with_untried: bool) -> tuple[int, ...]:
        """Ids of the rows of the inbox that were put aside, oldest first; those that were never tried only if wanted."""
        rows = self._database.rows(
            "select id from inbox where state = 'parked' and (attempts > 0 or ?) order by id", (with_untried,)
        )
        return tuple(row["id"] for row in rows)

    def parked_ids(self, without: Iterable[str] = ()) -> tuple[int, ...]:
        """Ids of the rows of the outbox that were put aside, oldest first, but for those with one of these codes."""
        rows = self._database.rows(
            "select id from outbox where state = 'parked' "
            "and coalesce(error_code, '') not in (select value from json_each(?)) order by id",
            (json.dumps(list(without)),),
        )
        return tuple(row["id"] for row in rows)

    def last_sent_by_api(self) -> datetime | None:
        """When DingTalk took the newest message that did not go by session webhook; None as well where that is long ago."""
        # From the newest row back to the first that fits; no index would lead there, and years of rows are not read.
        row = self._database.row(
            "select sent_at from outbox not indexed where platform_key is not null and sent_at is not null "
            "and id > (select max(id) from outbox) - ? order by id desc limit 1",
            (_MOST_LOOKED_AT,),
        )
        return None if row is None else from_text_or_none(row["sent_at"])

    def _troubles(self, condition: str) -> list[Trouble]:
        rows = self._database.rows(
            "select found.*, coalesce(newest.error, '') as error from ("
            "select coalesce(error_code, '') as code, count(*) as n, max(id) as newest_id, min(created_at) as since, "
            f"max(created_at) as latest, min(next_try_at) as next_try_at from outbox where {condition} group by 1"
            ") found join outbox newest on newest.id = found.newest_id order by n desc, code"
        )
        return [
            Trouble(
                code=row["code"],
                error=row["error"],
                count=row["n"],
                since=from_text_or_none(row["since"]),
                latest=from_text_or_none(row["latest"]),
                next_try_at=from_text_or_none(row["next_try_at"]),
            )
            for row in rows
        ]


def _waiting(row: sqlite3.Row | None) -> Waiting:
    return Waiting() if row is None else Waiting(row["n"], from_text_or_none(row["since"]))
