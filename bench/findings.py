"""How long the findings of a large college take, and how much memory."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

from handlers.cleanup.cycle import findings_of
from handlers.cleanup.roster import Roster
from handlers.settings import CleanupSettings
from storage.database import Database
from storage.groups import Group
from storage.members import Member
from storage.staff import DepartmentRow, StaffFact
from storage.store import Store

GROUPS, MEMBERS, STAFF, DEPARTMENTS = 5_000, 200, 20_000, 90
NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)
_SURNAMES, _GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "一丁山川文书远明思齐若水知秋行云"


def run() -> list[str]:
    """The lines for `make bench`. The findings are made in a process of their own, so that memory is theirs alone."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "steward.db"
        fill(path)
        measured = subprocess.run(
            [sys.executable, "-m", "bench.findings", str(path)], capture_output=True, text=True, check=True
        )
    return [f"findings, {GROUPS} groups x {MEMBERS} members, {STAFF} staff: {measured.stdout.strip()}"]


def fill(path: Path, *, groups: int = GROUPS, members: int = MEMBERS, staff: int = STAFF) -> None:
    """A college with some of every ill: one in thirty has left in some way, one in fifty is named out of form."""
    chance = random.Random(1)
    paths = [f"学院{n % 30}/教研室{n}" for n in range(DEPARTMENTS)]
    with Database(path) as database, database.transaction():
        store = Store(database)
        store.staff.put_departments(
            [DepartmentRow(n + 2, f"教研室{n}", 1, path, (f"s{n}",)) for n, path in enumerate(paths)], NOW
        )
        shown: list[str] = []
        for n in range(staff):
            name = "".join((chance.choice(_SURNAMES), chance.choice(_GIVEN), chance.choice(_GIVEN)))
            mobile = f"139{n:08}"
            status = chance.choice(("retired", "departed", "transferred-out")) if n % 30 == 29 else "serving"
            department = paths[n % DEPARTMENTS]
            store.staff.put(StaffFact(f"s{n}", "directory", name, department, mobile), NOW)
            store.staff.put(StaffFact(f"s{n}", "personnel-file", name, department, mobile, status=status), NOW)
            shown.append(name if n % 50 == 49 else f"{department.rpartition('/')[2]}-{name}-{mobile}")
        kinds = ("department", "project", "class")
        for n in range(groups):
            conversation = f"cid{n}"
            department = paths[n % DEPARTMENTS]
            owner = f"s{n % DEPARTMENTS}"
            store.groups.save(
                Group(conversation, f"群{n}", kinds[n % 3], department, owner, ("s1", "s2"), last_heard_at=NOW)
            )
            people = [
                (n % DEPARTMENTS + DEPARTMENTS * m if m % 10 else chance.randrange(staff)) % staff
                for m in range(1, members)
            ]
            listed = [Member(conversation, f"s{person}", shown[person]) for person in people]
            listed.append(Member(conversation, None, f"小{chance.choice(_GIVEN)}老师"))
            store.members.replace(conversation, listed, "scene-group", NOW)


def measure(path: Path) -> str:
    """Seconds and resident megabytes at most, in this process."""
    with Database(path) as database:
        store = Store(database)
        began, computed = time.perf_counter(), time.process_time()
        roster = Roster.load(store.staff, date(2026, 11, 25))
        found = findings_of(store.groups.all(), store, roster, date(2026, 11, 25), CleanupSettings())
        seconds, computed = time.perf_counter() - began, time.process_time() - computed
    return f"{seconds:.1f} s ({computed:.1f} s of computing), {_peak_megabytes()}, {len(found)} found"


def _peak_megabytes() -> str:
    status = Path("/proc/self/status")
    if not status.exists():
        return "memory not measured"
    [line] = [line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM:")]
    return f"{int(line.split()[1]) / 1024:.0f} MB at most"


if __name__ == "__main__":
    print(measure(Path(sys.argv[1])))
