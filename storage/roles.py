"""Who was given which role (article 五.1)."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from storage.database import Database
from storage.times import to_text


@dataclass(frozen=True, slots=True)
class Grant:
    """A role given to somebody; a sub-admin acts only within departments and command families."""

    staff_id: str
    role: Literal["main-admin", "sub-admin"]
    departments: tuple[str, ...] = ()
    families: tuple[str, ...] = ()


class Roles:
    """Roles beyond those of the settings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def grant(self, grant: Grant, by: str, at: datetime) -> None:
        """Give a role; it replaces the person's earlier one."""
        self._database.execute(
            "insert into roles (staff_id, role, departments, families, granted_by, granted_at) "
            "values (?, ?, ?, ?, ?, ?) "
            "on conflict (staff_id) do update set role = excluded.role, departments = excluded.departments, "
            "families = excluded.families, granted_by = excluded.granted_by, granted_at = excluded.granted_at",
            (
                grant.staff_id,
                grant.role,
                json.dumps(grant.departments, ensure_ascii=False),
                json.dumps(grant.families, ensure_ascii=False),
                by,
                to_text(at),
            ),
        )

    def get(self, staff_id: str) -> Grant | None:
        """The role given to a person, or None."""
        row = self._database.row("select * from roles where staff_id = ?", (staff_id,))
        return None if row is None else _grant(row)

    def is_main_admin(self, staff_id: str) -> bool:
        """The person was made a main admin."""
        grant = self.get(staff_id)
        return grant is not None and grant.role == "main-admin"

    def is_sub_admin(self, staff_id: str) -> bool:
        """The person was made a sub-admin."""
        grant = self.get(staff_id)
        return grant is not None and grant.role == "sub-admin"

    def main_admins(self) -> list[str]:
        """Staff ids of all who were made main admins."""
        rows = self._database.rows("select staff_id from roles where role = 'main-admin' order by staff_id")
        return [row["staff_id"] for row in rows]

    def sub_admins(self) -> list[Grant]:
        """All who were made sub-admins, by staff id."""
        return [
            _grant(row) for row in self._database.rows("select * from roles where role = 'sub-admin' order by staff_id")
        ]


def _grant(row: sqlite3.Row) -> Grant:
    return Grant(
        staff_id=row["staff_id"],
        role=row["role"],
        departments=tuple(json.loads(row["departments"])),
        families=tuple(json.loads(row["families"])),
    )
