"""The bots as processes of their own, and what can be seen of them from outside."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

CONFIG = """
[dingtalk]
client_id = "bench"
client_secret = "bench"
openapi_endpoint = "{url}"
oapi_endpoint = "{url}"
[log]
level = "error"
"""
CONNECTIONS = 2


@dataclass(frozen=True, slots=True)
class Kind:
    """A bot that can be measured. `name` is printed; `connections` are those that it opens."""

    name: str
    module: str
    connections: int = 1
    has_database: bool = False
    """It stores what it acknowledges."""
    is_echo: bool = False
    """Steward with handlers that only repeat what they hear."""


STEWARD = Kind("Steward", "bench.marked_bot", CONNECTIONS, has_database=True)
ECHO = Kind("Steward, echo", "bench.marked_bot", CONNECTIONS, has_database=True, is_echo=True)
BARE = Kind("bare SDK bot", "bench.bare_bot")
REFLEX = Kind("nothing but a reflex", "bench.load.reflex")


class Bot:
    """One of them while it runs."""

    def __init__(self, process: Process, database: Path | None) -> None:
        self.process = process
        self._database = database

    def has_open_rows(self) -> bool:
        """Something is still to be handled or sent."""
        return bool(
            self._rows(
                "select 1 where exists (select 1 from inbox where state = 'new') "
                "or exists (select 1 from outbox where state in ('queued', 'sending'))"
            )
        )

    def stored(self) -> set[str]:
        """The ids of all messages on disk."""
        return {key.removeprefix("message:") for (key,) in self._rows("select key from inbox where kind = 'message'")}

    def parked(self) -> int:
        """What was put aside for a person to look at, in and out."""
        return len(
            self._rows(
                "select 1 from inbox where state = 'parked' union all select 1 from outbox where state = 'parked'"
            )
        )

    def _rows(self, sql: str) -> list[tuple[str, ...]]:
        if self._database is None:
            return []
        connection = sqlite3.connect(f"{self._database.as_uri()}?mode=ro", uri=True, timeout=30)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()


@asynccontextmanager
async def running(kind: Kind, url: str, folder: Path) -> AsyncIterator[Bot]:
    """The bot, started; stopped at the end, by force where it does not know how to stop."""
    config = folder / "config.toml"
    config.write_text(CONFIG.format(url=url), encoding="utf-8")
    config.chmod(0o600)
    arguments = ("run", "-c", str(config)) if kind.has_database else ()
    environment = {**os.environ, "PYTHONUTF8": "1", "DINGTALK_OPENAPI_ENDPOINT": url}
    if kind.is_echo:
        environment["BENCH_ECHO"] = "1"
    output = None if kind.has_database else DEVNULL  # the SDK logs every connection with its ticket
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", kind.module, *arguments, stdout=DEVNULL, stderr=output, env=environment
    )
    try:
        yield Bot(process, folder / "steward.db" if kind.has_database else None)
    finally:
        stop = process.terminate if kind.has_database else process.kill
        with contextlib.suppress(ProcessLookupError):
            stop()
        try:
            async with asyncio.timeout(30):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
