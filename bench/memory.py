"""How much memory the idle bot takes."""

from __future__ import annotations

import asyncio
from importlib.util import find_spec
from pathlib import Path

from bench.processes import resident_megabytes
from bench.stage import playing


def run() -> list[str]:
    """The lines for `make bench`. Linux tells the figure; other systems are passed over in one line."""
    if not Path("/proc/self/status").exists():
        return ["idle memory: not measured, this system has no /proc"]
    resident = asyncio.run(_measure())
    # sqlite-utils takes numpy up wherever it is, some eleven megabytes.
    beside = ", with numpy, which only tests and the extra `semantic` bring" if find_spec("numpy") else ""
    return [f"idle memory, connected, directory read, one question answered: {resident:.0f} MB resident{beside}"]


async def _measure() -> float:
    async with playing() as (_, process):
        return resident_megabytes(process.pid)
