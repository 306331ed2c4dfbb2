"""Time for a bot and its platform that runs faster than ours, can pass in leaps, and can go wrong in the bot's machine.

Sandbox and bot are two processes that must agree what time it is, or every webhook would be stale: both read one file.
"""

from __future__ import annotations

import asyncio
import mmap
import os
import selectors
import struct
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sandbox.world import SandboxClock

SPEED = 10.0
"""Seconds that pass for the bot in one of ours: a wait of a minute takes six seconds."""
_FORM = struct.Struct("<4d")


class Dial:
    """The file: when it was made, what time it was then, how much time was leapt over, how wrong the bot's clock is."""

    def __init__(self, path: Path) -> None:
        """Open what `made` made."""
        with path.open("r+b") as file:
            self._shown = mmap.mmap(file.fileno(), _FORM.size)

    @classmethod
    def made(cls, path: Path, start: datetime) -> Dial:
        """A new file; it is `start` now."""
        path.write_bytes(_FORM.pack(time.time(), start.timestamp(), 0.0, 0.0))
        return cls(path)

    def close(self) -> None:
        """Let go of the file."""
        self._shown.close()

    def _read(self) -> tuple[float, float, float, float]:
        made_at, start, passed, astray = _FORM.unpack(self._shown[: _FORM.size])
        return made_at, start, passed, astray

    def now(self) -> datetime:
        """The right time."""
        made_at, start, passed, _ = self._read()
        return datetime.fromtimestamp(start + (time.time() - made_at) * SPEED + passed, UTC)

    def shown_to_the_bot(self) -> datetime:
        """The time by the clock of the bot's machine."""
        return self.now() + timedelta(seconds=self._read()[3])

    def let_pass(self, span: timedelta) -> None:
        """That much time passes at once, for everybody."""
        made_at, start, passed, astray = self._read()
        self._shown[: _FORM.size] = _FORM.pack(made_at, start, passed + span.total_seconds(), astray)

    def set_wrong(self, by: timedelta) -> None:
        """From now on the clock of the bot's machine is wrong by so much more."""
        made_at, start, passed, astray = self._read()
        self._shown[: _FORM.size] = _FORM.pack(made_at, start, passed, astray + by.total_seconds())


class BotClock:
    """The clock of the bot's machine."""

    def __init__(self, dial: Dial) -> None:
        self._dial = dial

    def now(self) -> datetime:
        """The present moment, as that machine believes."""
        return self._dial.shown_to_the_bot()


class PlatformClock(SandboxClock):
    """The right time, for the sandbox."""

    def __init__(self, dial: Dial) -> None:
        super().__init__()
        self._dial = dial

    def now(self) -> datetime:
        """The present moment."""
        return self._dial.now()


class _HurriedSelector(selectors.DefaultSelector):
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Wait a fraction of what was asked for."""
        return super().select(None if timeout is None else timeout / SPEED)


class HurriedLoop(asyncio.SelectorEventLoop):
    """A loop for which time runs `SPEED` times as fast: every wait and every time-out is that much shorter.

    So the bot is tried with the patience that it really has, in all its proportions, without a change in it.
    """

    def __init__(self) -> None:
        super().__init__(_HurriedSelector())

    def time(self) -> float:
        """Seconds of a steady clock."""
        return super().time() * SPEED


class Resolver:
    """Name resolution that fails while a file exists, for the process in which it is installed."""

    def __init__(self, flag: Path) -> None:
        self._flag = flag

    def install(self) -> None:
        """Stand before `socket.getaddrinfo`, which both asyncio and aiohttp ask."""
        import socket

        original = socket.getaddrinfo

        def getaddrinfo(*args: Any, **kwargs: Any) -> Any:
            if self._flag.exists():
                raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
            return original(*args, **kwargs)

        socket.getaddrinfo = getaddrinfo


def memory_mb(pid: int) -> float:
    """Memory that a process has in use, in MB, as `ps` sees it."""
    if (status := Path(f"/proc/{pid}/status")).exists():
        lines: Mapping[str, str] = dict(
            line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines() if ":" in line
        )
        return int(lines["VmRSS"].split()[0]) / 1024
    with os.popen(f"ps -o rss= -p {pid}") as answer:
        return int(answer.read().strip() or 0) / 1024
