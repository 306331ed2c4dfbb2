"""What reviewers say of flags: right, wrong, or that they cannot tell."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from storage.database import Database
from storage.times import from_text, to_text

VerdictWord = Literal["right", "wrong", "unsure"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One reviewer's word on one flag."""

    flag_id: int
    verdict: VerdictWord
    reviewer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Tally:
    """How a rule was judged. Its precision is `right` of `right` and `wrong`; what nobody was sure of says nothing."""

    right: int = 0
    wrong: int = 0
    unsure: int = 0


class Verdicts:
    """One verdict a flag, the latest; they go with their flag."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, verdict: Verdict) -> None:
        """Store it; it takes the place of an earlier one."""
        self._database.execute(
            "insert into verdicts (flag_id, verdict, reviewer, at) values (?, ?, ?, ?) on conflict (flag_id) "
            "do update set verdict = excluded.verdict, reviewer = excluded.reviewer, at = excluded.at",
            (verdict.flag_id, verdict.verdict, verdict.reviewer, to_text(verdict.at)),
        )

    def get(self, flag_id: int) -> Verdict | None:
        """The verdict on a flag, or None."""
        row = self._database.row("select * from verdicts where flag_id = ?", (flag_id,))
        return None if row is None else _verdict(row)

    def counts(self, since: datetime) -> dict[str, Tally]:
        """The verdicts on flags that were raised since a moment, by the rule's id; rules without any are not there."""
        rows = self._database.rows(
            "select f.rule, sum(v.verdict = 'right') as good, sum(v.verdict = 'wrong') as bad, "
            "sum(v.verdict = 'unsure') as unsure from verdicts v join flags f on f.id = v.flag_id "
            "where f.created_at >= ? group by f.rule order by f.rule",
            (to_text(since),),
        )
        return {row["rule"]: Tally(int(row["good"]), int(row["bad"]), int(row["unsure"])) for row in rows}


def _verdict(row: sqlite3.Row) -> Verdict:
    return Verdict(row["flag_id"], row["verdict"], row["reviewer"], from_text(row["at"]))
