"""What is to be sent, what was sent, and what could not be."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from storage.database import Database
from storage.times import from_text, from_text_or_none, to_text, to_text_or_none

OutboxKind = Literal["reply", "group", "private", "ding"]
HELD_NIGHT, HELD_QUOTA = "held-night", "held-quota"
"""Codes of rows that we ourselves keep back: until the morning; until calls are less scarce."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Something to be sent. `body` is JSON that the door out wrote and reads again."""

    kind: OutboxKind
    body: str
    priority: int
    created_at: datetime
    conversation: str | None = None
    recipients: tuple[str, ...] = ()
    webhook: str | None = None
    webhook_expires_at: datetime | None = None
    at_staff_ids: tuple[str, ...] = ()
    not_before: datetime | None = None
    expires_at: datetime | None = None
    inbox_id: int | None = None


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A row of the queue."""

    id: int
    draft: Draft
    state: str
    attempts: int
    error_code: str | None
    error: str | None
    platform_key: str | None
    next_try_at: datetime | None = None
    tried_at: datetime | None = None
    """When it was tried for the first time; None: never."""

    @property
    def target(self) -> str:
        """To whom it goes: within a target order is kept.

        Somebody outside the organisation who writes in private has neither a conversation that the API knows nor a
        staff id: the webhook stands for them.
        """
        draft = self.draft
        if draft.conversation is not None:
            return draft.conversation
        return json.dumps(draft.recipients) if draft.recipients else draft.webhook or ""

    @property
    def is_to_group(self) -> bool:
        """Many read it, and the platform counts messages a minute."""
        return self.draft.conversation is not None and not self.draft.recipients

    def is_early(self, now: datetime) -> bool:
        """It has an appointed time, which has not come."""
        return self.draft.not_before is not None and self.draft.not_before > now

    def is_expired(self, now: datetime) -> bool:
        """It comes too late to be of use."""
        return self.draft.expires_at is not None and self.draft.expires_at <= now


class Outbox:
    """The durable queue of everything that goes out."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, draft: Draft) -> int:
        """Queue one thing, in the transaction of what caused it; return its id."""
        cursor = self._database.execute(
            "insert into outbox (inbox_id, kind, conversation, recipients, body, webhook, webhook_expires_at, "
            "at_staff_ids, priority, not_before, expires_at, created_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                draft.inbox_id,
                draft.kind,
                draft.conversation,
                json.dumps(draft.recipients),
                draft.body,
                draft.webhook,
                to_text_or_none(draft.webhook_expires_at),
                json.dumps(draft.at_staff_ids),
                draft.priority,
                to_text_or_none(draft.not_before),
                to_text_or_none(draft.expires_at),
                to_text(draft.created_at),
            ),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def due(self, now: datetime, limit: int = 50) -> list[OutboxRow]:
        """What may go out now, most urgent first, oldest first within a priority."""
        rows = self._database.rows(
            # The first condition is the index's own, word for word: SQLite would not use it otherwise.
            "select * from outbox where state in ('queued', 'sending') and state = 'queued' "
            "and (not_before is null or not_before <= :now) and (next_try_at is null or next_try_at <= :now) "
            "order by priority, id limit :limit",
            {"now": to_text(now), "limit": limit},
        )
        return [_row(row) for row in rows]

    def open_ids(self, after: int = 0) -> list[int]:
        """Ids above `after` of what is queued or under way. A row's id is above those of all that were stored before."""
        # Above an id there are few rows, whatever was sent before; of all ids the index of open rows knows the few.
        way = "not indexed" if after else "indexed by outbox_due"
        rows = self._database.rows(
            f"select id from outbox {way} where state in ('queued', 'sending') and id > ? order by id", (after,)
        )
        return [row["id"] for row in rows]

    def queued(self, row_ids: Iterable[int]) -> list[OutboxRow]:
        """Those of these rows that are queued, in the order of their ids."""
        rows = self._database.rows(
            "select * from outbox where id in (select value from json_each(?)) and state = 'queued' order by id",
            (json.dumps(list(row_ids)),),
        )
        return [_row(row) for row in rows]

    def sent_to_groups(self, since: datetime) -> list[tuple[str, datetime]]:
        """Conversation and moment of each message to a group since then; rows that went out as one count once."""
        rows = self._database.rows(
            "select distinct conversation, sent_at from outbox where sent_at >= ? "
            "and conversation is not null and recipients = '[]' order by sent_at",
            (to_text(since),),
        )
        return [(row["conversation"], from_text(row["sent_at"])) for row in rows]

    def sending(self, row_id: int) -> None:
        """The request is about to be written. Committed before it, so that a crash is seen at the next start."""
        self._database.execute("update outbox set state = 'sending' where id = ?", (row_id,))

    def sent(self, row_id: int, at: datetime, platform_key: str | None = None) -> None:
        """DingTalk took it. The webhook, a secret, is forgotten."""
        self._database.execute(
            "update outbox set state = 'sent', sent_at = ?, platform_key = ?, error = null, error_code = null, "
            "webhook = null where id = ?",
            (to_text(at), platform_key, row_id),
        )

    def retry(self, row_id: int, now: datetime, next_try_at: datetime, code: str, error: str) -> None:
        """It failed for now; try again at `next_try_at`."""
        self._database.execute(
            "update outbox set state = 'queued', attempts = attempts + 1, tried_at = coalesce(tried_at, ?), "
            "next_try_at = ?, error_code = ?, error = ? where id = ?",
            (to_text(now), to_text(next_try_at), code, error, row_id),
        )

    def hold(self, row_id: int, until: datetime, code: str, error: str) -> None:
        """We keep it back until then, for the reason that `code` names; that is no try."""
        self._database.execute(
            "update outbox set state = 'queued', next_try_at = ?, error_code = ?, error = ? "
            "where id = ? and state in ('queued', 'sending')",
            (to_text(until), code, error, row_id),
        )

    def back(self, row_id: int) -> None:
        """It certainly did not go out, and waits as before."""
        self._database.execute("update outbox set state = 'queued' where id = ? and state = 'sending'", (row_id,))

    def without_webhook(self, row_id: int) -> None:
        """The session webhook is no longer good: the row goes out by API, at once."""
        self._database.execute(
            "update outbox set state = 'queued', webhook = null, webhook_expires_at = null where id = ?", (row_id,)
        )

    def narrow(self, row_id: int, recipients: tuple[str, ...]) -> None:
        """Only these people still lack it."""
        self._database.execute("update outbox set recipients = ? where id = ?", (json.dumps(recipients), row_id))

    def park(self, row_id: int, code: str, error: str) -> None:
        """It cannot be sent as it is; a person has to look."""
        self._database.execute(
            "update outbox set state = 'parked', error_code = ?, error = ?, webhook = null where id = ?",
            (code, error, row_id),
        )

    def expire(self, row_id: int) -> None:
        """It came too late to be of use."""
        self._database.execute("update outbox set state = 'expired', webhook = null where id = ?", (row_id,))

    def held(self) -> dict[str, int]:
        """How many rows we keep back, by `HELD_NIGHT` and `HELD_QUOTA`."""
        rows = self._database.rows(
            "select error_code as code, count(*) as n from outbox where state in ('queued', 'sending') "
            "and state = 'queued' and error_code in (?, ?) group by 1",
            (HELD_NIGHT, HELD_QUOTA),
        )
        return {HELD_NIGHT: 0, HELD_QUOTA: 0} | {row["code"]: row["n"] for row in rows}

    def interrupted(self) -> list[OutboxRow]:
        """What a crash caught between «about to send» and «sent»: nobody knows whether it went out."""
        rows = self._database.rows(
            "select * from outbox indexed by outbox_due "
            "where state in ('queued', 'sending') and state = 'sending' order by id"
        )
        return [_row(row) for row in rows]

    def parked(self, limit: int = 20) -> list[OutboxRow]:
        """What could not be sent, newest first."""
        rows = self._database.rows("select * from outbox where state = 'parked' order by id desc limit ?", (limit,))
        return [_row(row) for row in rows]

    def parked_row(self, row_id: int) -> OutboxRow | None:
        """One row that was put aside; None when there is no such row or it is not parked."""
        row = self._database.row("select * from outbox where id = ? and state = 'parked'", (row_id,))
        return None if row is None else _row(row)

    def requeue(self, row_id: int) -> bool:
        """Send a parked row after all, as if it had never been tried. False when there is no such row.

        Whether it may arrive twice is for the caller to know: `error_code` says what became of it.
        """
        changed = self._database.execute(
            "update outbox set state = 'queued', attempts = 0, tried_at = null, next_try_at = null, error = null, "
            "error_code = null where id = ? and state = 'parked'",
            (row_id,),
        )
        return changed.rowcount == 1

    def discard(self, row_id: int) -> bool:
        """Never send a parked row. False when there is no such row."""
        changed = self._database.execute(
            "update outbox set state = 'expired' where id = ? and state = 'parked'", (row_id,)
        )
        return changed.rowcount == 1

    def counts(self) -> dict[str, int]:
        """How many rows wait (`queued`), are under way (`sending`) and are parked."""
        rows = self._database.rows(
            "select state, count(*) as n from outbox where state in ('queued', 'sending') group by state "
            "union all select 'parked', count(*) from outbox where state = 'parked'"
        )
        return {"queued": 0, "sending": 0, "parked": 0} | {row["state"]: row["n"] for row in rows}

    def by_platform_key(self, platform_key: str) -> OutboxRow | None:
        """Our own message that somebody quotes."""
        row = self._database.row("select * from outbox where platform_key = ?", (platform_key,))
        return None if row is None else _row(row)

    def sent_as(self, platform_key: str) -> list[OutboxRow]:
        """All our rows that went out as the one message that somebody quotes."""
        return [
            _row(row)
            for row in self._database.rows("select * from outbox where platform_key = ? order by id", (platform_key,))
        ]


def _row(row: sqlite3.Row) -> OutboxRow:
    draft = Draft(
        kind=row["kind"],
        body=row["body"],
        priority=row["priority"],
        created_at=from_text(row["created_at"]),
        conversation=row["conversation"],
        recipients=tuple(json.loads(row["recipients"])),
        webhook=row["webhook"],
        webhook_expires_at=from_text_or_none(row["webhook_expires_at"]),
        at_staff_ids=tuple(json.loads(row["at_staff_ids"])),
        not_before=from_text_or_none(row["not_before"]),
        expires_at=from_text_or_none(row["expires_at"]),
        inbox_id=row["inbox_id"],
    )
    return OutboxRow(
        id=row["id"],
        draft=draft,
        state=row["state"],
        attempts=row["attempts"],
        error_code=row["error_code"],
        error=row["error"],
        platform_key=row["platform_key"],
        next_try_at=from_text_or_none(row["next_try_at"]),
        tried_at=from_text_or_none(row["tried_at"]),
    )
