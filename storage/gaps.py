"""Times in which nothing could be heard."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.database import Database
from storage.times import from_text, from_text_or_none, to_text, to_text_or_none


class Reason(StrEnum):
    """Why nothing could be heard."""

    OFFLINE = "offline"
    """DingTalk was not reached."""
    REFUSED = "refused"
    """DingTalk did not accept the application."""
    STOPPED = "stopped"
    """The program did not run, or the machine slept."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One such time. `ended_at` is None while it lasts."""

    began_at: datetime
    ended_at: datetime | None
    reason: Reason
    id: int = 0
    told_at: datetime | None = None
    """When admins were told, or would have been."""


class Gaps:
    """All gaps that were worth a word. At most one lasts, and it is the newest."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, began_at: datetime, ended_at: datetime | None, reason: Reason) -> None:
        """A gap is there (`ended_at` None), goes on or has ended: what was noted of it before is brought up to date."""
        values = (to_text(began_at), to_text_or_none(ended_at), reason.value)
        updated = self._database.execute(
            "update gaps set began_at = ?, ended_at = ?, reason = ? where ended_at is null", values
        )
        if not updated.rowcount:
            self._database.execute("insert into gaps (began_at, ended_at, reason) values (?, ?, ?)", values)

    def withdraw(self) -> None:
        """The one that lasts was none: a clock was wrong when it was noted."""
        self._database.execute("delete from gaps where ended_at is null")

    def lasting(self) -> Gap | None:
        """The one that lasts, or did when the bot stopped."""
        row = self._database.row("select * from gaps where ended_at is null")
        return None if row is None else _gap(row)

    def untold(self) -> list[Gap]:
        """Those that have ended and that nobody was told of, oldest first."""
        return self._all("ended_at is not null and told_at is null", ())

    def since(self, moment: datetime) -> list[Gap]:
        """Those that last, or ended after `moment`, oldest first."""
        return self._all("ended_at is null or ended_at > ?", (to_text(moment),))

    def told(self, gaps: Iterable[Gap], at: datetime) -> None:
        """Admins have been told of these."""
        for gap in gaps:
            self._database.execute("update gaps set told_at = ? where id = ?", (to_text(at), gap.id))

    def last_told_at(self) -> datetime | None:
        """When admins were last told of any."""
        row = self._database.row("select max(told_at) as at from gaps")
        return None if row is None else from_text_or_none(row["at"])

    def groups_heard(self, since: datetime, until: datetime) -> list[str]:
        """Conversations of groups that are active and were heard between these moments, the busiest first."""
        rows = self._database.rows(
            "select inbox.conversation from inbox join groups on groups.conversation = inbox.conversation "
            "where inbox.state in ('new', 'done', 'parked') and inbox.received_at between ? and ? "
            "and inbox.kind = 'message' and groups.status = 'active' "
            "group by inbox.conversation order by count(*) desc, inbox.conversation",
            (to_text(since), to_text(until)),
        )
        return [row["conversation"] for row in rows]

    def _all(self, condition: str, parameters: tuple[str, ...]) -> list[Gap]:
        return [
            _gap(row) for row in self._database.rows(f"select * from gaps where {condition} order by id", parameters)
        ]


def _gap(row: sqlite3.Row) -> Gap:
    return Gap(
        began_at=from_text(row["began_at"]),
        ended_at=from_text_or_none(row["ended_at"]),
        reason=Reason(row["reason"]),
        id=row["id"],
        told_at=from_text_or_none(row["told_at"]),
    )
