"""Killed again and again with SIGKILL, at named steps and at any moment, while people talk and things come due."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import time
from dataclasses import dataclass, replace
from pathlib import Path

from tests.faults.field import Field
from tests.faults.ground import field
from tests.faults.play import Outcome, broken_off, judge
from tests.faults.processes import Nursery
from tests.faults.troubles import TROUBLES

STEPS = (
    "before-commit",
    "after-commit",
    "after-ack",
    "in-handling",
    "after-outbox",
    "in-the-window",
    "after-send",
    "after-sent",
    "in-due",
    "before-any-commit",
    "after-any-commit",
)
"""Points of `runner.py`, and two of `hurried.py` that lie around every commit, whatever it is for."""
_SPREAD = {"in-due": 1, "before-any-commit": 60, "after-any-commit": 60}
_LONGEST_LIFE = 2.5
"""In seconds of ours; a point that is not reached by then is left, and the bot killed from outside."""


@dataclass(frozen=True, slots=True)
class Killing:
    """How often, from which seed."""

    seed: int
    kills: int

    def __str__(self) -> str:
        return f"kills seed={self.seed} kills={self.kills}"


async def play_kills(plan: Killing, folder: Path, from_: Nursery) -> Outcome:
    """Kill and start again as often as the plan says, then judge."""
    began = time.monotonic()
    dice = random.Random(plan.seed)
    try:
        async with field(folder, from_, seed=plan.seed, connections=dice.choice([1, 2, 2])) as it:
            it.excused.add("time")
            reached = [await _live_and_die(it, dice) for _ in range(plan.kills)]
            return replace(await judge(it, str(plan), began), reached=[step for step in reached if step])
    except (AssertionError, TimeoutError, OSError, sqlite3.Error) as error:
        return broken_off(str(plan), error, folder, began)


async def _live_and_die(it: Field, dice: random.Random) -> str:
    """One life: talk until the point is reached, or until a moment that chance chooses. The point that was reached."""
    step = dice.choice(STEPS) if dice.random() < 0.6 else ""
    if step or not it.is_running:
        await it.stop()
        await it.start(f"{step}:{dice.randint(1, _SPREAD.get(step, 5))}" if step else "")
    ends_at = time.monotonic() + (_LONGEST_LIFE if step else dice.uniform(0.0, 0.5))
    if step == "in-due" or dice.random() < 0.1:
        await TROUBLES["time-passes"].begin(it, dice)
    if dice.random() < 0.3:
        it.sandbox.faults.duplicate_next(3)
    while it.is_running and time.monotonic() < ends_at:
        await it.say(dice)
        await asyncio.sleep(dice.uniform(0.0, 0.02))
    if it.is_running:
        await it.kill()
        return ""
    await it.until_dead()
    return step
