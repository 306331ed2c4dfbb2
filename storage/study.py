"""What people are asked to study, who has done it, and where each department stands (article 五.4)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from storage.database import Database
from storage.times import from_text, from_text_or_none, to_text

TaskKind = Literal["post", "quiz"]


@dataclass(frozen=True, slots=True)
class Task:
    """One article to read, or one quiz. `id` is the number that people type; it never comes again."""

    id: int
    kind: TaskKind
    plan: str
    """Of a post: the schedule that it came from; empty for a quiz."""
    department: str
    """Of a post: whose groups it went to."""
    document: str
    article: str
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whoever has not done it is still asked to."""
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class Duty:
    """That somebody was given a task. `department` is theirs as it was then."""

    task_id: int
    staff_id: str
    department: str
    done_at: datetime | None = None
    reminders: int = 0
    last_reminded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """The last article that a department was sent by a plan."""

    document: str
    article: str


class Study:
    """Tasks with whom they were given to, positions and pauses of the plans."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # -- tasks ---------------------------------------------------------------------------------------------------

    def open_post(self, plan: str, department: str, position: Position, by: str, at: datetime) -> int:
        """An article goes out to a department; returns the number of the task."""
        cursor = self._database.execute(
            "insert into study_tasks (kind, plan, department, document, article, opened_at, opened_by) "
            "values ('post', ?, ?, ?, ?, ?, ?)",
            (plan, department, position.document, position.article, to_text(at), by),
        )
        return int(cursor.lastrowid or 0)

    def open_quiz(self, questions: Iterable[int], by: str, at: datetime) -> int:
        """A quiz over these questions begins; returns the number of the task."""
        cursor = self._database.execute(
            "insert into study_tasks (kind, opened_at, opened_by) values ('quiz', ?, ?)", (to_text(at), by)
        )
        task_id = int(cursor.lastrowid or 0)
        for position, question_id in enumerate(questions):
            self._database.execute(
                "insert into study_task_questions (task_id, position, question_id) values (?, ?, ?)",
                (task_id, position, question_id),
            )
        return task_id

    def task(self, task_id: int) -> Task | None:
        """One task by its number, or None."""
        row = self._database.row("select * from study_tasks where id = ?", (task_id,))
        return None if row is None else _task(row)

    def open_tasks(self) -> list[Task]:
        """Everything that is under way, oldest first."""
        return [
            _task(row) for row in self._database.rows("select * from study_tasks where closed_at is null order by id")
        ]

    def tasks_since(self, at: datetime | None = None) -> list[Task]:
        """All tasks, open and closed, that began at `at` or later, oldest first."""
        since = "" if at is None else to_text(at)
        rows = self._database.rows("select * from study_tasks where opened_at >= ? order by id", (since,))
        return [_task(row) for row in rows]

    def close(self, task_id: int, at: datetime) -> None:
        """Nobody is reminded of it any more."""
        self._database.execute(
            "update study_tasks set closed_at = ? where id = ? and closed_at is null", (to_text(at), task_id)
        )

    def close_older(self, before: datetime, at: datetime) -> int:
        """Close what began before `before`; how many tasks those were."""
        return self._database.execute(
            "update study_tasks set closed_at = ? where closed_at is null and opened_at < ?",
            (to_text(at), to_text(before)),
        ).rowcount

    # -- who was asked -------------------------------------------------------------------------------------------

    def give(self, task_id: int, department: str, people: Iterable[str]) -> None:
        """These people of a department are asked to do it. Whoever has it already keeps it as it is."""
        # One statement for all: a whole college is asked while everybody else waits to write.
        self._database.execute(
            "insert into study_duties (task_id, staff_id, department) select ?, value, ? from json_each(?) where true "
            "on conflict (task_id, staff_id) do nothing",
            (task_id, department, json.dumps(list(people))),
        )

    def done(self, task_id: int, staff_id: str, at: datetime) -> None:
        """Somebody has done it; the first time counts."""
        self._database.execute(
            "update study_duties set done_at = ? where task_id = ? and staff_id = ? and done_at is null",
            (to_text(at), task_id, staff_id),
        )

    def duty(self, task_id: int, staff_id: str) -> Duty | None:
        """That somebody was given this task, or None."""
        row = self._database.row("select * from study_duties where task_id = ? and staff_id = ?", (task_id, staff_id))
        return None if row is None else _duty(row)

    def duties(self, tasks: Sequence[int]) -> list[Duty]:
        """Everybody who was given one of these tasks, by task and staff id."""
        rows = self._database.rows(
            "select * from study_duties where task_id in (select value from json_each(?)) order by task_id, staff_id",
            (json.dumps(list(tasks)),),
        )
        return [_duty(row) for row in rows]

    def owed_by(self, staff_id: str) -> list[Task]:
        """What somebody has not done and is still asked to, oldest first."""
        rows = self._database.rows(
            "select t.* from study_tasks t join study_duties d on d.task_id = t.id "
            "where d.staff_id = ? and d.done_at is null and t.closed_at is null order by t.id",
            (staff_id,),
        )
        return [_task(row) for row in rows]

    def done_by(self, staff_id: str, limit: int) -> list[Task]:
        """What somebody has done, newest first."""
        rows = self._database.rows(
            "select t.* from study_tasks t join study_duties d on d.task_id = t.id "
            "where d.staff_id = ? and d.done_at is not null order by t.id desc limit ?",
            (staff_id, limit),
        )
        return [_task(row) for row in rows]

    def owing(self) -> list[Duty]:
        """Everything that anybody still owes, by person and task."""
        rows = self._database.rows(
            "select d.* from study_duties d join study_tasks t on t.id = d.task_id "
            "where d.done_at is null and t.closed_at is null order by d.staff_id, d.task_id"
        )
        return [_duty(row) for row in rows]

    def reminded(self, tasks: Iterable[int], people: Iterable[str], at: datetime) -> None:
        """These people were reminded of these tasks once more."""
        self._database.execute(
            "update study_duties set reminders = reminders + 1, last_reminded_at = ? "
            "where task_id in (select value from json_each(?)) and staff_id in (select value from json_each(?))",
            (to_text(at), json.dumps(list(tasks)), json.dumps(list(people))),
        )

    # -- plans ---------------------------------------------------------------------------------------------------

    def position(self, plan: str, department: str) -> Position | None:
        """Where a department stands in a plan; None before its first article."""
        row = self._database.row(
            "select document, article from study_positions where plan = ? and department = ?", (plan, department)
        )
        return None if row is None else Position(row["document"], row["article"])

    def move(self, plan: str, department: str, position: Position, at: datetime) -> None:
        """A department was sent this article."""
        self._database.execute(
            "insert into study_positions (plan, department, document, article, posted_at) values (?, ?, ?, ?, ?) "
            "on conflict (plan, department) do update set document = excluded.document, article = excluded.article, "
            "posted_at = excluded.posted_at",
            (plan, department, position.document, position.article, to_text(at)),
        )

    def pause(self, plan: str, by: str, at: datetime) -> None:
        """The plan sends nothing until it is resumed."""
        self._database.execute(
            "insert into study_pauses (plan, paused_by, paused_at) values (?, ?, ?) on conflict (plan) do nothing",
            (plan, by, to_text(at)),
        )

    def resume(self, plan: str) -> None:
        """The plan goes on."""
        self._database.execute("delete from study_pauses where plan = ?", (plan,))

    def is_paused(self, plan: str) -> bool:
        """Somebody has paused the plan."""
        return self._database.row("select 1 from study_pauses where plan = ?", (plan,)) is not None


def _task(row: sqlite3.Row) -> Task:
    return Task(
        id=row["id"],
        kind=row["kind"],
        plan=row["plan"],
        department=row["department"],
        document=row["document"],
        article=row["article"],
        opened_at=from_text(row["opened_at"]),
        opened_by=row["opened_by"],
        closed_at=from_text_or_none(row["closed_at"]),
    )


def _duty(row: sqlite3.Row) -> Duty:
    return Duty(
        task_id=row["task_id"],
        staff_id=row["staff_id"],
        department=row["department"],
        done_at=from_text_or_none(row["done_at"]),
        reminders=row["reminders"],
        last_reminded_at=from_text_or_none(row["last_reminded_at"]),
    )
