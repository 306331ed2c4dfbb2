"""People who never read a manual, for a day; afterwards every message of the robot and every row is looked at."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import Steward
from bot.cli.sandbox import fill
from handlers.commands import grammar
from handlers.commands.registry import COMMANDS
from handlers.policy.answering.inquiry import LONGEST_KEPT
from sandbox.buttons import said_by
from sandbox.college import (
    ADMIN,
    CLASS_GROUP,
    EXTERNAL_GROUP,
    OUTSIDER,
    OWNER,
    SCENE_GROUP,
    STAFF,
    STAFF_GROUP,
    STUDENT,
)
from sandbox.world import SandboxClock, ShownMessage
from tests.scenarios.college_day import TUESDAY_MORNING, CollegeDay, college_day

NUMBER = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")
OPAQUE = re.compile(r"msg[0-9a-f]{20}==|\b[0-9a-f]{32}\b")
"""Ids that the platform makes up at random; now and then one holds eleven digits in a row."""
MOBILE, IDENTITY = "13812345678", "11010519491231002X"
SAID: tuple[tuple[str, str, str], ...] = (
    (STAFF, "private", "退休老师还用留群里不"),
    (STAFF, "private", "谢谢你刚才的回答 那借调的呢"),
    (STAFF, "private", "1. 退休的要移出吗\n2. 群主由谁当\n3. 昵称怎么写"),
    (STAFF, "private", f"我的手机号是{MOBILE}，帮我改一下"),
    (STAFF, "private", f"张三 {MOBILE}\n王五 {IDENTITY}"),
    (STAFF, "private", "【转发】低价办理各类证件 先办后付款"),
    (STAFF, "private", "/我是谁？"),
    (STAFF, "private", "／清理　状态"),
    (STAFF, "private", f"/{MOBILE}"),
    (STAFF, "private", "举报张三发广告"),
    (STAFF, "private", "转人工"),
    (STAFF, "private", "人呢" * 400),
    (STAFF, STAFF_GROUP, f"孙老师的电话{MOBILE}，退休了还要留在群里吗"),
    (STAFF, STAFF_GROUP, "/群登记 水果群"),
    (STAFF, STAFF_GROUP, "/清理 发起"),
    (STAFF, STAFF_GROUP, "/我是谁"),
    (STUDENT, CLASS_GROUP, "班级群家长能进吗"),
    (OUTSIDER, EXTERNAL_GROUP, "/帮助"),
    (OUTSIDER, EXTERNAL_GROUP, "把各位老师的电话发我"),
    (OUTSIDER, STAFF_GROUP, f"我是启明的卢浩，电话{MOBILE}"),
    (OWNER, "private", "收到，马上处理"),
    (OWNER, "private", "段志高不是早就走了吗"),
    (OWNER, "private", f"潘玉梅返聘电话{MOBILE}，保留到明年6月"),
    (OWNER, "private", "①已移出"),
    (OWNER, "private", "我点错了"),
    (OWNER, "private", "撤回1"),
    (OWNER, "private", "3不认识"),
    (OWNER, SCENE_GROUP, "全部已移出"),
    (OWNER, SCENE_GROUP, "/清理名单"),
    (OWNER, SCENE_GROUP, "/清理 状态"),
    (OWNER, "private", "已经全部清理完毕，谢谢"),
    (ADMIN, "private", "/群 列表"),
    (ADMIN, "private", "/清理状态"),
    (ADMIN, "private", "/计划列表"),
    (ADMIN, "private", "/规章测试群主谁来当"),
    (ADMIN, "private", f"/规则 测试 联系我{MOBILE}"),
    (ADMIN, "private", "/状态"),
)


def fill_the_books(steward: Steward) -> None:
    fill(steward.store, SandboxClock(TUESDAY_MORNING))


async def taken_in(day: CollegeDay, message_id: str) -> None:
    """Wait until the message has reached the inbox."""
    async with asyncio.timeout(10):
        while not day.steward.store.database.row("select 1 from inbox where key = ?", (f"message:{message_id}",)):
            await asyncio.sleep(0.01)


async def live_through(day: CollegeDay) -> None:
    """The admin starts a clean-up, then everybody speaks, one after the other."""
    await day.directory_read()
    asked = await day.ask(ADMIN, f"private:{ADMIN}", "/清理发起部门群、项目群", "/确认")
    await day.sandbox.press(ADMIN, asked, "确认")
    await day.hear(f"private:{OWNER}", "段志高")
    for person, place, text in SAID:
        message_id = await day.sandbox.say(person, f"private:{person}" if place == "private" else place, text)
        await taken_in(day, message_id)
        await day.settle()


def by_robot(day: CollegeDay) -> list[ShownMessage]:
    return [message for message in day.world.messages if message.author == "robot"]


def texts_in_rows(day: CollegeDay) -> Iterator[tuple[str, str, str]]:
    """Table, column and text of everything that is stored."""
    database = day.steward.store.database
    for (table,) in [tuple(row) for row in database.rows("select name from sqlite_master where type = 'table'")]:
        for row in database.rows(f"select * from [{table}]"):
            for column in row.keys():  # noqa: SIM118 - a row is no mapping
                if isinstance(row[column], str):
                    yield table, column, row[column]


async def test_a_day_of_newcomers(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    async with college_day(tmp_path, prepare=fill_the_books, admins=(ADMIN,)) as day:
        await live_through(day)
        store = day.steward.store
        said = by_robot(day)
        names = {person.name for person in day.world.people.values()}

        # Nobody waits for an answer that failed.
        assert store.inbox.counts()["parked"] == store.outbox.counts()["parked"] == 0
        assert len(said) > len(SAID)

        # Every button says a command that there is, and the command stands in plain below the text.
        pressed = [(message, said_by(message, button.title)) for message in said for button in message.buttons]
        assert len(pressed) > 30
        for message, words in pressed:
            assert grammar.find(words, COMMANDS) is not None, words
            assert words in message.text

        # No message is longer than a few turns of the thumb, and none has holes in its words.
        for message in said:
            assert 0 < len(message.text.strip()) < 1800
            assert not re.search(r"None|\{\w*\}|\[\]|\*\*\*\*", message.text), message.text

        # In groups: no numbers, and no names but those that the register shows there.
        for message in said:
            assert MOBILE not in message.text
            assert IDENTITY not in message.text
            if not message.chat.startswith("private:"):
                assert not NUMBER.search(message.text)
                assert [name for name in names if name in message.text] == []

        # What is kept: numbers where the roster needs them, and nowhere else; no text of a message that was handled.
        keeps = {(table, column) for table, column, text in texts_in_rows(day) if NUMBER.search(OPAQUE.sub("", text))}
        # The examples of the rules that ship have invented numbers, and nobody's.
        assert keeps <= {("staff_facts", "mobile"), ("members", "name"), ("rule_versions", "body")}
        assert all(text == "" for table, column, text in texts_in_rows(day) if (table, column) == ("inbox", "body"))
        assert "人呢" * (LONGEST_KEPT // 2 + 1) not in json.dumps(list(texts_in_rows(day)), ensure_ascii=False)

        # What was changed, by whom.
        actions = [entry.action for entry in store.audit.latest(100)]
        for action in ("确认", "清理 发起", "清理 已移出", "清理 保留", "清理 不清楚", "清理 撤回"):
            assert action in actions
    assert not NUMBER.search(caplog.text)
    assert "sandbox-secret" not in caplog.text
