"""A minute of more messages than can be answered, and beside it the same for a bare bot on the SDK (bench/bare_bot.py).

All write in private: a group may have fifteen answers a minute, which is another figure than how many a bot can give.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from bench.load.bots import BARE, ECHO, REFLEX, STEWARD, Kind
from bench.load.runs import Load, Outcome, measure
from bench.load.tally import Waits
from bench.processes import flush_milliseconds, over_time

A_SECOND = 1200
SECONDS = 60.0
PEOPLE = 500
LATENCIES = (0.0, 0.02, 0.1)
COMPARED = 0.02
"""Where Steward with the bare bot's handler is measured, too: the rest is what its answers cost."""
ALONE = Load(6000, 5.0, PEOPLE, 0.0, grace=2.0)
"""What the platform is put to by itself: it must not be what is measured."""


def run(seconds: float = SECONDS) -> Iterator[str]:
    """The lines for `make bench`, each as soon as it is known."""
    alone = asyncio.run(measure(REFLEX, ALONE)).report
    yield (
        f"the platform alone, beside a client that acknowledges and posts without a look: {ALONE.a_second:,.0f}/s "
        f"offered, {alone.acknowledged_in_time / ALONE.seconds:,.0f}/s acknowledged, "
        f"{alone.answered_in_time / ALONE.seconds:,.0f}/s posted, {alone.busy:.0%} of a core; {flush_milliseconds()}"
    )
    for latency in LATENCIES:
        yield f"{A_SECOND:,}/s for {seconds:.0f} s, {PEOPLE} people in private, calls take {latency * 1000:.0f} ms:"
        for kind in (STEWARD, ECHO, BARE) if latency == COMPARED else (STEWARD, BARE):
            outcome = asyncio.run(measure(kind, Load(A_SECOND, seconds, PEOPLE, latency)))
            yield from (f"  {line}" for line in _told(kind, outcome))


def _told(kind: Kind, outcome: Outcome) -> Iterator[str]:
    report, load = outcome.report, outcome.load
    never = report.pushed - len(report.acknowledged)
    yield (
        f"{kind.name}: {report.acknowledged_in_time / load.seconds:,.0f}/s acknowledged"
        f"{', on disk' if kind.has_database else ''} ({_waits(report.until_acknowledged)}), "
        f"{never:,} of {report.pushed:,} never; lost {outcome.lost}, answered twice {report.twice}"
    )
    yield (
        f"  {report.answered_in_time / load.seconds:,.0f} answers/s meanwhile, {len(report.answered):,} in all, the last "
        f"{max(0.0, report.last_answer):.0f} s after the load ({_waits(report.until_answered)}); "
        f"acknowledged and never answered {outcome.unanswered}"
    )
    yield (
        f"  {over_time(outcome.memory)}; {1000 * outcome.cpu / max(1, len(report.answered)):.2f} ms of computing for "
        f"each answer; the platform took {report.busy:.0%} of a core"
    )


def _waits(waits: Waits) -> str:
    return f"p50 {_time(waits.p50)}, p99 {_time(waits.p99)}"


def _time(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
