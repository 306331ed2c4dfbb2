"""One process a database."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from storage.lock import AlreadyInUseError, ProcessLock

HOLD = (
    "import sys; from pathlib import Path; from storage.lock import ProcessLock; "
    "lock = ProcessLock(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
)


def test_the_second_is_told_which_database_is_in_use(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "steward.db"
    lock = ProcessLock(path)
    with pytest.raises(AlreadyInUseError, match=r"steward\.db"):
        ProcessLock(path)
    ProcessLock(tmp_path / "another.db").release()
    lock.release()
    ProcessLock(path).release()


def test_a_killed_holder_leaves_nothing_to_clear_away(tmp_path: Path) -> None:
    path = tmp_path / "steward.db"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(AlreadyInUseError):
            ProcessLock(path)
        holder.kill()
    ProcessLock(path).release()
