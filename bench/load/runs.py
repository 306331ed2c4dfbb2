"""One run: a bot under a load, its memory every second, and what became of every message."""

from __future__ import annotations

import asyncio
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.load.bots import Bot, Kind, running
from bench.load.platform import Platform, platform
from bench.load.tally import Report, message_id
from bench.processes import cpu_seconds, resident_megabytes

_START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Load:
    """What the platform does."""

    a_second: float
    seconds: float
    people: int
    """Each writes in a private chat of their own: those have no limit a minute, as groups have."""
    latency: float
    """Seconds that every call of the bot takes."""
    patience: float = 600.0
    """Seconds that a bot which stores what it heard may take afterwards for the answers that are still due."""
    grace: float = 10.0
    """Seconds that one has afterwards which stores nothing: whether it has anything left to do cannot be seen."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to."""

    load: Load
    report: Report
    unanswered: int
    """Acknowledged and on disk, and not answered in all the time that there was."""
    lost: int
    """Acknowledged, and neither answered nor on disk."""
    parked: int
    memory: tuple[float, ...]
    """Resident megabytes of the bot, every second of the load."""
    cpu: float
    """Seconds that the bot computed, from the first message to the last answer."""


async def measure(kind: Kind, load: Load) -> Outcome:
    """Put a bot under a load and see what becomes of it. Raises RuntimeError when the bot ends by itself."""
    with tempfile.TemporaryDirectory(prefix="steward-bench-") as folder:
        async with (
            platform(people=load.people, latency=load.latency) as served,
            running(kind, served.url, Path(folder)) as bot,
        ):
            await _until_connected(kind, served, bot)
            await served.until_quiet()
            memory: list[float] = []
            before = cpu_seconds(bot.process.pid)
            sampling = asyncio.create_task(_sample(bot, memory))
            await served.push(load.a_second, load.seconds)
            sampling.cancel()
            await _drain(kind, bot, load)
            report = await served.report()
            _check(kind, bot)
            return _outcome(load, report, bot, memory, cpu_seconds(bot.process.pid) - before)


async def _until_connected(kind: Kind, served: Platform, bot: Bot) -> None:
    ends_at = time.monotonic() + _START_SECONDS
    while True:
        try:
            return await served.until_connected(kind.connections, timeout=1.0)
        except TimeoutError:
            _check(kind, bot)
            if time.monotonic() > ends_at:
                raise


def _check(kind: Kind, bot: Bot) -> None:
    if bot.process.returncode is not None:
        raise RuntimeError(f"{kind.name} ended by itself, status {bot.process.returncode}")


async def _sample(bot: Bot, memory: list[float]) -> None:
    while True:
        memory.append(resident_megabytes(bot.process.pid))
        await asyncio.sleep(1)


async def _drain(kind: Kind, bot: Bot, load: Load) -> None:
    """Let the bot finish."""
    if not kind.has_database:
        await asyncio.sleep(load.grace)
        return
    ends_at = time.monotonic() + load.patience
    while await asyncio.to_thread(bot.has_open_rows) and time.monotonic() < ends_at:
        await asyncio.sleep(0.5)


def _outcome(load: Load, report: Report, bot: Bot, memory: list[float], cpu: float) -> Outcome:
    stored = bot.stored()
    open_ = [number for number in report.acknowledged if number not in report.answered]
    lost = sum(message_id(number) not in stored for number in open_)
    return Outcome(load, report, len(open_) - lost, lost, bot.parked(), tuple(memory), cpu)
