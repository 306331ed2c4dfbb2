"""Content flags. The excerpt is masked before it comes here; the full text is never kept."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from storage.database import Database
from storage.times import from_text, to_text

FlagSource = Literal["mention", "private", "report", "scan"]


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


class Flags:
    """All flags."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, flag: Flag) -> int | None:
        """Store a flag and return its number; None when this rule fired on this message before."""
        cursor = self._database.execute(
            "insert into flags (message_key, rule, category, article, state, source, conversation, sender, reporter, "
            "excerpt, created_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (message_key, rule) do nothing",
            (
                flag.message_key,
                flag.rule,
                flag.category,
                flag.article,
                flag.state,
                flag.source,
                flag.conversation,
                flag.sender,
                flag.reporter,
                flag.excerpt,
                to_text(flag.created_at),
            ),
        )
        return cursor.lastrowid if cursor.rowcount == 1 else None

    def get(self, number: int) -> Flag | None:
        """One flag by its number."""
        row = self._database.row("select * from flags where id = ?", (number,))
        return None if row is None else _flag(row)

    def latest(self, limit: int = 20) -> list[Flag]:
        """The newest flags, newest first."""
        return [_flag(row) for row in self._database.rows("select * from flags order by id desc limit ?", (limit,))]

    def count_since(self, sender: str, rule: str, since: datetime) -> int:
        """How often this rule fired on this person since a moment; reports by others do not count."""
        row = self._database.row(
            "select count(*) as n from flags where sender = ? and rule = ? and created_at >= ? and source <> 'report'",
            (sender, rule, to_text(since)),
        )
        return 0 if row is None else int(row["n"])

    def count_by_unknown(self, conversation: str, rule: str, since: datetime) -> int:
        """How often this rule fired in a conversation on people without a staff id; reports do not count."""
        row = self._database.row(
            "select count(*) as n from flags where sender is null and rule = ? and created_at >= ? "
            "and conversation = ? and source <> 'report'",
            (rule, to_text(since), conversation),
        )
        return 0 if row is None else int(row["n"])

    def of_message(self, message_key: str) -> list[Flag]:
        """All flags on one message, oldest first."""
        rows = self._database.rows("select * from flags where message_key = ? order by id", (message_key,))
        return [_flag(row) for row in rows]

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


def _flag(row: sqlite3.Row) -> Flag:
    return Flag(
        id=row["id"],
        message_key=row["message_key"],
        rule=row["rule"],
        category=row["category"],
        article=row["article"],
        state=row["state"],
        source=row["source"],
        conversation=row["conversation"],
        sender=row["sender"],
        reporter=row["reporter"],
        excerpt=row["excerpt"],
        created_at=from_text(row["created_at"]),
    )
