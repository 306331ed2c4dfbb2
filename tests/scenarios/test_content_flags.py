"""What becomes of a message that a rule finds: who hears, who may say that it is a mistake, and who judges."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from sandbox.college import ADMIN, CLASS_GROUP, OTHER_OWNER, STAFF, STUDENT
from sandbox.world import ShownMessage
from tests.scenarios.college_day import TUESDAY_MORNING, CollegeDay, college_day
from tests.scenarios.test_newcomers import fill_the_books, taken_in

TEACHER = "T1066"
"""Owner of the class group."""
TO_ADMIN, TO_DEAN, TO_STUDENT, TO_STAFF, TO_TEACHER = (
    f"private:{who}" for who in (ADMIN, OTHER_OWNER, STUDENT, STAFF, TEACHER)
)
RULES = """
[[rule]]
id = "ghostwriting"
category = "advertising"
article = "五.2"
state = "remind"
words = ["代写"]
meaning = "群里不发广告和代办。"
advice = "请撤回这条消息。"

[[rule]]
id = "games"
category = "non-work"
article = "一.2"
state = "remind"
words = ["开黑"]

[[rule]]
id = "lists"
category = "secrecy"
article = "五.3"
state = "enforce"
severity = "high"
words = ["绝密名单"]

[[rule]]
id = "chain-letters"
category = "non-work"
article = "一.2"
state = "remind"
words = ["转发此消息"]
consequences = ["sender", "public"]
"""


@asynccontextmanager
async def a_day(folder: Path) -> AsyncIterator[CollegeDay]:
    (folder / "flags.toml").write_text(RULES, "utf-8")
    more = '[moderation]\nrules = ["flags.toml"]\n'
    async with college_day(folder, prepare=fill_the_books, more=more, admins=(ADMIN,)) as day:
        await day.directory_read()
        yield day


async def write(day: CollegeDay, person: str, text: str, chat: str = CLASS_GROUP) -> int:
    """Somebody writes, and everything that follows has been said. Returns the number of the message."""
    message_id = await day.sandbox.say(person, chat, text)
    await taken_in(day, message_id)
    await day.settle()
    (number,) = [message.number for message in day.world.messages if message.message_id == message_id]
    return number


def heard(day: CollegeDay, after: int) -> list[str]:
    """The chats in which the robot spoke since then, in order and each once."""
    chats = [message.chat for message in day.world.messages if message.author == "robot" and message.number > after]
    return list(dict.fromkeys(chats))


def said_in(day: CollegeDay, chat: str, after: int) -> ShownMessage:
    (message,) = [
        one for one in day.world.messages if one.author == "robot" and one.chat == chat and one.number > after
    ]
    return message


async def test_an_advert_in_a_class_group_is_a_private_word_and_the_owner_hears_of_the_second(tmp_path: Path) -> None:
    async with a_day(tmp_path) as day:
        before = await write(day, STUDENT, "专业代写论文")
        assert heard(day, before) == [TO_STUDENT]
        word = said_in(day, TO_STUDENT, before)
        for part in (
            "软件2301班级群",
            "五.2",
            "【代写】",
            "规则说的是：群里不发广告和代办。请撤回这条消息。",
            "申诉 1",
        ):
            assert part in word.text
        before = await write(day, STUDENT, "代写代写")
        assert heard(day, before) == []  # told a moment ago
        day.go_to(TUESDAY_MORNING + timedelta(minutes=30))
        before = await write(day, STUDENT, "还有人要代写吗，来找我")
        assert heard(day, before) == [TO_TEACHER]
        assert "方子涵" in said_in(day, TO_TEACHER, before).text
        assert "近 30 天里同类内容第 2 次提醒" in said_in(day, TO_TEACHER, before).text


async def test_secrecy_is_a_ding_to_those_who_can_take_it_back(tmp_path: Path) -> None:
    async with a_day(tmp_path) as day:
        before = await write(day, STAFF, "发一下绝密名单")
        dings = [one for one in day.world.messages if one.kind == "ding" and one.number > before]
        assert [one.chat for one in dings] == [TO_STAFF, TO_TEACHER]
        assert all("绝密名单" not in one.text and "软件2301班级群" in one.text for one in dings)
        assert set(heard(day, before)) == {TO_STAFF, TO_TEACHER, TO_DEAN, TO_ADMIN}
        assert day.steward.store.quota.by_api("2026-11")["robot/ding/send"] == 1


async def test_an_appeal_goes_to_the_admin_whose_verdict_offers_an_allow_word(tmp_path: Path) -> None:
    async with a_day(tmp_path) as day:
        day.go_to(TUESDAY_MORNING + timedelta(minutes=5))  # rules that were read a moment ago are not changed
        before = await write(day, STAFF, "请打开黑板报的灯")
        word = said_in(day, TO_STAFF, before)
        await day.sandbox.press(STAFF, word, "可能是误会")
        await day.hear(TO_STAFF, "申诉 #1 记下了", after=before)
        question = await day.hear(TO_ADMIN, "有一条申诉请你看看", "请打开黑板报", after=before)
        assert "林晓彤" not in question.text
        await day.sandbox.press(ADMIN, question, "复核 #1")
        shown = await day.hear(TO_ADMIN, "发送人说是误会", "命中得对不对", after=question.number)
        await day.sandbox.press(ADMIN, shown, "错")
        done = await day.hear(TO_ADMIN, "记为「错」", "/规则 放行 2 打开黑板报", after=shown.number)
        await day.hear(TO_STAFF, "你的申诉有结果了", "是误会", after=shown.number)
        await day.sandbox.press(ADMIN, done, "放行「打开黑板报」")
        effect = await day.hear(TO_ADMIN, "打开黑板报", "/确认", after=done.number)
        code = re.search(r"/确认 (\d{4})", effect.text)
        assert code is not None
        await day.ask(ADMIN, TO_ADMIN, f"/确认 {code[1]}", "games")
        before = await write(day, STUDENT, "再打开黑板报看看")
        assert TO_STUDENT not in heard(day, before)
        before = await write(day, STUDENT, "今晚开黑")
        assert heard(day, before) == [TO_STUDENT]


async def test_nobody_reviews_the_own(tmp_path: Path) -> None:
    async with a_day(tmp_path) as day:
        await write(day, ADMIN, "专业代写论文", TO_ADMIN)
        await day.ask(ADMIN, TO_ADMIN, "/复核 1 错", "没有编号 1 的提醒，或者不由你复核")
        await day.ask(ADMIN, TO_ADMIN, "/复核", "没有要复核的")
        await day.ask(ADMIN, TO_ADMIN, "申诉 1 是例子", "现在没有别人能复核")


async def test_a_word_in_the_group_waits_for_an_admin_who_confirms_it(tmp_path: Path) -> None:
    async with a_day(tmp_path) as day:
        before = await write(day, STUDENT, "转发此消息到五个群")
        assert set(heard(day, before)) == {TO_STUDENT, TO_ADMIN}
        asked = said_in(day, TO_ADMIN, before)
        await day.sandbox.press(ADMIN, asked, "在群里提醒大家")
        shown = await day.hear(TO_ADMIN, "将在「软件2301班级群」发这一条", after=asked.number)
        code = re.search(r"/确认 (\d{4})", shown.text)
        assert code is not None
        await day.ask(ADMIN, TO_ADMIN, f"/确认 {code[1]}", "没有提是谁")
        post = await day.hear(CLASS_GROUP, "温馨提醒", "一.2", after=shown.number)
        assert "方子涵" not in post.text
        assert "转发此消息" not in post.text
