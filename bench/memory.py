"""How much memory the idle bot takes."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bench.stage import playing


def run() -> list[str]:
    """The lines for `make bench`. Linux tells the figure; other systems are passed over in one line."""
    if not Path("/proc/self/status").exists():
        return ["idle memory: not measured, this system has no /proc"]
    resident = asyncio.run(_measure())
    return [f"idle memory, connected, directory read, one question answered: {resident / 1024:.0f} MB resident"]


async def _measure() -> int:
    """Resident kilobytes."""
    async with playing() as (_, process):
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    [line] = [line for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(line.split()[1])
