"""What a self-check tries, against the sandbox: everything well, and each thing wrong by itself."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import wire
from bot.openapi import OpenAPI
from bot.selfcheck import probes
from bot.selfcheck.files import probe_database, probe_disk
from bot.selfcheck.probes import Examination
from bot.settings import Settings
from handlers.quota.apis import REFUSED
from sandbox.platform import Sandbox
from sandbox.world import SandboxClock
from storage.database import Database
from storage.groups import Group
from storage.outbox import Draft
from storage.presence import Presence
from storage.probes import Probe
from storage.store import Store
from tests.bot.rig import GROUP, SCENE, small_world

LIST_SUB, USERS = "/topapi/v2/department/listsub", "/topapi/v2/user/list"
SEND = "/v1.0/robot/oToMessages/batchSend"
TOKEN = "/v1.0/oauth2/accessToken"
OPEN = "/v1.0/gateway/connections/open"
ALWAYS = ("database", "disk", "semantic", "language-model")
"""What needs no network, and the models, which are off."""
NETWORK_ONES = ("network", "credentials", "clock", "gateway", "departments", "members", "scene-groups", "sending")


@dataclass(slots=True)
class Shifted:
    """A clock that goes `by` ahead of the sandbox's."""

    clock: SandboxClock
    by: timedelta = timedelta(0)

    def now(self) -> datetime:
        """The time as this machine has it."""
        return self.clock.now() + self.by


class Practice:
    """A sandbox, a database, and a self-check of the two."""

    def __init__(self, sandbox: Sandbox, store: Store, folder: Path) -> None:
        self.sandbox = sandbox
        self.store = store
        assert isinstance(sandbox.world.clock, SandboxClock)
        self.clock = Shifted(sandbox.world.clock)
        self.dingtalk: dict[str, Any] = {
            "client_id": sandbox.client_id,
            "client_secret": sandbox.client_secret,
            "openapi_endpoint": sandbox.url,
            "oapi_endpoint": sandbox.url,
        }
        self.folder = folder

    async def examine(self, **how: bool) -> dict[str, Probe]:
        """Try everything; what was found, by name."""
        return {probe.name: probe for probe in (await self.examination(**how)).probes}

    async def examination(self, **how: bool) -> Examination:
        settings = Settings.model_validate({"base": self.folder, "dingtalk": self.dingtalk})
        async with wire.open_session(trust_env=False) as http:
            openapi = OpenAPI(
                http,
                self.clock,
                client_id=settings.dingtalk.client_id,
                client_secret=settings.secret,
                robot_code=settings.robot_code,
                openapi_endpoint=settings.dingtalk.openapi_endpoint,
                oapi_endpoint=settings.dingtalk.oapi_endpoint,
                pause=0.01,
            )
            return await probes.probe_all(openapi, http, settings, self.store, self.clock, models=None, **how)

    def metered(self) -> list[str]:
        """The counted calls that were made."""
        return sorted(call.path for call in self.sandbox.calls if call.path not in (TOKEN, OPEN))


@asynccontextmanager
async def practice(folder: Path, *, violations_expected: bool = False) -> AsyncIterator[Practice]:
    sandbox = Sandbox(small_world(), seed=7)
    await sandbox.start()
    try:
        with Database(folder / "steward.db") as database:
            yield Practice(sandbox, Store(database), folder)
    finally:
        await sandbox.stop()
    assert violations_expected or sandbox.violations == []


def no_name_is_known(host: str, *_: object, **__: object) -> list[object]:
    """A resolver without a network."""
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def statuses(found: dict[str, Probe]) -> dict[str, str]:
    return {name: probe.status for name, probe in found.items()}


async def test_all_is_well_and_nobody_was_disturbed(tmp_path: Path) -> None:
    async with practice(tmp_path) as it:
        found = await it.examine()
        assert statuses(found) == dict.fromkeys((*NETWORK_ONES, *ALWAYS), "ok")
        assert all(probe.advice == "" and probe.found for probe in found.values())
        assert it.metered() == sorted([LIST_SUB, USERS, SEND])
        assert it.sandbox.world.messages == []
        assert it.sandbox.connections == []
        assert "1 个部门" in found["departments"].found


async def test_what_is_found_is_kept_and_calls_past_the_ledger_are_entered(tmp_path: Path) -> None:
    async with practice(tmp_path) as it:
        examination = await it.examination()
        probes.keep(it.store, examination, date(2026, 11, 25))
        assert [(probe.name, probe.status, probe.found) for probe in it.store.probes.all()] == sorted(
            (probe.name, probe.status, probe.found) for probe in examination.probes
        )
        assert it.store.quota.by_api("2026-11") == {"accessToken": 1}
        now = it.clock.now()
        kept = it.store.probes.all()
        assert probes.is_recent(kept, now)
        assert not probes.is_recent(kept, now + timedelta(minutes=2))
        assert not probes.is_recent(kept, now - timedelta(minutes=2))
        assert not probes.is_recent([], now)


async def test_what_is_known_already_is_not_tried_again(tmp_path: Path) -> None:
    """A bot that is connected needs no ticket, and one that sent by API lately needs nobody to send to."""
    async with practice(tmp_path) as it:
        now = it.clock.now()
        it.store.presence.put(Presence(now, now, "0.1.0", "pc", 7, wanted_connections=2, connections=2))
        sent = Draft(kind="group", body="{}", priority=1, created_at=now, conversation=GROUP)
        it.store.outbox.sent(it.store.outbox.add(sent), now - timedelta(days=2), "key")
        found = await it.examine()
        assert "连着 2 条" in found["gateway"].found
        assert "11-22 09:30" in found["sending"].found
        assert {OPEN, SEND}.isdisjoint(call.path for call in it.sandbox.calls)
        it.store.outbox.park(it.store.outbox.add(sent), "x", "发不出去")
        await it.examine()
        assert SEND in {call.path for call in it.sandbox.calls}
        it.clock.by = timedelta(days=10)
        await it.examine()
        assert OPEN in {call.path for call in it.sandbox.calls}


@pytest.mark.parametrize(
    ("scope", "name", "label"),
    [
        ("qyapi_get_department_list", "departments", "通讯录部门信息读（qyapi_get_department_list）"),
        ("qyapi_get_member", "members", "成员信息读（qyapi_get_member）"),
        ("qyapi_chat_read", "scene-groups", "群会话信息读（qyapi_chat_read）"),
        ("qyapi_robot_sendmsg", "sending", "企业内机器人发送消息（qyapi_robot_sendmsg）"),
    ],
)
async def test_the_permission_that_lacks_is_named_with_its_place(
    tmp_path: Path, scope: str, name: str, label: str
) -> None:
    async with practice(tmp_path) as it:
        it.store.groups.save(Group(SCENE, "项目群", is_scene_group=True))
        it.sandbox.core.denied_scopes = {scope}
        found = await it.examine()
        assert [one for one, status in statuses(found).items() if status != "ok"] == [name]
        assert found[name].status == "bad"
        assert label in found[name].found
        assert "「权限管理」申请" in found[name].advice


async def test_a_scene_group_that_is_none_any_more_is_a_remark(tmp_path: Path) -> None:
    async with practice(tmp_path) as it:
        it.store.groups.save(Group(GROUP, "办公室群", is_scene_group=True))
        probe = (await it.examine())["scene-groups"]
        assert (probe.status, "400020" in probe.found) == ("warning", True)


async def test_seeing_no_department_points_to_the_contact_scope(tmp_path: Path) -> None:
    async with practice(tmp_path) as it:
        del it.sandbox.world.departments[2]
        probe = (await it.examine())["departments"]
        assert (probe.status, "通讯录权限范围" in probe.advice) == ("warning", True)


async def test_a_wrong_secret_is_told_once_and_nothing_else_is_tried(tmp_path: Path) -> None:
    async with practice(tmp_path, violations_expected=True) as it:
        it.dingtalk["client_secret"] = "wrong-and-secret"
        found = await it.examine()
        assert found["network"].status == found["clock"].status == "ok"
        assert found["credentials"].status == "bad"
        assert "invalidClientIdOrSecret" in found["credentials"].found
        assert "client_secret" not in found["credentials"].found and "Client Secret" in found["credentials"].advice
        assert "wrong-and-secret" not in repr(found)
        assert {found[name].status for name in ("gateway", "departments", "members", "scene-groups", "sending")} == {
            "unknown"
        }
        assert [call.path for call in it.sandbox.calls] == [TOKEN]


async def test_a_robot_code_of_another_application_is_named(tmp_path: Path) -> None:
    async with practice(tmp_path, violations_expected=True) as it:
        it.dingtalk["robot_code"] = "dingother"
        probe = (await it.examine())["sending"]
        assert (probe.status, "[dingtalk] robot_code" in probe.advice) == ("bad", True)
        it.sandbox.faults.answer(SEND, 400, {"code": "new.code", "message": "[点我](http://x)"})
        probe = (await it.examine())["sending"]
        assert ("new.code" in probe.found, "点我" in repr(probe), "权限管理" in probe.advice) == (True, False, True)


async def test_an_application_that_may_not_stream_is_told(tmp_path: Path) -> None:
    async with practice(tmp_path) as it:
        it.sandbox.faults.answer(OPEN, 400, {"code": "invalidParameter", "message": "x"})
        probe = (await it.examine())["gateway"]
        assert (probe.status, "Stream 模式" in probe.advice) == ("bad", True)


# -- the network ------------------------------------------------------------------------------------------------


async def test_without_network_one_thing_is_wrong_and_the_rest_is_not_known(tmp_path: Path) -> None:
    async with practice(tmp_path) as it:
        it.sandbox.go_offline()
        found = await it.examine()
        assert found["network"].status == "bad"
        assert {found[name].status for name in NETWORK_ONES if name != "network"} == {"unknown"}
        assert found["database"].status == found["disk"].status == "ok"


@pytest.mark.parametrize(
    ("endpoint", "said"),
    [("http://nowhere.invalid", "解析不了"), ("http://127.0.0.1:1", "拒绝连接")],
)
async def test_kinds_of_unreachable_are_told_apart(
    tmp_path: Path, endpoint: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with practice(tmp_path) as it:
        monkeypatch.setattr("socket.getaddrinfo", no_name_is_known)
        it.dingtalk["openapi_endpoint"] = endpoint
        network = (await it.examine())["network"]
        assert (network.status, said in network.found, bool(network.advice)) == ("bad", True, True)


async def test_a_page_of_somebody_else_is_no_refusal(tmp_path: Path) -> None:
    async with practice(tmp_path) as it:
        it.sandbox.faults.answer(TOKEN, 200, "<html>请先登录校园网</html>")
        found = await it.examine()
        assert (found["network"].status, "认证页" in found["network"].advice) == ("bad", True)
        assert found["credentials"].status == "unknown"


async def test_an_error_page_is_no_page_to_log_in(tmp_path: Path) -> None:
    async with practice(tmp_path) as it:
        it.sandbox.faults.answer(TOKEN, 502, "<html>Bad Gateway</html>")
        network = (await it.examine())["network"]
        assert (network.status, "HTTP 502" in network.found) == ("bad", True)
        assert "过几分钟" in network.advice and "认证" not in network.advice


async def test_a_platform_in_trouble_is_not_our_fault(tmp_path: Path) -> None:
    async with practice(tmp_path) as it:
        it.sandbox.faults.answer(TOKEN, 503, {"code": "ServiceUnavailable"})
        found = await it.examine()
        assert [found[name].status for name in ("network", "credentials", "members")] == ["ok", "unknown", "unknown"]
        assert "暂时" in found["members"].found


async def test_only_the_legacy_host_is_cut_off(tmp_path: Path) -> None:
    async with practice(tmp_path) as it:
        it.dingtalk["oapi_endpoint"] = "http://127.0.0.1:1"
        found = await it.examine()
        assert [found[name].status for name in ("network", "gateway", "sending")] == ["ok", "ok", "ok"]
        assert [found[name].status for name in ("departments", "members")] == ["bad", "bad"]


async def test_what_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "WITHIN_SECONDS", 1.0)
    async with practice(tmp_path) as it:
        for path in (OPEN, USERS, SEND):
            it.sandbox.faults.hang(path, times=None)
        found = await it.examine()
        assert [found[name].status for name in ("gateway", "members", "sending")] == ["bad", "unknown", "unknown"]
        assert found["departments"].status == "ok"
        it.sandbox.faults.hang(TOKEN, times=None)
        network = (await it.examine())["network"]
        assert (network.status, "1 秒内没有答复" in network.found) == ("bad", True)


async def test_the_months_calls_are_used_up(tmp_path: Path) -> None:
    async with practice(tmp_path) as it:
        it.sandbox.faults.answer(USERS, 200, {"errcode": 90020, "errmsg": "used"})
        examination = await it.examination()
        [probe] = [probe for probe in examination.probes if probe.name == "members"]
        assert (probe.status, "用完" in probe.found) == ("unknown", True)
        probes.keep(it.store, examination, date(2026, 11, 25))
        assert it.store.quota.by_api("2026-11")[REFUSED] == 1


async def test_an_address_that_is_not_on_the_list_is_named(tmp_path: Path) -> None:
    async with practice(tmp_path) as it:
        it.sandbox.faults.answer(SEND, 403, {"code": "Forbidden.AccessDenied.IpNotInWhiteList", "message": "x"})
        probe = (await it.examine())["sending"]
        assert (probe.status, "出口 IP" in probe.advice) == ("bad", True)


async def test_being_asked_too_fast_is_no_finding(tmp_path: Path) -> None:
    async with practice(tmp_path) as it:
        it.sandbox.faults.answer(SEND, 403, {"code": "Forbidden.AccessDenied.QpsLimitForApi", "message": "x"})
        assert (await it.examine())["sending"].status == "unknown"


# -- the clock --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "status", "said"),
    [
        (timedelta(0), "ok", "一致"),
        (timedelta(seconds=40), "ok", "快 4"),
        (timedelta(seconds=-90), "warning", "慢 "),
        (timedelta(minutes=9), "warning", "快 9 分钟"),
        (timedelta(hours=8), "bad", "快 8 小时"),
        (timedelta(days=-3), "bad", "慢 "),
    ],
)
async def test_the_clock_is_held_against_dingtalks(tmp_path: Path, by: timedelta, status: str, said: str) -> None:
    async with practice(tmp_path) as it:
        it.clock.by = by + timedelta(milliseconds=300)
        clock = (await it.examine())["clock"]
        assert (clock.status, said in clock.found, bool(clock.advice)) == (status, True, status != "ok"), clock


def test_a_slow_answer_is_not_taken_for_a_wrong_clock() -> None:
    dated = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)
    for seconds, ahead in ((0.0, 0.0), (0.9, 0.0), (4.0, 0.0), (90.0, 86.0), (-70.0, -70.0)):
        now = dated + timedelta(seconds=seconds)
        assert probes._ahead(dated, now, 4.0).total_seconds() == ahead


# -- without network, without credentials -----------------------------------------------------------------------


async def test_offline_nothing_is_called(tmp_path: Path) -> None:
    async with practice(tmp_path) as it:
        found = await it.examine(online=False)
        assert {found[name].status for name in NETWORK_ONES} == {"unknown"}
        assert found["database"].status == found["disk"].status == "ok"
        assert it.sandbox.calls == []


@pytest.mark.parametrize("missing", ["client_id", "client_secret"])
async def test_without_credentials_nothing_is_called(tmp_path: Path, missing: str) -> None:
    async with practice(tmp_path) as it:
        del it.dingtalk[missing]
        found = await it.examine()
        assert {found[name].status for name in NETWORK_ONES} == {"unknown"}
        assert it.sandbox.calls == []


# -- the file and its disk ---------------------------------------------------------------------------------------

NOW = datetime.fromisoformat("2026-11-25T01:30:00+00:00")


def made(path: Path, rows: int = 0) -> Path:
    with Database(path) as database, database.transaction():
        for number in range(rows):
            database.execute(
                "insert into audit (at, actor, action, detail) values ('x', 'x', 'x', ?)", (f"{number}" * 400,)
            )
    return path


@pytest.mark.parametrize("thorough", [True, False])
def test_a_good_file_is_good_while_somebody_writes_to_it(tmp_path: Path, thorough: bool) -> None:
    path = made(tmp_path / "数据 #1.db", rows=10)
    with Database(path) as other, other.transaction():
        other.execute("delete from audit")
        assert probe_database(path, NOW, thorough=thorough).status == "ok"


def test_a_file_that_is_not_there_yet_is_no_fault(tmp_path: Path) -> None:
    probe = probe_database(tmp_path / "none.db", NOW, thorough=True)
    assert (probe.status, "还没有数据库" in probe.found) == ("ok", True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("thorough", [True, False])
def test_a_broken_file_is_told(tmp_path: Path, thorough: bool) -> None:
    path = made(tmp_path / "steward.db", rows=200)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2 // 4096 * 4096
    data[middle : middle + 8192] = b"\xff" * 8192
    path.write_bytes(data)
    probe = probe_database(path, NOW, thorough=thorough)
    assert (probe.status, "steward restore" in probe.advice) == ("bad", True)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "steward.db"
    path.write_text("not a database at all" * 100)
    assert probe_database(path, NOW, thorough=False).status == "bad"
    assert probe_database(tmp_path, NOW, thorough=False).status == "bad"


def test_a_check_that_takes_too_long_says_how_far_it_came(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.selfcheck.files.QUICK_SECONDS", -1.0)
    monkeypatch.setattr("bot.selfcheck.files._STEPS", 1)
    probe = probe_database(made(tmp_path / "steward.db", rows=50), NOW, thorough=False)
    assert (probe.status, "没有查完" in probe.found) == ("ok", True)


@pytest.mark.parametrize(("free", "status"), [(10**12, "ok"), (300 * 2**20, "warning"), (99 * 2**20, "bad")])
def test_room_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, status: str) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda folder: type("Usage", (), {"free": free}))
    probe = probe_disk(tmp_path / "not" / "yet" / "steward.db", NOW)
    assert (probe.status, bool(probe.advice), str(tmp_path) in probe.found) == (status, status != "ok", True)


def test_the_disk_of_a_database_in_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert str(tmp_path) in probe_disk(Path("steward.db"), NOW).found


def test_reading_alone_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = made(tmp_path / "steward.db")
    before = path.read_bytes()
    probe_database(path, NOW, thorough=True)
    assert path.read_bytes() == before
    with sqlite3.connect(path) as connection:
        connection.execute("select 1 from probes")
