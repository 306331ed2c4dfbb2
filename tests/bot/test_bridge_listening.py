"""The bridge's address: this machine, a token, and 200 only once it is on disk."""

from __future__ import annotations

import asyncio
import io
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from bot.bridge.listening import MOST_BYTES, Listening, ListeningError
from bot.bridge.settings import BridgeDoorSettings
from bot.bridge.taking import Taking
from bot.settings import SettingsError, load
from storage.database import Database
from storage.store import Store

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
TOKEN = "a-token-of-some-length"


class Clock:
    def now(self) -> datetime:
        return NOW


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@asynccontextmanager
async def listening(folder: Path) -> AsyncIterator[tuple[str, Store, aiohttp.ClientSession]]:
    with Database(folder / "steward.db") as database:
        store, until, port = Store(database), asyncio.Event(), free_port()
        settings = BridgeDoorSettings(enabled=True, groups=("cidA",))
        ready = asyncio.Event()
        found = Listening(Taking(store, settings, Clock(), "address", print), TOKEN, lambda _: ready.set())
        running = asyncio.create_task(found.run("127.0.0.1", port, until))
        await ready.wait()
        try:
            async with aiohttp.ClientSession(trust_env=False) as http:
                yield f"http://127.0.0.1:{port}/messages", store, http
        finally:
            until.set()
            await running


def body(*numbers: int) -> bytes:
    lines = [{"message_id": f"m{n}", "conversation_id": "cidA", "content": "你好"} for n in numbers]
    return "\n".join(json.dumps(line) for line in lines).encode()


def head(token: str = TOKEN) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_what_was_answered_is_on_disk_and_sending_again_does_no_harm(tmp_path: Path) -> None:
    async with listening(tmp_path) as (url, store, http):
        async with http.post(url, data=body(1, 2) + b"\n{half", headers=head()) as answer:
            assert answer.status == 200
            tally = await answer.json()
        assert (tally["lines"], tally["taken"], tally["bad"]) == (3, 2, 1)
        assert store.inbox.counts()["new"] == 2
        async with http.post(url, data=body(1, 2, 3), headers=head()) as answer:
            assert (await answer.json())["known"] == 2
    with Database(tmp_path / "steward.db") as database:
        (run,) = Store(database).bridge.runs(NOW)
        assert (run.door, run.ended_at, run.tally.taken) == ("address", NOW, 3)


@pytest.mark.parametrize("headers", [{}, head("wrong"), head(""), {"Authorization": "口令"}])
async def test_without_the_token_nothing_is_taken(tmp_path: Path, headers: dict[str, str]) -> None:
    async with listening(tmp_path) as (url, store, http):
        async with http.post(url, data=body(1), headers=headers) as answer:
            assert answer.status == 401
            assert TOKEN not in await answer.text()
        assert store.inbox.counts()["new"] == 0


async def test_a_token_that_is_no_text_is_a_wrong_one(tmp_path: Path) -> None:
    async with listening(tmp_path) as (url, _, _http):
        port = int(url.split(":")[2].split("/")[0])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"POST /messages HTTP/1.0\r\nHost: x\r\nAuthorization: Bearer \xff\xfe\r\nContent-Length: 0\r\n\r\n"
        )
        assert b" 401 " in await reader.readline()
        writer.close()
        await writer.wait_closed()


async def test_other_ways_and_too_much_at_once_are_refused(tmp_path: Path) -> None:
    async with listening(tmp_path) as (url, _, http):
        async with http.get(url, headers=head()) as answer:
            assert answer.status == 405
        async with http.post(url, data=io.BytesIO(b"x" * (MOST_BYTES + 1)), headers=head()) as answer:
            assert answer.status == 413


async def test_what_cannot_be_stored_is_to_be_sent_again(tmp_path: Path) -> None:
    async with listening(tmp_path) as (url, store, http):
        store.database.execute("alter table bridge_groups rename to away")
        async with http.post(url, data=body(1), headers=head()) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
        store.database.execute("alter table away rename to bridge_groups")
        async with http.post(url, data=body(1), headers=head()) as answer:
            assert (await answer.json())["taken"] == 1


async def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken, Database(tmp_path / "steward.db") as database:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        taking = Taking(Store(database), BridgeDoorSettings(enabled=True), Clock(), "address", print)
        with pytest.raises(ListeningError, match=r"\[bridge\] port"):
            await Listening(taking, TOKEN, print).run("127.0.0.1", taken.getsockname()[1], asyncio.Event())


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.com", "127.0.0.1.example.com"])
def test_no_other_machine_is_let_in(host: str) -> None:
    with pytest.raises(SettingsError, match="只能是本机地址"):
        load(None, {"STEWARD_BRIDGE__HOST": host})


def test_a_token_is_a_secret(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN, encoding="utf-8")
    config = tmp_path / "config.toml"
    config.write_text('[bridge]\ntoken_file = "token"\n', encoding="utf-8")
    settings = load(config, {})
    assert settings.bridge.secret(settings.base) == TOKEN
    assert TOKEN in settings.secrets
    assert load(None, {"STEWARD_BRIDGE__HOST": "::1"}).bridge.host == "::1"
