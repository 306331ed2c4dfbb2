"""How long somebody who @-mentions the bot waits for the answer, at twenty messages a second."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time

from bench.stage import QUESTIONS, chats, playing
from sandbox.world import ShownMessage

A_SECOND = 20
SECONDS = 15


def run() -> list[str]:
    """The lines for `make bench`."""
    waits = asyncio.run(_measure())
    cuts = statistics.quantiles(waits, n=100)
    return [
        f"@ to reply, {A_SECOND} messages/s for {SECONDS} s, {len(waits)} answered: p50 {cuts[49] * 1000:.1f} ms, "
        f"p99 {cuts[98] * 1000:.1f} ms, longest {max(waits) * 1000:.1f} ms"
    ]


async def _measure() -> list[float]:
    async with playing() as (sandbox, _):
        asked: dict[str, float] = {}
        waits: list[float] = []
        all_answered = asyncio.Event()

        def answered(message: ShownMessage) -> None:
            began = asked.pop(message.chat, None) if message.author == "robot" else None
            if began is not None:
                waits.append(time.perf_counter() - began)
            if len(waits) == A_SECOND * SECONDS:
                all_answered.set()

        sandbox.world.listen(answered)
        places, questions = itertools.cycle(chats(sandbox)), itertools.cycle(QUESTIONS)
        began = time.perf_counter()
        for number in range(A_SECOND * SECONDS):
            await asyncio.sleep(max(0.0, began + number / A_SECOND - time.perf_counter()))
            person, chat = next(places)
            asked[chat] = time.perf_counter()
            await sandbox.say(person, chat, next(questions))
        async with asyncio.timeout(30):
            await all_answered.wait()
        return waits
