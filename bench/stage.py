"""The sample college served here, and the bot as a process of its own, as in real life."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sandbox import college
from sandbox.platform import Sandbox
from sandbox.world import SandboxClock, World

QUESTION = "退休的老师还要留在群里吗"
CONFIG = """
[dingtalk]
client_id = "{client_id}"
client_secret = "{client_secret}"
openapi_endpoint = "{url}"
oapi_endpoint = "{url}"
[log]
level = "warning"
"""


@asynccontextmanager
async def playing() -> AsyncIterator[tuple[Sandbox, Process]]:
    """A connected bot that has read the directory and answered one question."""
    world = World(SandboxClock())
    college.build(world)
    sandbox = Sandbox(world)
    await sandbox.start()
    with tempfile.TemporaryDirectory(prefix="steward-bench-") as folder:
        config = Path(folder) / "config.toml"
        config.write_text(
            CONFIG.format(client_id=sandbox.client_id, client_secret=sandbox.client_secret, url=sandbox.url),
            encoding="utf-8",
        )
        config.chmod(0o600)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", "-c", str(config), stdout=DEVNULL, env={**os.environ, "PYTHONUTF8": "1"}
        )
        try:
            await sandbox.until_connected(2, timeout=60)
            await sandbox.say(college.STAFF, f"private:{college.STAFF}", QUESTION)
            await sandbox.wait_for(lambda m: m.author == "robot", timeout=60)
            await _quiet(sandbox)
            yield sandbox, process
        finally:
            if process.returncode is None:
                process.terminate()
                await process.wait()
            await sandbox.stop()


async def _quiet(sandbox: Sandbox) -> None:
    """Wait until no call has come for two seconds: the directory has been read."""
    seen = -1
    while seen != len(sandbox.calls):
        seen = len(sandbox.calls)
        await asyncio.sleep(2)
