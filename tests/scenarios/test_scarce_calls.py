"""A month in which calls run out: what is left out for it, what goes on, and who hears of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.app import Steward
from bot.outbox.drafts import body_to_json
from handlers.message import Body, Priority
from handlers.quota.apis import REFUSED
from sandbox.college import ADMIN, STAFF
from storage.outbox import Draft
from tests.scenarios.college_day import CollegeDay, college_day

PEOPLE = "v2/user/list"
TO_ADMIN = f"private:{ADMIN}"
WEDNESDAY, THURSDAY = (datetime(2026, 11, day, 19, 0, tzinfo=UTC) for day in (24, 25))
"""03:00 in Shanghai."""
MORNING, NEXT_MORNING = (datetime(2026, 11, day, 0, 40, tzinfo=UTC) for day in (25, 26))
"""08:40 there."""


@asynccontextmanager
async def a_day_with(folder: Path, spent: int) -> AsyncIterator[CollegeDay]:
    """So many of 10,000 calls are gone before the bot starts and reads the directory for the first time."""

    def spend(steward: Steward) -> None:
        steward.store.quota.count(date(2026, 11, 24), "another/api", spent)

    async with college_day(folder, prepare=spend, admins=(ADMIN,)) as day:
        async with asyncio.timeout(10):
            while not day.steward.store.staff.in_directory():
                await asyncio.sleep(0.02)
        await day.settle()
        yield day


async def fired(day: CollegeDay, name: str, at: datetime) -> None:
    """Go to a moment, and wait until the task that is due then is done."""

    def is_taken() -> bool:
        row = day.steward.store.schedules.get(name)
        return row is not None and row.last_fire_at is not None and row.last_fire_at >= at

    day.go_to(at)
    async with asyncio.timeout(10):
        while not is_taken():
            await asyncio.sleep(0.02)
    await day.settle()


def readings(day: CollegeDay) -> int:
    """How many calls went into reading people so far."""
    return day.steward.store.quota.by_api("2026-11")[PEOPLE]


@pytest.mark.parametrize(
    ("spent", "nights"),
    [(0, [True, True]), (7_000, [False, True]), (9_000, [False, False]), (10_000, [False, False])],
)
async def test_the_directory_is_read_once_and_then_as_often_as_calls_allow(
    tmp_path: Path, spent: int, nights: list[bool]
) -> None:
    async with a_day_with(tmp_path, spent) as day:
        before = readings(day)
        assert before > 0, "whoever knows nobody reads the directory all the same"
        read = []
        for night in (WEDNESDAY, THURSDAY):
            await fired(day, "directory-sync", night)
            read.append(readings(day) > before)
            before = readings(day)
        assert read == nights


async def test_main_admins_hear_once_that_it_will_not_do_and_answers_go_on(tmp_path: Path) -> None:
    async with a_day_with(tmp_path, 9_000) as day:
        await fired(day, "quota-watch", MORNING)
        word = await day.hear(TO_ADMIN, "钉钉接口额度紧张", "提醒和汇总都先缓发", "/配额")
        shown = await day.ask(ADMIN, TO_ADMIN, "/配额", "本月接口用量：紧张", "读通讯录")
        assert shown.via == "webhook"
        await day.ask(STAFF, f"private:{STAFF}", "退休的老师还要留在群里吗", "学院钉钉使用管理暂行办法")
        await fired(day, "quota-watch", NEXT_MORNING)
        assert not [text for text in day.robot_said(TO_ADMIN, after=word.number) if "接口额度" in text]


async def test_when_dingtalk_says_that_all_is_gone_that_counts_more_than_our_ledger(tmp_path: Path) -> None:
    async with a_day_with(tmp_path, 0) as day:
        quotas, quota = day.sandbox.quotas, day.steward.store.quota
        quotas.calls_per_month = quotas.used[quotas.month()]  # another application took the rest
        before = readings(day)
        await fired(day, "directory-sync", WEDNESDAY)
        assert quota.by_api("2026-11")[REFUSED] == 1
        assert readings(day) - before <= 1, "the first refusal ends it"
        await day.ask(ADMIN, TO_ADMIN, "/配额", "本月接口用量：已用完", "钉钉今天答复说全组织的额度已用完")
        quotas.calls_per_month = None  # more was bought
        await day.ask(ADMIN, TO_ADMIN, "/我是谁", "主管理员")
        before = readings(day)
        await fired(day, "directory-sync", THURSDAY)
        assert readings(day) > before, "a new day asks anew"
        await day.ask(ADMIN, TO_ADMIN, "/配额", "本月接口用量：充足")


async def test_a_reminder_waits_until_there_are_calls_again_and_is_counted_meanwhile(tmp_path: Path) -> None:
    async with a_day_with(tmp_path, 9_000) as day:
        store = day.steward.store
        store.outbox.add(
            Draft("private", body_to_json(Body("请核对名单")), Priority.REMINDER, day.clock.now(), recipients=(STAFF,))
        )
        day.steward.wake()
        async with asyncio.timeout(10):
            while not store.quota.held():
                await asyncio.sleep(0.02)
        await day.ask(ADMIN, TO_ADMIN, "/配额", "缓发：提醒 1 条")
        day.go_to(datetime(2026, 12, 1, 0, 0, tzinfo=UTC))  # 08:00 of the new month in Shanghai
        await day.hear(f"private:{STAFF}", "请核对名单")
        await day.ask(ADMIN, TO_ADMIN, "/配额", "本月接口用量：充足", "缓发：没有")
