"""`/自检` in a whole bot: asked by the admin, tried over the network, answered in the chat."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from click.testing import CliRunner

from bot.app import Steward
from bot.cli import main
from bot.cli.sandbox import fill
from sandbox.college import ADMIN, STAFF
from sandbox.world import SandboxClock
from tests.scenarios.college_day import TUESDAY_MORNING, CollegeDay, college_day

PRIVATE = f"private:{ADMIN}"
SEND = "/v1.0/robot/oToMessages/batchSend"
TOKEN = "/v1.0/oauth2/accessToken"


def fill_the_books(steward: Steward) -> None:
    """People, groups and members, as the college's office brings them in."""
    fill(steward.store, SandboxClock(TUESDAY_MORNING))


def asked_for_tokens(it: CollegeDay) -> int:
    return len(it.sandbox.record.calls_to(TOKEN))


async def test_a_self_check_says_what_lacks_and_how_to_get_it(tmp_path: Path) -> None:
    async with college_day(tmp_path, prepare=fill_the_books, admins=(ADMIN,)) as it:
        await it.directory_read()
        await it.ask(ADMIN, PRIVATE, "/自检", "收不到：正常", "发不出：正常", "群里没反应：正常", "定时没来：正常")
        assert [probe.status for probe in it.steward.store.probes.all()] == ["ok"] * 12
        it.sandbox.core.denied_scopes = {"qyapi_get_member"}
        it.clock.advance_to(it.clock.now() + timedelta(minutes=2))
        answer = await it.ask(ADMIN, PRIVATE, "/自检", "❌ 成员权限", "成员信息读（qyapi_get_member）", "「权限管理」")
        assert "定时没来：有问题" in answer.text and "收不到：正常" in answer.text
        await it.sandbox.press(ADMIN, answer, "看明细")
        await it.hear(PRIVATE, "自检明细", "读得到通讯录", after=answer.number)


async def test_a_month_that_is_used_up_is_one_trouble_and_no_missing_permission(tmp_path: Path) -> None:
    async with college_day(tmp_path, prepare=fill_the_books, admins=(ADMIN,)) as it:
        await it.directory_read()
        it.sandbox.quotas.calls_per_month = 1
        answer = await it.ask(ADMIN, PRIVATE, "/自检", "❌ 调用额度", "发现 1 个问题", "发不出：有问题")
        assert "❌ 成员权限" not in answer.text
        await it.ask(ADMIN, PRIVATE, "/配额", "全组织的额度已用完")


async def test_everybody_who_asks_at_once_shares_one_attempt_and_nobody_else_sets_one_off(tmp_path: Path) -> None:
    async with college_day(tmp_path, prepare=fill_the_books, admins=(ADMIN,)) as it:
        await it.directory_read()
        before, calls = it.last_number, len(it.sandbox.calls)
        tokens = asked_for_tokens(it)
        await it.ask(STAFF, f"private:{STAFF}", "/自检", "需要子管理员")
        assert asked_for_tokens(it) == tokens
        await asyncio.gather(*(it.sandbox.say(ADMIN, PRIVATE, "/自检") for _ in range(5)))
        await it.sandbox.until_settled()
        await it.settle()
        # What waits for the same person may go out as one message.
        assert any("收不到：正常" in text for text in it.robot_said(PRIVATE, after=before))
        assert asked_for_tokens(it) == tokens + 1
        assert len([call for call in it.sandbox.calls[calls:] if call.path == SEND]) <= 1


async def test_what_failed_is_listed_and_works_once_the_reason_is_gone(tmp_path: Path) -> None:
    async with college_day(tmp_path, prepare=fill_the_books, admins=(ADMIN,)) as it:
        await it.directory_read()
        outbox, store = it.steward.store.outbox, it.steward.store
        it.sandbox.core.denied_scopes = {"qyapi_robot_sendmsg"}
        group = next(one for one in it.world.groups.values() if ADMIN in one.members and one.has_robot)
        await it.ask(ADMIN, group.conversation_id, "/自检", "我现在发不了私信")
        await it.ask(ADMIN, group.conversation_id, "/自检 搁置", "已私下发给你")
        async with asyncio.timeout(10):
            while not outbox.parked():
                await asyncio.sleep(0.02)
        [row] = outbox.parked()
        listed = await it.ask(ADMIN, PRIVATE, "/自检 搁置", f"发{row.id}", "的私信", "AccessTokenPermissionDenied")
        it.sandbox.core.denied_scopes = set()
        before = listed.number
        await it.sandbox.press(ADMIN, listed, "全部重试")
        await it.hear(PRIVATE, f"1 条重新来过：发{row.id}", after=before)
        await it.hear(PRIVATE, "没有搁置的消息", after=before)
        assert outbox.parked() == []
        assert [entry.action for entry in store.audit.latest() if entry.actor == ADMIN] == ["自检 重试"]


async def test_the_console_beside_the_running_bot_finds_what_the_chat_finds(tmp_path: Path) -> None:
    """The console has the machine's clock, so the bot gets the present time as well."""
    async with college_day(tmp_path, start=datetime.now(UTC), prepare=fill_the_books, admins=(ADMIN,)) as it:
        await it.directory_read()
        it.sandbox.core.denied_scopes = {"qyapi_get_member"}
        answer = await it.ask(ADMIN, PRIVATE, "/自检", "❌ 成员权限", "收不到：正常")
        arguments = ["doctor", "--json", "-c", str(tmp_path / "config.toml")]
        result = await asyncio.to_thread(CliRunner().invoke, main, arguments)
        checks = {one["check"]: one for one in map(json.loads, result.stdout.splitlines())}
        bad = {name: check["found"] for name, check in checks.items() if check["status"] == "bad"}
        assert (result.exit_code, list(bad)) == (1, ["members"])
        assert bad["members"] in answer.text
        assert checks["connections"]["found"] == "1 条连接都在"
        assert "机器人正连着 1 条" in checks["gateway"]["found"]
        await it.ask(ADMIN, PRIVATE, "你好", "群管家")
