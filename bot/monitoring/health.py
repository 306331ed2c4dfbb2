"""Three addresses on this machine for whoever watches over the process (`[http]`, off by default)."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import logging
import socket
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeVar

from aiohttp import web

from bot.clock import Clock
from bot.monitoring import figures
from bot.monitoring.exposition import CONTENT_TYPE, Listening, Metrics
from bot.monitoring.figures import Figures
from bot.settings import Settings
from bot.workers import Workers
from storage.store import Store
from storage.vitals import Vitals

logger = logging.getLogger(__name__)

T = TypeVar("T")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LOOK_SECONDS = 3.0
"""Reading and trying the database may take so long; less than the five to ten seconds after which watchers give up."""
MOST_TO_HANDLE = 2_000
"""Two seconds of what the bot is to take in at its busiest; more means that it falls behind."""
OLDEST_TO_HANDLE_SECONDS = 60.0
"""A message that fails is tried again twice within six seconds; after a minute nobody has got to it at all."""
OLDEST_ANSWER_SECONDS = 300.0
"""Fifteen a minute go to one group: with five minutes' worth waiting there, people no longer expect the answer."""


class Gateway(Protocol):
    """What is asked of the gateway."""

    @property
    def connected(self) -> int:
        """Open connections."""
        ...

    def quiet_seconds(self) -> float | None:
        """Seconds since the last frame."""
        ...


class Watch:
    """Answers from outside the database's and the handlers' way: one thread reads, and nobody waits for it for long."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        gateway: Gateway,
        metrics: Metrics,
        *,
        settings: Callable[[], Settings],
        dead_parts: Callable[[], Sequence[str]],
    ) -> None:
        """`settings` gives those in force; `dead_parts` names threads of the bot that should live and do not."""
        self._store = store
        self._clock = clock
        self._gateway = gateway
        self._metrics = metrics
        self._settings = settings
        self._dead_parts = dead_parts
        self._reader = Workers(1, "watch")

    async def serve(self, host: str, port: int) -> None:
        """Answer until cancelled. A port that is taken costs the addresses, not the bot."""
        app = web.Application(middlewares=[_known_hosts(host)])
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/metrics", self._metrics_page)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        self._reader.start()
        try:
            await web.TCPSite(runner, host, port).start()
            await asyncio.Event().wait()
        except OSError as error:
            logger.error(
                "健康检查端口打不开，已略过：请改 [http] port（%s）/ cannot listen on %s:%d, change [http] port",
                error.strerror,
                host,
                port,
            )
        finally:
            await runner.cleanup()
            self._reader.stop()

    async def _healthz(self, _: web.Request) -> web.Response:
        """The process lives: its loop answers, its threads are there. 503 is a reason to start it again."""
        dead = list(self._dead_parts())
        return _json({"status": "dead" if dead else "ok", "dead": dead}, is_good=not dead)

    async def _readyz(self, _: web.Request) -> web.Response:
        """It hears DingTalk, can store and keeps up. 503 with every reason; it mends by itself, or `doctor` tells how."""
        listening = self._listening()
        facts: dict[str, Any] = {"connections": listening.connections, "quiet_seconds": listening.quiet_seconds}
        reasons = {} if listening.connections else {"not-connected": "与钉钉没有连接 / no connection to DingTalk"}
        try:
            found = await self._in_time(self._look_and_try)
        except TimeoutError:
            reasons["database-slow"] = f"数据库 {LOOK_SECONDS:.0f} 秒内没有答复 / the database does not answer"
        except (sqlite3.Error, OSError) as error:
            reasons["database"] = f"数据库不能读写：{error} / the database cannot be read or written"
        else:
            facts |= {"inbox": dict(found.inbox), "outbox": dict(found.outbox)}
            reasons |= _falls_behind(found)
        body = {"ready": not reasons, "reasons": reasons, **facts}
        return _json(body, is_good=not reasons)

    async def _metrics_page(self, _: web.Request) -> web.Response:
        listening = self._listening()
        try:
            text = await self._in_time(lambda: self._metrics.text(listening, self._look()))
        except TimeoutError:
            return web.Response(status=503, text=f"the database does not answer within {LOOK_SECONDS:.0f} s\n")
        except (sqlite3.Error, OSError) as error:
            return web.Response(status=503, text=f"the database cannot be read: {error}\n")
        return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE})

    async def _in_time(self, work: Callable[[], T]) -> T:
        """The result of work in the reading thread. Raises TimeoutError; nothing piles up behind a thread that is stuck."""
        async with asyncio.timeout(LOOK_SECONDS):
            return await self._reader.do(work)

    def _listening(self) -> Listening:
        return Listening(self._gateway.connected, self._gateway.quiet_seconds())

    def _look(self) -> Figures:
        return figures.read(self._store, self._settings(), self._clock.now())

    def _look_and_try(self) -> Figures:
        Vitals(self._store.database).try_writing()
        return self._look()


def _json(body: dict[str, Any], *, is_good: bool) -> web.Response:
    """People read it, too, as it comes."""
    return web.json_response(text=json.dumps(body, ensure_ascii=False), status=200 if is_good else 503)


def _falls_behind(found: Figures) -> dict[str, str]:
    """Why the bot does not keep up; nothing when it does."""
    reasons = {}
    if (waiting := found.inbox["new"]) > MOST_TO_HANDLE:
        reasons["inbox-long"] = f"有 {waiting} 条等着处理 / so many wait to be handled"
    for code, what, since, limit in (
        ("inbox-old", "处理 / to be handled", found.to_handle.since, OLDEST_TO_HANDLE_SECONDS),
        ("answers-old", "发出 / to be sent", found.answers_to_send.since, OLDEST_ANSWER_SECONDS),
    ):
        if since is not None and (age := (found.at - since).total_seconds()) > limit:
            reasons[code] = f"最早的一条等了 {age:.0f} 秒还没有{what}"
    return reasons


def _known_hosts(host: str) -> Any:
    """Answer only who asks for this machine by its address or its own name.

    A web page somewhere may have its own name resolve to 127.0.0.1 and read what a visitor's machine serves there; the
    name that the browser then sends is the page's.
    """
    names = {"localhost", host.lower(), socket.gethostname().lower()}

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        name = _host_of(request.host)
        if name in names or _is_address(name):
            return await handler(request)
        return web.Response(status=403, text="ask by address, or by the name that stands in [http] host\n")

    return middleware


def _host_of(header: str) -> str:
    """`[::1]:9100` and `localhost:9100` without port and brackets."""
    if header.startswith("["):
        return header[1:].partition("]")[0].lower()
    return header.partition(":")[0].lower()


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
