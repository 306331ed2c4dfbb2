"""How often rules fired and how that was judged: counts alone, of flags that are there and of those that are gone."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.database import Database
from storage.times import from_text, to_text

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Count:
    """Hits of one rule, what reviewers said of them, and how many senders objected."""

    hits: int = 0
    right: int = 0
    wrong: int = 0
    unsure: int = 0
    appeals: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(
            self.hits + other.hits,
            self.right + other.right,
            self.wrong + other.wrong,
            self.unsure + other.unsure,
            self.appeals + other.appeals,
        )

    @property
    def judged(self) -> int:
        """Hits with a verdict that says something."""
        return self.right + self.wrong


NONE = Count()
_SUMS = (
    "count(*) as hits, coalesce(sum(v.verdict = 'right'), 0) as good, coalesce(sum(v.verdict = 'wrong'), 0) as bad, "
    "coalesce(sum(v.verdict = 'unsure'), 0) as unsure, count(a.flag_id) as appeals"
)
_FROM = "from flags f left join verdicts v on v.flag_id = f.id left join appeals a on a.flag_id = f.id"


class FlagCounts:
    """Counts of flags, by rule."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def by_week(self, first: datetime, weeks: int) -> dict[str, list[Count]]:
        """Of each rule that fired, its counts in each of so many weeks of the calendar from `first` on."""
        begins = [to_text(first + number * WEEK) for number in range(weeks + 1)]
        rows = self._database.rows(
            f"select f.rule, (select count(*) - 1 from json_each(:begins) where value <= f.created_at) as week, {_SUMS} "
            f"{_FROM} where f.created_at >= :first and f.created_at < :end group by 1, 2",
            {"begins": json.dumps(begins), "first": begins[0], "end": begins[-1]},
        )
        found: dict[str, list[Count]] = defaultdict(lambda: [NONE] * weeks)
        for row in rows:
            found[row["rule"]][row["week"]] = _count(row)
        return dict(found)

    def since(self, since: datetime) -> dict[str, Count]:
        """The counts of each rule that fired since a moment, as far as its flags are still there."""
        rows = self._database.rows(
            f"select f.rule, {_SUMS} {_FROM} where f.created_at >= ? group by f.rule", (to_text(since),)
        )
        return {row["rule"]: _count(row) for row in rows}

    def ever(self) -> dict[str, Count]:
        """The counts of each rule that ever fired, also of flags that were forgotten."""
        found = self.since(datetime.fromisoformat("2000-01-01T00:00:00+00:00"))
        rows = self._database.rows(
            "select rule, sum(hits) as hits, sum(right) as good, sum(wrong) as bad, sum(unsure) as unsure, "
            "sum(appeals) as appeals from rule_weeks group by rule"
        )
        for row in rows:
            found[row["rule"]] = found.get(row["rule"], NONE) + _count(row)
        return found

    def of(self, rule: str, since: datetime) -> Count:
        """The counts of one rule since a moment, as far as its flags are still there."""
        row = self._database.row(
            f"select {_SUMS} {_FROM} where f.rule = ? and f.created_at >= ?", (rule, to_text(since))
        )
        return NONE if row is None else _count(row)

    def last_hits(self) -> dict[str, datetime]:
        """When each rule fired last; where its flags are forgotten, the end of the week of the last one."""
        rows = self._database.rows(
            "select rule, max(at) as at from (select rule, max(created_at) as at from flags group by rule "
            "union all select rule, date(max(week), '+7 days') || 'T00:00:00.000Z' from rule_weeks group by rule) "
            "group by rule"
        )
        return {row["rule"]: from_text(row["at"]) for row in rows}

    def waiting(self) -> tuple[int, int]:
        """How many messages nobody has judged yet, and about how many the sender waits for an answer."""
        row = self._database.row(
            "select count(distinct case when v.flag_id is null then f.message_key end) as open, "
            "count(distinct case when a.flag_id is not null and a.settled_at is null then f.message_key end) "
            f"as appealed {_FROM}"
        )
        return (0, 0) if row is None else (int(row["open"]), int(row["appealed"]))

    def digested_until(self) -> datetime | None:
        """Up to when admins were told; None: never."""
        row = self._database.row("select until from moderation_digest where id = 1")
        return None if row is None else from_text(row["until"])

    def digested(self, until: datetime) -> None:
        """They have been told up to this moment."""
        self._database.execute(
            "insert into moderation_digest (id, until) values (1, ?) on conflict (id) do update set until = excluded.until",
            (to_text(until),),
        )


def _count(row: sqlite3.Row) -> Count:
    return Count(int(row["hits"]), int(row["good"]), int(row["bad"]), int(row["unsure"]), int(row["appeals"]))
