"""Wakes those who wait for something to become true."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Bell:
    """Rung at every change; who waits looks again whether what they wait for holds."""

    def __init__(self) -> None:
        self._waiters: set[asyncio.Event] = set()

    def ring(self) -> None:
        """Something has changed."""
        for waiter in self._waiters:
            waiter.set()

    async def until(self, condition: Callable[[], bool], timeout_seconds: float) -> None:
        """Wait until the condition holds. Raises TimeoutError."""
        waiter = asyncio.Event()
        self._waiters.add(waiter)
        try:
            async with asyncio.timeout(timeout_seconds):
                while not condition():
                    await waiter.wait()
                    waiter.clear()
        finally:
            self._waiters.discard(waiter)
