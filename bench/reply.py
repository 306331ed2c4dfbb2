"""How long somebody who @-mentions the bot waits for the answer, at twenty messages a second."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time

from bench.stage import playing
from sandbox.platform import Sandbox
from sandbox.world import ShownMessage

A_SECOND = 20
SECONDS = 15
QUESTIONS = (
    "退休的老师还要留在群里吗",
    "谁可以建群",
    "群里能发广告吗",
    "群主多久清理一次成员",
    "涉密文件能发到群里吗",
    "通知没看到怎么办",
    "你好",
)


def run() -> list[str]:
    """The lines for `make bench`."""
    waits = asyncio.run(_measure())
    cuts = statistics.quantiles(waits, n=100)
    return [
        f"@ to reply, {A_SECOND} messages/s for {SECONDS} s, {len(waits)} answered: p50 {cuts[49] * 1000:.1f} ms, "
        f"p99 {cuts[98] * 1000:.1f} ms, longest {max(waits) * 1000:.1f} ms"
    ]


def _chats(sandbox: Sandbox) -> list[tuple[str, str]]:
    """Who writes where: every group once, and every colleague in private; no chat gets more than it may a minute."""
    world = sandbox.world
    groups = [
        (next(key for key in group.members if world.people[key].staff_id), group.conversation_id)
        for group in world.groups.values()
        if group.has_robot and not group.is_external
    ]
    people = [(key, f"private:{key}") for key, person in world.people.items() if sandbox.core.staff(key) == person]
    return groups + people


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
        chats, questions = itertools.cycle(_chats(sandbox)), itertools.cycle(QUESTIONS)
        began = time.perf_counter()
        for number in range(A_SECOND * SECONDS):
            await asyncio.sleep(max(0.0, began + number / A_SECOND - time.perf_counter()))
            person, chat = next(chats)
            asked[chat] = time.perf_counter()
            await sandbox.say(person, chat, next(questions))
        async with asyncio.timeout(30):
            await all_answered.wait()
        return waits
