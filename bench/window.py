"""How wide the window is in which a crash loses a message (docs/decisions/0003-outbox-window.md)."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp

from bot import wire
from bot.openapi import Mark, OpenAPI
from bot.outbox.carrier import Carrier
from bot.outbox.drafts import body_to_json
from bot.outbox.merge import alone
from bot.writer import Writer
from handlers.message import Body
from sandbox import college
from sandbox.platform import Sandbox
from sandbox.world import SandboxClock, World
from storage.database import Database
from storage.outbox import Draft
from storage.store import Store

TIMES = 300


def run() -> list[str]:
    """The lines for `make bench`."""
    with tempfile.TemporaryDirectory(prefix="steward-bench-") as folder:
        widths = asyncio.run(_measure(Path(folder)))
    cuts = statistics.quantiles(widths, n=100)
    return [
        f"window in which a crash loses a message, mark begun to request written, {TIMES} times: "
        f"p50 {cuts[49] * 1000:.2f} ms, p99 {cuts[98] * 1000:.2f} ms"
    ]


async def _measure(folder: Path) -> list[float]:
    world = World(SandboxClock())
    college.build(world)
    sandbox = Sandbox(world)
    await sandbox.start()
    store = Store(Database(folder / "steward.db"))
    writer = Writer(store.database)
    writer.start()
    begun: list[float] = []
    written: list[float] = []

    async def enter(api: str, mark: Mark) -> None:
        begun.append(time.perf_counter())

        def enter_and_mark() -> None:
            store.quota.count(date(2026, 11, 25), api)
            mark()

        await writer.do(enter_and_mark)

    async def tell(session: aiohttp.ClientSession, context: SimpleNamespace, parameters: Any) -> None:
        written.append(time.perf_counter())

    tracing = aiohttp.TraceConfig()
    tracing.on_request_chunk_sent.append(tell)
    tracing.freeze()
    async with wire.open_session(trust_env=False) as http:
        http.trace_configs.append(tracing)
        openapi = OpenAPI(
            http,
            world.clock,
            client_id=sandbox.client_id,
            client_secret=sandbox.client_secret,
            robot_code=sandbox.client_id,
            openapi_endpoint=sandbox.url,
            oapi_endpoint=sandbox.url,
            entered=enter,
            calls_per_second=10_000,
        )
        carrier = Carrier(openapi)
        draft = Draft("private", body_to_json(Body("通知")), 1, world.clock.now(), recipients=(college.STAFF,))
        for _ in range(TIMES):
            number = store.outbox.add(draft)
            [row] = store.outbox.due(world.clock.now())
            await carrier.carry(alone(row, world.clock.now()), lambda number=number: store.outbox.sending(number))  # type: ignore[misc]
            store.outbox.sent(number, world.clock.now())
    writer.stop()
    store.database.close()
    await sandbox.stop()
    return [after - before for before, after in zip(begun[1:], written[1:], strict=True)]
