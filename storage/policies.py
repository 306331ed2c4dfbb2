"""Regulations by article, their questions, and what people asked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from storage.database import Database
from storage.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class Article:
    """One article. `number` is what people say: `二.6.(三)`, `第十二条`."""

    number: str
    text: str
    heading: str = ""
    """Titles of the chapters and sections above it."""
    summary: str = ""
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One version of a regulation."""

    title: str
    version: int = 1
    effective: date | None = None
    repealed: date | None = None
    is_digest: bool = False
    source_name: str = ""
    imported_at: datetime | None = None
    in_force: bool = True
    id: int = 0
    owner: str | None = None
    """Staff id of whoever answers for it; None: the office that the settings name."""

    def is_in_force(self, day: date) -> bool:
        """Questions of this day are answered from it."""
        has_begun = self.effective is None or self.effective <= day
        has_ended = self.repealed is not None and self.repealed <= day
        return self.in_force and has_begun and not has_ended


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that somebody asked, masked, and what it got."""

    asked_at: datetime
    conversation: str
    question: str
    is_answered: bool
    document: str | None = None
    article: str | None = None
    score: float | None = None


class Policies:
    """All documents with their articles."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        document: Document,
        articles: Iterable[Article],
        now: datetime,
        *,
        supersedes: Iterable[int] = (),
    ) -> Document:
        """Store a new version of the document of this title. It takes the place of the versions before it, and of the
        documents with the ids in `supersedes`: at once, or, where it comes into force later, from that day on.
        """
        row = self._database.row("select max(version) as v from policy_documents where title = ?", (document.title,))
        version = 1 if row is None or row["v"] is None else int(row["v"]) + 1
        older = [
            row["id"]
            for row in self._database.rows("select id from policy_documents where title = ?", (document.title,))
        ]
        for superseded in {*older, *supersedes}:
            self._supersede(superseded, document.effective, now)
        cursor = self._database.execute(
            "insert into policy_documents (title, version, effective, repealed, is_digest, source_name, imported_at, owner) "
            "values (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                document.title,
                version,
                None if document.effective is None else document.effective.isoformat(),
                None if document.repealed is None else document.repealed.isoformat(),
                int(document.is_digest),
                document.source_name,
                to_text(now),
                document.owner,
            ),
        )
        identifier = int(cursor.lastrowid or 0)
        for position, article in enumerate(articles):
            self._add_article(identifier, position, article)
        stored = self.get(identifier)
        assert stored is not None
        return stored

    def _supersede(self, document_id: int, effective: date | None, now: datetime) -> None:
        if effective is not None and effective > now.date():
            self._database.execute(
                "update policy_documents set repealed = ? where id = ? and in_force and (repealed is null or repealed > ?)",
                (effective.isoformat(), document_id, effective.isoformat()),
            )
        else:
            self._database.execute("update policy_documents set in_force = 0 where id = ?", (document_id,))

    def _add_article(self, document_id: int, position: int, article: Article) -> None:
        cursor = self._database.execute(
            "insert into policy_articles (document_id, position, number, heading, text, summary) "
            "values (?, ?, ?, ?, ?, ?)",
            (document_id, position, article.number, article.heading, article.text, article.summary),
        )
        for question in dict.fromkeys(article.questions):
            self._database.execute(
                "insert into policy_questions (article_id, question) values (?, ?)", (cursor.lastrowid, question)
            )

    def get(self, document_id: int) -> Document | None:
        """One document by id."""
        row = self._database.row("select * from policy_documents where id = ?", (document_id,))
        return None if row is None else _document(row)

    def documents(self) -> list[Document]:
        """All versions of all documents, newest version first."""
        return [
            _document(row) for row in self._database.rows("select * from policy_documents order by title, version desc")
        ]

    def articles(self, document_id: int) -> list[Article]:
        """The articles of a document in their order, with their questions."""
        questions: dict[int, list[str]] = {}
        for row in self._database.rows(
            "select q.article_id, q.question from policy_questions q join policy_articles a on a.id = q.article_id "
            "where a.document_id = ? order by q.question",
            (document_id,),
        ):
            questions.setdefault(row["article_id"], []).append(row["question"])
        return [
            Article(
                number=row["number"],
                text=row["text"],
                heading=row["heading"],
                summary=row["summary"],
                questions=tuple(questions.get(row["id"], ())),
            )
            for row in self._database.rows(
                "select * from policy_articles where document_id = ? order by position", (document_id,)
            )
        ]

    def article_count(self, document_id: int) -> int:
        """How many articles a document has."""
        row = self._database.row("select count(*) as n from policy_articles where document_id = ?", (document_id,))
        return 0 if row is None else int(row["n"])

    def revision(self) -> tuple[int, int]:
        """Changes whenever a document is added or goes out of force; an index remembers it to know when to reload."""
        row = self._database.row(
            "select coalesce(max(id), 0) as newest, coalesce(sum(in_force), 0) as n from policy_documents"
        )
        return (0, 0) if row is None else (int(row["newest"]), int(row["n"]))

    def asked(self, question: Asked) -> int:
        """Remember a question; returns its id."""
        cursor = self._database.execute(
            "insert into questions_asked (asked_at, conversation, question, is_answered, document, article, score) "
            "values (?, ?, ?, ?, ?, ?, ?)",
            (
                to_text(question.asked_at),
                question.conversation,
                question.question,
                int(question.is_answered),
                question.document,
                question.article,
                question.score,
            ),
        )
        return int(cursor.lastrowid or 0)

    def latest_asked(self, limit: int = 20) -> list[Asked]:
        """The newest questions, newest first."""
        return [
            Asked(
                asked_at=from_text(row["asked_at"]),
                conversation=row["conversation"],
                question=row["question"],
                is_answered=bool(row["is_answered"]),
                document=row["document"],
                article=row["article"],
                score=row["score"],
            )
            for row in self._database.rows("select * from questions_asked order by id desc limit ?", (limit,))
        ]


def _document(row: sqlite3.Row) -> Document:
    return Document(
        id=row["id"],
        title=row["title"],
        version=row["version"],
        effective=None if row["effective"] is None else date.fromisoformat(row["effective"]),
        repealed=None if row["repealed"] is None else date.fromisoformat(row["repealed"]),
        is_digest=bool(row["is_digest"]),
        source_name=row["source_name"],
        imported_at=from_text(row["imported_at"]),
        in_force=bool(row["in_force"]),
        owner=row["owner"],
    )
