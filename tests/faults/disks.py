"""Trouble with the disk: a database that somebody else has locked, files that may not grow, a disk that is full."""

from __future__ import annotations

import contextlib
import resource
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

_UNLIMITED = resource.RLIM_INFINITY
_BALLAST = "ballast"


class Lock:
    """The write lock of a database, held by somebody who is not the bot."""

    def __init__(self, database: Path) -> None:
        """Take it. Where a bot that stands still holds it in the middle of a commit, it is as locked as can be."""
        self._connection = sqlite3.connect(database, timeout=5, isolation_level=None, check_same_thread=False)
        with contextlib.suppress(sqlite3.OperationalError):
            self._connection.execute("begin immediate")

    def release(self) -> None:
        """Let go of it."""
        self._connection.rollback()
        self._connection.close()


def limit_growth(pid: int, database: Path) -> None:
    """No file of the process may grow beyond what the write-ahead log has: the next commits fail."""
    log = database.with_name(database.name + "-wal")
    size = max(log.stat().st_size if log.exists() else 0, 64 * 1024)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, _UNLIMITED))


def let_grow(pid: int) -> None:
    """Take the limit back."""
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (_UNLIMITED, _UNLIMITED))


def fill(folder: Path) -> None:
    """Write until nothing more fits."""
    with (folder / _BALLAST).open("ab", buffering=0) as file:
        for size in (64 * 1024, 1024, 1):
            try:
                while file.write(b"\0" * size):
                    pass
            except OSError:
                continue


def make_room(folder: Path) -> None:
    """Take away what `fill` wrote."""
    (folder / _BALLAST).unlink(missing_ok=True)


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int = 8) -> Iterator[Path | None]:
    """A small file system of its own at `folder`; None where we may not make one."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except OSError:
        yield None
        return
    if done.returncode != 0:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
