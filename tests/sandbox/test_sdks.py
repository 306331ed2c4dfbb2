"""DingTalk's own SDKs, unmodified, connect to the sandbox and exchange a message."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from sandbox.platform import Sandbox
from tests.sandbox.college_of_three import GROUP

HERE = Path(__file__).parent
NODE_SDK = "2.1.5"
STARTING_SECONDS = 60.0


def _environment(sandbox: Sandbox, **more: str) -> dict[str, str]:
    """The environment of a bot process; without proxies, since all is on this machine."""
    ours = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return {**ours, "SANDBOX_CLIENT_ID": sandbox.client_id, "SANDBOX_CLIENT_SECRET": sandbox.client_secret, **more}


@asynccontextmanager
async def _bot(*command: str | Path, environment: dict[str, str], log: Path) -> AsyncIterator[None]:
    """A bot process that is ended afterwards. What it wrote is shown when the test fails."""
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=output, stderr=output)
    try:
        yield
    except TimeoutError as error:
        raise AssertionError(f"{error}\nthe bot wrote:\n{log.read_text(encoding='utf-8')}") from error
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _exchange(sandbox: Sandbox) -> None:
    """One ping, one message and its answer, all as the protocol has it."""
    await sandbox.until_connected(timeout=STARTING_SECONDS)
    await sandbox.delivery.ping(sandbox.connections[0])
    msg_id = await sandbox.say("0002", GROUP, "你好")
    answer = await sandbox.wait_for(lambda message: message.author == "robot", timeout=STARTING_SECONDS)
    assert answer.text == "收到：你好 @0002"
    assert (answer.chat, answer.via, answer.at_staff_ids) == (GROUP, "webhook", ("0002",))
    await sandbox.until_acknowledged(msg_id, timeout=STARTING_SECONDS)
    await sandbox.until(lambda: len(sandbox.acks) == 2, timeout=STARTING_SECONDS)
    assert [ack.code for ack in sandbox.acks] == [200, 200]
    assert sandbox.violations == []


async def test_the_python_sdk(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.delivery.ack_seconds = STARTING_SECONDS
    environment = _environment(sandbox, DINGTALK_OPENAPI_ENDPOINT=sandbox.url)
    async with _bot(sys.executable, HERE / "python_echo.py", environment=environment, log=tmp_path / "log"):
        await _exchange(sandbox)


def _leave_out(reason: str) -> None:
    """Skip on a developer's machine; in CI nothing may be left out."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


async def _installed(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The folder that holds the SDK from the npm registry; it is kept between runs."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        _leave_out("node or npm is not installed, so the Node SDK was not tried; install Node.js 18 or newer")
    cache = getattr(request.config, "cache", None)
    folder = Path(cache.mkdir(f"node-sdk-{NODE_SDK}")) if cache is not None else tmp_path
    package = folder / "node_modules" / "dingtalk-stream" / "package.json"
    if not (package.exists() and (folder / "complete").exists()):
        (folder / "package.json").write_text('{"private": true}', encoding="utf-8")
        options = ["--no-audit", "--no-fund", "--no-package-lock"]
        process = await asyncio.create_subprocess_exec(
            str(npm),
            "install",
            f"dingtalk-stream@{NODE_SDK}",
            *options,
            cwd=folder,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        if process.returncode != 0:
            _leave_out(f"npm could not install the Node SDK:\n{output.decode(errors='replace')}")
        (folder / "complete").touch()
    assert json.loads(package.read_text(encoding="utf-8"))["version"].lstrip("v") == NODE_SDK
    return folder


async def test_the_node_sdk(sandbox: Sandbox, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    folder = await _installed(request, tmp_path)
    sandbox.delivery.ack_seconds = STARTING_SECONDS
    environment = _environment(sandbox, SANDBOX_URL=sandbox.url, NODE_PATH=str(folder / "node_modules"))
    command = ("node", "--require", HERE / "node" / "redirect.cjs", HERE / "node" / "echo.cjs")
    async with _bot(*command, environment=environment, log=tmp_path / "log"):
        await _exchange(sandbox)
