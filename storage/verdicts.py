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


class Verdicts:
    """One verdict a flag, the latest; they go with their flag. How rules were judged is counted by `FlagCounts`."""

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


def _verdict(row: sqlite3.Row) -> Verdict:
    return Verdict(row["flag_id"], row["verdict"], row["reviewer"], from_text(row["at"]))
