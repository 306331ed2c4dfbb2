"""How many messages a second are on disk and acknowledged, beside a commit for each.

The platform is a process of its own that keeps a fixed number of messages of each connection under way.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from aiohttp import WSMsgType, web

from bench.processes import flush_milliseconds, resident_megabytes
from bot import wire
from bot.clock import SystemClock
from bot.dispatch import Dispatch
from bot.gateway.intake import Intake
from bot.gateway.opening import PATH
from bot.gateway.stream import Gateway, Patience
from bot.writer import Writer
from storage.database import Database
from storage.inbox import Arrival, Inbox, Taken
from storage.store import Store

SECONDS = 10
CONNECTIONS = 2
UNDER_WAY = 200


class OneByOne(Intake):
    """The plain way: each message in a transaction of its own."""

    def __init__(self, database: Database, inbox: Inbox) -> None:
        self._database = database
        self._inbox = inbox

    async def take(self, arrival: Arrival) -> Taken:
        with self._database.transaction():
            [taken] = self._inbox.take([arrival])
        return taken


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run came to."""

    acknowledged: int
    stored: int
    handled: int
    grown_megabytes: float


def run() -> list[str]:
    """The lines for `make bench`."""
    together, alone = measure(is_together=True), measure(is_together=False)
    working = measure(is_together=True, handles=True)
    return [
        f"intake over {CONNECTIONS} connections for {SECONDS} s, stored before acknowledged: "
        f"{_a_second(together.acknowledged)} messages/s ({_a_second(alone.acknowledged)} with a commit for each)",
        f"while a handler that says nothing works on them: {_a_second(working.acknowledged)} messages/s taken, "
        f"{_a_second(working.handled)} handled",
        f"acknowledged and not stored: {sum(max(0, one.acknowledged - one.stored) for one in (together, alone, working))}; "
        f"memory grown by {together.grown_megabytes:.0f} MB over {together.stored} messages; {flush_milliseconds()}",
    ]


def _a_second(count: int) -> str:
    return f"{count / SECONDS:,.0f}"


def measure(*, is_together: bool, handles: bool = False) -> Figures:
    """Take in what the platform sends, with handlers or without."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    platform = context.Process(target=_platform, args=(theirs,))
    platform.start()
    try:
        with tempfile.TemporaryDirectory(prefix="steward-bench-") as folder:
            return asyncio.run(_take_in(Path(folder), ours, is_together=is_together, handles=handles))
    finally:
        platform.join()


async def _take_in(folder: Path, platform: Connection, *, is_together: bool, handles: bool) -> Figures:
    store, clock = Store(Database(folder / "steward.db")), SystemClock()
    port = await asyncio.to_thread(platform.recv)
    async with AsyncExitStack() as open_until_the_end:
        writer = open_until_the_end.enter_context(Writer(store.database))
        http = await open_until_the_end.enter_async_context(wire.open_session(trust_env=False))
        dispatch = Dispatch(store, clock, lambda item, now, fetched: [], writer)
        together, alone = Intake(writer, store.inbox, dispatch.wake), OneByOne(store.database, store.inbox)
        gateway = Gateway(
            http,
            together if is_together else alone,
            clock,
            endpoint=f"http://127.0.0.1:{port}",
            client_id="bench",
            client_secret="bench",
            connections=CONNECTIONS,
            patience=Patience(apart=0.0),
        )
        tasks = [asyncio.create_task(gateway.run())]
        if handles:
            tasks.append(asyncio.create_task(dispatch.run()))
        await asyncio.to_thread(platform.recv)  # all connections stand and have warmed up
        before = resident_megabytes()
        acknowledged = await asyncio.to_thread(platform.recv)
        grown = resident_megabytes() - before
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    [row] = store.database.rows("select count(*) as n, coalesce(sum(state = 'done'), 0) as handled from inbox")
    store.database.close()
    return Figures(acknowledged, row["n"], row["handled"], grown)


def _platform(to_bot: Connection) -> None:
    asyncio.run(_send(to_bot))


async def _send(to_bot: Connection) -> None:
    """Open connections on request, then send on each as fast as it is acknowledged; tell how many were."""
    acknowledged = number = 0
    ready: asyncio.Queue[None] = asyncio.Queue()

    async def opened(_: web.Request) -> web.Response:
        return web.json_response({"endpoint": f"ws://127.0.0.1:{port}/connect", "ticket": "t"})

    async def connected(request: web.Request) -> web.WebSocketResponse:
        nonlocal acknowledged, number
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        ready.put_nowait(None)
        for _ in range(UNDER_WAY):
            number += 1
            await socket.send_str(_frame(number))
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                break
            acknowledged += 1
            number += 1
            await socket.send_str(_frame(number))
        return socket

    app = web.Application()
    app.router.add_post(PATH, opened)
    app.router.add_get("/connect", connected)
    runner = web.AppRunner(app, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    to_bot.send(port)
    for _ in range(CONNECTIONS):
        await ready.get()
    await asyncio.sleep(1)
    to_bot.send(None)
    before = acknowledged
    await asyncio.sleep(SECONDS)
    to_bot.send(acknowledged - before)
    await runner.cleanup()


def _frame(number: int) -> str:
    """A message of everyday length, in one of fifty chats."""
    data = {
        "msgId": f"msg{number}==",
        "conversationId": f"cid{number % 50}==",
        "conversationType": "2",
        "msgtype": "text",
        "text": {"content": " 请问退休的老师还要留在工作群里吗，谁来负责移出？"},
        "senderStaffId": "0427",
        "senderId": "$:LWCP_v1:$u",
        "senderNick": "张三",
        "createAt": 1690362101894,
        "sessionWebhook": "https://oapi.dingtalk.com/robot/sendBySession?session=0123456789abcdef",
        "sessionWebhookExpiredTime": 1690367502152,
    }
    headers = {"topic": "/v1.0/im/bot/messages/get", "messageId": f"m{number}", "contentType": "application/json"}
    return json.dumps({"specVersion": "1.0", "type": "CALLBACK", "headers": headers, "data": json.dumps(data)})
