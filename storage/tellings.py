"""Who heard of which flag, in which part, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from storage.database import Database
from storage.times import from_text, to_text

Rung = Literal["sender", "owner", "head", "admins", "ding", "public", "reviewer"]
"""As whom somebody heard; `public`: who let it be posted in the group, `reviewer`: who was asked about an appeal."""


@dataclass(frozen=True, slots=True)
class Telling:
    """Somebody was told of a flag."""

    flag_id: int
    person: str
    rung: Rung
    at: datetime


class Tellings:
    """All tellings; they go with their flag."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, telling: Telling) -> None:
        """Note it; the first time counts."""
        self._database.execute(
            "insert into tellings (flag_id, person, rung, at) values (?, ?, ?, ?) on conflict do nothing",
            (telling.flag_id, telling.person, telling.rung, to_text(telling.at)),
        )

    def of(self, flag_id: int) -> list[Telling]:
        """Everybody who heard of a flag, the first one first."""
        rows = self._database.rows("select * from tellings where flag_id = ? order by at, rung, person", (flag_id,))
        return [Telling(row["flag_id"], row["person"], row["rung"], from_text(row["at"])) for row in rows]

    def heard_since(
        self, rule: str, sender: str | None, conversation: str, since: datetime
    ) -> frozenset[tuple[str, str]]:
        """Who heard since a moment, and as what, that this rule fired on this person.

        People without a staff id are not told apart; of them, what was said about the conversation counts.
        """
        rows = self._database.rows(
            "select distinct t.person, t.rung from tellings t join flags f on f.id = t.flag_id "
            "where t.at >= :since and f.rule = :rule and f.source <> 'report' and "
            "(f.sender = :sender or (:sender is null and f.sender is null and f.conversation = :conversation))",
            {"since": to_text(since), "rule": rule, "sender": sender, "conversation": conversation},
        )
        return frozenset((row["person"], row["rung"]) for row in rows)
