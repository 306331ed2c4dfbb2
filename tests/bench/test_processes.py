"""What a process takes of the machine is read as the kernel tells it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bench.processes import cpu_seconds, flush_milliseconds, over_time, resident_megabytes

NOBODY = 2**22 + 1
"""No Linux gives out a process number above 2**22."""


def test_growth_is_the_slope_of_the_second_half() -> None:
    warming_up = [50.0, 80.0, 99.0, 100.0]
    assert over_time([*warming_up, 100.0, 100.0, 100.0, 100.0]).endswith(", +0.0 MB a minute over the second half")
    assert over_time([*warming_up, 100.0, 101.0, 102.0, 103.0]) == (
        "memory 50 MB at first, 100 in the middle, 103 at the end, +60.0 MB a minute over the second half"
    )
    assert over_time([90.0]).startswith("memory 90 MB at first, 90 in the middle, 90 at the end, +0.0 MB")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="this system has no /proc")
def test_of_this_process() -> None:
    kept = b"x" * 50_000_000
    with_it = resident_megabytes()
    assert with_it > len(kept) / 2**20
    before = cpu_seconds(os.getpid())
    while cpu_seconds(os.getpid()) == before:
        sum(range(10_000))
    assert cpu_seconds(os.getpid()) > before > 0


def test_of_no_process() -> None:
    assert (resident_megabytes(NOBODY), cpu_seconds(NOBODY)) == (0.0, 0.0)


def test_a_flush_is_told_in_milliseconds() -> None:
    assert flush_milliseconds(times=3).startswith("a flush to this disk takes ")
