"""The tests' side of the nursery: start bots, signal them, hear of their end."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from signal import SIGKILL, Signals

from tests.faults.hurried import Orders

SECONDS = 30.0
"""How long a process may take for anything, on a busy machine."""


class Bot:
    """One process."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        """Its exit status; negative: the signal that ended it."""

    @property
    def is_alive(self) -> bool:
        """It has not ended, as far as we have heard."""
        return not self.ended.done()

    def signal(self, number: Signals) -> None:
        """Send a signal, unless it is dead."""
        if self.is_alive:
            os.kill(self.pid, number)

    async def end(self, number: Signals) -> int:
        """End it by a signal; its status."""
        self.signal(number)
        async with asyncio.timeout(SECONDS):
            return await asyncio.shield(self.ended)


class Nursery:
    """Starts bots."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self.is_ready = asyncio.Event()
        self._numbers = itertools.count()
        self._expected: dict[int, asyncio.Future[Bot]] = {}
        self._bots: dict[int, Bot] = {}

    async def listen(self) -> None:
        """Hear of births and deaths until the nursery ends."""
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            news = json.loads(line)
            if "ready" in news:
                self.is_ready.set()
                continue
            pid = news["pid"]
            if "status" in news:
                if pid in self._bots:
                    self._bots.pop(pid).ended.set_result(news["status"])
            else:
                self._bots[pid] = Bot(pid)
                self._expected.pop(news["number"]).set_result(self._bots[pid])

    async def start(self, orders: Orders, log: Path) -> Bot:
        """Fork a bot."""
        assert self._process.stdin is not None
        number = next(self._numbers)
        born: asyncio.Future[Bot] = asyncio.get_running_loop().create_future()
        self._expected[number] = born
        order = {"number": number, "orders": asdict(orders), "log": str(log)}
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        await self._process.stdin.drain()
        async with asyncio.timeout(SECONDS):
            return await born

    def end_all(self) -> None:
        """Kill whatever was started and is left."""
        for bot in self._bots.values():
            bot.signal(SIGKILL)


@asynccontextmanager
async def nursery() -> AsyncIterator[Nursery]:
    """A nursery; nothing that it started is left at the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.faults.nursery", stdin=PIPE, stdout=PIPE, env={**os.environ, "PYTHONUTF8": "1"}
    )
    made = Nursery(process)
    listening = asyncio.create_task(made.listen())
    try:
        async with asyncio.timeout(SECONDS):
            await made.is_ready.wait()
        yield made
    finally:
        made.end_all()
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()
        await listening
