"""Plays a plan against a bot and prints one line about it."""

from __future__ import annotations

import asyncio
import os
import random
import re
import shutil
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from traceback import extract_tb

from tests.faults.field import Field
from tests.faults.ground import field
from tests.faults.plans import Beat, Plan
from tests.faults.processes import Nursery
from tests.faults.troubles import TROUBLES
from tests.faults.verdict import TOKEN, complaints

KEPT = Path("build/faults")
"""Where the database, log and record of a plan that failed are left."""
AT_ONCE = 4 * (os.cpu_count() or 2)
"""Plans side by side: they mostly wait."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a plan."""

    plan: str
    complaints: Sequence[str]
    messages: int = 0
    answered: int = 0
    lost: int = 0
    """Messages that met no connection: DingTalk loses those as well."""
    parked: int = 0
    in_the_window: int = 0
    """Accepted messages that a kill cost their answer: parked as interrupted (docs/decisions/0003)."""
    kills: int = 0
    reached: Sequence[str] = ()
    """The steps at which the bot was killed, where it was not from outside."""
    restarts: Sequence[float] = ()
    seconds: float = 0.0
    folder: Path | None = None

    def __str__(self) -> str:
        result = "good" if not self.complaints else f"BAD: {'; '.join(self.complaints[:6])}"
        return (
            f"{self.seconds:5.1f} s  {self.messages:3} said {self.answered:3} answered {self.lost:2} unheard "
            f"{self.parked:2} parked {self.kills:2} kills  {self.plan}: {result}"
        )


async def play(plan: Plan, folder: Path, from_: Nursery) -> Outcome:
    """Play one plan in a folder of its own."""
    began = time.monotonic()
    dice = random.Random(plan.seed + 1)
    try:
        async with field(
            folder,
            from_,
            seed=plan.seed,
            connections=plan.connections,
            http_seconds=plan.http_seconds,
            by_name="names" in plan.needs,
        ) as it:
            it.excused |= plan.excuses
            for beat in plan.beats:
                await _play_beat(it, beat, dice)
            return await judge(it, str(plan), began)
    except (AssertionError, TimeoutError, OSError, sqlite3.Error) as error:
        return broken_off(str(plan), error, folder, began)


def broken_off(plan: str, error: Exception, folder: Path, began: float) -> Outcome:
    """A plan that could not be played to its end."""
    where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(extract_tb(error.__traceback__)[-6:]))
    complaint = f"{type(error).__name__}: {error} in {where}"
    return Outcome(plan, [complaint], seconds=time.monotonic() - began, folder=folder)


async def _play_beat(it: Field, beat: Beat, dice: random.Random) -> None:
    troubles = [TROUBLES[name] for name in beat.troubles]
    ends_at = time.monotonic() + max((trouble.seconds for trouble in troubles), default=0.0)
    for trouble in troubles:
        await trouble.begin(it, dice)
    messages = beat.messages if it.sandbox.connections else 1 + beat.messages // 4
    await it.talk(dice, messages, ends_at - time.monotonic())
    await asyncio.sleep(max(0.0, ends_at - time.monotonic()))
    for trouble in sorted(troubles, key=lambda one: one.is_of_process):  # or it could not connect when it is back
        await trouble.end(it, dice)
    await _reachable(it)


async def _reachable(it: Field) -> None:
    """Wait a little for a connection, so that not everything is said to nobody."""
    if not it.is_running:
        await it.start()
    try:
        await it.sandbox.until_connected(timeout=2.0)
    except TimeoutError:
        return


async def judge(it: Field, plan: str, began: float) -> Outcome:
    """Let everything settle, stop the bot, and say what held and what did not."""
    unsettled = []
    try:
        await it.settle()
    except TimeoutError as error:
        unsettled = [f"did not settle: {error}"]
        it.look_at_the_clock()
    await it.stop()
    evidence = it.evidence()
    (it.folder / "record.txt").write_text(_story(it), encoding="utf-8")
    shown = {token for _, text in evidence.robot for token in TOKEN.findall(text)}
    return Outcome(
        plan,
        [*unsettled, *complaints(evidence)],
        messages=len(it.said),
        answered=len(shown),
        lost=len(it.sandbox.record.lost),
        parked=len(evidence.parked),
        in_the_window=len(
            {token for row in evidence.parked if row.code == "interrupted" for token in row.tokens} - shown
        ),
        kills=it.kills,
        restarts=it.restarts,
        seconds=time.monotonic() - began,
        folder=it.folder,
    )


def _story(it: Field) -> str:
    """The sandbox's record, as one reads it when something has gone wrong."""
    lines = [f"said {one}" for one in it.said]
    lines += [f"acknowledged {ack.key} on {ack.connection}" for ack in it.sandbox.acks if ack.key]
    lines += [
        f"call {call.at.isoformat()} {call.path} {call.status} in doubt: {call.is_in_doubt} {call.body}"
        for call in it.sandbox.calls
    ]
    lines += [f"shown {m.at.isoformat()} {m.chat} {m.author} {m.via}: {m.text}" for m in it.sandbox.world.messages]
    return "\n".join(lines)


Work = Callable[[Nursery], Awaitable[Outcome]]


def playing(plans: Iterable[Plan], folder: Path) -> list[Work]:
    """One piece of work for each plan, with a folder of its own."""
    return [partial(play, plan, folder / str(number)) for number, plan in enumerate(plans)]


async def side_by_side(works: Sequence[Work], from_: Nursery) -> list[Outcome]:
    """Do many things, `AT_ONCE` at a time; print what came of each as it ends."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(work: Work) -> Outcome:
        async with places:
            outcome = await work(from_)
            if outcome.complaints:
                _keep(outcome)
        print(outcome, flush=True)
        return outcome

    return await asyncio.gather(*(one(work) for work in works))


def _keep(outcome: Outcome) -> None:
    """Put what a plan that failed has left where the next run does not clear it away."""
    if outcome.folder is not None and outcome.folder.exists():
        kept = KEPT / re.sub(r"\W+", "-", outcome.plan)[:60]
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(outcome.folder, kept)


def report(outcomes: Sequence[Outcome]) -> str:
    """What came of all of them together, in a few lines."""
    restarts = sorted(seconds for outcome in outcomes for seconds in outcome.restarts) or [0.0]
    return (
        f"{len(outcomes)} plans, {sum(outcome.messages for outcome in outcomes)} messages, "
        f"{sum(outcome.kills for outcome in outcomes)} kills, "
        f"{sum(outcome.in_the_window for outcome in outcomes)} answers lost in the window and shown; restarts: "
        f"median {restarts[len(restarts) // 2]:.2f} s, longest {restarts[-1]:.2f} s; "
        f"{sum(bool(outcome.complaints) for outcome in outcomes)} plans failed"
    )


def bad(outcomes: Sequence[Outcome]) -> list[str]:
    """Those that failed."""
    return [str(outcome) for outcome in outcomes if outcome.complaints]
