"""`steward run` as people start it: what it says when something is wrong, and how it ends."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.faults.stage import PRIVATE, SECONDS, Stage, stage, write_config

RUN = ("-m", "bot", "run", "-c")


async def until_said(it: Stage, words: str) -> None:
    """Wait until the log holds these words."""
    try:
        async with asyncio.timeout(SECONDS):
            while words not in it.log():
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"{words} was not said:\n{it.log()}") from None


async def test_it_connects_and_ends_on_sigterm(tmp_path: Path) -> None:
    async with stage(tmp_path) as it:
        await it.launch((*RUN, str(it.config)))
        await it.sandbox.until_connected(timeout=SECONDS)
        assert await it.stop() == 0
        assert "Traceback" not in it.log()
        assert "已停止" in it.log()


async def test_a_fresh_bot_reads_the_directory_by_itself(tmp_path: Path) -> None:
    async with stage(tmp_path) as it:
        await it.launch((*RUN, str(it.config)))
        await until_said(it, "通讯录已同步")
        assert it.rows("select count(*) from staff_facts") == [(30,)]
        assert await it.stop() == 0


async def test_a_second_one_on_the_same_database_is_refused(tmp_path: Path) -> None:
    async with stage(tmp_path) as it:
        await it.start()
        first = it.process
        second = await it.launch((*RUN, str(it.config)))
        assert await second.wait() == 2
        assert "已有一个群管家在用数据库" in it.log()
        assert "Traceback" not in it.log()
        it.process = first
        assert await it.stop() == 0


async def test_a_wrong_secret_is_said_once_with_what_to_do(tmp_path: Path) -> None:
    async with stage(tmp_path) as it:
        config = write_config(tmp_path, it.sandbox.url, secret="wrong-secret")
        await it.launch((*RUN, str(config)))
        opened = "/v1.0/gateway/connections/open"
        await it.sandbox.until(lambda: len(it.sandbox.record.calls_to(opened)) >= 3, timeout=SECONDS)
        assert await it.stop() == 0
        lines = [line for line in it.log().splitlines() if "client_secret" in line]
        assert len(lines) == 1
        assert "Traceback" not in it.log()
        assert "wrong-secret" not in it.log()


async def test_without_network_it_says_so_once_and_connects_when_there_is_one(tmp_path: Path) -> None:
    async with stage(tmp_path) as it:
        it.sandbox.go_offline()
        await it.launch((*RUN, str(it.config)))
        await until_said(it, "连不上钉钉")
        it.sandbox.go_online()
        await it.sandbox.until_connected(timeout=SECONDS)
        await until_said(it, "已连上钉钉")
        assert it.log().count("连不上钉钉") == 1
        assert await it.stop() == 0


async def test_missing_credentials_end_it_before_anything_starts(tmp_path: Path) -> None:
    async with stage(tmp_path) as it:
        it.config.write_text("", encoding="utf-8")
        process = await it.launch((*RUN, str(it.config)))
        assert await process.wait() == 2
        assert "client_id 没有填" in it.log()
        assert not (tmp_path / "steward.db").exists()


async def test_health_tells_whether_dingtalk_is_heard(tmp_path: Path) -> None:
    """Over a free port that the test found: the real server, asked by a real client."""
    import socket

    import aiohttp

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    async with stage(tmp_path) as it, aiohttp.ClientSession() as http:
        config = write_config(tmp_path, it.sandbox.url, more=f"[http]\nport = {port}\n")
        await it.launch((*RUN, str(config)))
        await until_said(it, "已连上钉钉")
        async with http.get(f"http://127.0.0.1:{port}/readyz") as answer:
            assert answer.status == 200
            assert (await answer.json())["connections"] == 1
        async with http.get(f"http://127.0.0.1:{port}/healthz") as answer:
            assert answer.status == 200
        it.sandbox.go_offline()
        async with asyncio.timeout(SECONDS):
            status = 200
            while status != 503:
                async with http.get(f"http://127.0.0.1:{port}/readyz") as answer:
                    status = answer.status
        assert await it.stop() == 0


async def test_the_real_bot_takes_strange_messages(tmp_path: Path) -> None:
    """A megabyte of text, kinds that nobody knows, empty ones: the process lives, nothing is parked."""
    async with stage(tmp_path) as it:
        await it.launch((*RUN, str(it.config)))
        await it.sandbox.until_connected(timeout=SECONDS)
        await it.sandbox.faults.garbage()
        await it.sandbox.say("0001", PRIVATE, "群" * 350_000)
        for kind in ("picture", "audio", "video", "file", "unknownMsgType", "interactiveCard", "chatRecord"):
            await it.sandbox.say("0001", PRIVATE, "", kind=kind)
        for text in ("", "😀😀", "字" * 5000):
            await it.sandbox.say("0001", PRIVATE, text)
        await it.until_settled()
        assert it.rows("select error from inbox where state = 'parked'") == []
        assert it.rows("select error from outbox where state = 'parked'") == []
        assert await it.stop() == 0
        assert it.sandbox.violations == []
