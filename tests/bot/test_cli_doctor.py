"""`steward doctor` as people run it: before the first run, beside a bot, after its end, with and without network."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from handlers.doctor.check import Question
from handlers.doctor.texts import TITLES
from handlers.policy import shipped
from sandbox.platform import Sandbox
from sandbox.world import SandboxClock
from storage.database import Database
from storage.groups import Group
from storage.outbox import Draft
from storage.presence import Presence
from storage.schedules import ScheduleRow
from storage.store import Store
from tests.bot.rig import small_world

SECRET = "sandbox-secret"


class Office:
    """A folder with a configuration, a pretended DingTalk, and somebody at the console."""

    def __init__(self, folder: Path, sandbox: Sandbox) -> None:
        self.folder = folder
        self.sandbox = sandbox
        self.configure()

    def configure(self, secret: str = SECRET, more: str = "") -> None:
        """Write the configuration."""
        path = self.folder / "config.toml"
        path.write_text(
            f"""
[dingtalk]
client_id = "{self.sandbox.client_id}"
client_secret = "{secret}"
openapi_endpoint = "{self.sandbox.url}"
oapi_endpoint = "{self.sandbox.url}"
[roles]
main_admins = ["0001"]
{more}
""",
            encoding="utf-8",
        )
        path.chmod(0o600)

    async def run(self, *options: str) -> Result:
        """`steward doctor` in the folder. In a thread, because it has a loop of its own."""
        arguments = ["doctor", "-c", str(self.folder / "config.toml"), *options]
        result = await asyncio.to_thread(CliRunner().invoke, main, arguments)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert SECRET not in result.output
        return result

    async def checks(self, *options: str) -> tuple[int, dict[str, dict[str, object]]]:
        """Exit status and every check by name."""
        result = await self.run("--json", *options)
        return result.exit_code, {one["check"]: one for one in map(json.loads, result.stdout.splitlines())}

    def database(self) -> Database:
        """The bot's database, made when it is not there."""
        return Database(self.folder / "steward.db")

    def bot_is_well(self, beat_at: datetime | None = None) -> None:
        """What a bot that runs well leaves in its database."""
        now = datetime.now(UTC)
        with self.database() as database, database.transaction():
            store = Store(database)
            shipped.install_if_empty(store, now)
            store.presence.put(
                Presence(
                    now - timedelta(hours=1),
                    beat_at or now,
                    "0.1.0",
                    "pc",
                    7,
                    wanted_connections=2,
                    connections=2,
                    heard_at=beat_at or now,
                )
            )
            store.groups.save(Group("c1", "甲群", "department", owner="0001", last_heard_at=now))
            store.database.execute(
                "insert into inbox (key, kind, conversation, body, received_at, state) "
                "values ('message:a', 'message', 'c1', '', ?, 'done')",
                (now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),),
            )
            for name, when in (
                ("department-monthly", "每月第一个工作日 9:00 next Asia/Shanghai"),
                ("cleanup-reminders", ""),
                ("study-reminders", ""),
                ("policy-review", ""),
                ("policy-digest", ""),
                ("moderation-digest", ""),
                ("directory-sync", ""),
                ("retention", ""),
                ("quota-watch", ""),
            ):
                store.schedules.put(ScheduleRow(name, when, now, None))


@asynccontextmanager
async def office(folder: Path, *, violations_expected: bool = False) -> AsyncIterator[Office]:
    sandbox = Sandbox(small_world(SandboxClock()), seed=7)
    await sandbox.start()
    try:
        yield Office(folder, sandbox)
    finally:
        await sandbox.stop()
    assert violations_expected or sandbox.violations == []


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CLIENT_ID", "CLIENT_SECRET"):
        monkeypatch.delenv(f"STEWARD_DINGTALK__{name}", raising=False)


async def test_a_bot_that_is_well(tmp_path: Path) -> None:
    async with office(tmp_path) as it:
        it.bot_is_well()
        status, checks = await it.checks()
        assert {name: check for name, check in checks.items() if check["status"] != "ok"} == {}
        assert (status, set(checks)) == (0, set(TITLES))
        result = await it.run()
        assert result.exit_code == 0
        assert [line.partition(" / ")[0] for line in result.stdout.splitlines()[:4]] == [
            "收不到",
            "发不出",
            "群里没反应",
            "定时没来",
        ]
        assert result.stdout.count("正常 / well") == 4
        assert result.stderr == ""


async def test_every_check_says_which_questions_rest_on_it(tmp_path: Path) -> None:
    async with office(tmp_path) as it:
        _, checks = await it.checks("--offline")
        everything = [question.value for question in Question]
        assert checks["database"]["questions"] == everything
        assert checks["gateway"]["questions"] == ["hearing"]
        assert checks["parked-out"]["questions"] == ["sending"]
        assert set(checks["gateway"]) == {"check", "title", "questions", "status", "found", "advice"}


async def test_its_calls_are_entered_in_the_ledger(tmp_path: Path) -> None:
    async with office(tmp_path) as it:
        it.bot_is_well()
        await it.checks()
        with it.database() as database:
            by_day = Store(database).quota.by_day(date(2020, 1, 1), date(2100, 1, 1))
        [calls] = by_day.values()
        assert calls == {
            "accessToken": 2,
            "v2/department/listsub": 1,
            "v2/user/list": 1,
            "robot/oToMessages/batchSend": 1,
        }
        assert len(it.sandbox.calls) == sum(calls.values())


async def test_before_the_first_run_nothing_is_made_and_the_credentials_are_tried(tmp_path: Path) -> None:
    async with office(tmp_path) as it:
        status, checks = await it.checks()
        assert status == 1
        assert (checks["running"]["status"], "steward run" in str(checks["running"]["advice"])) == ("bad", True)
        assert checks["credentials"]["status"] == checks["gateway"]["status"] == checks["documents"]["status"] == "ok"
        assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]


async def test_a_process_that_died_is_told(tmp_path: Path) -> None:
    async with office(tmp_path) as it:
        it.bot_is_well(beat_at=datetime.now(UTC) - timedelta(minutes=5))
        result = await it.run()
        assert result.exit_code == 1
        assert "× 程序 / process：程序在" in result.stdout
        assert result.stdout.count("有问题 / something is wrong") == 4


async def test_beside_a_bot_that_is_just_writing(tmp_path: Path) -> None:
    async with office(tmp_path) as it:
        it.bot_is_well()
        with it.database() as database, database.transaction():
            database.execute("update outbox set state = 'sent'")
            status, checks = await it.checks("--offline")
        assert (status, checks["running"]["status"]) == (0, "ok")


async def test_what_lacks_is_named_with_what_to_do(tmp_path: Path) -> None:
    async with office(tmp_path) as it:
        it.bot_is_well()
        it.sandbox.core.denied_scopes = {"qyapi_robot_sendmsg"}
        result = await it.run()
        assert result.exit_code == 1
        assert (
            "× 发送权限 / permission to send：应用缺少权限：企业内机器人发送消息（qyapi_robot_sendmsg）"
            in result.stdout
        )
        assert "  → 请在开发者后台「权限管理」申请" in result.stdout
        verdicts = [line.split("    ")[1].split(" / ")[0] for line in result.stdout.splitlines()[:4]]
        assert verdicts == ["正常", "有问题", "正常", "正常"]


async def test_a_month_that_is_used_up_is_one_trouble_and_no_missing_permission(tmp_path: Path) -> None:
    async with office(tmp_path) as it:
        it.bot_is_well()
        it.sandbox.quotas.calls_per_month = 0
        status, checks = await it.checks()
        assert (status, checks["quota"]["status"], checks["members"]["status"]) == (1, "bad", "unknown")
        assert [name for name, check in checks.items() if check["status"] == "bad"] == ["quota"]


async def test_what_was_put_aside_is_told(tmp_path: Path) -> None:
    async with office(tmp_path) as it:
        it.bot_is_well()
        with it.database() as database:
            outbox = Store(database).outbox
            now = datetime.now(UTC)
            outbox.park(outbox.add(Draft("group", "{}", 1, now, conversation="c1")), "x.y", "x.y：群不存在")
        status, checks = await it.checks("--offline")
        assert (status, checks["parked-out"]["status"]) == (1, "bad")
        assert "x.y：群不存在" in str(checks["parked-out"]["found"])


async def test_a_wrong_secret(tmp_path: Path) -> None:
    async with office(tmp_path, violations_expected=True) as it:
        it.configure(secret="another-one")
        status, checks = await it.checks()
        assert (status, checks["credentials"]["status"]) == (1, "bad")
        assert "invalidClientIdOrSecret" in str(checks["credentials"]["found"])
        assert "another-one" not in repr(checks)


async def test_without_network(tmp_path: Path) -> None:
    async with office(tmp_path) as it:
        it.bot_is_well()
        it.sandbox.go_offline()
        status, checks = await it.checks()
        assert (status, checks["network"]["status"], checks["credentials"]["status"]) == (1, "bad", "unknown")


async def test_offline_nothing_is_called_and_nobody_can_be_sure(tmp_path: Path) -> None:
    async with office(tmp_path) as it:
        it.bot_is_well()
        result = await it.run("--offline")
        assert result.exit_code == 0
        assert result.stdout.count("不确定 / not sure") == 4
        assert "没能检查 / not looked at：网络、凭证、时钟、网关" in result.stdout
        assert it.sandbox.calls == []


async def test_what_to_do_first_stands_first(tmp_path: Path) -> None:
    async with office(tmp_path) as it:
        it.configure(more="[quota]\ncalls_per_month = 0\n")
        shown = (await it.run("--offline")).stdout
        assert 0 < shown.index("× 配置") < shown.index("× 程序")


async def test_a_bad_configuration_is_told_whole_and_the_rest_is_looked_at(tmp_path: Path) -> None:
    async with office(tmp_path) as it:
        it.configure(more='[moderation]\nrules = ["none.toml"]\n[colour]\n')
        result = await it.run("--json")
        assert result.exit_code == 2
        assert len(result.stderr.splitlines()) == 2
        checks = {one["check"]: one for one in map(json.loads, result.stdout.splitlines())}
        assert checks["configuration"]["status"] == "bad"
        assert "另有 1 处" in checks["configuration"]["found"]
        assert checks["credentials"]["status"] == "ok"


def test_a_configuration_that_cannot_be_read_ends_it(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["doctor", "-c", str(tmp_path / "none.toml")])
    assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (2, "", 1)


def test_without_credentials_it_is_bad_input_and_nothing_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["doctor"])
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 2)
    assert "还没有填应用凭证" in result.stdout
    assert list(tmp_path.iterdir()) == []


async def test_a_broken_database_is_told_and_nothing_is_claimed_of_it(tmp_path: Path) -> None:
    async with office(tmp_path) as it:
        (tmp_path / "steward.db").write_bytes(b"not a database" * 500)
        before = (tmp_path / "steward.db").read_bytes()
        status, checks = await it.checks()
        assert (status, checks["database"]["status"], checks["running"]["status"]) == (1, "bad", "unknown")
        assert checks["credentials"]["status"] == "ok"
        assert "plans" not in checks and "parked-in" not in checks
        shown = (await it.run("--offline")).stdout
        assert "看不出来；这次不联网" in shown, "each reason for not having looked is told"
        assert (tmp_path / "steward.db").read_bytes() == before


async def test_a_database_of_an_older_version_is_not_brought_up_to_date(tmp_path: Path) -> None:
    async with office(tmp_path) as it:
        it.bot_is_well()
        with it.database() as database, database.transaction():
            database.execute("drop table rivals")
            database.execute("delete from _sqlite_migrations where name like '%_rivals'")
        status, checks = await it.checks()
        assert (status, checks["running"]["status"], checks["database"]["status"]) == (1, "unknown", "warning")
        assert "启动一次" in str(checks["database"]["advice"])
        with sqlite3.connect(tmp_path / "steward.db") as connection:
            assert ("rivals",) not in connection.execute("select name from sqlite_master").fetchall()
