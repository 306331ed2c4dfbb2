"""Lays a field out: a sandbox whose time runs, a configuration, a bot that is connected."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from sandbox.platform import Sandbox
from tests.bot.rig import small_world
from tests.faults.clockwork import Dial, PlatformClock
from tests.faults.field import Field
from tests.faults.hurried import SCHEDULE, Orders
from tests.faults.processes import Nursery

START = datetime(2026, 11, 24, 1, 32, tzinfo=UTC)
"""A Tuesday, 9:32 in China."""
_ACK_SECONDS = 4.0
"""Of ours, so that a busy machine is not taken for a bot that does not acknowledge; DingTalk waits for sixty."""

_CONFIG = """
[dingtalk]
client_id = "dingsandbox"
client_secret = "sandbox-secret"
openapi_endpoint = "{url}"
oapi_endpoint = "{url}"
connections = {connections}
mute_seconds = 30
[storage]
path = "{database}"
[quota]
group_messages_per_minute = 20
calls_per_second = 60
quiet_from = "00:00"
quiet_to = "00:00"
[cleanup]
working_hours_from = "00:00"
working_hours_to = "23:59"
[[cleanup.schedules]]
name = "{schedule}"
when = "*/10 * * * *"
on_holiday = "same"
"""


@asynccontextmanager
async def field(
    folder: Path,
    nursery: Nursery,
    *,
    seed: int,
    connections: int = 2,
    http_seconds: float = 15.0,
    by_name: bool = False,
    database: str = "steward.db",
) -> AsyncIterator[Field]:
    """A running sandbox and a bot connected to it. `by_name`: the platform is found by name, not by number."""
    folder.mkdir(parents=True, exist_ok=True)
    dial = Dial.made(folder / "dial", START)
    sandbox = Sandbox(small_world(PlatformClock(dial)), seed=seed)
    sandbox.delivery.ack_seconds = _ACK_SECONDS
    sandbox.delivery.most_deliveries = 1000
    sandbox.gateway.ping_seconds = 2.0
    sandbox.faults.disconnect_grace_seconds = 1.0
    await sandbox.start()
    if by_name:
        sandbox.core.url = f"http://localhost:{sandbox.port}"
    config = folder / "config.toml"
    config.write_text(
        _CONFIG.format(url=sandbox.url, connections=connections, database=database, schedule=SCHEDULE),
        encoding="utf-8",
    )
    config.chmod(0o600)
    orders = Orders(str(config), str(folder / "dial"), str(folder / "no-names"), http_seconds=http_seconds)
    made = Field(sandbox, folder, nursery, dial, orders)
    made.database = folder / database
    try:
        await made.start()
        yield made
    finally:
        if made.lock is not None:
            made.lock.release()
        if made.bot is not None and made.bot.is_alive:
            made.bot.send_signal(signal.SIGCONT)
            await made.bot.end(signal.SIGKILL)
        await sandbox.stop()
        dial.close()
