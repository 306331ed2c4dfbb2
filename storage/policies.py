"""Regulations by article, their questions, and what people asked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from storage.article_questions import ArticleQuestions, QuestionSource
from storage.database import Database
from storage.times import from_text, to_text

DEFAULT_RANK = 1
"""Of a document whose rank nobody has set: the college's own."""


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
    rank: int = DEFAULT_RANK
    """Of two documents on the same matter the one of the higher rank is shown first."""
    begins: date | None = None
    """The first day on which it answers: its effective date, or the day on which it took another's place. None: always."""
    superseded_by: int | None = None
    """Id of the document that took its place."""
    revision: int = 0
    """The count of `Policies.revision` at the last change of anything about it."""
    content_revision: int = 0
    """The same for its articles and their questions alone."""

    def is_in_force(self, day: date) -> bool:
        """Questions of this day are answered from it."""
        starts = self.begins or self.effective
        return (starts is None or starts <= day) and not self.is_over(day)

    def is_over(self, day: date) -> bool:
        """It has been repealed or superseded by this day. Of what has only not begun yet this is not said."""
        return not self.in_force if self.repealed is None else self.repealed <= day


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
        today: date | None = None,
        supersedes: Iterable[int] = (),
        replaces: Iterable[int] = (),
    ) -> Document:
        """Store a new version of the document of this title. It takes the place of the versions before it, and of the
        documents with the ids in `supersedes`, from the day on which it comes into force; where that is not known, from
        `today` (default: that of `now`). The documents in `replaces` are about something else and end today or later.

        What has been repealed already is of the past, and takes no place.
        """
        today = today or now.date()
        is_past = document.repealed is not None and document.repealed <= today
        older = [
            row["id"]
            for row in self._database.rows("select id from policy_documents where title = ?", (document.title,))
        ]
        superseded = () if is_past else tuple(dict.fromkeys((*older, *supersedes)))
        begins = document.begins or document.effective or (today if superseded else None)
        row = self._database.row("select max(version) as v from policy_documents where title = ?", (document.title,))
        version = 1 if row is None or row["v"] is None else int(row["v"]) + 1
        cursor = self._database.execute(
            "insert into policy_documents (title, version, effective, repealed, begins, is_digest, source_name, imported_at, "
            "in_force, owner, rank) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                document.title,
                version,
                _text(document.effective),
                _text(document.repealed),
                _text(begins),
                int(document.is_digest),
                document.source_name,
                to_text(now),
                int(not is_past),
                document.owner,
                document.rank,
            ),
        )
        identifier = int(cursor.lastrowid or 0)
        starts = begins or today
        for one in superseded:
            self._end(one, starts, today, by=identifier)
        for one in () if is_past else dict.fromkeys(replaces):
            if one not in superseded:
                self._end(one, max(starts, today), today, by=identifier)
        for position, article in enumerate(articles):
            self._add_article(identifier, position, article, "shipped" if document.is_digest else "import")
        ArticleQuestions(self._database).hand_down(identifier, superseded)
        stored = self.get(identifier)
        assert stored is not None
        return stored

    def _end(self, document_id: int, day: date, today: date, *, by: int) -> None:
        """From `day` on another answers. An end that is nearer stays, and a version that has not begun by then never does."""
        old = self.get(document_id)
        if old is None or old.is_over(day):
            return
        day = max(day, old.begins or day)
        self._database.execute(
            "update policy_documents set repealed = ?, in_force = ?, superseded_by = ? where id = ?",
            (day.isoformat(), int(day > today and old.is_in_force(today)), by, document_id),
        )

    def repeal(self, document_id: int, day: date, today: date) -> None:
        """From `day` on nothing is answered from it. One that never began leaves in force what it would have replaced.

        What ends before that already, as another takes its place then, goes on ending so: only `restore` makes it last.
        """
        document = self.get(document_id)
        if document is not None and document.repealed is not None:
            day = min(day, document.repealed)
        if document is not None and document.begins is not None and day <= document.begins:
            self._database.execute(
                "update policy_documents set repealed = null, in_force = 1, superseded_by = null "
                "where superseded_by = ? and repealed = ? and repealed > ?",
                (document_id, document.begins.isoformat(), today.isoformat()),
            )
        self._database.execute(
            "update policy_documents set repealed = ?, in_force = ?, superseded_by = null where id = ?",
            (day.isoformat(), int(day > today), document_id),
        )

    def restore(self, document_id: int, today: date, *, instead_of: Iterable[int] = ()) -> None:
        """It is in force again, without an end; the documents in `instead_of` end today, or when it begins."""
        document = self.get(document_id)
        starts = today if document is None or document.begins is None else max(today, document.begins)
        self._database.execute(
            "update policy_documents set repealed = null, in_force = 1, superseded_by = null where id = ?",
            (document_id,),
        )
        for one in instead_of:
            self._end(one, starts, today, by=document_id)

    def set_effective(self, document_id: int, day: date | None, today: date) -> None:
        """The day from which on it is in force; None: not known, so always. What it takes the place of ends then, or today."""
        document = self.get(document_id)
        if document is not None and document.begins is not None:
            ends = day or min(document.begins, today)
            self._database.execute(
                "update policy_documents set repealed = max(?, coalesce(begins, '')), in_force = ? "
                "where superseded_by = ? and repealed = ?",
                (ends.isoformat(), int(ends > today), document_id, document.begins.isoformat()),
            )
        self._database.execute(
            "update policy_documents set effective = ?, begins = ? where id = ?", (_text(day), _text(day), document_id)
        )

    def set_owner(self, document_id: int, staff_id: str | None) -> None:
        """Who answers for it; None: nobody in particular."""
        self._database.execute("update policy_documents set owner = ? where id = ?", (staff_id, document_id))

    def set_rank(self, document_id: int, rank: int) -> None:
        """How high it stands among documents on the same matter."""
        self._database.execute("update policy_documents set rank = ? where id = ?", (rank, document_id))

    def _add_article(self, document_id: int, position: int, article: Article, source: QuestionSource) -> None:
        cursor = self._database.execute(
            "insert into policy_articles (document_id, position, number, heading, text, summary) "
            "values (?, ?, ?, ?, ?, ?)",
            (document_id, position, article.number, article.heading, article.text, article.summary),
        )
        for question in dict.fromkeys(article.questions):
            self._database.execute(
                "insert into policy_questions (article_id, question, source) values (?, ?, ?)",
                (cursor.lastrowid, question, source),
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

    def article_counts(self, *, without: str) -> dict[int, int]:
        """How many articles each document has, those of the number `without` apart."""
        return {
            row["document_id"]: row["n"]
            for row in self._database.rows(
                "select document_id, count(*) as n from policy_articles where number <> ? group by document_id",
                (without,),
            )
        }

    def revision(self) -> int:
        """Counts every change of documents, articles and questions; an index remembers it to know when to reload.

        What changed since is told by `Document.revision` and `content_revision`, which hold the count of their last change.
        """
        row = self._database.row("select value from policy_revision")
        return 0 if row is None else int(row["value"])

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
        effective=_day(row["effective"]),
        repealed=_day(row["repealed"]),
        is_digest=bool(row["is_digest"]),
        source_name=row["source_name"],
        imported_at=from_text(row["imported_at"]),
        in_force=bool(row["in_force"]),
        owner=row["owner"],
        rank=row["rank"],
        begins=_day(row["begins"]),
        superseded_by=row["superseded_by"],
        revision=row["revision"],
        content_revision=row["content_revision"],
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
