"""What waits before it becomes a rule: changes that a second admin has to agree to, and files that somebody sent."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from storage.database import Database
from storage.times import from_text, to_text

MOST_DRAFTS = 5
"""Whoever sends more files gives up the oldest drafts."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change of one rule that another admin has to agree to. `version` was the newest one then; 0: a new rule."""

    rule: str
    version: int
    body: str
    what: str
    why: str
    staff_id: str
    created_at: datetime
    expires_at: datetime
    id: int = 0


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A rule file as it was read: a JSON text for each rule."""

    staff_id: str
    conversation: str
    file_name: str
    bodies: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    id: int = 0


class RuleProposals:
    """One for each rule at most: the newest. What has expired is not found any more, and goes with the next one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, proposal: Proposal) -> int:
        """Keep a proposal; returns its number."""
        self._database.execute(
            "delete from rule_proposals where rule = ? or expires_at <= ?",
            (proposal.rule, to_text(proposal.created_at)),
        )
        cursor = self._database.execute(
            "insert into rule_proposals (rule, version, body, what, why, staff_id, created_at, expires_at) "
            "values (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                proposal.rule,
                proposal.version,
                proposal.body,
                proposal.what,
                proposal.why,
                proposal.staff_id,
                to_text(proposal.created_at),
                to_text(proposal.expires_at),
            ),
        )
        return int(cursor.lastrowid or 0)

    def get(self, number: int, now: datetime) -> Proposal | None:
        """One proposal by its number."""
        row = self._database.row("select * from rule_proposals where id = ? and expires_at > ?", (number, to_text(now)))
        return None if row is None else _proposal(row)

    def waiting(self, now: datetime) -> list[Proposal]:
        """All that wait, oldest first."""
        rows = self._database.rows("select * from rule_proposals where expires_at > ? order by id", (to_text(now),))
        return [_proposal(row) for row in rows]

    def drop(self, number: int) -> None:
        """It was agreed to, or refused."""
        self._database.execute("delete from rule_proposals where id = ?", (number,))


class RuleDrafts:
    """Files that wait for `/规则 导入`; what has expired is not found any more, and goes with the next one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, draft: RuleDraft) -> int:
        """Keep a draft; returns its number. Of one person only the newest few stay."""
        self._database.execute("delete from rule_drafts where expires_at <= ?", (to_text(draft.created_at),))
        self._database.execute(
            "delete from rule_drafts where staff_id = ? and id not in "
            "(select id from rule_drafts where staff_id = ? order by id desc limit ?)",
            (draft.staff_id, draft.staff_id, MOST_DRAFTS - 1),
        )
        cursor = self._database.execute(
            "insert into rule_drafts (staff_id, conversation, file_name, bodies, created_at, expires_at) "
            "values (?, ?, ?, ?, ?, ?)",
            (
                draft.staff_id,
                draft.conversation,
                draft.file_name,
                json.dumps(draft.bodies, ensure_ascii=False),
                to_text(draft.created_at),
                to_text(draft.expires_at),
            ),
        )
        return int(cursor.lastrowid or 0)

    def get(self, number: int, staff_id: str, now: datetime) -> RuleDraft | None:
        """A draft of this person."""
        row = self._database.row(
            "select * from rule_drafts where id = ? and staff_id = ? and expires_at > ?",
            (number, staff_id, to_text(now)),
        )
        if row is None:
            return None
        return RuleDraft(
            id=row["id"],
            staff_id=row["staff_id"],
            conversation=row["conversation"],
            file_name=row["file_name"],
            bodies=tuple(json.loads(row["bodies"])),
            created_at=from_text(row["created_at"]),
            expires_at=from_text(row["expires_at"]),
        )

    def drop(self, number: int) -> None:
        """It has been taken in, or is not wanted."""
        self._database.execute("delete from rule_drafts where id = ?", (number,))


def _proposal(row: sqlite3.Row) -> Proposal:
    return Proposal(
        id=row["id"],
        rule=row["rule"],
        version=row["version"],
        body=row["body"],
        what=row["what"],
        why=row["why"],
        staff_id=row["staff_id"],
        created_at=from_text(row["created_at"]),
        expires_at=from_text(row["expires_at"]),
    )
