"""The sample college served here, and the bot as a process of its own, as in real life."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from sandbox import college
from sandbox.platform import Sandbox
from sandbox.world import SandboxClock, World

QUESTIONS = (
    "退休的老师还要留在群里吗",
    "谁可以建群",
    "群里能发广告吗",
    "群主多久清理一次成员",
    "涉密文件能发到群里吗",
    "通知没看到怎么办",
    "你好",
)
CONFIG = """
[dingtalk]
client_id = "{client_id}"
client_secret = "{client_secret}"
openapi_endpoint = "{url}"
oapi_endpoint = "{url}"
[log]
level = "warning"
"""


def chats(sandbox: Sandbox) -> list[tuple[str, str]]:
    """Who writes where: every group once, and every colleague in private."""
    world = sandbox.world
    groups = [
        (next(key for key in group.members if world.people[key].staff_id), group.conversation_id)
        for group in world.groups.values()
        if group.has_robot and not group.is_external
    ]
    people = [(key, f"private:{key}") for key, person in world.people.items() if sandbox.core.staff(key) == person]
    return groups + people


@asynccontextmanager
async def playing(
    module: str = "bot", environment: Mapping[str, str] | None = None
) -> AsyncIterator[tuple[Sandbox, Process]]:
    """A connected bot that has read the directory and answered one question.

    `module` is what `python -m` runs as the bot, with `environment` beside our own.
    """
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
            sys.executable,
            *("-m", module, "run", "-c", str(config)),
            stdout=DEVNULL,
            env={**os.environ, "PYTHONUTF8": "1", **(environment or {})},
        )
        try:
            await sandbox.until_connected(2, timeout=60)
            await sandbox.say(college.STAFF, f"private:{college.STAFF}", QUESTIONS[0])
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
