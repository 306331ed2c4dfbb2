"""What a process takes of the machine, as Linux tells it; other systems do not tell it here."""

from __future__ import annotations

import contextlib
import os
import statistics
from collections.abc import Sequence
from pathlib import Path


def resident_megabytes(pid: int | str = "self") -> float:
    """Resident memory now; 0 where there is no /proc to tell, or no such process."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return 0.0


def cpu_seconds(pid: int) -> float:
    """Time that all its threads have computed since it began; 0 where there is no /proc to tell, or no such process."""
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def over_time(memory: Sequence[float]) -> str:
    """What samples of every second come to, with the slope of the straight line through their second half."""
    later = memory[len(memory) // 2 :]
    slope = statistics.linear_regression(range(len(later)), later).slope if len(later) > 1 else 0.0
    return (
        f"memory {memory[0]:.0f} MB at first, {memory[len(memory) // 2]:.0f} in the middle, {memory[-1]:.0f} at the end, "
        f"{60 * slope:+.1f} MB a minute over the second half"
    )
