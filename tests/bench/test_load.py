"""The platform that the benches measure against counts what really happened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from bench.load.bots import BARE, ECHO, Kind
from bench.load.platform import platform
from bench.load.posts import Posts
from bench.load.runs import Load, measure
from bench.load.tally import Tally, Waits, message_id
from bot.gateway.opening import PATH

SOON = Load(a_second=40, seconds=1.0, people=7, latency=0.01, patience=30.0, grace=1.0)


@pytest.mark.parametrize("kind", [ECHO, BARE], ids=lambda kind: kind.name)
async def test_at_a_rate_that_every_bot_can_bear_all_is_answered_once(kind: Kind) -> None:
    outcome = await measure(kind, SOON)
    everything = frozenset(range(40))
    assert outcome.report.pushed == 40
    assert outcome.report.acknowledged == outcome.report.answered == everything
    assert (outcome.lost, outcome.unanswered, outcome.report.twice, outcome.parked) == (0, 0, 0, 0)
    assert 0 < outcome.report.until_acknowledged.p50 <= outcome.report.until_acknowledged.longest
    if kind is BARE:  # it acknowledges when its call has come back
        assert outcome.report.until_acknowledged.p50 >= SOON.latency


async def test_a_bot_that_ends_by_itself_is_told_and_not_waited_for() -> None:
    with pytest.raises(RuntimeError, match="ended by itself, status 1"):
        await measure(Kind("one that is not there", "bench.no_such_module"), SOON)


async def test_a_client_that_acknowledges_and_never_answers_is_seen_to_answer_nothing() -> None:
    async with platform(people=3, latency=0.0) as served, _connected(served.url) as socket:
        await served.until_connected(1, timeout=5)
        acknowledging = asyncio.create_task(_acknowledge(socket, 20))
        await served.push(50, 0.4)
        async with asyncio.timeout(10):
            await acknowledging
        report = await served.report()
    assert report.pushed == 20
    assert report.acknowledged == frozenset(range(0, 20, 2))
    assert report.answered == frozenset()


async def test_what_is_pushed_to_nobody_is_never_acknowledged() -> None:
    async with platform(people=3, latency=0.0) as served:
        await served.push(50, 0.2)
        report = await served.report()
    assert (report.pushed, len(report.acknowledged)) == (10, 0)


def test_one_post_may_answer_several_and_one_answered_again_is_counted() -> None:
    tally = Tally(pushed=[0.0, 0.0, 0.0], ended_at=2.0)
    tally.answer(f"甲 {message_id(0)} 乙 {message_id(1)} 甲 {message_id(0)}".encode(), 1.0)
    assert tally.report().answered == {0, 1}
    assert (tally.report().twice, tally.report().posts) == (0, 1)
    tally.answer(message_id(1).encode(), 5.0)
    tally.answer(message_id(2).encode(), 5.0)
    report = tally.report()
    assert report.answered == {0, 1, 2}
    assert (report.twice, report.posts) == (1, 3)
    assert (report.answered_in_time, report.last_answer) == (2, 3.0)


def test_waits_are_quantiles() -> None:
    assert Waits.of([]) == Waits(0.0, 0.0, 0.0)
    assert Waits.of([float(number) for number in range(100, 0, -1)]) == Waits(51.0, 100.0, 100.0)


@pytest.mark.parametrize("cut", [1, 7, 40, 10_000])
async def test_posts_are_read_however_they_are_cut(cut: int) -> None:
    bodies: list[bytes] = []
    server = await asyncio.get_running_loop().create_server(
        lambda: Posts(lambda body, at: bodies.append(body), lambda: 0.0), "127.0.0.1", 0
    )
    address = server.sockets[0].getsockname()
    reading, writing = await asyncio.open_connection(*address)
    wanted = [b'{"a":1}', b"x" * 3000]
    sent = b"".join(
        b"POST /robot/sendBySession?session=1 HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
        for body in wanted
    )
    for start in range(0, len(sent), cut):
        writing.write(sent[start : start + cut])
        await asyncio.sleep(0)
    for _ in wanted:
        assert (await reading.readuntil(b"}")).startswith(b"HTTP/1.1 200 OK\r\n")
    assert bodies == wanted
    writing.close()
    await writing.wait_closed()
    server.close()
    await server.wait_closed()


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    async with aiohttp.ClientSession() as http:
        async with http.post(url + PATH) as response:
            endpoint = (await response.json())["endpoint"]
        async with http.ws_connect(f"{endpoint}?ticket=t") as socket:
            yield socket


async def _acknowledge(socket: aiohttp.ClientWebSocketResponse, times: int) -> None:
    """Say to every second message that it went wrong; then end politely, so that all of it has been read."""
    for number in range(times):
        frame = await socket.receive_json()
        headers = {"contentType": "application/json", "messageId": frame["headers"]["messageId"]}
        await socket.send_json({"code": 500 if number % 2 else 200, "headers": headers, "message": "", "data": "{}"})
    await socket.close()
