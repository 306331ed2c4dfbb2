"""A week of study from end to end: the post on Monday, who taps and who forgets, the reminder, a quiz in private."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import Steward
from bot.cli.sandbox import fill
from sandbox.college import ADMIN, OWNER, SCENE_GROUP, STAFF, STAFF_GROUP
from sandbox.world import SandboxClock
from tests.scenarios.college_day import TUESDAY_MORNING, CollegeDay, college_day

PLAN = """
[[study.schedules]]
name = "weekly"
when = "每周三 9:00"
document = "学院钉钉使用管理暂行办法（要点）"
"""
WEDNESDAY_AT_NINE = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
MONDAY_AFTERNOON = datetime(2026, 11, 30, 6, 30, tzinfo=UTC)
"""14:30 in Shanghai, three workdays after the post."""


def private(person: str) -> str:
    return f"private:{person}"


def fill_the_books(steward: Steward) -> None:
    fill(steward.store, SandboxClock(TUESDAY_MORNING))


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[CollegeDay]:
    async with college_day(tmp_path, prepare=fill_the_books, more=PLAN, admins=(ADMIN,)) as day:
        await day.directory_read()
        await day.settle()
        yield day


async def posted(day: CollegeDay) -> None:
    """Wednesday has come, and every department has its post; the last ones some minutes later."""
    day.go_to(WEDNESDAY_AT_NINE)
    async with asyncio.timeout(10):
        while not day.steward.store.study.open_tasks():
            await asyncio.sleep(0.02)
    day.go_to(datetime(2026, 11, 25, 1, 20, tzinfo=UTC))
    await day.settle()


async def test_a_week_of_study(day: CollegeDay) -> None:
    store = day.steward.store
    await posted(day)
    [post] = [message for message in day.world.in_chat(SCENE_GROUP) if "规章学习" in message.text]
    assert post.via == "groupMessages"
    assert "》一.1**" in post.text
    assert "/学习 完成 " in post.text
    number = int(post.text.split("/学习 完成 ")[1].split()[0])
    department = store.study.task(number).department  # type: ignore[union-attr]
    asked = {duty.staff_id for duty in store.study.duties((number,))}
    assert OWNER in asked

    # The owner taps in the group; the group reads neither names nor who is missing.
    before = day.last_number
    await day.sandbox.press(OWNER, post, "学完了")
    noted = await day.hear(SCENE_GROUP, "已记下", after=before)
    assert noted.text.replace(f"@{OWNER}", "").strip() == f"{number} 号学习已记下，谢谢！"

    # The head sees the count, in private.
    await day.ask(OWNER, private(OWNER), "/学习 进度", f"**{department}**", f"- {number} 号 一.1：1／{len(asked)}")

    # Three workdays later who has not finished hears again, and who has does not.
    before = day.last_number
    day.go_to(MONDAY_AFTERNOON)
    late = next(iter(sorted(asked - {OWNER})))
    reminder = await day.hear(private(late), f"{number} 号学习还没完成", after=before)
    await day.settle()
    assert day.robot_said(private(OWNER), after=before) == []
    await day.sandbox.press(late, reminder, "学完了")
    await day.hear(private(late), f"{number} 号学习已记下", after=before)

    # Nobody who has left or retired was asked for anything.
    gone = {
        person.staff_id for person in store.staff.all_facts() if person.status in ("departed", "retired", "student")
    }
    assert not gone & {duty.staff_id for duty in store.study.duties([task.id for task in store.study.open_tasks()])}
    assert store.inbox.counts()["parked"] == store.outbox.counts()["parked"] == 0


async def test_a_quiz_reaches_a_department_by_twenty_a_call_and_is_answered_by_a_letter(day: CollegeDay) -> None:
    store = day.steward.store
    await day.ask(
        ADMIN, private(ADMIN), "/学习 出题 五.8 谁审核入群人员？ | 管理员 | 任何成员 | 答案 A", "已存为 1 号题"
    )
    asked = await day.ask(ADMIN, private(ADMIN), "/学习 测验 1", "/确认")
    before = day.last_number
    await day.sandbox.press(ADMIN, asked, "确认")
    question = await day.hear(private(STAFF), "第 1/1 题", after=before)
    await day.settle()
    [task] = store.study.open_tasks()
    everybody = {duty.staff_id for duty in store.study.duties((task.id,))}
    assert len(everybody) > 20
    calls = {
        row["id"]
        for row in store.database.rows("select id from outbox where kind = 'private' and body like '%1/1 题%'")
    }
    assert len(calls) == -(-len(everybody) // 20)

    await day.ask(STAFF, private(STAFF), "B", "应选", "> 管理员应当审核入群人员", "答对 0/1")
    before = day.last_number
    await day.sandbox.press(STAFF, question, "A. 管理员")
    await day.hear(private(STAFF), "答对了", "以第一次为准", after=before)
    await day.settle()
    assert [message for message in day.robot_said(STAFF_GROUP) if "答" in message] == []
    shown = await day.ask(ADMIN, private(ADMIN), "/学习 进度", f"{task.id} 号测验")
    assert "答对" not in shown.text
