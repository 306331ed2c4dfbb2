"""Every trouble once, a few storms and some kills: the part of the fault suite that `make test` runs.

`make faults` runs the whole (`test_storms.py`). What is judged, and what is excused: `verdict.py`.
"""

from __future__ import annotations

import random
from datetime import timedelta
from functools import partial
from pathlib import Path

from tests.faults.ground import field
from tests.faults.kills import Killing, play_kills
from tests.faults.plans import alone, storm
from tests.faults.play import Work, bad, playing, report, side_by_side
from tests.faults.processes import Nursery
from tests.faults.troubles import TROUBLES
from tests.faults.verdict import complaints

SEED = 20261125


async def test_each_trouble_a_few_storms_and_some_kills(tmp_path: Path, nursery: Nursery) -> None:
    names = sorted(TROUBLES, key=lambda name: -TROUBLES[name].seconds)  # the longest first, to be done sooner
    works: list[Work] = [
        partial(play_kills, Killing(SEED, 12), tmp_path / "kills"),
        *playing([storm(SEED + number) for number in range(2)], tmp_path / "storms"),
        *playing([alone(name, SEED + number) for number, name in enumerate(names)], tmp_path / "alone"),
    ]
    outcomes = await side_by_side(works, nursery)
    print(report(outcomes))
    assert bad(outcomes) == []


async def test_a_bot_that_answers_twice_or_not_at_all_is_found_out(tmp_path: Path, nursery: Nursery) -> None:
    dice = random.Random(SEED)
    async with field(tmp_path, nursery, seed=SEED) as it:
        twice, never = await it.say(dice, "twice"), await it.say(dice, "never")
        await it.say(dice, "reply")
        await it.settle()
        await it.stop()
        assert complaints(it.evidence()) == [
            f"answered 2 times, 1 can be explained: {twice.token} (twice in {twice.chat})",
            f"accepted and never answered: {never.token} (never in {never.chat})",
        ]


async def test_what_was_missed_while_it_was_stopped_comes_once_and_says_so(tmp_path: Path, nursery: Nursery) -> None:
    async with field(tmp_path, nursery, seed=SEED) as it:
        await it.settle()
        await it.stop()
        it.look_at_the_clock()
        it.dial.let_pass(timedelta(minutes=35))
        it.clock_jumped()
        await it.settle()
        await it.stop()
        evidence = it.evidence()
        assert complaints(evidence) == []
        [(_, text)] = evidence.robot
        assert "补发" in text
        assert len(evidence.planned) >= 3
