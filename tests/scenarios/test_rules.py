"""An admin looks after the content rules in a chat with the bot, and the next message is judged by them."""

from __future__ import annotations

from pathlib import Path

from handlers.moderation.rule import Rule
from handlers.moderation.written import as_toml
from sandbox.college import ADMIN, STAFF
from tests.scenarios.college_day import CollegeDay, college_day

TO_ADMIN, TO_STAFF = f"private:{ADMIN}", f"private:{STAFF}"
WORD = "青蛙抱枕"
"""What no shipped rule looks for, in a message that reads like nothing of theirs."""


async def confirm(day: CollegeDay, text: str, *parts: str) -> str:
    asked = await day.ask(ADMIN, TO_ADMIN, text, "/确认", *parts)
    code = asked.text.split("/确认 ")[1][:4]
    return (await day.ask(ADMIN, TO_ADMIN, f"/确认 {code}", "马上生效")).text


async def test_from_the_command_to_the_next_message(tmp_path: Path) -> None:
    (tmp_path / "samples.txt").write_text(f"三楼的{WORD}\n下午开会\n", encoding="utf-8")
    async with college_day(tmp_path, admins=(ADMIN,)) as day:
        await day.ask(ADMIN, TO_ADMIN, f"/规则 测试 三楼的{WORD}", "没有规则会命中")
        said = await confirm(
            day, f"/规则 新增 广告 五.2 词：{WORD}", "最近 2 条样本中多命中 1 条、少命中 0 条", f"三楼的{WORD}"
        )
        number = said.split("规则 ")[1].split("（")[0]
        await day.ask(ADMIN, TO_ADMIN, f"/规则 测试 三楼的{WORD}", "会命中 1 处", "只记录")
        await confirm(day, f"/规则 状态 {number} 提醒 观察了一周", "观察 → 提醒")
        await day.ask(STAFF, TO_STAFF, f"三楼的{WORD}", "广告", WORD)
        await confirm(day, f"/规则 放行 {number} 三楼的{WORD}")
        await day.ask(ADMIN, TO_ADMIN, f"/规则 测试 三楼的{WORD}", "没有规则会命中")
        await day.ask(ADMIN, TO_ADMIN, f"/规则 历史 {number}", "第 3 版", "观察了一周", "第 1 版")


async def test_a_rule_file_by_message(tmp_path: Path) -> None:
    rule = Rule("frogs", "advertising", "五.2", "remind", words=(WORD,))
    async with college_day(tmp_path, admins=(ADMIN,)) as day:
        sent = {"data": as_toml([rule]).encode()}
        await day.ask(ADMIN, TO_ADMIN, "规则.toml", "新增 1 条", "/规则 导入 1", kind="file", content=sent)
        await confirm(day, "/规则 导入 1", "新增 1 条")
        await day.ask(STAFF, TO_STAFF, f"三楼的{WORD}", "广告", WORD)
