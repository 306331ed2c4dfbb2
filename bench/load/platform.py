"""The platform as a process of its own: gateway, tokens, a directory, webhooks, all with a latency that is set."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from multiprocessing.connection import Connection
from typing import Any

from aiohttp import web

from bench.load.posts import Posts
from bench.load.pushing import Pushing, staff_id
from bench.load.tally import Report, Tally
from bot.gateway.opening import PATH

WEBHOOK = "/robot/sendBySession"
_QUIET_SECONDS = 2.0


class Platform:
    """The bench's end of it."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self.url = ""

    async def _ask(self, *words: Any) -> Any:
        await asyncio.to_thread(self._pipe.send, words)
        answer = await asyncio.to_thread(self._pipe.recv)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def until_connected(self, connections: int, timeout: float) -> None:
        """Wait until so many connections stand. Raises TimeoutError."""
        await self._ask("until_connected", connections, timeout)

    async def until_quiet(self) -> None:
        """Wait until the bot has read the directory: until two seconds have passed without a call."""
        await self._ask("until_quiet")

    async def push(self, a_second: float, seconds: float) -> None:
        """Push messages at this rate for so long."""
        await self._ask("push", a_second, seconds)

    async def report(self) -> Report:
        """What it comes to so far."""
        report: Report = await self._ask("report")
        return report


@asynccontextmanager
async def platform(*, people: int, latency: float) -> AsyncIterator[Platform]:
    """A platform with so many people in its directory, whose calls take `latency` seconds."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, people, latency))
    process.start()
    made = Platform(ours)
    try:
        made.url = await asyncio.to_thread(ours.recv)
        yield made
    finally:
        ours.send(("stop",))
        await asyncio.to_thread(process.join)


def _serve(pipe: Connection, people: int, latency: float) -> None:
    asyncio.run(_Server(people, latency).serve(pipe))


class _Server:
    def __init__(self, people: int, latency: float) -> None:
        self._people = people
        self._latency = latency
        self._tally = Tally()
        self._last_call = 0.0
        self._url = ""
        self._pushing: Pushing | None = None

    async def serve(self, pipe: Connection) -> None:
        hooks = await asyncio.get_running_loop().create_server(
            lambda: Posts(self._tally.answer, lambda: self._latency), "127.0.0.1", 0, backlog=2048
        )
        port = hooks.sockets[0].getsockname()[1]
        pushing = self._pushing = Pushing(self._tally, self._people, f"http://127.0.0.1:{port}{WEBHOOK}")
        app = web.Application()
        app.router.add_post(PATH, self._open)
        app.router.add_get("/connect", pushing.connect)
        app.router.add_post("/{path:.*}", self._call)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self._url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        pipe.send(self._url)
        commands: dict[str, Callable[..., Awaitable[Any]]] = {
            "until_connected": self._until_connected,
            "until_quiet": self._until_quiet,
            "push": pushing.push,
            "report": self._report,
        }
        while (words := await asyncio.to_thread(pipe.recv))[0] != "stop":
            try:
                pipe.send(await commands[words[0]](*words[1:]))
            except TimeoutError as error:
                pipe.send(error)
        hooks.close()
        await runner.cleanup()

    async def _until_connected(self, connections: int, timeout: float) -> None:
        assert self._pushing is not None
        async with asyncio.timeout(timeout):
            while self._pushing.connected < connections:
                self._pushing.news.clear()
                await self._pushing.news.wait()

    async def _until_quiet(self) -> None:
        asked = time.perf_counter()
        while time.perf_counter() - max(asked, self._last_call) < _QUIET_SECONDS:
            await asyncio.sleep(0.1)

    async def _report(self) -> Report:
        return self._tally.report()

    async def _open(self, _: web.Request) -> web.Response:
        return web.json_response({"endpoint": self._url.replace("http", "ws") + "/connect", "ticket": "t"})

    async def _call(self, request: web.Request) -> web.Response:
        """Whatever else is called: the few answers that a bot needs to work."""
        self._last_call = time.perf_counter()
        body = await request.read()
        await asyncio.sleep(self._latency)
        if request.path.startswith("/topapi/"):
            return web.json_response({"errcode": 0, "errmsg": "ok", "result": await self._directory(request)})
        if request.path == "/v1.0/oauth2/accessToken":
            return web.json_response({"accessToken": "token", "expireIn": 7200})
        self._tally.answer(body, time.perf_counter())
        return web.json_response({"processQueryKey": "key"})

    async def _directory(self, request: web.Request) -> Any:
        """One department, which holds everybody."""
        if request.path.endswith("/department/get"):
            return {"dept_id": 1, "name": "学院", "dept_manager_userid_list": [staff_id(0)]}
        if not request.path.endswith("/user/list"):
            return []
        first = int((await request.json())["cursor"])
        people = range(first, min(first + 100, self._people))
        page: dict[str, Any] = {
            "list": [
                {"userid": staff_id(one), "name": "张老师", "dept_id_list": [1], "active": True} for one in people
            ],
            "has_more": people.stop < self._people,
        }
        return page | ({"next_cursor": people.stop} if page["has_more"] else {})
