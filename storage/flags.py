"""Content flags. The excerpt is masked before it comes here; the full text is never kept."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from storage.database import Database
from storage.times import from_text, from_text_or_none, to_text

FlagSource = Literal["mention", "private", "report", "scan", "bridge"]


@dataclass(frozen=True, slots=True)
class Flag:
    """One rule that fired on one message. `id` is the number that people use (`#12`); 0 before it is stored."""

    message_key: str
    rule: str
    category: str
    article: str
    state: str
    source: FlagSource
    conversation: str
    sender: str | None
    excerpt: str
    created_at: datetime
    reporter: str | None = None
    id: int = 0
    severity: str = "medium"
    author_key: str = ""
    """Fingerprint (`prints.py`) of the opaque id of whoever wrote what was reported; empty: not known, or the sender is."""
    recalled_at: datetime | None = None
    """When the sender took the message back, where that was heard."""


class Flags:
    """All flags."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, flag: Flag) -> int | None:
        """Store a flag and return its number; None when this rule fired on this message before."""
        cursor = self._database.execute(
            "insert into flags (message_key, rule, category, article, state, severity, source, conversation, sender, "
            "reporter, author_key, excerpt, created_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
            "on conflict (message_key, rule) do nothing",
            (
                flag.message_key,
                flag.rule,
                flag.category,
                flag.article,
                flag.state,
                flag.severity,
                flag.source,
                flag.conversation,
                flag.sender,
                flag.reporter,
                flag.author_key,
                flag.excerpt,
                to_text(flag.created_at),
            ),
        )
        return cursor.lastrowid if cursor.rowcount == 1 else None

    def get(self, number: int) -> Flag | None:
        """One flag by its number."""
        row = self._database.row("select * from flags where id = ?", (number,))
        return None if row is None else flag_of(row)

    def latest(self, limit: int = 20) -> list[Flag]:
        """The newest flags, newest first."""
        return [flag_of(row) for row in self._database.rows("select * from flags order by id desc limit ?", (limit,))]

    def held_before(self, sender: str, category: str, since: datetime, before: datetime) -> list[datetime]:
        """When this person wrote something of this category in a group that is held against them, oldest first.

        Only what they heard of counts; what a reviewer called a mistake or was not sure of doesn't.
        """
        rows = self._database.rows(
            "select distinct f.created_at from flags f join tellings t on t.flag_id = f.id and t.rung = 'sender' "
            "left join verdicts v on v.flag_id = f.id "
            "where f.sender = ? and f.category = ? and f.created_at >= ? and f.created_at < ? "
            "and f.source in ('mention', 'bridge') and (v.verdict is null or v.verdict = 'right') "
            "order by f.created_at desc limit 100",
            (sender, category, to_text(since), to_text(before)),
        )
        return [from_text(row["created_at"]) for row in rows][::-1]

    def of_message(self, message_key: str) -> list[Flag]:
        """All flags on one message, oldest first."""
        rows = self._database.rows("select * from flags where message_key = ? order by id", (message_key,))
        return [flag_of(row) for row in rows]

    def counts_since(self, since: datetime) -> dict[str, int]:
        """How often each rule fired since a moment, by the rule's id; rules that did not fire are not there."""
        rows = self._database.rows(
            "select rule, count(*) as n from flags where created_at >= ? group by rule order by rule", (to_text(since),)
        )
        return {row["rule"]: int(row["n"]) for row in rows}

    def count(self) -> int:
        """How many flags there are."""
        row = self._database.row("select count(*) as n from flags")
        return 0 if row is None else int(row["n"])


def flag_of(row: sqlite3.Row) -> Flag:
    """A row of `flags` as it is."""
    return Flag(
        id=row["id"],
        message_key=row["message_key"],
        rule=row["rule"],
        category=row["category"],
        article=row["article"],
        state=row["state"],
        severity=row["severity"],
        source=row["source"],
        conversation=row["conversation"],
        sender=row["sender"],
        reporter=row["reporter"],
        excerpt=row["excerpt"],
        created_at=from_text(row["created_at"]),
        author_key=row["author_key"],
        recalled_at=from_text_or_none(row["recalled_at"]),
    )
