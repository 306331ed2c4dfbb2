"""Who sits in which group, as far as it is known, with its source and age."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from storage.database import Database
from storage.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class Member:
    """One member. `staff_id` is None for outsiders and for names that an owner pasted."""

    conversation: str
    staff_id: str | None
    name: str = ""
    """Display name in the group, or the pasted name."""
    union_id: str | None = None
    is_outsider: bool = False
    source: str = "file"
    read_at: datetime | None = None


class Members:
    """Members of all groups."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, conversation: str) -> list[Member]:
        """The members of one group."""
        rows = self._database.rows(
            "select staff_id, name, union_id, is_outsider, source, read_at from members where conversation = ? "
            "order by id",
            (conversation,),
        )
        # A list is read at one time: its text is taken apart once, not for every member.
        times = {text: from_text(text) for text in {row["read_at"] for row in rows}}
        return [
            Member(conversation, staff_id, name, union_id, bool(is_outsider), source, times[read_at])
            for staff_id, name, union_id, is_outsider, source, read_at in rows
        ]

    def replace(self, conversation: str, members: Iterable[Member], source: str, at: datetime) -> None:
        """A whole list was read: it replaces the old one, and the group remembers source and time."""
        self._database.execute("delete from members where conversation = ?", (conversation,))
        for member in members:
            self._insert(conversation, member, source, at)
        self._database.execute(
            "update groups set members_source = ?, members_read_at = ? where conversation = ?",
            (source, to_text(at), conversation),
        )

    def add(self, conversation: str, member: Member, source: str, at: datetime) -> None:
        """Somebody joined. Joining twice is joining once."""
        if member.staff_id is not None:
            self.remove(conversation, member.staff_id)
        elif member.union_id is not None:
            self.remove_outsider(conversation, member.union_id)
        self._insert(conversation, member, source, at)

    def remove(self, conversation: str, staff_id: str) -> None:
        """Somebody left."""
        self._database.execute("delete from members where conversation = ? and staff_id = ?", (conversation, staff_id))

    def remove_outsider(self, conversation: str, union_id: str) -> None:
        """Somebody of another organisation left."""
        self._database.execute(
            "delete from members where conversation = ? and staff_id is null and union_id = ?", (conversation, union_id)
        )

    def _insert(self, conversation: str, member: Member, source: str, at: datetime) -> None:
        self._database.execute(
            "insert into members (conversation, staff_id, name, union_id, is_outsider, source, read_at) "
            "values (?, ?, ?, ?, ?, ?, ?)",
            (
                conversation,
                member.staff_id,
                member.name,
                member.union_id,
                int(member.is_outsider),
                source,
                to_text(at),
            ),
        )
