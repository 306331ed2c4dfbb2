"""Two addresses on this machine for whoever watches over the process (`[http]`, off by default)."""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol

from aiohttp import web

from storage.store import Store

logger = logging.getLogger(__name__)


class Listening(Protocol):
    """What is asked of the gateway."""

    @property
    def connected(self) -> int:
        """Open connections."""
        ...

    def quiet_seconds(self) -> float | None:
        """Seconds since the last frame."""
        ...


def application(store: Store, gateway: Listening) -> web.Application:
    """`/healthz`: the process lives. `/readyz`: it hears DingTalk; 503 while it does not, with the numbers."""

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(_: web.Request) -> web.Response:
        facts = {
            "connections": gateway.connected,
            "quiet_seconds": gateway.quiet_seconds(),
            "inbox": store.inbox.counts(),
            "outbox": store.outbox.counts(),
        }
        return web.json_response(facts, status=200 if gateway.connected else 503)

    app = web.Application()
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    return app


async def serve(host: str, port: int, store: Store, gateway: Listening) -> None:
    """Answer until cancelled. A port that is taken costs the addresses, not the bot."""
    runner = web.AppRunner(application(store, gateway), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
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
