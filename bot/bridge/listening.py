"""Lines by HTTP, from this machine alone, with a token: `POST /messages`, one JSON object a line."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import sqlite3
from collections.abc import Callable
from dataclasses import asdict

from aiohttp import web

from bot.bridge.splitting import Splitter
from bot.bridge.taking import Taking
from bot.bridge.working import BEAT_SECONDS
from bot.workers import Workers

logger = logging.getLogger(__name__)

MOST_BYTES = 5_000_000
"""Of one request."""
LEAST_TOKEN = 16
"""Characters."""
_RETRY_SECONDS = 5


class ListeningError(Exception):
    """The address cannot be listened at; one line says why and what to do."""


class Listening:
    """Answers 200 once all lines of a request are on disk, and what became of each; 503 means: send it all again later.

    Sending twice does no harm: each message is taken once.
    """

    def __init__(self, taking: Taking, token: str, say: Callable[[str], None]) -> None:
        self._taking = taking
        self._token = token
        self._say = say
        self._writer = Workers(1, "bridge")

    async def run(self, host: str, port: int, until: asyncio.Event) -> None:
        """Serve until the event. Raises `ListeningError`."""
        app = web.Application(client_max_size=MOST_BYTES)
        app.router.add_post("/messages", self._messages)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=5.0)
        await runner.setup()
        self._writer.start()
        try:
            await self._writer.do(self._taking.begin)
            try:
                await web.TCPSite(runner, host, port).start()
            except OSError as error:
                raise ListeningError(
                    f"{host}:{port} 打不开（{error.strerror}），请改 [bridge] port / cannot listen there: change [bridge] port"
                ) from error
            self._say(f"开始接收 http://{host}:{port}/messages / listening")
            while not until.is_set():
                try:
                    async with asyncio.timeout(BEAT_SECONDS):
                        await until.wait()
                except TimeoutError:
                    await self._beat()
        finally:
            await runner.cleanup()
            try:
                await self._writer.do(self._taking.end)
            finally:
                self._writer.stop()

    async def _beat(self) -> None:
        try:
            await self._writer.do(lambda: self._taking.take([]))
        except sqlite3.Error as error:
            self._say(f"数据库写不了 / the database cannot be written: {error}")

    async def _messages(self, request: web.Request) -> web.Response:
        shown = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        # Bytes that are no text come as lone surrogates.
        if not hmac.compare_digest(shown.encode(errors="surrogateescape"), self._token.encode()):
            return _answer({"error": "口令不对：请带 Authorization: Bearer <[bridge] token> / wrong token"}, 401)
        splitter = Splitter()
        lines = [*splitter.feed(await request.read()), *splitter.end()]
        try:
            has_room = await self._writer.do(lambda: self._taking.has_room)
            tally = await self._writer.do(lambda: self._taking.take(lines)) if has_room else None
        except sqlite3.Error as error:
            logger.debug("not stored: %s", error)
            tally = None
        if tally is None:
            return _answer({"error": "现在存不下，请稍后整批重发 / send all of it again later"}, 503)
        return _answer(asdict(tally), 200)


def _answer(body: dict[str, object], status: int) -> web.Response:
    headers = {"Retry-After": str(_RETRY_SECONDS)} if status == 503 else {}
    return web.json_response(text=json.dumps(body, ensure_ascii=False), status=status, headers=headers)
