"""What people thought of answers, and the questions that wait for somebody to answer them."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from storage.database import Database
from storage.times import from_text, from_text_or_none, to_text

Why = Literal["passed-on", "disliked"]
QueueState = Literal["open", "answered", "closed"]


@dataclass(frozen=True, slots=True)
class AskedRow:
    """A question that was asked, masked, by its number."""

    id: int
    asked_at: datetime
    conversation: str
    question: str
    is_answered: bool
    document: str | None
    article: str | None
    score: float


@dataclass(frozen=True, slots=True)
class RatedRow:
    """A question with what people thought of its answer."""

    asked: AskedRow
    likes: int
    dislikes: int
    reasons: tuple[str, ...] = ()
    """Why it was of no use; masked."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A question of the queue. Texts are masked; who asked is apart, in `Asker`."""

    why: Why
    question: str
    created_at: datetime
    asked_id: int | None = None
    """None: the question itself has been forgotten since."""
    reason: str = ""
    document: str | None = None
    article: str | None = None
    state: QueueState = "open"
    told_at: datetime | None = None
    settled_at: datetime | None = None
    settled_by: str | None = None
    curated_id: int | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Asker:
    """Who gets the answer. `staff_id` is None for somebody from outside, who is answered in the group."""

    staff_id: str | None
    conversation: str
    is_group: bool


class PolicyQueue:
    """Questions by number, ratings, entries of the queue and their askers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def asked(self, asked_id: int) -> AskedRow | None:
        """A question by its number; None for one that never was or has been forgotten."""
        row = self._database.row("select * from questions_asked where id = ?", (asked_id,))
        return None if row is None else _asked(row)

    def asked_between(self, since: datetime, until: datetime) -> list[AskedRow]:
        """The questions from `since` to before `until`, oldest first."""
        rows = self._database.rows(
            "select * from questions_asked where asked_at >= ? and asked_at < ? order by id",
            (to_text(since), to_text(until)),
        )
        return [_asked(row) for row in rows]

    def rate(self, asked_id: int, rater: str, *, is_useful: bool, reason: str, at: datetime) -> None:
        """One person's word on one answer; it takes the place of an earlier one."""
        self._database.execute(
            "insert into policy_ratings (asked_id, rater, is_useful, reason, rated_at) values (?, ?, ?, ?, ?) "
            "on conflict (asked_id, rater) do update set is_useful = excluded.is_useful, reason = excluded.reason, "
            "rated_at = excluded.rated_at",
            (asked_id, rater, int(is_useful), reason, to_text(at)),
        )

    def ratings(self, asked_id: int) -> tuple[int, int]:
        """How many found the answer useful, and how many did not."""
        row = self._database.row(
            "select coalesce(sum(is_useful), 0) as likes, count(*) as n from policy_ratings where asked_id = ?",
            (asked_id,),
        )
        return (0, 0) if row is None else (int(row["likes"]), int(row["n"]) - int(row["likes"]))

    def rated_between(self, since: datetime, until: datetime) -> list[RatedRow]:
        """The questions that somebody rated from `since` to before `until`, with those ratings."""
        found: dict[int, RatedRow] = {}
        for row in self._database.rows(
            "select q.*, r.is_useful, r.reason from policy_ratings r join questions_asked q on q.id = r.asked_id "
            "where r.rated_at >= ? and r.rated_at < ? order by q.id, r.rated_at",
            (to_text(since), to_text(until)),
        ):
            known = found.get(row["id"]) or RatedRow(_asked(row), 0, 0)
            found[row["id"]] = RatedRow(
                known.asked,
                known.likes + row["is_useful"],
                known.dislikes + 1 - row["is_useful"],
                (*known.reasons, row["reason"]) if row["reason"] else known.reasons,
            )
        return list(found.values())

    def add(self, entry: Entry) -> int:
        """A new question in the queue; returns its number."""
        cursor = self._database.execute(
            "insert into policy_queue (asked_id, why, question, reason, document, article, created_at, told_at) "
            "values (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                entry.asked_id,
                entry.why,
                entry.question,
                entry.reason,
                entry.document,
                entry.article,
                to_text(entry.created_at),
                None if entry.told_at is None else to_text(entry.told_at),
            ),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def get(self, entry_id: int) -> Entry | None:
        """An entry by its number."""
        row = self._database.row("select * from policy_queue where id = ?", (entry_id,))
        return None if row is None else _entry(row)

    def of_asked(self, asked_id: int) -> Entry | None:
        """The entry that a question led to, the newest where there are several."""
        row = self._database.row("select * from policy_queue where asked_id = ? order by id desc limit 1", (asked_id,))
        return None if row is None else _entry(row)

    def open(self) -> list[Entry]:
        """What waits, oldest first."""
        return [
            _entry(row) for row in self._database.rows("select * from policy_queue where state = 'open' order by id")
        ]

    def answered_between(self, since: datetime, until: datetime) -> list[Entry]:
        """What was answered from `since` to before `until`, and is not open again."""
        rows = self._database.rows(
            "select * from policy_queue where state = 'answered' and settled_at >= ? and settled_at < ? order by id",
            (to_text(since), to_text(until)),
        )
        return [_entry(row) for row in rows]

    def told_since(self, since: datetime) -> list[Entry]:
        """The entries of which somebody was told from then on."""
        rows = self._database.rows("select * from policy_queue where told_at >= ? order by id", (to_text(since),))
        return [_entry(row) for row in rows]

    def update(self, entry_id: int, *, why: Why, reason: str, told_at: datetime | None) -> None:
        """Another word on the same question has come."""
        self._database.execute(
            "update policy_queue set why = ?, reason = ?, told_at = ? where id = ?",
            (why, reason, None if told_at is None else to_text(told_at), entry_id),
        )

    def settle(self, entry_id: int, state: QueueState, by: str, at: datetime, curated_id: int | None = None) -> None:
        """The entry was answered or closed."""
        self._database.execute(
            "update policy_queue set state = ?, settled_by = ?, settled_at = ?, curated_id = ? where id = ?",
            (state, by, to_text(at), curated_id, entry_id),
        )

    def reopen(self, entry_id: int) -> None:
        """What was said of it was taken back: it waits again."""
        self._database.execute(
            "update policy_queue set state = 'open', settled_by = null, settled_at = null, curated_id = null "
            "where id = ?",
            (entry_id,),
        )

    def add_asker(self, entry_id: int, asker: Asker, at: datetime) -> None:
        """Somebody wants to hear the answer; saying so twice changes nothing."""
        self._database.execute(
            "insert into policy_askers (queue_id, asker, conversation, is_group, asked_at) values (?, ?, ?, ?, ?) "
            "on conflict do nothing",
            (entry_id, asker.staff_id or "", asker.conversation, int(asker.is_group), to_text(at)),
        )

    def askers(self, entry_id: int) -> list[Asker]:
        """Who gets the answer, in the order in which they asked."""
        return [
            Asker(row["asker"] or None, row["conversation"], bool(row["is_group"]))
            for row in self._database.rows(
                "select * from policy_askers where queue_id = ? order by asked_at, asker", (entry_id,)
            )
        ]

    def asked_for_since(self, staff_id: str | None, conversation: str, since: datetime) -> int:
        """How many questions somebody has had passed on from then on; people from outside count by group."""
        row = self._database.row(
            "select count(*) as n from policy_askers where asker = ? and asked_at >= ? and (asker <> '' or conversation = ?)",
            (staff_id or "", to_text(since), conversation),
        )
        return 0 if row is None else int(row["n"])

    def digested_until(self) -> datetime | None:
        """Up to when owners have been told of what people asked; None: never yet."""
        row = self._database.row("select until from policy_digest where id = 1")
        return None if row is None else from_text(row["until"])

    def digested(self, until: datetime) -> None:
        """They have been told of everything before this."""
        self._database.execute(
            "insert into policy_digest (id, until) values (1, ?) on conflict (id) do update set until = excluded.until",
            (to_text(until),),
        )


def _asked(row: sqlite3.Row) -> AskedRow:
    return AskedRow(
        id=row["id"],
        asked_at=from_text(row["asked_at"]),
        conversation=row["conversation"],
        question=row["question"],
        is_answered=bool(row["is_answered"]),
        document=row["document"],
        article=row["article"],
        score=row["score"] or 0.0,
    )


def _entry(row: sqlite3.Row) -> Entry:
    return Entry(
        id=row["id"],
        asked_id=row["asked_id"],
        why=row["why"],
        question=row["question"],
        reason=row["reason"],
        document=row["document"],
        article=row["article"],
        state=row["state"],
        created_at=from_text(row["created_at"]),
        told_at=from_text_or_none(row["told_at"]),
        settled_at=from_text_or_none(row["settled_at"]),
        settled_by=row["settled_by"],
        curated_id=row["curated_id"],
    )
