"""Ten minutes of people asking while connections and calls fail at random: what is heard is answered once, memory stays.

`python -m bench soak --seconds 60` is shorter; `--seed` repeats the faults of a run. The whole of what can go wrong is in
tests/faults; this is for what only time brings out.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import re
import tempfile
from asyncio.subprocess import Process
from collections import Counter
from pathlib import Path

from bench.load.bots import STEWARD, Bot
from bench.processes import over_time, resident_megabytes
from bench.stage import QUESTIONS, chats, playing
from bench.trouble import Trouble
from sandbox.platform import Sandbox
from sandbox.world import ShownMessage

A_SECOND = 5
SECONDS = 600.0
PATIENCE_SECONDS = 240.0
"""For what is still due when all is well again: a send that failed is tried again after up to a minute."""
_MARK = re.compile(r"msg[0-9a-f]{20}==")


def run(seconds: float = SECONDS, seed: int | None = None) -> list[str]:
    """The lines for `make bench`."""
    chosen = random.SystemRandom().randrange(10**8) if seed is None else seed
    with tempfile.TemporaryDirectory(prefix="steward-bench-") as folder:
        return asyncio.run(_soak(Path(folder) / "steward.db", seconds, chosen))


class Soak:
    """Who asked what, and which answers came."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.asked: list[str] = []
        self.answers: Counter[str] = Counter()
        self._silence = sandbox.world.listen(self._heard)

    def _heard(self, message: ShownMessage) -> None:
        if message.author == "robot":
            self.answers.update(set(_MARK.findall(message.text)))

    async def ask(self, seconds: float) -> None:
        """Let people ask, one after the other, everywhere."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        places, questions = itertools.cycle(chats(self._sandbox)), itertools.cycle(QUESTIONS)
        for number in range(round(seconds * A_SECOND)):
            await asyncio.sleep(max(0.0, began + number / A_SECOND - loop.time()))
            person, chat = next(places)
            self.asked.append(await self._sandbox.say(person, chat, next(questions)))

    def accepted(self) -> set[str]:
        """What the bot acknowledged: from then on it has to answer it."""
        acknowledged = {ack.key for ack in self._sandbox.acks if ack.code == 200}
        return acknowledged.intersection(self.asked)

    async def settle(self) -> float:
        """Wait until all that was accepted is answered; the seconds that it took, or those that were all there were."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        while loop.time() - began < PATIENCE_SECONDS:
            if not self._sandbox.delivery.unacknowledged and not self.accepted() - self.answers.keys():
                break
            await asyncio.sleep(0.2)
        return loop.time() - began


async def _soak(database: Path, seconds: float, seed: int) -> list[str]:
    environment = {
        "STEWARD_STORAGE__PATH": str(database),
        "STEWARD_DINGTALK__MUTE_SECONDS": "30",
        "STEWARD_LOG__LEVEL": "error",
    }
    async with playing(STEWARD.module, environment) as (sandbox, process):
        sandbox.gateway.ping_seconds = 10.0
        soak, trouble, memory = Soak(sandbox), Trouble(sandbox, random.Random(seed)), list[float]()
        helpers = [asyncio.create_task(trouble.go_on()), asyncio.create_task(_sample(process, memory))]
        await soak.ask(seconds)
        for helper in helpers:
            helper.cancel()
        sandbox.faults.clear()
        settled = await soak.settle()
        accepted = soak.accepted()
        silent = accepted - soak.answers.keys()
        twice = [key for key, times in soak.answers.items() if times > 1]
        parked = Bot(process, database).parked()
        return [
            f"{seconds:.0f} s, {A_SECOND} messages/s in every chat of the sample college, seed {seed}",
            f"faults: {', '.join(f'{name} {times}' for name, times in sorted(trouble.counts.items()))}",
            f"{len(soak.asked):,} asked, {len(sandbox.record.lost):,} of them while no connection stood, {len(accepted):,} accepted",
            f"of those accepted {len(accepted) - len(silent):,} answered, {len(silent)} not; answered twice {len(twice)}, "
            f"parked {parked}; settled {settled:.0f} s after the last; breaches of the protocol {len(sandbox.violations)}",
            over_time(memory),
        ]


async def _sample(process: Process, memory: list[float]) -> None:
    while True:
        memory.append(resident_megabytes(process.pid))
        await asyncio.sleep(1)
