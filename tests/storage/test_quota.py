"""The ledger of calls."""

from __future__ import annotations

from datetime import date

from storage.database import Database
from storage.quota import Quota

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


def test_calls_are_counted_by_day_month_and_api() -> None:
    with Database(":memory:") as database:
        quota = Quota(database)
        for _ in range(3):
            quota.count(FIRST, "robot/groupMessages/send")
        quota.count(LAST, "robot/groupMessages/send")
        quota.count(LAST, "v2/user/list", 5)
        quota.count(date(2026, 12, 1), "v2/user/list")
        assert quota.by_api("2026-11") == {"v2/user/list": 5, "robot/groupMessages/send": 4}
        assert quota.total("2026-11") == 9
        assert quota.total("2026-10") == 0
        assert quota.by_day(FIRST, LAST) == {
            FIRST: {"robot/groupMessages/send": 3},
            LAST: {"robot/groupMessages/send": 1, "v2/user/list": 5},
        }
