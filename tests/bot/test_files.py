"""Files of messages against the sandbox: fetched, counted, and every trouble said in a sentence."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot import files, wire
from bot.files import Files
from bot.refusals import ErrorKind, OpenAPIError
from handlers.fetched import Fetched, FetchedFile
from handlers.message import ChatKind, Incoming, MessageKind, Sender
from tests.bot.rig import Rig, rig

DOWNLOAD = "/v1.0/robot/messageFiles/download"
CODE = "code1"


def a_file(code: str = CODE) -> Incoming:
    return Incoming(
        "m1", "cid", ChatKind.PRIVATE, Sender("0001"), kind=MessageKind.FILE, file_name="办法.txt", download_code=code
    )


async def fetched(it: Rig, message: Incoming, seconds: float = 5.0) -> FetchedFile:
    async with wire.open_session(trust_env=False) as http:
        found: Fetched = await Files(it.openapi, http, seconds).of(message)
    assert found.file is not None
    return found.file


async def say_file(it: Rig, data: bytes) -> None:
    await it.sandbox.say("0001", "private:0001", "办法.txt", kind="file", content={"data": data, "downloadCode": CODE})


async def test_a_file_is_fetched_and_the_call_is_counted(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        await say_file(it, "第一条 甲".encode())
        assert await fetched(it, a_file()) == FetchedFile("办法.txt", "第一条 甲".encode())
        assert it.store.quota.by_api("2026-11")["robot/messageFiles/download"] == 1


async def test_an_unknown_code_is_said(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        found = await fetched(it, a_file("gone"))
        assert found.data == b""
        assert found.trouble.startswith("文件没能从钉钉下载下来，请再发一次")


async def test_a_busy_platform_is_asked_again(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        await say_file(it, b"x")
        it.sandbox.faults.answer(DOWNLOAD, 503, "x")
        assert (await fetched(it, a_file())).data == b"x"


async def test_without_permission_and_without_quota_it_is_said_what_to_do(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        await say_file(it, b"x")
        it.sandbox.core.denied_scopes.add("qyapi_robot_sendmsg")
        assert "没有下载文件的权限" in (await fetched(it, a_file())).trouble
        it.sandbox.core.denied_scopes.clear()
        it.sandbox.core.quotas.calls_per_month = 0
        assert "次数用完了" in (await fetched(it, a_file())).trouble


async def test_what_is_too_large_is_not_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 10)
    async with rig(tmp_path, with_gateway=False) as it:
        await say_file(it, b"x" * 11)
        assert "太大了" in (await fetched(it, a_file())).trouble


async def test_an_answer_without_an_address_is_no_address(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        for answer in ({}, {"downloadUrl": "file:///etc/passwd"}, {"downloadUrl": 7}):
            it.sandbox.faults.answer(DOWNLOAD, 200, answer)
            assert (await fetched(it, a_file())).trouble


async def test_a_host_that_never_answers_is_given_up(tmp_path: Path) -> None:
    async def never(request: web.Request) -> web.Response:
        await asyncio.sleep(60)
        return web.Response()

    app = web.Application()
    app.router.add_get("/file", never)
    async with rig(tmp_path, with_gateway=False) as it, TestServer(app, shutdown_timeout=0.1) as server:
        it.sandbox.faults.answer(DOWNLOAD, 200, {"downloadUrl": str(server.make_url("/file"))})
        assert (await fetched(it, a_file(), seconds=0.2)).trouble


async def test_a_stream_without_a_length_is_cut_and_refusals_are_told_apart() -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(100):
            await response.write(b"x" * 1000)
        return response

    async def refuse(request: web.Request) -> web.Response:
        return web.Response(status=int(request.match_info["status"]))

    app = web.Application()
    app.router.add_get("/endless", endless)
    app.router.add_get("/{status}", refuse)
    async with TestServer(app, shutdown_timeout=0.1) as server, wire.open_session(trust_env=False) as http:
        assert await wire.fetch(http, str(server.make_url("/endless")), 5000, wire.timeout_of(5)) is None
        for status, kind in ((403, ErrorKind.PERMANENT), (503, ErrorKind.PASSING)):
            with pytest.raises(OpenAPIError) as caught:
                await wire.fetch(http, str(server.make_url(f"/{status}")), 5000, wire.timeout_of(5))
            assert caught.value.kind is kind
        with pytest.raises(OpenAPIError) as caught:
            await wire.fetch(http, "http://127.0.0.1:1/x", 5000, wire.timeout_of(5))
        assert caught.value.kind is ErrorKind.UNREACHED
