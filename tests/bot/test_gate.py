"""What is kept back though its time has come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.outbox.gate import Gate
from bot.outbox.thrift import Thrift
from handlers.message import Priority
from handlers.quiet_hours import QuietHours
from handlers.quota.standing import Level
from handlers.settings import QuotaSettings
from storage.database import Database
from storage.outbox import HELD_NIGHT, HELD_QUOTA, Draft
from storage.store import Store

CHINA = ZoneInfo("Asia/Shanghai")
DAY = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)
NIGHT = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 25, 23, 0, tzinfo=UTC)
QUIET = QuietHours(time(22), time(7), CHINA)
POST = Draft("group", "{}", Priority.REMINDER, DAY, conversation="c1")
DIGEST = replace(POST, priority=Priority.DIGEST)
ANSWER = replace(POST, priority=Priority.ANSWER)
DING = Draft("ding", "{}", Priority.REMINDER, DAY, recipients=("0001",))
BY_WEBHOOK = replace(POST, webhook="https://x", webhook_expires_at=NIGHT + timedelta(hours=1))


@pytest.fixture
def store() -> Iterator[Store]:
    with Database(":memory:") as database:
        yield Store(database)


def thrift(store: Store, used: int, day: date = date(2026, 11, 25)) -> Thrift:
    store.quota.count(day, "robot/groupMessages/send", used)
    return Thrift(store, QuotaSettings(calls_per_month=1000), CHINA)


@pytest.mark.parametrize("draft", [POST, DIGEST, DING, BY_WEBHOOK])
def test_at_night_everything_but_answers_waits_for_the_morning(draft: Draft) -> None:
    held = Gate(QUIET).holds(draft, NIGHT)
    assert held is not None
    assert (held.until, held.code, held.why) == (MORNING, HELD_NIGHT, "night")
    assert Gate(QUIET).holds(draft, DAY) is None
    assert Gate().holds(draft, NIGHT) is None


@pytest.mark.parametrize(
    ("used", "waiting"), [(100, []), (750, [DIGEST]), (950, [DIGEST, POST, DING]), (1000, [DIGEST, POST, DING])]
)
def test_when_calls_are_scarce_digests_wait_first_and_answers_never(
    store: Store, used: int, waiting: list[Draft]
) -> None:
    gate = Gate(thrift=thrift(store, used))
    assert [draft for draft in (ANSWER, DIGEST, POST, DING, BY_WEBHOOK) if gate.holds(draft, DAY)] == waiting


def test_an_answer_waits_for_nothing(store: Store) -> None:
    assert Gate(QUIET, thrift(store, 1000)).holds(ANSWER, NIGHT) is None


def test_it_is_asked_about_again_in_an_hour_and_when_the_month_changes(store: Store) -> None:
    gate = Gate(thrift=thrift(store, 1000))
    held = gate.holds(POST, DAY)
    assert held is not None
    assert (held.until, held.code) == (DAY + timedelta(hours=1), HELD_QUOTA)
    last = datetime(2026, 11, 30, 15, 40, tzinfo=UTC)  # 23:40 in China
    assert gate.next_look(last) == datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert gate.holds(POST, gate.next_look(last)) is None


def test_december_is_followed_by_january(store: Store) -> None:
    assert thrift(store, 0).next_month(datetime(2026, 12, 31, 10, tzinfo=UTC)) == datetime(2027, 1, 1, tzinfo=CHINA)


def test_the_ledger_is_read_once_a_minute_and_when_the_clock_goes_back(store: Store) -> None:
    saving = thrift(store, 100)
    assert saving.level(DAY) is Level.PLENTY
    store.quota.count(date(2026, 11, 25), "robot/groupMessages/send", 900)
    assert saving.level(DAY + timedelta(seconds=59)) is Level.PLENTY
    assert saving.level(DAY + timedelta(seconds=60)) is Level.OUT
    assert saving.level(DAY - timedelta(days=40)) is Level.PLENTY


def test_a_refusal_is_heard_at_once(store: Store) -> None:
    saving = thrift(store, 100)
    assert saving.level(DAY) is Level.PLENTY
    saving.refused(DAY)
    assert saving.level(DAY) is Level.OUT
    assert saving.level(DAY + timedelta(days=1)) is Level.PLENTY
