"""A copy of the database while others write to it, and whether a file is a database of ours that can be used."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from storage.database import create_private
from storage.migrations import migrations
from storage.times import from_text

PAGES_A_STEP = 512
"""2 MiB: between two steps the disk is free for whoever works."""
PAUSE_SECONDS = 0.005
_COUNTED = {"messages": "inbox", "people": "staff_facts", "groups": "groups", "audit": "audit"}


class BackupError(Exception):
    """The file cannot be used, or could not be written; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a good database file holds: rows, and when the newest change was recorded (as the database has it)."""

    messages: int
    people: int
    groups: int
    audit: int
    newest: str | None

    def told(self, zone: tzinfo) -> str:
        """One line for people, with times as they have them."""
        newest = (
            "" if self.newest is None else f"，最近 / newest {from_text(self.newest).astimezone(zone):%Y-%m-%d %H:%M}"
        )
        return f"收件 {self.messages}、人员 {self.people}、群 {self.groups}、操作记录 {self.audit}{newest}"


def require(source: Path) -> None:
    """Raises `BackupError` where there is no database to be copied."""
    if not source.is_file():
        raise BackupError(f"还没有数据库 {source}，没有什么可备份 / there is no database yet")


def copy(source: Path, target: Path, step: Callable[[], None] = lambda: None) -> Contents:
    """Copy the database at `source` to the new file `target`, whoever writes meanwhile, and open the copy to verify it.

    The copy is private (0600), one file in itself, and appears under its name only when it is complete, verified and
    on disk. `step` is called after every few pages. Raises `BackupError`; nothing is left behind then.
    """
    require(source)
    if target.exists():
        raise BackupError(f"{target} 已经有了，不覆盖，请换个名字 / exists already and is not overwritten")
    part = target.with_name(target.name + ".part")
    try:
        part.unlink(missing_ok=True)
        create_private(part)
        _copy_pages(source, part, step)
        contents = examine(part, called=source)
        flush(part)
        part.replace(target)
        flush_folder(target.parent)
    except (sqlite3.Error, OSError) as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise BackupError(f"{source} 已损坏，没有备份 / is damaged: no backup was made ({error})") from error
        raise BackupError(
            f"没有备份成（{error}），请看看 {target.parent} 有没有空间和写权限 / the backup failed: see whether there is "
            "space and permission"
        ) from error
    finally:
        for leftover in (part, *companions(part)):
            with suppress(OSError):
                leftover.unlink(missing_ok=True)
    return contents


def _copy_pages(source: Path, part: Path, step: Callable[[], None]) -> None:
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)) as reader,
        closing(sqlite3.connect(part, isolation_level=None)) as writer,
    ):
        reader.execute("pragma busy_timeout = 5000")
        # An open read transaction pins one state of the database; without it, every commit of the bot would make the
        # copy begin anew. In WAL mode it keeps nobody from writing.
        reader.execute("begin")
        reader.execute("select count(*) from sqlite_master").fetchone()
        reader.backup(writer, pages=PAGES_A_STEP, progress=lambda *_: step(), sleep=PAUSE_SECONDS)
        reader.execute("rollback")
        # One file that can be moved about: what would lie in a `-wal` beside it is in the file itself.
        writer.execute("pragma journal_mode = delete")


def examine(path: Path, called: Path | None = None) -> Contents:
    """Open a database file that nobody else uses, and see that all of it is good and ours.

    `called` is the name that people know it by, where it is a copy. Raises `BackupError`.
    """
    name = called or path
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as connection:
            names = {row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")}
            if not {"_sqlite_migrations", "inbox", "outbox"} <= names:
                raise BackupError(f"{name} 不是群管家的数据库 / is not a database of Steward")
            _refuse_newer(name, connection)
            found = [row[0] for row in connection.execute("pragma integrity_check(3)")]
            if found != ["ok"]:
                raise BackupError(f"{name} 已损坏 / is damaged: {'; '.join(found)}")
            counts = {
                what: connection.execute(f"select count(*) from {table}").fetchone()[0]
                for what, table in _COUNTED.items()
            }
            (newest,) = connection.execute(
                "select max(at) from (select max(received_at) as at from inbox union all select max(at) from audit)"
            ).fetchone()
    except (sqlite3.Error, OSError) as error:
        raise BackupError(f"{name} 打不开，或者不是数据库（{error}）/ cannot be opened, or is no database") from error
    return Contents(**counts, newest=newest)


def _refuse_newer(path: Path, connection: sqlite3.Connection) -> None:
    known = {migration.name for migration in migrations._migrations}
    done = {row[0] for row in connection.execute("select name from _sqlite_migrations")}
    if unknown := sorted(done - known):
        raise BackupError(
            f"{path} 由更新的版本写成（{', '.join(unknown)}），请先升级群管家 / was written by a newer Steward: upgrade first"
        )


def companions(path: Path) -> tuple[Path, Path]:
    """The files that SQLite keeps beside a database while it is open."""
    return path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")


def flush(file: Path) -> None:
    """Return when the file's content is on disk. Raises OSError."""
    with file.open("rb+") as written:
        os.fsync(written.fileno())


def flush_folder(folder: Path) -> None:
    """Return when the names in the folder are on disk, where the system can be asked for that. Raises OSError."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
