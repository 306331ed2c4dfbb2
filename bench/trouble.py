"""Faults at random moments, chosen by a seed: connections that end, go mute or get their notice, calls that fail or drag."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable

from sandbox.delivery import Connection
from sandbox.platform import Sandbox
from sandbox.webhooks import PATH as WEBHOOK

_CALLS = (WEBHOOK, "/v1.0/gateway/connections/open", "/v1.0/*")
PAUSE_SECONDS = (2.0, 16.0)
"""Between two faults: at times one comes into the other."""
_MOST_TIMES = 3
_DRAG_SECONDS = (0.2, 4.0)


class Trouble:
    """Makes it, and counts what it made."""

    def __init__(self, sandbox: Sandbox, chance: random.Random) -> None:
        self._sandbox = sandbox
        self._chance = chance
        self.counts: Counter[str] = Counter()
        self._kinds: dict[str, Callable[[], Awaitable[None]]] = {
            "cut": self._cut,
            "closed": self._close,
            "notice": self._notice,
            "notice to all": self._notice_to_all,
            "mute": self._mute,
            "twice": self._twice,
            "5xx": self._fail,
            "429": self._throttle,
            "dropped": self._drop,
            "slow": self._drag,
        }

    async def go_on(self) -> None:
        """One fault after the other, until cancelled."""
        while True:
            await asyncio.sleep(self._chance.uniform(*PAUSE_SECONDS))
            await self.make()

    async def make(self) -> str:
        """One fault, at once; its name."""
        name = self._chance.choice(list(self._kinds))
        self.counts[name] += 1
        await self._kinds[name]()
        return name

    def _one(self) -> Connection | None:
        """Some open connection; None, which stands for all, where there is none."""
        open_ = self._sandbox.connections
        return self._chance.choice(open_) if open_ else None

    def _call(self) -> tuple[str, int]:
        return self._chance.choice(_CALLS), self._chance.randint(1, _MOST_TIMES)

    async def _cut(self) -> None:
        self._sandbox.faults.abort(self._one())

    async def _close(self) -> None:
        await self._sandbox.faults.close(self._one())

    async def _notice(self) -> None:
        await self._sandbox.faults.disconnect(self._one())

    async def _notice_to_all(self) -> None:
        await self._sandbox.faults.disconnect()

    async def _mute(self) -> None:
        self._sandbox.faults.mute(self._one())

    async def _twice(self) -> None:
        self._sandbox.faults.duplicate_next()
        self._sandbox.faults.deliver_on_two()

    async def _fail(self) -> None:
        path, times = self._call()
        self._sandbox.faults.answer(path, self._chance.choice((500, 502, 503)), "", times)

    async def _throttle(self) -> None:
        path, times = self._call()
        self._sandbox.faults.answer(path, 429, {"code": "Throttling.Api", "message": "请求过快"}, times)

    async def _drop(self) -> None:
        path, times = self._call()
        self._sandbox.faults.drop(path, times)

    async def _drag(self) -> None:
        path, times = self._call()
        self._sandbox.faults.delay(path, self._chance.uniform(*_DRAG_SECONDS), times)
