"""The soak says what it did, and the same seed makes the same faults."""

from __future__ import annotations

import random
import re

import pytest

from bench import soak, trouble
from bench.trouble import Trouble
from sandbox.platform import Sandbox
from sandbox.world import SandboxClock
from tests.bot.rig import small_world


def test_a_short_soak_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trouble, "PAUSE_SECONDS", (0.2, 0.6))
    lines = soak.run(seconds=3.0, seed=5)
    assert "seed 5" in lines[0]
    assert sum(int(times) for times in re.findall(r" (\d+)(?:,|$)", lines[1])) >= 3
    assert lines[2].startswith("15 asked, ")
    assert ", 0 not; answered twice 0, parked 0; " in lines[3]


async def test_the_same_seed_makes_the_same_trouble() -> None:
    async def made(seed: int) -> list[str]:
        it = Trouble(Sandbox(small_world(SandboxClock())), random.Random(seed))
        return [await it.make() for _ in range(30)]

    first = await made(1)
    assert first == await made(1)
    assert first != await made(2)
    assert len(set(first)) > 5
