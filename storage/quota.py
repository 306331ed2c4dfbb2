"""The ledger of the month: calls by day and API (docs/platform.md §9), what was pushed, what waits, who was told."""

from __future__ import annotations

from datetime import date, datetime

from storage.database import Database
from storage.outbox import HELD_QUOTA
from storage.times import to_text


class Quota:
    """The ledger of calls. Days are those of the configured zone; a month is `2026-11`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self, day: date, api: str, calls: int = 1) -> None:
        """Enter `calls` calls."""
        self._database.execute(
            "insert into calls (day, api, calls) values (?, ?, ?) "
            "on conflict (day, api) do update set calls = calls + excluded.calls",
            (day.isoformat(), api, calls),
        )

    def by_api(self, month: str) -> dict[str, int]:
        """Calls of a month, API by API, most used first."""
        rows = self._database.rows(
            "select api, sum(calls) as calls from calls where day between ? and ? group by api order by 2 desc, api",
            (f"{month}-01", f"{month}-31"),
        )
        return {row["api"]: row["calls"] for row in rows}

    def by_day(self, first: date, last: date) -> dict[date, dict[str, int]]:
        """Calls of each day of a span, API by API; days without calls are left out."""
        found: dict[date, dict[str, int]] = {}
        for row in self._database.rows(
            "select day, api, calls from calls where day between ? and ? order by day, api",
            (first.isoformat(), last.isoformat()),
        ):
            found.setdefault(date.fromisoformat(row["day"]), {})[row["api"]] = row["calls"]
        return found

    def total(self, month: str) -> int:
        """All calls of a month."""
        return sum(self.by_api(month).values())

    def pushes(self, since: datetime) -> int:
        """Messages and events that DingTalk delivered since then, each once, as far as the retention goes back."""
        row = self._database.row(
            "select count(*) as n from inbox where state in ('new', 'done', 'parked') and received_at >= ? "
            "and kind <> 'due'",
            (to_text(since),),
        )
        return 0 if row is None else int(row["n"])

    def held(self) -> dict[int, int]:
        """How many messages wait because calls are scarce, by priority."""
        rows = self._database.rows(
            "select priority, count(*) as n from outbox where state in ('queued', 'sending') and state = 'queued' "
            "and error_code = ? group by priority",
            (HELD_QUOTA,),
        )
        return {row["priority"]: row["n"] for row in rows}

    def told(self, month: str, subject: str) -> int:
        """The worst level of a shortage that admins were told of in a month; 0 for none."""
        row = self._database.row("select level from quota_alarms where month = ? and subject = ?", (month, subject))
        return 0 if row is None else int(row["level"])

    def tell(self, month: str, subject: str, level: int, at: datetime) -> None:
        """Admins are being told of a level; what was told before and is worse stays."""
        self._database.execute(
            "insert into quota_alarms (month, subject, level, told_at) values (?, ?, ?, ?) "
            "on conflict (month, subject) do update set level = excluded.level, told_at = excluded.told_at "
            "where excluded.level > quota_alarms.level",
            (month, subject, level, to_text(at)),
        )
