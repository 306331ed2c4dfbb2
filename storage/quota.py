"""How many calls each API has had in each month (docs/platform.md §9)."""

from __future__ import annotations

from storage.database import Database


class Quota:
    """The ledger of calls. A month is `2026-11`, in the configured zone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self, month: str, api: str, calls: int = 1) -> None:
        """Enter `calls` calls."""
        self._database.execute(
            "insert into quota (month, api, calls) values (?, ?, ?) "
            "on conflict (month, api) do update set calls = calls + excluded.calls",
            (month, api, calls),
        )

    def by_api(self, month: str) -> dict[str, int]:
        """Calls of a month, API by API, most used first."""
        rows = self._database.rows("select api, calls from quota where month = ? order by calls desc, api", (month,))
        return {row["api"]: row["calls"] for row in rows}

    def total(self, month: str) -> int:
        """All calls of a month."""
        return sum(self.by_api(month).values())
