"""Opening connections: what fails is tried again for ever, told once, and never holds anybody up."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.gateway import stream
from tests.bot.rig import EAGER, rig

OPEN = "/v1.0/gateway/connections/open"


async def test_a_wrong_secret_is_one_line_and_no_flood(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with rig(tmp_path, secret="wrong", connections=2, violations_expected=True) as it:
        await it.sandbox.until(lambda: len(it.sandbox.record.calls_to(OPEN)) >= 6)
        assert not it.gateway.has_connected.is_set()
    [line] = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert line.levelno == logging.ERROR
    assert "client_secret" in line.getMessage()
    assert "Stream 模式" in line.getMessage()
    assert "wrong" not in line.getMessage()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (503, {"code": "ServiceUnavailable", "message": "x"}),
        (403, {"code": "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"}),
        (200, "<html>proxy</html>"),
        (200, {"endpoint": "ws://127.0.0.1"}),
        (500, "oops"),
        (200, "[" * 100_000),
        (400, {"code": ["x"] * 10_000}),
        (200, {"endpoint": "ftp://127.0.0.1/x", "ticket": "t"}),
        (200, {"endpoint": "ws://127.0.0.1:1/x", "ticket": "t"}),
    ],
)
async def test_an_opening_that_fails_is_tried_again(tmp_path: Path, status: int, body: Any) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        it.sandbox.faults.answer(OPEN, status, body, times=3)
        task = asyncio.create_task(it.gateway.run())
        await it.connected()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert len(it.sandbox.record.calls_to(OPEN)) == 4


async def test_without_network_it_says_so_once_and_goes_on_trying(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with rig(tmp_path, with_gateway=False) as it:
        it.sandbox.go_offline()
        task = asyncio.create_task(it.gateway.run())
        async with asyncio.timeout(10):
            while not caplog.records:
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)  # time for several tries; more lines would be the flood
        [line] = caplog.records
        assert "连不上钉钉" in line.getMessage()
        it.sandbox.go_online()
        await it.connected()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert "已连上钉钉" in caplog.text


def without_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are to be resolved here, not by a proxy of this machine."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("hanging", ["the call", "the WebSocket"])
async def test_a_resolver_that_hangs_stalls_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hanging: str
) -> None:
    """The loop goes on and each try has its end, while the resolver has not answered a single time."""
    without_proxy(monkeypatch)
    lets_go = threading.Event()
    asked: list[str] = []
    real = socket.getaddrinfo

    def hang(host: Any, *rest: Any, **named: Any) -> Any:
        if host == "dingtalk.test":
            asked.append(host)
            lets_go.wait(30)
            host = "127.0.0.1"
        return real(host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    async with rig(tmp_path, patience=replace(EAGER, opening=0.2), with_gateway=False) as it:
        elsewhere = it.sandbox.url.replace("127.0.0.1", "dingtalk.test")
        if hanging == "the call":
            it.gateway._endpoint = elsewhere
        else:
            it.sandbox.core.url = elsewhere
        task = asyncio.create_task(it.gateway.run())
        try:
            for _ in range(2):
                async with asyncio.timeout(10):
                    while it.gateway.last_failure is None:
                        await asyncio.sleep(0.01)
                it.gateway.last_failure = None
            assert asked
            assert not lets_go.is_set()
        finally:
            lets_go.set()
        await it.connected()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_the_secret_goes_where_the_settings_say_and_nowhere_else(tmp_path: Path) -> None:
    """A captive portal's redirect is not followed with the secret in hand."""
    async with rig(tmp_path) as there, rig(tmp_path / "here", with_gateway=False) as it:
        asked = len(there.sandbox.record.calls_to(OPEN))

        async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(
                f"HTTP/1.1 307 x\r\nlocation: {there.sandbox.url}{OPEN}\r\ncontent-length: 0\r\n"
                "connection: close\r\n\r\n".encode()
            )
            await writer.drain()
            writer.close()

        portal = await asyncio.start_server(redirect, "127.0.0.1", 0)
        it.gateway._endpoint = f"http://127.0.0.1:{portal.sockets[0].getsockname()[1]}"
        task = asyncio.create_task(it.gateway.run())
        async with asyncio.timeout(10):
            while it.gateway.last_failure is None:
                await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        portal.close()
        await there.connected()
        assert len(there.sandbox.record.calls_to(OPEN)) == max(asked, 1)


async def test_the_pause_is_drawn_from_nothing_to_the_cap_and_a_refused_one_ends_at_it(tmp_path: Path) -> None:
    async with rig(tmp_path, patience=stream.Patience(), with_gateway=False) as it:
        drawn = [it.gateway._pause(30) for _ in range(300)]
        assert 0.0 <= min(drawn) < 6.0
        assert 54.0 < max(drawn) <= 60.0
        assert it.gateway._pause(1) <= 1.0
        assert it.gateway._pause(0) == 0.0
        assert it.gateway._pause(30, is_refused=True) == 60.0


async def test_a_thousand_failures_do_not_end_the_gateway(tmp_path: Path) -> None:
    """2 to the power of the number of failures once was more than a float holds."""
    async with rig(tmp_path, with_gateway=False) as it:
        assert 0 <= it.gateway._pause(5000) <= EAGER.longest_retry
