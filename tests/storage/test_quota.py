"""The ledger of calls."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from storage.database import Database
from storage.inbox import Arrival, Inbox
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


def test_only_what_dingtalk_delivered_since_then_is_a_push() -> None:
    with Database(":memory:") as database:
        quota, inbox = Quota(database), Inbox(database)
        noon = datetime(2026, 11, 1, 4, 0, tzinfo=UTC)
        inbox.take(
            [
                Arrival("message:early", "message", "cid", "{}", noon - timedelta(milliseconds=1)),
                Arrival("message:1", "message", "cid", "{}", noon),
                Arrival("message:1", "message", "cid", "{}", noon),  # delivered again
                Arrival("message:2", "message", "cid", "{}", noon),
                Arrival("event:1", "event", "events", "{}", noon),
                Arrival("due:1", "due", "due", "{}", noon),
            ]
        )
        first, second = inbox.next_rows(noon)[1:3]
        inbox.done(first.id, noon)
        inbox.park(second.id, "broken", noon)
        assert quota.pushes(noon) == 3


def test_pushes_are_counted_by_the_index() -> None:
    with Database(":memory:") as database:
        plan = database.rows(
            "explain query plan select count(*) from inbox where state in ('new', 'done', 'parked') "
            "and received_at >= '' and kind <> 'due'"
        )
        assert "inbox_by_state (state=? AND received_at>?)" in plan[0]["detail"]


def test_the_worst_that_was_told_is_remembered_for_its_month() -> None:
    with Database(":memory:") as database:
        quota = Quota(database)
        now = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
        assert quota.told("2026-11", "calls") == 0
        quota.tell("2026-11", "calls", 2, now)
        quota.tell("2026-11", "calls", 1, now)
        assert quota.told("2026-11", "calls") == 2
        quota.tell("2026-11", "calls", 3, now)
        assert quota.told("2026-11", "calls") == 3
        assert quota.told("2026-11", "dings") == quota.told("2026-12", "calls") == 0
