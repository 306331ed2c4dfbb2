"""What each source says about each person, and the departments (article 四.(三).1)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from storage.database import Database
from storage.times import from_text_or_none, to_text

Source = Literal["directory", "personnel-file", "event"]


@dataclass(frozen=True, slots=True)
class StaffFact:
    """One source's word on one person. `status` is a code word of `handlers/cleanup/roster.py`."""

    staff_id: str
    source: Source
    name: str
    department: str = ""
    """Path with `/`, the college itself left out."""
    mobile: str = ""
    title: str = ""
    status: str = "serving"
    status_since: date | None = None
    is_leader: bool = False
    seen_at: datetime | None = None
    """When the source said so; of an event, when it happened."""
    also_in: tuple[str, ...] = ()
    """Paths of further departments that the person belongs to."""


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """A department of the directory."""

    dept_id: int
    name: str
    parent_id: int | None
    path: str
    manager_ids: tuple[str, ...] = ()


class Staff:
    """People and departments."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, fact: StaffFact, now: datetime) -> None:
        """Record what a source says; it replaces what the same source said before."""
        self._database.execute(
            "insert into staff_facts (staff_id, source, name, department, mobile, title, status, status_since, "
            "is_leader, seen_at, also_in) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (staff_id, source) do update set "
            "name = excluded.name, department = excluded.department, mobile = excluded.mobile, title = excluded.title, "
            "status = excluded.status, status_since = excluded.status_since, is_leader = excluded.is_leader, "
            "seen_at = excluded.seen_at, also_in = excluded.also_in",
            (
                fact.staff_id,
                fact.source,
                fact.name,
                fact.department,
                fact.mobile,
                fact.title,
                fact.status,
                None if fact.status_since is None else fact.status_since.isoformat(),
                int(fact.is_leader),
                to_text(fact.seen_at or now),
                json.dumps(fact.also_in, ensure_ascii=False),
            ),
        )

    def withdraw(self, staff_id: str, source: Source) -> None:
        """Forget what a source said about a person."""
        self._database.execute("delete from staff_facts where staff_id = ? and source = ?", (staff_id, source))

    def facts_of(self, staff_id: str) -> tuple[StaffFact, ...]:
        """All sources' words on a person."""
        return tuple(
            map(_fact, self._database.rows("select * from staff_facts where staff_id = ? order by source", (staff_id,)))
        )

    def all_facts(self) -> list[StaffFact]:
        """Everything that every source says, person by person."""
        return [_fact(row) for row in self._database.rows("select * from staff_facts order by staff_id, source")]

    def named(self, name: str) -> list[str]:
        """Staff ids of everybody of this name."""
        rows = self._database.rows(
            "select distinct staff_id from staff_facts where name = ? order by staff_id", (name,)
        )
        return [row["staff_id"] for row in rows]

    def in_directory(self) -> set[str]:
        """Staff ids of whom the directory has as serving."""
        rows = self._database.rows(
            "select staff_id from staff_facts where source = 'directory' and status <> 'departed'"
        )
        return {row["staff_id"] for row in rows}

    def put_departments(self, departments: Iterable[DepartmentRow], now: datetime) -> None:
        """Replace all departments by these."""
        self._database.execute("delete from departments")
        for department in departments:
            self._database.execute(
                "insert into departments (dept_id, name, parent_id, path, manager_ids, seen_at) "
                "values (?, ?, ?, ?, ?, ?)",
                (
                    department.dept_id,
                    department.name,
                    department.parent_id,
                    department.path,
                    json.dumps(department.manager_ids),
                    to_text(now),
                ),
            )

    def departments(self) -> list[DepartmentRow]:
        """All departments, by path."""
        return [
            DepartmentRow(
                dept_id=row["dept_id"],
                name=row["name"],
                parent_id=row["parent_id"],
                path=row["path"],
                manager_ids=tuple(json.loads(row["manager_ids"])),
            )
            for row in self._database.rows("select * from departments order by path")
        ]

    def count(self) -> int:
        """How many people are known."""
        row = self._database.row("select count(distinct staff_id) as n from staff_facts")
        return 0 if row is None else int(row["n"])


def _fact(row: sqlite3.Row) -> StaffFact:
    return StaffFact(
        staff_id=row["staff_id"],
        source=row["source"],
        name=row["name"],
        department=row["department"],
        mobile=row["mobile"],
        title=row["title"],
        status=row["status"],
        status_since=None if row["status_since"] is None else date.fromisoformat(row["status_since"]),
        is_leader=bool(row["is_leader"]),
        seen_at=from_text_or_none(row["seen_at"]),
        also_in=() if row["also_in"] == "[]" else tuple(json.loads(row["also_in"])),
    )
