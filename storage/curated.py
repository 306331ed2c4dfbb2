"""Answers that somebody who answers for a document gave and reviewed, with the articles that they rest on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from storage.database import Database
from storage.times import from_text, from_text_or_none, to_text

CuratedState = Literal["given", "stopped"]


@dataclass(frozen=True, slots=True)
class Link:
    """An article that an answer rests on. `content_hash` is of the article's text when the answer was reviewed."""

    document: str
    """Title."""
    article: str
    """Number."""
    content_hash: str


@dataclass(frozen=True, slots=True)
class CuratedAnswer:
    """An answer to questions that mean the same. Texts are masked."""

    answer: str
    phrasings: tuple[str, ...]
    author: str
    """Staff id, or `cli`."""
    created_at: datetime
    reviewed_by: str
    reviewed_at: datetime
    links: tuple[Link, ...] = ()
    document: str | None = None
    """Title of the document whose owner answers for it; None: the main admins do."""
    state: CuratedState = "given"
    asked_review_at: datetime | None = None
    """When somebody was asked to look at it again, because an article has changed since; None: not since the review."""
    id: int = 0


class CuratedAnswers:
    """All curated answers; few thousand at most."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def revision(self) -> int:
        """Counted up with every change, so that an index knows when it is out of date."""
        row = self._database.row("select number from curated_revision where id = 1")
        return 0 if row is None else int(row["number"])

    def add(self, answer: CuratedAnswer) -> int:
        """Store a new answer; returns its id."""
        cursor = self._database.execute(
            "insert into curated_answers "
            "(answer, document, state, author, created_at, reviewed_by, reviewed_at) values (?, ?, ?, ?, ?, ?, ?)",
            (
                answer.answer,
                answer.document,
                answer.state,
                answer.author,
                to_text(answer.created_at),
                answer.reviewed_by,
                to_text(answer.reviewed_at),
            ),
        )
        assert cursor.lastrowid is not None
        self._put_parts(cursor.lastrowid, answer)
        self._count_up()
        return cursor.lastrowid

    def replace(self, answer: CuratedAnswer) -> None:
        """Store the answer of this id as it is now: it has been looked at, and nobody needs to be asked any more."""
        self._database.execute(
            "update curated_answers set answer = ?, document = ?, state = ?, reviewed_by = ?, reviewed_at = ?, "
            "asked_review_at = null where id = ?",
            (
                answer.answer,
                answer.document,
                answer.state,
                answer.reviewed_by,
                to_text(answer.reviewed_at),
                answer.id,
            ),
        )
        self._database.execute("delete from curated_phrasings where curated_id = ?", (answer.id,))
        self._database.execute("delete from curated_links where curated_id = ?", (answer.id,))
        self._put_parts(answer.id, answer)
        self._count_up()

    def asked_review(self, ids: Iterable[int], at: datetime) -> None:
        """Somebody was asked to look at these again."""
        for curated_id in ids:
            self._database.execute(
                "update curated_answers set asked_review_at = ? where id = ?", (to_text(at), curated_id)
            )

    def get(self, curated_id: int) -> CuratedAnswer | None:
        """One answer, or None."""
        found = self._read("where id = ?", (curated_id,))
        return found[0] if found else None

    def all(self) -> list[CuratedAnswer]:
        """All of them, stopped ones too, oldest first."""
        return self._read("", ())

    def _read(self, condition: str, parameters: tuple[int, ...]) -> list[CuratedAnswer]:
        of_one = "" if not condition else "where curated_id = ?"
        phrasings: dict[int, list[str]] = {}
        for row in self._database.rows(
            f"select curated_id, phrasing from curated_phrasings {of_one} order by curated_id, position", parameters
        ):
            phrasings.setdefault(row["curated_id"], []).append(row["phrasing"])
        links: dict[int, list[Link]] = {}
        for row in self._database.rows(
            f"select * from curated_links {of_one} order by curated_id, position", parameters
        ):
            link = Link(row["document"], row["article"], row["content_hash"])
            links.setdefault(row["curated_id"], []).append(link)
        return [
            _answer(row, phrasings.get(row["id"], ()), links.get(row["id"], ()))
            for row in self._database.rows(f"select * from curated_answers {condition} order by id", parameters)
        ]

    def _put_parts(self, curated_id: int, answer: CuratedAnswer) -> None:
        for position, phrasing in enumerate(dict.fromkeys(answer.phrasings)):
            self._database.execute(
                "insert into curated_phrasings (curated_id, position, phrasing) values (?, ?, ?)",
                (curated_id, position, phrasing),
            )
        for position, link in enumerate(answer.links):
            self._database.execute(
                "insert into curated_links (curated_id, position, document, article, content_hash) "
                "values (?, ?, ?, ?, ?)",
                (curated_id, position, link.document, link.article, link.content_hash),
            )

    def _count_up(self) -> None:
        self._database.execute("update curated_revision set number = number + 1 where id = 1")


def _answer(row: sqlite3.Row, phrasings: Sequence[str], links: Sequence[Link]) -> CuratedAnswer:
    return CuratedAnswer(
        id=row["id"],
        answer=row["answer"],
        phrasings=tuple(phrasings),
        links=tuple(links),
        document=row["document"],
        state=row["state"],
        author=row["author"],
        created_at=from_text(row["created_at"]),
        reviewed_by=row["reviewed_by"],
        reviewed_at=from_text(row["reviewed_at"]),
        asked_review_at=from_text_or_none(row["asked_review_at"]),
    )
