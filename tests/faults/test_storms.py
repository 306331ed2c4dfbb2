"""The whole fault suite, by `make faults`: each trouble, pairs, storms, hundreds of kills, a disk that is full.

Every run draws a new seed and prints it; `FAULT_SEED=<seed> make faults` repeats the run, and
`FAULT_PLAN='<name> <seed>' make faults` one plan of it: `storm 5`, `kills 7`, `cut+slow 104`, `locked 3`.
"""

from __future__ import annotations

import os
import random
import secrets
import time
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from tests.faults import disks, troubles
from tests.faults.ground import field
from tests.faults.kills import STEPS, Killing, play_kills
from tests.faults.plans import alone, pair, storm
from tests.faults.play import Outcome, Work, bad, judge, playing, report, side_by_side
from tests.faults.processes import Nursery
from tests.faults.troubles import TROUBLES

pytestmark = pytest.mark.faults

SEED = int(os.environ.get("FAULT_SEED") or secrets.randbelow(10**9))
ONLY = os.environ.get("FAULT_PLAN", "")
STORMS = 90
LIVES, KILLS = 10, 24
"""So many bots are killed so often: more than two hundred times."""
SHIFTS = 3
"""Each trouble meets twice as many others."""


def one_plan(text: str, folder: Path) -> Work:
    """The plan that `FAULT_PLAN` names."""
    name, _, number = text.partition(" ")
    seed = int(number or SEED)
    if name == "kills":
        return partial(play_kills, Killing(seed, KILLS), folder)
    if name == "storm":
        return playing([storm(seed)], folder)[0]
    if name == "full-disk":
        return partial(full_disk, seed, folder)
    first, _, second = name.partition("+")
    return playing([pair(first, second, seed) if second else alone(first, seed)], folder)[0]


def all_plans(folder: Path) -> list[Work]:
    """Everything, the slow ones first."""
    dice = random.Random(SEED)
    names = list(TROUBLES)
    pairs = [
        pair(name, names[(number + shift) % len(names)], SEED + number)
        for shift in dice.sample(range(1, len(names) // 2), SHIFTS)
        for number, name in enumerate(names)
    ]
    return [
        *(partial(full_disk, SEED + number, folder / f"full-{number}") for number in range(3)),
        *playing([storm(SEED + number) for number in range(STORMS)], folder / "storms"),
        *playing(pairs, folder / "pairs"),
        *playing([alone(name, SEED + number) for number, name in enumerate(names)], folder / "alone"),
        *(partial(play_kills, Killing(SEED + life, KILLS), folder / f"kills-{life}") for life in range(LIVES)),
    ]


async def full_disk(seed: int, folder: Path, from_: Nursery) -> Outcome:
    """A disk of its own fills up while people talk, and is given room again, twice."""
    began, dice, name = time.monotonic(), random.Random(seed), f"full-disk seed={seed}"
    with disks.small_disk(folder / "small") as at:
        if at is None:
            return Outcome(f"{name}: not tried, no right to mount; «limited» stands for it", [])
        async with field(folder, from_, seed=seed, database="small/steward.db") as it:
            it.excused |= troubles.DISK_FULL.excuses
            for _ in range(2):
                await it.talk(dice, 6)
                await troubles.DISK_FULL.begin(it, dice)
                await it.talk(dice, 12, seconds=troubles.DISK_FULL.seconds)
                await troubles.DISK_FULL.end(it, dice)
            return await judge(it, name, began)


async def test_the_whole(tmp_path: Path, nursery: Nursery) -> None:
    print(f"\nFAULT_SEED={SEED}" + (f" FAULT_PLAN={ONLY!r}" if ONLY else ""), flush=True)
    works = [one_plan(ONLY, tmp_path)] if ONLY else all_plans(tmp_path)
    outcomes = await side_by_side(works, nursery)
    print(report(outcomes), flush=True)
    assert bad(outcomes) == []
    if not ONLY:
        assert sum(outcome.kills for outcome in outcomes) >= 200
        steps = Counter(step for outcome in outcomes for step in outcome.reached)
        print("killed at", ", ".join(f"{step} {steps[step]}" for step in STEPS), flush=True)
        assert set(steps) == set(STEPS), "a step at which the bot is never killed is not tried"
