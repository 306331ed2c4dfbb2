"""The typed calls against the sandbox, and what errors mean."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot import wire
from bot.gateway.opening import OpeningError, open_gateway
from bot.openapi import ErrorKind, OpenAPIError, SceneMember
from bot.refusals import check, check_legacy, unreadable
from tests.bot.rig import GROUP, SCENE, rig

LIST_SUB = "/topapi/v2/department/listsub"
USERS = "/topapi/v2/user/list"
TOKEN = "/v1.0/oauth2/accessToken"


async def test_the_directory_is_read(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        [office] = await it.openapi.sub_departments(1)
        assert (office["dept_id"], office["name"]) == (2, "办公室")
        assert (await it.openapi.department(2))["dept_manager_userid_list"] == ["0001"]
        page = await it.openapi.users(2)
        assert len(page.users) == 30
        assert page.next_cursor is None


async def test_a_scene_group_is_read_with_its_outsiders(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        group = await it.openapi.scene_group(SCENE)
        assert (group.title, group.owner, group.admins) == ("项目群", "0001", ("0002",))
        members = await it.openapi.scene_group_members(SCENE)
        assert len([one for one in members if one.staff_id is not None]) == 30
        assert [one for one in members if one.staff_id is None] == [SceneMember(None, "u99iEiE", "小客")]


async def test_an_ordinary_group_cannot_be_read(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        with pytest.raises(OpenAPIError) as caught:
            await it.openapi.scene_group(GROUP)
        assert caught.value.kind is ErrorKind.PERMANENT


async def test_reading_is_tried_again_when_the_platform_is_busy(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        it.sandbox.faults.answer(LIST_SUB, 200, {"errcode": 88, "sub_code": "90018", "errmsg": "qps"})
        it.sandbox.faults.drop(LIST_SUB)
        assert len(await it.openapi.sub_departments(1)) == 1
        it.sandbox.faults.answer(USERS, 503, "x", times=3)
        with pytest.raises(OpenAPIError) as caught:
            await it.openapi.users(2)
        assert caught.value.kind is ErrorKind.PASSING


async def test_a_stale_token_is_fetched_anew_for_reading_too(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        it.sandbox.faults.answer(LIST_SUB, 200, {"errcode": 42001, "errmsg": "expired"})
        assert len(await it.openapi.sub_departments(1)) == 1
        assert len(it.sandbox.record.calls_to(TOKEN)) == 2


async def test_many_calls_at_once_fetch_one_token(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        await asyncio.gather(*(it.openapi.department(2) for _ in range(20)))
        assert len(it.sandbox.record.calls_to(TOKEN)) == 1


@pytest.mark.parametrize("answer", [{"errcode": 0}, {"errcode": 0, "result": 7}, {"errcode": 0, "result": [None, 1]}])
async def test_an_answer_without_what_it_should_hold_is_empty(tmp_path: Path, answer: Any) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        for path in (LIST_SUB, USERS):
            it.sandbox.faults.answer(path, 200, answer)
        assert await it.openapi.sub_departments(1) == []
        assert (await it.openapi.users(2)).users == []


async def test_errors_hold_no_secret(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        token = await it.openapi.token()
        it.sandbox.go_offline()
        with pytest.raises(OpenAPIError) as caught:
            await it.openapi.sub_departments(1)
        assert token not in repr(caught.value)
        assert token not in repr(caught.value.__cause__)
        assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, {"code": "InvalidAuthentication"}, ErrorKind.STALE_TOKEN),
        (403, {"code": "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"}, ErrorKind.THROTTLED),
        (403, {"code": "Forbidden.AccessDenied.ApiCountLimitForOrg"}, ErrorKind.QUOTA),
        (403, {"code": "Forbidden.AccessDenied.AccessTokenPermissionDenied"}, ErrorKind.PERMISSION),
        (400, {"code": "send.too.fast"}, ErrorKind.BLOCKED),
        (400, {"code": "invalidParameter.userIds.invalid"}, ErrorKind.PERMANENT),
        (429, {}, ErrorKind.THROTTLED),
        (504, {}, ErrorKind.PASSING),
        (500, {"code": "x"}, ErrorKind.PASSING),
    ],
)
def test_what_the_new_api_says(status: int, body: dict[str, Any], kind: ErrorKind) -> None:
    with pytest.raises(OpenAPIError) as caught:
        check(status, body)
    assert caught.value.kind is kind


@pytest.mark.parametrize(
    ("body", "code", "kind"),
    [
        ({"errcode": 300001, "errmsg": "session 不存在"}, "300001", ErrorKind.STALE_SESSION),
        ({"errcode": 130101, "errmsg": "x"}, "130101", ErrorKind.BLOCKED),
        ({"errcode": 88, "sub_code": "90018", "errmsg": "x"}, "90018", ErrorKind.THROTTLED),
        ({"errcode": 88, "errmsg": "ding talk error[subcode=60011,submsg=没有权限]"}, "60011", ErrorKind.PERMISSION),
        ({"errcode": 88, "sub_code": "", "errmsg": "x"}, "88", ErrorKind.PASSING),
        ({"errcode": 90020, "errmsg": "x"}, "90020", ErrorKind.QUOTA),
        ({"errcode": 42001}, "42001", ErrorKind.STALE_TOKEN),
        ({"errcode": "-1"}, "-1", ErrorKind.PASSING),
        ({"errcode": 460101, "errmsg": "too long"}, "460101", ErrorKind.PERMANENT),
    ],
)
def test_what_the_legacy_api_says(body: dict[str, Any], code: str, kind: ErrorKind) -> None:
    with pytest.raises(OpenAPIError) as caught:
        check_legacy(200, body)
    assert (caught.value.code, caught.value.kind) == (code, kind)


def test_success_is_silent() -> None:
    check(200, {})
    check_legacy(200, {"errcode": 0})
    check_legacy(200, {"errcode": "0"})


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        ({"errcode": 130101, "errmsg": "send too fast", "status": 1111, "wait": 5, "punish": "deny"}, 5),
        ({"errcode": 130101, "Retry-After": "120"}, 120),
        ({"errcode": 130101, "Retry-After": "7", "wait": 30}, 30),
        ({"errcode": 130101, "Retry-After": "Wed, 25 Nov 2026 08:00:00 GMT"}, 0),
        ({"errcode": 130101, "wait": "-1"}, 0),
        ({"errcode": 130101}, 0),
    ],
)
def test_how_long_it_wants_to_be_left_alone(answer: dict[str, object], seconds: float) -> None:
    with pytest.raises(OpenAPIError) as caught:
        check_legacy(200, answer)
    assert (caught.value.kind, caught.value.retry_after) == (ErrorKind.BLOCKED, seconds)


@pytest.mark.parametrize(("status", "body"), [(429, "{}"), (503, '{"code": "ServiceUnavailable"}'), (429, "<html>")])
async def test_the_header_that_asks_for_patience_is_heard(status: int, body: str) -> None:
    async def busy(_: web.Request) -> web.Response:
        return web.Response(status=status, text=body, headers={"Retry-After": "90"})

    app = web.Application()
    app.router.add_post("/", busy)
    async with TestServer(app) as server, wire.open_session(trust_env=False) as http:
        with pytest.raises(OpenAPIError) as caught:
            check(*await wire.call(http, str(server.make_url("/")), {}, {}, _nothing))
        assert caught.value.retry_after == 90


async def _nothing() -> None:
    """There is nothing to mark."""


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (403, ErrorKind.PASSING),
        (407, ErrorKind.PASSING),
        (408, ErrorKind.PASSING),
        (429, ErrorKind.PASSING),
        (502, ErrorKind.PASSING),
        (200, ErrorKind.PASSING),
        (404, ErrorKind.PERMANENT),
        (413, ErrorKind.PERMANENT),
    ],
)
def test_a_page_of_a_proxy_or_gateway_loses_no_message(status: int, kind: ErrorKind) -> None:
    error = unreadable(status, "30")
    assert (error.kind, error.retry_after) == (kind, 30)


async def test_a_proxys_page_in_another_encoding_than_it_says_is_passing_trouble() -> None:
    page = "<html>网关超时</html>".encode("gb18030")
    head = "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n\r\n"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        await reader.readexactly(int(asked.partition("content-length: ")[2].partition("\r\n")[0]))
        writer.write(head.encode() + page)
        await writer.drain()
        writer.close()

    async def nothing() -> None:
        """There is nothing to mark."""

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, wire.open_session(trust_env=False) as http:
        with pytest.raises(OpenAPIError) as caught:
            await wire.call(http, url, {}, {}, nothing)
        assert caught.value.kind is ErrorKind.PASSING
        with pytest.raises(OpeningError, match="HTTP 502"):
            await open_gateway(http, url, "id", "secret")
