"""Documents that somebody sent and that wait for a word before they are taken in."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.database import Database
from storage.policies import Article
from storage.times import from_text, to_text

MOST_A_PERSON = 5
"""Whoever sends more files gives up the oldest drafts."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A document as it was read. `articles` have number, heading and text."""

    staff_id: str
    conversation: str
    file_name: str
    title: str
    articles: tuple[Article, ...]
    created_at: datetime
    expires_at: datetime
    id: int = 0


class Drafts:
    """What waits. A draft that has expired is not found any more; the next one that comes removes it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, draft: Draft) -> int:
        """Keep a draft; returns its number. Expired ones go, and of the same person all but the newest few."""
        self._database.execute("delete from policy_drafts where expires_at <= ?", (to_text(draft.created_at),))
        self._database.execute(
            "delete from policy_drafts where staff_id = ? and id not in "
            "(select id from policy_drafts where staff_id = ? order by id desc limit ?)",
            (draft.staff_id, draft.staff_id, MOST_A_PERSON - 1),
        )
        cursor = self._database.execute(
            "insert into policy_drafts (staff_id, conversation, file_name, title, articles, created_at, expires_at) "
            "values (?, ?, ?, ?, ?, ?, ?)",
            (
                draft.staff_id,
                draft.conversation,
                draft.file_name,
                draft.title,
                _packed(draft.articles),
                to_text(draft.created_at),
                to_text(draft.expires_at),
            ),
        )
        return int(cursor.lastrowid or 0)

    def get(self, draft_id: int, now: datetime) -> Draft | None:
        """One draft by its number."""
        row = self._database.row(
            "select * from policy_drafts where id = ? and expires_at > ?", (draft_id, to_text(now))
        )
        return None if row is None else _draft(row)

    def latest_of(self, staff_id: str, conversation: str, now: datetime) -> Draft | None:
        """The newest draft of somebody in a chat."""
        row = self._database.row(
            "select * from policy_drafts where staff_id = ? and conversation = ? and expires_at > ? "
            "order by id desc limit 1",
            (staff_id, conversation, to_text(now)),
        )
        return None if row is None else _draft(row)

    def drop(self, draft_id: int) -> None:
        """It has been taken in, or is not wanted."""
        self._database.execute("delete from policy_drafts where id = ?", (draft_id,))


def _packed(articles: Sequence[Article]) -> str:
    return json.dumps([[one.number, one.heading, one.text] for one in articles], ensure_ascii=False)


def _draft(row: sqlite3.Row) -> Draft:
    return Draft(
        id=row["id"],
        staff_id=row["staff_id"],
        conversation=row["conversation"],
        file_name=row["file_name"],
        title=row["title"],
        articles=tuple(Article(number, text, heading) for number, heading, text in json.loads(row["articles"])),
        created_at=from_text(row["created_at"]),
        expires_at=from_text(row["expires_at"]),
    )
