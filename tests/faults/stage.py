"""A sandbox in the test's process and the bot in another, to be killed and started again."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from sandbox.platform import Sandbox
from sandbox.world import SandboxClock
from tests.bot.rig import small_world
from tests.faults.processes import SECONDS as SECONDS
from tests.faults.processes import Bot, Nursery
from tests.signals import hearing_signals

PRIVATE = "private:0001"


def write_config(folder: Path, url: str, *, secret: str = "sandbox-secret", more: str = "") -> Path:
    """A configuration for a bot that talks to `url`. Without a `[quota]` of its own there is no night: tests run at any time."""
    quota = "" if "[quota]" in more else '[quota]\nquiet_from = "00:00"\nquiet_to = "00:00"'
    path = folder / "config.toml"
    path.write_text(
        f"""
[dingtalk]
client_id = "dingsandbox"
client_secret = "{secret}"
openapi_endpoint = "{url}"
oapi_endpoint = "{url}"
connections = 1
[log]
level = "info"
{quota}
{more}
""",
        encoding="utf-8",
    )
    path.chmod(0o600)
    return path


class Stage:
    """What the tests act on."""

    def __init__(self, sandbox: Sandbox, folder: Path, nursery: Nursery | None = None) -> None:
        """With a nursery, `start` forks instead of starting Python anew."""
        self.sandbox = sandbox
        self.folder = folder
        self.config = write_config(folder, sandbox.url)
        self.process: Process | Bot | None = None
        self._nursery = nursery
        self._log = (folder / "bot.log").open("ab")

    async def start(self, failpoint: str = "", *arguments: str) -> None:
        """Start the bot and wait until it is connected."""
        process = await self._start(failpoint)
        connected = asyncio.create_task(self.sandbox.until_connected(timeout=SECONDS))
        ended = asyncio.create_task(process.wait())
        await asyncio.wait({connected, ended}, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        if not connected.done():
            connected.cancel()
            raise AssertionError(f"the bot ended before it was connected:\n{self.log()}")
        await connected

    async def _start(self, failpoint: str) -> Process | Bot:
        if self._nursery is None:
            return await self.launch(("-m", "tests.faults.runner", str(self.config)), failpoint)
        self.process = await self._nursery.start_runner(self.config, failpoint, self.folder / "bot.log")
        return self.process

    async def launch(self, arguments: Sequence[str], failpoint: str = "") -> Process:
        """Start a Python process whose output goes to `bot.log`."""
        with hearing_signals():
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                *arguments,
                stdout=self._log,
                stderr=self._log,
                stdin=PIPE,
                env={**os.environ, "FAILPOINT": failpoint, "PYTHONUTF8": "1"},
            )
        return self.process

    async def until_dead(self) -> int:
        """Wait for the end of the process; its status."""
        assert self.process is not None
        async with asyncio.timeout(SECONDS):
            status = await self.process.wait()
        await self.sandbox.until(lambda: not self.sandbox.connections, timeout=SECONDS)
        return status

    async def kill(self) -> None:
        """SIGKILL, from outside."""
        assert self.process is not None
        self.process.kill()
        await self.until_dead()

    async def stop(self) -> int:
        """SIGTERM, and wait; the status."""
        assert self.process is not None
        self.process.terminate()
        return await self.until_dead()

    async def close(self) -> None:
        """End whatever is left."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()
        self._log.close()

    def robot_said(self) -> list[str]:
        """All that the robot said, anywhere."""
        return [message.text for message in self.sandbox.world.messages if message.author == "robot"]

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Rows of the bot's database, read from outside."""
        with sqlite3.connect(self.folder / "steward.db", timeout=10) as connection:
            found = connection.execute(sql).fetchall()
        connection.close()
        return found

    async def until_settled(self) -> None:
        """Wait until everything was taken in and nothing is open in inbox and outbox."""
        await self.sandbox.until_settled(timeout=SECONDS)
        async with asyncio.timeout(SECONDS):
            while self.rows(
                "select 1 from inbox where state = 'new' union all "
                "select 1 from outbox where state in ('queued', 'sending')"
            ):
                await asyncio.sleep(0.02)

    def log(self) -> str:
        """What the bot wrote to its log."""
        return (self.folder / "bot.log").read_text(encoding="utf-8")


@asynccontextmanager
async def stage(folder: Path, nursery: Nursery | None = None) -> AsyncIterator[Stage]:
    """A running sandbox; whatever process was started is gone at the end."""
    sandbox = Sandbox(small_world(SandboxClock()), seed=7)
    await sandbox.start()
    made = Stage(sandbox, folder, nursery)
    try:
        yield made
    finally:
        await made.close()
        await sandbox.stop()
