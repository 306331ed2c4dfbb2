"""Questions that admins made from articles, and who answered them rightly (article 五.4)."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from storage.database import Database
from storage.times import from_text, to_text

QuestionState = Literal["draft", "ready", "retired"]


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its options, one of which is right. `answer` counts from 0."""

    document: str
    article: str
    stem: str
    options: tuple[str, ...]
    answer: int
    id: int = 0
    state: QuestionState = "ready"
    created_by: str = ""
    created_at: datetime | None = None


class Quiz:
    """The questions, those of each quiz, and first tries. Which option somebody chose is never kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, question: Question, by: str, at: datetime) -> int:
        """Store a question; returns the number that people type."""
        cursor = self._database.execute(
            "insert into study_questions (document, article, stem, options, answer, state, created_by, created_at) "
            "values (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                question.document,
                question.article,
                question.stem,
                json.dumps(question.options, ensure_ascii=False),
                question.answer,
                question.state,
                by,
                to_text(at),
            ),
        )
        return int(cursor.lastrowid or 0)

    def get(self, question_id: int) -> Question | None:
        """One question by its number, or None."""
        row = self._database.row("select * from study_questions where id = ?", (question_id,))
        return None if row is None else _question(row)

    def set_state(self, question_id: int, state: QuestionState) -> None:
        """A draft is taken up, or a question is not to be asked any more."""
        self._database.execute("update study_questions set state = ? where id = ?", (state, question_id))

    def ready(self) -> list[Question]:
        """What can be asked, by number."""
        rows = self._database.rows("select * from study_questions where state = 'ready' order by id")
        return [_question(row) for row in rows]

    def has(self, question: Question) -> bool:
        """The same question on the same article is ready already."""
        row = self._database.row(
            "select 1 from study_questions where state = 'ready' and document = ? and article = ? and stem = ?",
            (question.document, question.article, question.stem),
        )
        return row is not None

    def asked_before(self) -> set[int]:
        """Numbers of the questions that stood in some quiz."""
        return {row["question_id"] for row in self._database.rows("select question_id from study_task_questions")}

    def of_task(self, task_id: int) -> list[Question]:
        """The questions of a quiz in their order."""
        rows = self._database.rows(
            "select q.* from study_questions q join study_task_questions t on t.question_id = q.id "
            "where t.task_id = ? order by t.position",
            (task_id,),
        )
        return [_question(row) for row in rows]

    def task_with(self, question_id: int, staff_id: str) -> int | None:
        """The newest quiz of somebody in which this question stands; one under way before one that is closed."""
        row = self._database.row(
            "select t.id from study_tasks t join study_task_questions q on q.task_id = t.id "
            "join study_duties d on d.task_id = t.id where q.question_id = ? and d.staff_id = ? "
            "order by t.closed_at is null desc, t.id desc limit 1",
            (question_id, staff_id),
        )
        return None if row is None else int(row["id"])

    def answered(self, task_id: int, staff_id: str) -> dict[int, bool]:
        """Somebody's first tries in a quiz: number of the question, and whether it was right."""
        rows = self._database.rows(
            "select question_id, is_right from study_answers where task_id = ? and staff_id = ?", (task_id, staff_id)
        )
        return {row["question_id"]: bool(row["is_right"]) for row in rows}

    def answer(self, task_id: int, question_id: int, staff_id: str, at: datetime, *, is_right: bool) -> None:
        """Record a first try; later ones change nothing."""
        self._database.execute(
            "insert into study_answers (task_id, question_id, staff_id, is_right, answered_at) values (?, ?, ?, ?, ?) "
            "on conflict (task_id, question_id, staff_id) do nothing",
            (task_id, question_id, staff_id, int(is_right), to_text(at)),
        )

    def rates(self, task_id: int) -> dict[int, tuple[int, int]]:
        """How many answered each question of a quiz, and how many of them rightly; names nobody."""
        rows = self._database.rows(
            "select question_id, count(*) as n, sum(is_right) as rights from study_answers where task_id = ? "
            "group by question_id",
            (task_id,),
        )
        return {row["question_id"]: (int(row["n"]), int(row["rights"])) for row in rows}


def _question(row: sqlite3.Row) -> Question:
    return Question(
        document=row["document"],
        article=row["article"],
        stem=row["stem"],
        options=tuple(json.loads(row["options"])),
        answer=row["answer"],
        id=row["id"],
        state=row["state"],
        created_by=row["created_by"],
        created_at=from_text(row["created_at"]),
    )
