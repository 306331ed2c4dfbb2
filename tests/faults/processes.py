"""The tests' side of the nursery: start bots, signal them, hear of their end."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import asdict
from pathlib import Path
from signal import SIGKILL, SIGTERM, Signals
from typing import Any

from tests.faults.hurried import Orders

SECONDS = 30.0
"""How long a process may take for anything, on a busy machine."""


class Bot:
    """One process."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.ended: Future[int] = Future()
        """Its exit status; negative: the signal that ended it."""

    @property
    def is_alive(self) -> bool:
        """It has not ended, as far as we have heard."""
        return not self.ended.done()

    @property
    def returncode(self) -> int | None:
        """Its exit status; None while it is alive."""
        return self.ended.result() if self.ended.done() else None

    async def wait(self) -> int:
        """Wait for its end; its status."""
        return await asyncio.shield(asyncio.wrap_future(self.ended))

    def send_signal(self, number: Signals) -> None:
        """Send a signal, unless it is dead."""
        if self.is_alive:
            with contextlib.suppress(ProcessLookupError):  # it has just ended, and the news of it are on their way
                os.kill(self.pid, number)

    def kill(self) -> None:
        """SIGKILL."""
        self.send_signal(SIGKILL)

    def terminate(self) -> None:
        """SIGTERM."""
        self.send_signal(SIGTERM)

    async def end(self, number: Signals) -> int:
        """End it by a signal; its status."""
        self.send_signal(number)
        async with asyncio.timeout(SECONDS):
            return await self.wait()


class Nursery:
    """Starts bots. A thread hears of them, so that it serves every event loop."""

    def __init__(self) -> None:
        """Start the process; the first bot waits until it has imported everything."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONUTF8": "1"},
        )
        self._numbers = itertools.count()
        self._expected: dict[int, Future[Bot]] = {}
        self._bots: dict[int, Bot] = {}
        self._listener = threading.Thread(target=self._listen, name="nursery", daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            news = json.loads(line)
            pid = news["pid"]
            if "status" in news:
                if pid in self._bots:
                    self._bots.pop(pid).ended.set_result(news["status"])
            else:
                self._bots[pid] = Bot(pid)
                self._expected.pop(news["number"]).set_result(self._bots[pid])

    async def start(self, orders: Orders, log: Path) -> Bot:
        """Fork a bot of the storms."""
        return await self._start({"hurried": asdict(orders)}, log)

    async def start_runner(self, config: Path, failpoint: str, log: Path) -> Bot:
        """Fork what `python -m tests.faults.runner` is."""
        return await self._start({"runner": {"config": str(config), "failpoint": failpoint}}, log)

    async def _start(self, what: dict[str, Any], log: Path) -> Bot:
        assert self._process.stdin is not None
        number, born = next(self._numbers), Future[Bot]()
        self._expected[number] = born
        self._process.stdin.write(json.dumps({"number": number, "log": str(log), **what}).encode() + b"\n")
        self._process.stdin.flush()
        async with asyncio.timeout(SECONDS):
            return await asyncio.wrap_future(born)

    def close(self) -> None:
        """Kill whatever was started and is left."""
        for bot in list(self._bots.values()):
            bot.kill()
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._listener.join()
        self._process.stdout.close()


@contextlib.contextmanager
def open_nursery() -> Iterator[Nursery]:
    """A nursery; nothing that it started is left at the end."""
    made = Nursery()
    try:
        yield made
    finally:
        made.close()
