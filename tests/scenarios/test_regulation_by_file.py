"""A main admin sends a regulation to the bot, looks at it, and the college asks about it the next moment."""

from __future__ import annotations

from pathlib import Path

from handlers.courtesies import BY_KIND
from handlers.message import MessageKind
from sandbox.college import ADMIN, STAFF
from tests.handlers.policy.desk import CARS, CARS_TEXT
from tests.scenarios.college_day import CollegeDay, college_day

TO_ADMIN, TO_STAFF = f"private:{ADMIN}", f"private:{STAFF}"
DOWNLOAD = "/v1.0/robot/messageFiles/download"


async def send(day: CollegeDay, person: str, text: str, name: str, *parts: str) -> str:
    heard = await day.ask(person, f"private:{person}", name, *parts, kind="file", content={"data": text.encode()})
    return heard.text


async def test_from_the_file_to_the_answer(tmp_path: Path) -> None:
    async with college_day(tmp_path, admins=(ADMIN,)) as day:
        await send(day, ADMIN, CARS_TEXT, "用车.txt", f"《{CARS}》读好了，还没有导入", "/规章 导入 1", "/取消")
        await day.ask(ADMIN, TO_ADMIN, "/规章 导入 1", f"已导入《{CARS}》第 1 版，6 条")
        await day.ask(STAFF, TO_STAFF, "用车要提前几天申请", "提前一个工作日")
        newer = CARS_TEXT.replace("一个工作日", "三个工作日").replace("2025年", "2026年")
        await send(day, ADMIN, newer, "用车2026.txt", f"取代《{CARS}》第 1 版")
        await day.ask(ADMIN, TO_ADMIN, "/规章 导入 2", "第 2 版")
        await day.ask(STAFF, TO_STAFF, "用车要提前几天申请", "提前三个工作日")
        await day.ask(
            STAFF, TO_STAFF, "2025年时用车要提前几天申请", "按 2025 年 12 月 31 日时有效的版本", "提前一个工作日"
        )
        await day.ask(ADMIN, TO_ADMIN, "/规章 文件 恢复 2", "第 2 版（3 号）停用", "/确认")
        assert len(day.sandbox.record.calls_to(DOWNLOAD)) == 2


async def test_what_is_not_wanted_or_cannot_be_had(tmp_path: Path) -> None:
    async with college_day(tmp_path, admins=(ADMIN,)) as day:
        assert await send(day, STAFF, CARS_TEXT, "用车.txt") == BY_KIND[MessageKind.FILE]
        assert day.sandbox.record.calls_to(DOWNLOAD) == []
        await send(day, ADMIN, CARS_TEXT, "用车.txt", "还没有导入")
        await day.ask(ADMIN, TO_ADMIN, "/取消", "没有导入")
        await day.ask(ADMIN, TO_ADMIN, "/规章 导入 1", "没有这份等着导入的文件")
        day.sandbox.faults.answer(DOWNLOAD, 400, {"code": "invalidParameter.downloadCode.invalid", "message": "x"})
        await send(day, ADMIN, CARS_TEXT, "用车.txt", "没能从钉钉下载下来")
