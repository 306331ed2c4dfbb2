"""The ledger of calls."""

from __future__ import annotations

from storage.database import Database
from storage.quota import Quota


def test_calls_are_counted_by_month_and_api() -> None:
    with Database(":memory:") as database:
        quota = Quota(database)
        for _ in range(3):
            quota.count("2026-11", "robot/groupMessages/send")
        quota.count("2026-11", "v2/user/list", 5)
        quota.count("2026-12", "v2/user/list")
        assert quota.by_api("2026-11") == {"v2/user/list": 5, "robot/groupMessages/send": 3}
        assert quota.total("2026-11") == 8
        assert quota.total("2026-10") == 0
