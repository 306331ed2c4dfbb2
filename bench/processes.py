"""What a process takes of the machine, as Linux tells it; other systems do not tell it here."""

from __future__ import annotations

import contextlib
import os
import statistics
import tempfile
import time
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


def flush_milliseconds(times: int = 100) -> str:
    """How long the disk takes for a page, as words: every message that is acknowledged has waited for such a flush."""
    took = []
    with tempfile.NamedTemporaryFile(prefix="steward-bench-") as file:
        for _ in range(times):
            file.write(bytes(4096))
            file.flush()
            began = time.perf_counter()
            os.fsync(file.fileno())
            took.append((time.perf_counter() - began) * 1000)
    cuts = statistics.quantiles(took, n=100)
    return f"a flush to this disk takes {cuts[49]:.1f} ms (p99 {cuts[98]:.1f} ms)"


def over_time(memory: Sequence[float]) -> str:
    """What samples of every second come to, with the slope of the straight line through their second half."""
    later = memory[len(memory) // 2 :]
    slope = statistics.linear_regression(range(len(later)), later).slope if len(later) > 1 else 0.0
    return (
        f"memory {memory[0]:.0f} MB at first, {memory[len(memory) // 2]:.0f} in the middle, {memory[-1]:.0f} at the end, "
        f"{60 * slope:+.1f} MB a minute over the second half"
    )
