"""Cycles of the clean-up: findings, who was asked, exceptions (article 五.8)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from storage.database import Database
from storage.times import from_text, from_text_or_none, to_text

_ASKED = (
    *("cycle_id", "conversation", "member", "name", "reason", "article", "recommendation"),
    *("source", "detail", "owner", "number", "state"),
)
"""What is known of a finding before it is answered."""

_LONG_NUMBER = 99
"""People type these; two digits are short."""

FindingState = Literal["open", "removed", "kept", "unknown"]


@dataclass(frozen=True, slots=True)
class Cycle:
    """One opening of a schedule."""

    id: int
    schedule: str
    kinds: tuple[str, ...]
    opened_at: datetime
    opened_by: str
    state: str
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to clear in one group. `owner` is who is asked; `number` is what that person calls it.

    Of one owner no two findings of the last hundred or so have the same number.
    """

    cycle_id: int
    conversation: str
    member: str | None
    name: str
    reason: str
    article: str
    recommendation: str
    source: str
    detail: str
    owner: str | None
    number: int
    state: FindingState = "open"
    answered_by: str | None = None
    answered_at: datetime | None = None
    keep_reason: str | None = None
    keep_until: date | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Ask:
    """That an owner was asked in a cycle, and how often reminded since."""

    cycle_id: int
    owner: str
    asked_at: datetime
    last_reminded_at: datetime | None
    reminders: int
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Exemption:
    """Somebody may stay in a group for a reason until a day."""

    conversation: str
    member: str
    reason: str
    granted_by: str
    granted_at: datetime
    until: date | None


class Findings:
    """All cycles with what belongs to them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # -- cycles --------------------------------------------------------------------------------------------------

    def open_cycle(self, schedule: str, kinds: Sequence[str], by: str, at: datetime) -> int:
        """Begin a cycle and return its id."""
        cursor = self._database.execute(
            "insert into cycles (schedule, kinds, opened_at, opened_by) values (?, ?, ?, ?)",
            (schedule, json.dumps(list(kinds)), to_text(at), by),
        )
        return int(cursor.lastrowid or 0)

    def close_cycle(self, cycle_id: int, at: datetime) -> None:
        """End a cycle; what is open in it is asked no more."""
        self._database.execute(
            "update cycles set state = 'closed', closed_at = ? where id = ? and state = 'open'",
            (to_text(at), cycle_id),
        )

    def open_cycles(self) -> list[Cycle]:
        """The cycles under way, oldest first."""
        return [_cycle(row) for row in self._database.rows("select * from cycles where state = 'open' order by id")]

    def last_cycle(self) -> Cycle | None:
        """The newest cycle, open or closed."""
        row = self._database.row("select * from cycles order by id desc limit 1")
        return None if row is None else _cycle(row)

    # -- findings ------------------------------------------------------------------------------------------------

    def add(self, finding: Finding) -> int:
        """Store a finding and return its id."""
        cursor = self._database.execute(
            f"insert into findings ({', '.join(_ASKED)}) values ({', '.join('?' * len(_ASKED))})",
            tuple(getattr(finding, column) for column in _ASKED),
        )
        return int(cursor.lastrowid or 0)

    def owed_by(self, owner: str) -> list[Finding]:
        """What an owner has not answered in the cycles under way, by number. Disbanded groups are owed nothing."""
        rows = self._database.rows(
            "select f.* from findings f join cycles c on c.id = f.cycle_id "
            "join groups g on g.conversation = f.conversation "
            "where f.owner = ? and f.state = 'open' and c.state = 'open' and g.status = 'active' order by f.number",
            (owner,),
        )
        return [_finding(row) for row in rows]

    def all_open(self) -> list[Finding]:
        """Everything that anybody still owes an answer on."""
        rows = self._database.rows(
            "select f.* from findings f join cycles c on c.id = f.cycle_id "
            "join groups g on g.conversation = f.conversation "
            "where f.state = 'open' and c.state = 'open' and g.status = 'active' order by f.id"
        )
        return [_finding(row) for row in rows]

    def said_removed(self) -> dict[tuple[str, str | None, str], datetime]:
        """Conversation, member and reason of everything whose last answer is «removed», and when that was said."""
        rows = self._database.rows(
            "select conversation, member, reason, state, answered_at from findings "
            "where id in (select max(id) from findings where answered_at is not null "
            "group by conversation, member, reason) and state = 'removed'"
        )
        return {(row["conversation"], row["member"], row["reason"]): from_text(row["answered_at"]) for row in rows}

    def asked_of(self, owner: str) -> list[Finding]:
        """Everything an owner was asked in the cycles under way, answered or not, by number."""
        rows = self._database.rows(
            "select f.* from findings f join cycles c on c.id = f.cycle_id "
            "where f.owner = ? and c.state = 'open' order by f.number",
            (owner,),
        )
        return [_finding(row) for row in rows]

    def in_cycle(self, cycle_id: int) -> list[Finding]:
        """All findings of a cycle."""
        rows = self._database.rows("select * from findings where cycle_id = ? order by id", (cycle_id,))
        return [_finding(row) for row in rows]

    def next_number(self, owner: str) -> int:
        """The number after the owner's last one, in whichever cycle: a button of an old list must not fit a new one.

        It begins again at 1 once numbers have grown long and none is under way.
        """
        last = self._database.row("select number from findings where owner = ? order by id desc limit 1", (owner,))
        if last is None:
            return 1
        under_way = self._database.row(
            "select 1 from findings f join cycles c on c.id = f.cycle_id where f.owner = ? and c.state = 'open'",
            (owner,),
        )
        return 1 if last["number"] >= _LONG_NUMBER and under_way is None else int(last["number"]) + 1

    def answer(
        self,
        finding_id: int,
        state: FindingState,
        by: str,
        at: datetime,
        *,
        keep_reason: str | None = None,
        keep_until: date | None = None,
    ) -> None:
        """Record an owner's answer."""
        self._database.execute(
            "update findings set state = ?, answered_by = ?, answered_at = ?, keep_reason = ?, keep_until = ? "
            "where id = ?",
            (
                state,
                by,
                to_text(at),
                keep_reason,
                None if keep_until is None else keep_until.isoformat(),
                finding_id,
            ),
        )

    def reopen(self, finding_id: int) -> None:
        """An answer is taken back: the owner owes one again."""
        self._database.execute(
            "update findings set state = 'open', answered_by = null, answered_at = null, keep_reason = null, "
            "keep_until = null where id = ?",
            (finding_id,),
        )
        self._database.execute(
            "update owner_asks set finished_at = null where (cycle_id, owner) = "
            "(select cycle_id, owner from findings where id = ?)",
            (finding_id,),
        )

    def hand_over(self, finding_id: int, owner: str, number: int) -> None:
        """Somebody else is asked about it from now on, and calls it by another number."""
        self._database.execute("update findings set owner = ?, number = ? where id = ?", (owner, number, finding_id))

    # -- who was asked -------------------------------------------------------------------------------------------

    def asked(self, cycle_id: int, owner: str, at: datetime) -> None:
        """An owner is asked in this cycle; one who had finished already owes something again."""
        self._database.execute(
            "insert into owner_asks (cycle_id, owner, asked_at) values (?, ?, ?) "
            "on conflict (cycle_id, owner) do update set finished_at = null",
            (cycle_id, owner, to_text(at)),
        )

    def asks(self) -> list[Ask]:
        """Who was asked in the cycles under way."""
        rows = self._database.rows(
            "select a.* from owner_asks a join cycles c on c.id = a.cycle_id where c.state = 'open' "
            "order by a.cycle_id, a.owner"
        )
        return [_ask(row) for row in rows]

    def reminded(self, cycle_id: int, owner: str, reminders: int, at: datetime) -> None:
        """An owner was reminded; `reminders` is how often by now."""
        self._database.execute(
            "update owner_asks set reminders = ?, last_reminded_at = ? where cycle_id = ? and owner = ?",
            (reminders, to_text(at), cycle_id, owner),
        )

    def finished(self, owner: str, at: datetime) -> None:
        """An owner owes nothing any more in the cycles under way."""
        self._database.execute(
            "update owner_asks set finished_at = ? where owner = ? and finished_at is null "
            "and cycle_id in (select id from cycles where state = 'open')",
            (to_text(at), owner),
        )

    # -- exceptions ----------------------------------------------------------------------------------------------

    def exempt(self, exemption: Exemption) -> None:
        """Somebody may stay; it replaces an earlier exception for the same person and group."""
        self._database.execute(
            "insert into exemptions (conversation, member, reason, granted_by, granted_at, until) "
            "values (?, ?, ?, ?, ?, ?) on conflict (conversation, member) do update set reason = excluded.reason, "
            "granted_by = excluded.granted_by, granted_at = excluded.granted_at, until = excluded.until",
            (
                exemption.conversation,
                exemption.member,
                exemption.reason,
                exemption.granted_by,
                to_text(exemption.granted_at),
                None if exemption.until is None else exemption.until.isoformat(),
            ),
        )

    def withdraw_exemption(self, conversation: str, member: str) -> None:
        """The exception no longer holds."""
        self._database.execute("delete from exemptions where conversation = ? and member = ?", (conversation, member))

    def exempt_on(self, today: date) -> set[tuple[str, str]]:
        """Conversation and member of every exception that holds on this day."""
        rows = self._database.rows(
            "select conversation, member from exemptions where until is null or until >= ?", (today.isoformat(),)
        )
        return {(row["conversation"], row["member"]) for row in rows}

    def is_exempt(self, conversation: str, member: str, today: date) -> bool:
        """The person may stay in the group on this day."""
        row = self._database.row(
            "select 1 from exemptions where conversation = ? and member = ? and (until is null or until >= ?)",
            (conversation, member, today.isoformat()),
        )
        return row is not None


def _cycle(row: sqlite3.Row) -> Cycle:
    return Cycle(
        id=row["id"],
        schedule=row["schedule"],
        kinds=tuple(json.loads(row["kinds"])),
        opened_at=from_text(row["opened_at"]),
        opened_by=row["opened_by"],
        state=row["state"],
        closed_at=from_text_or_none(row["closed_at"]),
    )


def _finding(row: sqlite3.Row) -> Finding:
    return Finding(
        id=row["id"],
        cycle_id=row["cycle_id"],
        conversation=row["conversation"],
        member=row["member"],
        name=row["name"],
        reason=row["reason"],
        article=row["article"],
        recommendation=row["recommendation"],
        source=row["source"],
        detail=row["detail"],
        owner=row["owner"],
        number=row["number"],
        state=row["state"],
        answered_by=row["answered_by"],
        answered_at=from_text_or_none(row["answered_at"]),
        keep_reason=row["keep_reason"],
        keep_until=None if row["keep_until"] is None else date.fromisoformat(row["keep_until"]),
    )


def _ask(row: sqlite3.Row) -> Ask:
    return Ask(
        cycle_id=row["cycle_id"],
        owner=row["owner"],
        asked_at=from_text(row["asked_at"]),
        last_reminded_at=from_text_or_none(row["last_reminded_at"]),
        reminders=row["reminders"],
        finished_at=from_text_or_none(row["finished_at"]),
    )
