"""The register of groups (article 五.5)."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from storage.database import Database
from storage.times import from_text_or_none, to_text_or_none

_FRESH = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Group:
    """A group as Steward knows it. `kind` is department, project, class, external, or None: not registered."""

    conversation: str
    title: str = ""
    kind: str | None = None
    department: str = ""
    owner: str | None = None
    admins: tuple[str, ...] = ()
    purpose: str = ""
    coverage: str = "mention-only"
    is_scene_group: bool | None = None
    status: str = "active"
    registered_at: datetime | None = None
    registered_by: str | None = None
    first_heard_at: datetime | None = None
    last_heard_at: datetime | None = None
    members_source: str | None = None
    members_read_at: datetime | None = None

    @property
    def is_registered(self) -> bool:
        """Somebody has said what the group is for."""
        return self.kind is not None

    @property
    def label(self) -> str:
        """What people call it."""
        return self.title or self.conversation


class Groups:
    """All groups that were heard of, read or imported."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, conversation: str) -> Group | None:
        """One group, or None."""
        row = self._database.row("select * from groups where conversation = ?", (conversation,))
        return None if row is None else self._group(row)

    def all(self, *, active_only: bool = True) -> list[Group]:
        """All groups by title."""
        condition = "where status = 'active'" if active_only else ""
        admins: dict[str, list[str]] = {}
        for row in self._database.rows("select * from group_admins order by conversation, staff_id"):
            admins.setdefault(row["conversation"], []).append(row["staff_id"])
        rows = self._database.rows(f"select * from groups {condition} order by title, conversation")
        return [self._group(row, tuple(admins.get(row["conversation"], ()))) for row in rows]

    def owned_by(self, staff_id: str) -> list[Group]:
        """The active groups of an owner."""
        rows = self._database.rows(
            "select * from groups where owner = ? and status = 'active' order by title, conversation", (staff_id,)
        )
        return [self._group(row) for row in rows]

    def save(self, group: Group) -> None:
        """Store a group as it is, admins included."""
        values = {
            "conversation": group.conversation,
            "title": group.title,
            "kind": group.kind,
            "department": group.department,
            "owner": group.owner,
            "purpose": group.purpose,
            "coverage": group.coverage,
            "is_scene_group": None if group.is_scene_group is None else int(group.is_scene_group),
            "status": group.status,
            "registered_at": to_text_or_none(group.registered_at),
            "registered_by": group.registered_by,
            "first_heard_at": to_text_or_none(group.first_heard_at),
            "last_heard_at": to_text_or_none(group.last_heard_at),
            "members_source": group.members_source,
            "members_read_at": to_text_or_none(group.members_read_at),
        }
        columns = ", ".join(values)
        updates = ", ".join(f"{column} = excluded.{column}" for column in values if column != "conversation")
        self._database.execute(
            f"insert into groups ({columns}) values ({', '.join(':' + column for column in values)}) "
            f"on conflict (conversation) do update set {updates}",
            values,
        )
        self._database.execute("delete from group_admins where conversation = ?", (group.conversation,))
        for admin in dict.fromkeys(group.admins):
            self._database.execute(
                "insert into group_admins (conversation, staff_id) values (?, ?)", (group.conversation, admin)
            )

    def heard(self, conversation: str, title: str, at: datetime) -> None:
        """The robot heard something there: the group exists, is active, and has this title now.

        When it was heard last is kept to a few minutes: a row changed with every message would get in the way of
        whoever reads groups at the same time, and nobody asks for seconds.
        """
        known = self.get(conversation)
        group = known or Group(conversation, first_heard_at=at)
        now = replace(
            group,
            title=title or group.title,
            status="active",
            first_heard_at=group.first_heard_at or at,
            last_heard_at=max(at, group.last_heard_at or at),
        )
        heard_at = group.last_heard_at
        is_fresh = heard_at is not None and now.last_heard_at is not None and now.last_heard_at - heard_at < _FRESH
        if known is None or not is_fresh or replace(now, last_heard_at=heard_at) != group:
            self.save(now)

    def disbanded(self, conversation: str) -> None:
        """The group is no more; its history stays."""
        self._database.execute("update groups set status = 'disbanded' where conversation = ?", (conversation,))

    def _group(self, row: sqlite3.Row, admins: tuple[str, ...] | None = None) -> Group:
        if admins is None:
            rows = self._database.rows(
                "select staff_id from group_admins where conversation = ? order by staff_id", (row["conversation"],)
            )
            admins = tuple(admin["staff_id"] for admin in rows)
        return Group(
            conversation=row["conversation"],
            title=row["title"],
            kind=row["kind"],
            department=row["department"],
            owner=row["owner"],
            admins=admins,
            purpose=row["purpose"],
            coverage=row["coverage"],
            is_scene_group=None if row["is_scene_group"] is None else bool(row["is_scene_group"]),
            status=row["status"],
            registered_at=from_text_or_none(row["registered_at"]),
            registered_by=row["registered_by"],
            first_heard_at=from_text_or_none(row["first_heard_at"]),
            last_heard_at=from_text_or_none(row["last_heard_at"]),
            members_source=row["members_source"],
            members_read_at=from_text_or_none(row["members_read_at"]),
        )
