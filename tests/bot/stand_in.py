"""A stand-in for an OpenAI-compatible address, which behaves as a test wants."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

from aiohttp import web

Answer = Callable[[dict[str, Any]], str | web.StreamResponse | Awaitable[str | web.StreamResponse]]
DIMENSIONS = 96


class StandIn:
    """`answer` is given what was asked (`question` and `articles`) and returns the text of the model, or a whole response."""

    def __init__(self) -> None:
        self.answer: Answer = lambda asked: "无"
        self.asked: list[dict[str, Any]] = []
        """What questions and articles it was sent."""
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.embedded: list[str] = []
        """All texts that it was to make vectors of."""
        self.embeddings_status = 200
        self.url = ""

    async def chat(self, request: web.Request) -> web.StreamResponse:
        """`/chat/completions`."""
        body = await request.json()
        self.bodies.append(body)
        self.headers.append(dict(request.headers))
        asked = json.loads(body["messages"][-1]["content"])
        self.asked.append(asked)
        found = self.answer(asked)
        said = found if isinstance(found, str | web.StreamResponse) else await found
        if isinstance(said, web.StreamResponse):
            return said
        return web.json_response({"choices": [{"index": 0, "message": {"role": "assistant", "content": said}}]})

    async def embeddings(self, request: web.Request) -> web.StreamResponse:
        """`/embeddings`: texts that share pairs of characters are alike."""
        body = await request.json()
        self.headers.append(dict(request.headers))
        if self.embeddings_status != 200:
            return web.Response(status=self.embeddings_status)
        self.embedded += body["input"]
        rows = [{"index": at, "embedding": likeness(text)} for at, text in enumerate(body["input"])]
        return web.json_response({"data": rows[::-1]})


def likeness(text: str) -> list[float]:
    """A vector of the pairs of characters in a text."""
    vector = [0.01] * DIMENSIONS
    for first, second in pairwise(text):
        vector[zlib.crc32(f"{first}{second}".encode("utf-8", "replace")) % DIMENSIONS] += 1.0
    return vector


@asynccontextmanager
async def a_stand_in() -> AsyncIterator[StandIn]:
    """On a port of its own."""
    it = StandIn()
    app = web.Application(client_max_size=2**24)
    app.router.add_post("/v1/chat/completions", it.chat)
    app.router.add_post("/v1/embeddings", it.embeddings)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server is not None
    it.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/v1"  # type: ignore[attr-defined]
    try:
        yield it
    finally:
        await runner.cleanup()


async def never(_: dict[str, Any]) -> str:
    """Takes longer than anybody waits."""
    await asyncio.sleep(60)
    return ""
