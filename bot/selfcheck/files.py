"""What can be found out about the database's file and its disk without any network."""

from __future__ import annotations

import shutil
import sqlite3
import time
from datetime import datetime
from pathlib import Path
from urllib.request import pathname2url

from handlers.doctor import probe_texts as texts
from storage.probes import Probe, Status

DATABASE = "database"
DISK = "disk"
QUICK_SECONDS = 10.0
"""So long a quick check may read; a file of some hundred megabytes takes one or two."""
LITTLE_SPACE = 500 * 1024 * 1024
NO_SPACE = 100 * 1024 * 1024
"""Bytes. SQLite's log alone may take some tens of megabytes while a long read goes on."""
_STEPS = 100_000
"""Instructions of SQLite's machine between two looks at the clock."""


def probe_database(path: Path, now: datetime, *, thorough: bool) -> Probe:
    """Is the file whole? `thorough` compares the indexes with the tables as well, however long that takes.

    Reads only, beside the running bot. Blocks: call it off the loop.
    """
    if not path.exists():
        return _probe(DATABASE, now, "ok", texts.NO_DATABASE)
    try:
        problem = _check(path, thorough)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            found, advice = texts.DATABASE_GOOD_SO_FAR
            return Probe(DATABASE, now, "ok", found.format(seconds=f"{QUICK_SECONDS:g}"), advice)
        return _probe(DATABASE, now, "bad", texts.DATABASE_UNREADABLE, what=str(error))
    except sqlite3.DatabaseError as error:
        return _probe(DATABASE, now, "bad", texts.DATABASE_BROKEN, what=str(error))
    if problem is not None:
        return _probe(DATABASE, now, "bad", texts.DATABASE_BROKEN, what=problem)
    return _probe(DATABASE, now, "ok", texts.DATABASE_GOOD)


def _check(path: Path, thorough: bool) -> str | None:
    """The first thing that is wrong with the file, or None. Raises sqlite3.Error."""
    connection = sqlite3.connect(f"file:{pathname2url(str(path.absolute()))}?mode=ro", uri=True, timeout=5)
    try:
        if not thorough:
            ends_at = time.monotonic() + QUICK_SECONDS
            connection.set_progress_handler(lambda: int(time.monotonic() > ends_at), _STEPS)
        [first] = connection.execute("pragma integrity_check(1)" if thorough else "pragma quick_check(1)").fetchall()
    finally:
        connection.close()
    return None if first[0] == "ok" else str(first[0])


def probe_disk(path: Path, now: datetime) -> Probe:
    """Is there room where the database is, or will be?"""
    folder = next((one for one in path.absolute().parents if one.is_dir()), Path())
    free = shutil.disk_usage(folder).free
    found, advice = texts.disk(free, str(folder))
    if free >= LITTLE_SPACE:
        return Probe(DISK, now, "ok", found, advice)
    return Probe(DISK, now, "bad" if free < NO_SPACE else "warning", found, texts.DISK_ADVICE)


def _probe(name: str, now: datetime, status: Status, said: texts.Said, **values: str) -> Probe:
    found, advice = said
    return Probe(name, now, status, found.format(**{key: texts.foreign(text) for key, text in values.items()}), advice)
