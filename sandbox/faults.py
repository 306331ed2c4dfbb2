"""Faults of HTTP on request: what a path does instead of answering well."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any


@dataclass(slots=True)
class Fault:
    """What happens to the next `times` calls whose path matches; None: to all of them."""

    path: str
    times: int | None
    status: int | None = None
    body: Any = None
    """Sent as JSON; a string is sent as it is."""
    delay_seconds: float = 0.0
    is_hang: bool = False
    is_drop: bool = False
    after_work: bool = False
    """Do the work first, then fail: the bot hears an error for something that has happened."""


class HttpFaults:
    """The switches for HTTP. `path` is exact or a pattern such as `/v1.0/robot/*`; the first that fits counts."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._released = asyncio.Event()

    def answer(
        self, path: str, status: int, body: Any = "", times: int | None = 1, *, after_work: bool = False
    ) -> None:
        """Answer with this status and body (JSON, or a string as it is) instead of doing the work."""
        self._faults.append(Fault(path, times, status=status, body=body, after_work=after_work))

    def delay(self, path: str, seconds: float, times: int | None = 1) -> None:
        """Answer well, but late."""
        self._faults.append(Fault(path, times, delay_seconds=seconds))

    def hang(self, path: str, times: int | None = 1, *, after_work: bool = False) -> None:
        """Never answer (until `release`)."""
        self._faults.append(Fault(path, times, is_hang=True, after_work=after_work))

    def drop(self, path: str, times: int | None = 1, *, after_work: bool = False) -> None:
        """Drop the TCP connection without an answer."""
        self._faults.append(Fault(path, times, is_drop=True, after_work=after_work))

    def clear(self) -> None:
        """Behave well again; calls that hang are let go."""
        self._faults.clear()
        self.release()

    def release(self) -> None:
        """Let go of the calls that hang now."""
        self._released.set()
        self._released = asyncio.Event()

    async def wait_released(self) -> None:
        """Wait for the next `release`."""
        await self._released.wait()

    def next_for(self, path: str) -> Fault | None:
        """The fault that befalls this call, used up by one."""
        for fault in self._faults:
            if fault.path == path or fnmatchcase(path, fault.path):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._faults.remove(fault)
                return fault
        return None
