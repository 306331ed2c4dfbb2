"""One process a database."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from storage.database import DatabaseError
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


def test_a_place_where_nothing_can_be_written_is_no_other_steward(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("a file, no folder")
    with pytest.raises(DatabaseError, match="storage"):
        ProcessLock(tmp_path / "notes" / "steward.db")
    (tmp_path / "steward.db.lock").mkdir()
    with pytest.raises(DatabaseError, match=r"steward\.db\.lock"):
        ProcessLock(tmp_path / "steward.db")
    (tmp_path / "other.db.lock").write_text("no database, and long enough to be none" * 100)
    with pytest.raises(DatabaseError, match="not a database"):
        ProcessLock(tmp_path / "other.db")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no Unix modes; the folder's permissions hold there")
def test_nobody_else_can_take_the_lock_away(tmp_path: Path) -> None:
    lock = ProcessLock(tmp_path / "steward.db")
    assert stat.S_IMODE(lock.path.stat().st_mode) == 0o600
    lock.release()
