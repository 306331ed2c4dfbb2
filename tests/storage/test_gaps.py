"""Times in which nothing could be heard, and the groups that were active before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from storage.database import Database
from storage.gaps import Gap, Gaps, Reason
from storage.inbox import Arrival
from storage.store import Store

NOON = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_a_gap_is_noted_when_it_is_long_and_again_when_it_ends_and_stays_one() -> None:
    with Database(":memory:") as database:
        gaps = Gaps(database)
        assert gaps.lasting() is None
        gaps.note(NOON, None, Reason.OFFLINE)
        assert gaps.lasting() == Gap(NOON, None, Reason.OFFLINE, id=1)
        assert gaps.untold() == []
        gaps.note(NOON, NOON + 20 * MINUTE, Reason.REFUSED)
        assert gaps.lasting() is None
        assert gaps.untold() == [Gap(NOON, NOON + 20 * MINUTE, Reason.REFUSED, id=1)]


def test_a_gap_that_was_none_is_withdrawn_and_no_other() -> None:
    with Database(":memory:") as database:
        gaps = Gaps(database)
        gaps.note(NOON, NOON + MINUTE, Reason.OFFLINE)
        gaps.note(NOON + 2 * MINUTE, None, Reason.STOPPED)
        gaps.withdraw()
        assert [gap.began_at for gap in gaps.since(NOON)] == [NOON]


def test_what_was_told_is_not_told_again_and_known_by_time() -> None:
    with Database(":memory:") as database:
        gaps = Gaps(database)
        assert gaps.last_told_at() is None
        for start in (0, 60, 120):
            gaps.note(NOON + start * MINUTE, NOON + (start + 9) * MINUTE, Reason.STOPPED)
        first, second, third = gaps.untold()
        gaps.told([first, second], NOON + 100 * MINUTE)
        assert gaps.untold() == [third]
        assert gaps.last_told_at() == NOON + 100 * MINUTE
        assert [gap.id for gap in gaps.since(NOON + 69 * MINUTE)] == [third.id]
        gaps.note(NOON + 300 * MINUTE, None, Reason.OFFLINE)
        assert [gap.ended_at for gap in gaps.since(NOON + 200 * MINUTE)] == [None]


def test_the_groups_heard_before_are_those_of_that_time_the_busiest_first() -> None:
    with Database(":memory:") as database:
        store = Store(database)
        for conversation in ("quiet", "busy", "late", "gone"):
            store.groups.heard(conversation, conversation, NOON)
        store.groups.disbanded("gone")
        heard = [("busy", 0), ("quiet", 1), ("busy", 2), ("gone", 3), ("private", 4), ("late", 61)]
        store.inbox.take(
            Arrival(f"message:{n}", "message", conversation, "{}", NOON + minute * MINUTE)
            for n, (conversation, minute) in enumerate(heard)
        )
        assert store.gaps.groups_heard(NOON, NOON + 60 * MINUTE) == ["busy", "quiet"]
        plan = database.rows(
            "explain query plan select * from inbox where state in ('new', 'done', 'parked') "
            "and received_at between '1' and '2'"
        )
        assert any("inbox_by_state" in row["detail"] for row in plan)
