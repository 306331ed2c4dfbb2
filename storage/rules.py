"""Content rules: the ones in force, and every version that there was. What a rule says is JSON here, and read by handlers."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from storage.database import Database
from storage.times import from_text, to_text

MOST_VERSIONS = 200
"""Of one rule; of more the oldest go."""


@dataclass(frozen=True, slots=True)
class StoredRule:
    """A version of a rule, with whoever made it. `number` and `version` are 0 before it is stored."""

    id: str
    body: str
    """JSON with the keys of a rule file; of a removed rule what it was before."""
    at: datetime
    by: str
    """Staff id, `file` or `cli`."""
    what: str = ""
    """What changed, for people."""
    why: str = ""
    is_removed: bool = False
    follows: str | None = None
    """The file that the rule follows at each start; None: somebody changed it, or made it."""
    number: int = 0
    version: int = 0


_COLUMNS = (
    "r.number, r.id, r.follows, v.version, v.body, v.is_removed, v.at, v.by, v.what, v.why "
    "from rules r join rule_versions v on v.rule = r.number"
)
_NEWEST = f"select {_COLUMNS} and v.version = r.version"


class Rules:
    """All content rules; some thousand at most."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def revision(self) -> int:
        """Counted up with every change, so that a scanner knows when it is out of date; 0: there was never a rule."""
        row = self._database.row("select value from rules_revision where id = 1")
        return 0 if row is None else int(row["value"])

    def current(self) -> list[StoredRule]:
        """The rules in force, by number."""
        return [_rule(row) for row in self._database.rows(f"{_NEWEST} where not r.is_removed order by r.number")]

    def all(self) -> list[StoredRule]:
        """Removed ones too, by number."""
        return [_rule(row) for row in self._database.rows(f"{_NEWEST} order by r.number")]

    def get(self, key: int | str) -> StoredRule | None:
        """The newest version of the rule with this number, or with this id; a removed one too."""
        column = "number" if isinstance(key, int) else "id"
        row = self._database.row(f"{_NEWEST} where r.{column} = ?", (key,))
        return None if row is None else _rule(row)

    def numbers(self, ids: Iterable[str]) -> dict[str, int]:
        """What people write for the rules in force among these, without a look at what the rules say."""
        rows = self._database.rows(
            "select id, number from rules where not is_removed and id in (select value from json_each(?))",
            (json.dumps(list(ids)),),
        )
        return {row["id"]: int(row["number"]) for row in rows}

    def history(self, number: int, limit: int = 20) -> list[StoredRule]:
        """The newest versions, newest first."""
        rows = self._database.rows(
            f"select {_COLUMNS} where r.number = ? order by v.version desc limit ?", (number, limit)
        )
        return [_rule(row) for row in rows]

    def version(self, number: int, version: int) -> StoredRule | None:
        """One version of a rule."""
        row = self._database.row(f"select {_COLUMNS} where r.number = ? and v.version = ?", (number, version))
        return None if row is None else _rule(row)

    def put(self, rule: StoredRule) -> int:
        """Store the next version of the rule of this id, its first one where there is none; returns its number."""
        known = self._database.row("select number, version from rules where id = ?", (rule.id,))
        version = 1 if known is None else int(known["version"]) + 1
        if known is None:
            cursor = self._database.execute(
                "insert into rules (id, version, is_removed, follows) values (?, ?, ?, ?)",
                (rule.id, version, rule.is_removed, rule.follows),
            )
            number = int(cursor.lastrowid or 0)
        else:
            number = int(known["number"])
            self._database.execute(
                "update rules set version = ?, is_removed = ?, follows = ? where number = ?",
                (version, rule.is_removed, rule.follows, number),
            )
        self._database.execute(
            "insert into rule_versions (rule, version, body, is_removed, at, by, what, why) "
            "values (?, ?, ?, ?, ?, ?, ?, ?)",
            (number, version, rule.body, rule.is_removed, to_text(rule.at), rule.by, rule.what, rule.why),
        )
        self._database.execute(
            "delete from rule_versions where rule = ? and version <= ?", (number, version - MOST_VERSIONS)
        )
        self._database.execute("update rules_revision set value = value + 1 where id = 1")
        return number


def _rule(row: sqlite3.Row) -> StoredRule:
    return StoredRule(
        id=row["id"],
        body=row["body"],
        at=from_text(row["at"]),
        by=row["by"],
        what=row["what"],
        why=row["why"],
        is_removed=bool(row["is_removed"]),
        follows=row["follows"],
        number=row["number"],
        version=row["version"],
    )
