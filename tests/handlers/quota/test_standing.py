"""How the month's quota stands, and what that holds back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.cleanup.workdays import is_workday
from handlers.message import Priority
from handlers.quota import apis
from handlers.quota.standing import Allowance, Level, Standing, held_back, ledger_span, reads_directory, standing
from handlers.settings import QuotaSettings

GROUP, PEOPLE, USERS = "robot/groupMessages/send", "robot/oToMessages/batchSend", "v2/user/list"
TODAY = date(2026, 11, 25)
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
LEDGERS = st.dictionaries(
    st.integers(0, 40),
    st.dictionaries(
        st.sampled_from([GROUP, USERS, "new/api", apis.WEBHOOK, apis.DING_RECEIVERS, "accessToken"]),
        st.integers(0, 9_000),
    ),
)


def at(used: int, today: date = TODAY, *, a_day: int | None = None, limit: int = 10_000) -> Standing:
    """`used` calls this month, and `a_day` on each workday of the last two weeks; None: nothing is known of a pace."""
    ledger = {today: {GROUP: used}}
    if a_day is not None:
        days = [today - timedelta(days=after) for after in range(1, 15)]
        ledger = {day: {GROUP: a_day} for day in days if is_workday(day)} | {days[-1]: {GROUP: a_day}}
        first = today.replace(day=1)
        in_month = sum(calls[GROUP] for day, calls in ledger.items() if day >= first)
        ledger[first] = {GROUP: ledger.get(first, {GROUP: 0})[GROUP] + used - in_month}
    return standing(ledger, today, QuotaSettings(calls_per_month=limit))


@pytest.mark.parametrize(
    ("priority", "waits_from"),
    [(Priority.ANSWER, None), (Priority.REMINDER, Level.SHORT), (Priority.DIGEST, Level.TIGHT)],
)
def test_digests_wait_first_then_reminders_and_answers_never(priority: Priority, waits_from: Level | None) -> None:
    waiting = [level for level in Level if held_back(priority, level)]
    assert waiting == ([] if waits_from is None else [level for level in Level if level >= waits_from])


def test_the_directory_is_read_less_and_less() -> None:
    week = [date(2026, 11, 23) + timedelta(days=number) for number in range(7)]
    assert [sum(reads_directory(level, day, is_nightly=True) for day in week) for level in Level] == [7, 2, 0, 0]
    assert [sum(reads_directory(level, day, is_nightly=False) for day in week) for level in Level] == [7, 7, 0, 0]


@pytest.mark.parametrize(
    ("used", "level"),
    [
        (0, Level.PLENTY),
        (6_999, Level.PLENTY),
        (7_000, Level.TIGHT),
        (8_999, Level.TIGHT),
        (9_000, Level.SHORT),
        (9_999, Level.SHORT),
        (10_000, Level.OUT),
        (12_345, Level.OUT),
    ],
)
def test_without_a_pace_the_share_decides(used: int, level: Level) -> None:
    found = at(used)
    assert (found.pace, found.forecast) == (None, None)
    assert found.calls == Allowance(used, 10_000)
    assert found.level is level


@pytest.mark.parametrize(
    ("used", "a_day", "today", "level"),
    [
        # They last: only what is kept for answers counts.
        (9_000, 100, TODAY, Level.PLENTY),
        (9_500, 100, TODAY, Level.TIGHT),
        (9_800, 10, TODAY, Level.SHORT),
        (0, 0, date(2026, 11, 1), Level.PLENTY),
        # They do not, but that is far off, and most are there.
        (4_500, 700, date(2026, 11, 10), Level.PLENTY),
        # A week is left, or most are gone.
        (6_000, 1_000, date(2026, 11, 10), Level.TIGHT),
        (7_000, 300, date(2026, 11, 10), Level.TIGHT),
        # Two days are left, or nearly all are gone.
        (8_600, 800, TODAY, Level.SHORT),
        (9_000, 300, TODAY, Level.SHORT),
        (10_000, 100, TODAY, Level.OUT),
        # The last day of a month of 31 days.
        (9_000, 500, date(2026, 12, 31), Level.PLENTY),
        (9_000, 2_000, date(2026, 12, 31), Level.SHORT),
    ],
)
def test_with_a_pace_it_decides_too(used: int, a_day: int, today: date, level: Level) -> None:
    assert at(used, today, a_day=a_day).level is level


@pytest.mark.parametrize(
    ("left", "level"),
    [(2_999, Level.SHORT), (3_000, Level.TIGHT), (5_999, Level.TIGHT), (6_000, Level.PLENTY)],
)
def test_two_days_and_a_week_are_counted_from_today(left: int, level: Level) -> None:
    """A thousand on each workday. From Monday on: Wednesday, Thursday, and after the weekend Monday, Tuesday."""
    monday = date(2026, 11, 9)
    found = at(6_000, monday, a_day=1_000, limit=6_000 + left)
    assert found.forecast is not None
    runs_out_on = {2_999: date(2026, 11, 11), 3_000: date(2026, 11, 12), 5_999: date(2026, 11, 16)}
    assert found.forecast.runs_out_on == runs_out_on.get(left, date(2026, 11, 17))
    assert found.level is level


def test_a_limit_that_was_lowered_counts_at_once() -> None:
    assert at(3_000, a_day=100, limit=10_000).level is Level.PLENTY
    assert at(3_000, a_day=100, limit=2_000).level is Level.OUT


def test_what_dingtalk_says_counts_more_than_our_ledger_until_the_day_is_over() -> None:
    ledger = {TODAY: {apis.REFUSED: 1, GROUP: 1}}
    refused = standing(ledger, TODAY, QuotaSettings())
    assert refused.is_refused
    assert refused.level is Level.OUT
    tomorrow = standing(ledger, TODAY + timedelta(days=1), QuotaSettings())
    assert not tomorrow.is_refused
    assert tomorrow.level is Level.PLENTY


def test_what_is_counted_and_what_is_not() -> None:
    ledger = {
        date(2025, 11, 25): {GROUP: 1_000},
        date(2026, 10, 31): {GROUP: 1_000, apis.DING_RECEIVERS: 7, apis.WEBHOOK: 1_000},
        date(2026, 11, 1): {
            GROUP: 5,
            apis.WEBHOOK: 40,
            "accessToken": 9,
            "gateway/connections/open": 8,
            "robot/ding/send": 2,
            apis.DING_RECEIVERS: 30,
        },
        TODAY: {GROUP: 6, PEOPLE: 3, USERS: 20, "v2/department/listsub": 4, "im/chat/scenegroup/get": 1, "new": 1},
        date(2026, 11, 26): {GROUP: 9_999},  # the clock was ahead
    }
    found = standing(ledger, TODAY, QuotaSettings(dings_per_month=40))
    assert found.calls == Allowance(42, 10_000)
    assert found.used_today == 35
    assert found.webhook_replies == 40
    assert found.dings == Allowance(30, 40)
    assert found.by_purpose == {
        apis.DIRECTORY: 24,
        apis.GROUPS: 11,
        apis.PEOPLE: 3,
        apis.DINGS: 2,
        apis.MEMBERS: 1,
        apis.OTHER: 1,
    }


@pytest.mark.parametrize(
    ("used", "level"), [(0, Level.PLENTY), (79, Level.PLENTY), (80, Level.TIGHT), (99, Level.TIGHT), (100, Level.OUT)]
)
def test_dings_go_until_there_are_none(used: int, level: Level) -> None:
    found = standing({TODAY: {apis.DING_RECEIVERS: used}}, TODAY, QuotaSettings(dings_per_month=100))
    assert (found.ding_level, found.level) == (level, Level.PLENTY)
    assert held_back(Priority.REMINDER, found.ding_level) is (level is Level.OUT)


def test_a_ding_quota_that_is_not_known_is_never_scarce() -> None:
    found = standing({TODAY: {apis.DING_RECEIVERS: 5_000}}, TODAY, QuotaSettings())
    assert found.dings == Allowance(5_000, 0)
    assert found.dings.share == 0
    assert found.ding_level is Level.PLENTY


@given(DAYS)
def test_the_span_holds_the_month_and_two_weeks(today: date) -> None:
    first, last = ledger_span(today)
    assert last == today
    assert first <= today.replace(day=1)
    assert first <= today - timedelta(days=14)
    assert first in (today.replace(day=1), today - timedelta(days=14))


@given(LEDGERS, DAYS, st.integers(1, 20_000), st.integers(0, 40), st.integers(0, 9_000))
def test_more_calls_never_make_it_better(
    entries: Mapping[int, Mapping[str, int]], today: date, limit: int, back: int, more: int
) -> None:
    settings = QuotaSettings(calls_per_month=limit)
    ledger = {today - timedelta(days=after): calls for after, calls in entries.items()}
    found = standing(ledger, today, settings)
    raised = max(min(ledger, default=today), today - timedelta(days=back))  # the record begins on the same day
    calls = ledger.get(raised, {})
    worse = standing(ledger | {raised: {**calls, USERS: calls.get(USERS, 0) + more}}, today, settings)
    assert worse.level >= found.level
    assert (found.level is Level.OUT) == (found.calls.used >= limit)


@given(LEDGERS, DAYS, st.integers(0, 9_000))
def test_replies_by_webhook_change_nothing(entries: Mapping[int, Mapping[str, int]], today: date, replies: int) -> None:
    ledger = {today - timedelta(days=after): calls for after, calls in entries.items()}
    first = min(ledger, default=today)
    without = standing({**ledger, first: ledger.get(first, {})}, today, QuotaSettings())
    with_them = standing({**ledger, first: {**ledger.get(first, {}), apis.WEBHOOK: replies}}, today, QuotaSettings())
    assert (with_them.level, with_them.calls, with_them.pace) == (without.level, without.calls, without.pace)
