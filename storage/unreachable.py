"""Whom messages do not reach: unknown to DingTalk, or outside the application's visible scope (可见范围)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from storage.database import Database
from storage.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Somebody of whom DingTalk says that they get nothing."""

    staff_id: str
    since: datetime
    at: datetime
    """When a message last failed to reach them."""


class UnreachablePeople:
    """As DingTalk's answers to our sends tell it; nobody stays in here whom a later message has reached."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def missed(self, staff_ids: Iterable[str], at: datetime) -> None:
        """A message did not reach these people."""
        for staff_id in staff_ids:
            self._database.execute(
                "insert into unreachable (staff_id, since, at) values (?, ?, ?) "
                "on conflict (staff_id) do update set at = excluded.at",
                (staff_id, to_text(at), to_text(at)),
            )

    def reached(self, staff_ids: Iterable[str]) -> None:
        """A message reached these people."""
        self._database.execute(
            "delete from unreachable where staff_id in (select value from json_each(?))",
            (json.dumps(list(staff_ids)),),
        )

    def all(self) -> list[Unreachable]:
        """Everybody, those first whom a message missed last."""
        rows = self._database.rows("select * from unreachable order by at desc, staff_id")
        return [Unreachable(row["staff_id"], from_text(row["since"]), from_text(row["at"])) for row in rows]
