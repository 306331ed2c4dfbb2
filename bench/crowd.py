"""A thousand people who ask at once, each in a chat of their own; beside it the same for a bare bot on the SDK."""

from __future__ import annotations

import asyncio

from bench.load.bots import BARE, STEWARD
from bench.load.runs import Load, measure

PEOPLE = 1000
LOAD = Load(PEOPLE, 1.0, PEOPLE, 0.02, grace=30.0)


def run() -> list[str]:
    """The lines for `make bench`."""
    lines = [f"{PEOPLE:,} people ask within a second, calls take {LOAD.latency * 1000:.0f} ms:"]
    for kind in (STEWARD, BARE):
        outcome = asyncio.run(measure(kind, LOAD))
        report = outcome.report
        lines.append(
            f"  {kind.name}: {len(report.answered):,} answered, p50 {report.until_answered.p50:.2f} s, "
            f"p99 {report.until_answered.p99:.2f} s, the last after {report.until_answered.longest:.2f} s; "
            f"acknowledged within {report.until_acknowledged.longest:.2f} s; lost {outcome.lost}, twice {report.twice}"
        )
    return lines
