"""Making a backup the database again: what it takes for open may have been done since, and is not to be done twice."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from storage.backup import BackupError, Contents, companions, examine, flush, flush_folder
from storage.database import Database, create_private, give_to_owner
from storage.times import to_text

CODE = "restored"
"""The error code of what was open in the backup: nobody can tell whether it was done since."""
_CARRIED = ("calls", "quota_alarms", "presence", "gaps", "rivals", "unreachable")
"""What was noted of the world outside, and is true whatever the database says."""

# Numbers of rows are never used again: the same number, time and words are the same message.
_SAME = "now.id = main.outbox.id and now.created_at = main.outbox.created_at and now.body = main.outbox.body"
_ANSWER = (
    "kind, conversation, recipients, body, webhook, webhook_expires_at, at_staff_ids, priority, not_before, "
    "next_try_at, expires_at, state, attempts, error_code, error, created_at"
)
"""Columns that a queued answer has had from the beginning."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of things whose truth is later than the backup."""

    known: int = 0
    """What was taken in since the backup: done, and not done again if it comes again; or still open, and done now."""
    done: int = 0
    """Rows, of inbox and outbox, that were open in the backup and are known to have been done since."""
    parked: int = 0
    """Rows that were open in the backup and of which nobody knows."""


def take_in(file: Path, part: Path) -> Contents:
    """Copy a backup, with the `-wal` that may lie beside it, to the private file `part`, and verify it there.

    `file` itself is only read. Raises `BackupError`.
    """
    try:
        for source, target in zip((file, companions(file)[0]), (part, companions(part)[0]), strict=True):
            target.unlink(missing_ok=True)
            if source is file or source.exists():
                with source.open("rb") as reader:
                    create_private(target)
                    with target.open("wb") as writer:
                        shutil.copyfileobj(reader, writer)
    except OSError as error:
        raise BackupError(f"{file} 读不了，或者没有空间（{error}）/ cannot be read, or there is no space") from error
    return examine(part, called=file)


def settle(database: Database, present: Path | None, at: datetime, error: str, *, resume: bool) -> Settled:
    """Bring into a restored database what is known from the `present` one, and park what is open and unknown.

    `present` is a good database that nobody uses, or None. `error` is the text for parked rows. `resume`: what is open
    and not known to have been done is done when the bot starts.
    """
    known = done = 0
    with _attached(database.connection, present), database.transaction():
        if present is not None:
            known, done = _take_over(database, set(_tables(database.connection, "present")))
        elif not resume:
            # Whether the bot has heard since, nobody knows: nothing is to be told of a silence that may not have been.
            database.execute("delete from presence")
            database.execute("delete from gaps where ended_at is null")
        parked = 0 if resume else _park_open(database, at, error, has_present=present is not None)
    return Settled(known, done, parked)


@contextmanager
def _attached(connection: sqlite3.Connection, present: Path | None) -> Iterator[None]:
    if present is None:
        yield
        return
    connection.execute("attach ? as present", (str(present),))
    try:
        yield
    finally:
        connection.execute("detach present")


def _tables(connection: sqlite3.Connection, schema: str) -> Iterable[str]:
    return (row[0] for row in connection.execute(f"select name from {schema}.sqlite_master where type = 'table'"))


def _take_over(database: Database, tables: set[str]) -> tuple[int, int]:
    """Messages known by now, rows known to be done. Straight SQL, as the two files may be of different versions."""
    connection = database.connection
    known = connection.execute(
        "insert into main.inbox "
        "(key, kind, conversation, body, received_at, state, attempts, next_try_at, error, finished_at) "
        "select key, kind, conversation, case state when 'done' then '' else body end, received_at, state, attempts, "
        "next_try_at, error, finished_at from present.inbox where key not in (select key from main.inbox) order by id"
    ).rowcount
    done = connection.execute(
        "update main.inbox set state = 'done', body = '', error = null where state = 'new' "
        "and key in (select key from present.inbox where state = 'done')"
    ).rowcount
    done += connection.execute(
        "update main.outbox set state = 'sent', sent_at = now.sent_at, platform_key = now.platform_key, "
        "webhook = null, error = null, error_code = null from present.outbox as now "
        f"where {_SAME} and now.state = 'sent' and main.outbox.state in ('queued', 'sending')"
    ).rowcount
    # Answers are still owed; reminders speak of what is gone.
    connection.execute(
        f"insert into main.outbox ({_ANSWER}) select {_ANSWER} from present.outbox as now "
        "where now.state = 'queued' and now.kind = 'reply' "
        f"and not exists (select 1 from main.outbox where {_SAME}) order by now.id"
    )
    # A schedule that fired since does not fire again for the same time; one that did not, fires late, once.
    connection.execute(
        "update main.schedules set last_fire_at = now.last_fire_at, next_fire_at = now.next_fire_at "
        "from present.schedules as now where now.name = main.schedules.name "
        "and now.when_text = main.schedules.when_text and now.last_fire_at > coalesce(main.schedules.last_fire_at, '')"
    )
    for table in _CARRIED:
        if table in tables:
            names = ", ".join(row[1] for row in connection.execute(f"pragma present.table_info({table})"))
            connection.execute(f"insert or replace into main.{table} ({names}) select {names} from present.{table}")
    return known, done


def _park_open(database: Database, at: datetime, error: str, *, has_present: bool) -> int:
    """What is open in the present database as well has certainly not been done: that stays."""
    still_new = "and key not in (select key from present.inbox where state = 'new')" if has_present else ""
    still_queued = (
        f"and not exists (select 1 from present.outbox as now where {_SAME} and now.state = 'queued')"
        if has_present
        else ""
    )
    inbox = database.connection.execute(
        "update main.inbox set state = 'parked', error = ?, finished_at = ?, next_try_at = null "
        f"where state = 'new' {still_new}",
        (error, to_text(at)),
    ).rowcount
    outbox = database.connection.execute(
        "update main.outbox set state = 'parked', error_code = ?, error = ?, webhook = null, next_try_at = null "
        f"where state in ('queued', 'sending') {still_queued}",
        (CODE, error),
    ).rowcount
    return inbox + outbox


def is_in_use(path: Path) -> bool:
    """Somebody has this good database open: the last one to close it takes the `-wal` away."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as connection:
        connection.execute("select count(*) from sqlite_master")
    return companions(path)[0].exists()


def exchange(part: Path, present: Path, aside: Path) -> None:
    """Put `part` in the place of `present`, which is kept as `aside`. Raises OSError, and then `present` is there still.

    There is a database at `present` at every moment, whenever this is killed, so that the bot does not start with an empty
    one; only where no file has two names there is an instant without.
    """
    give_to_owner(part, present if present.exists() else present.parent)
    flush(part)
    for companion, kept in zip(companions(present), companions(aside), strict=True):
        # Of a damaged database only. SQLite would take it for the log of the new one.
        if companion.exists():
            companion.replace(kept)
    if present.exists():
        try:
            os.link(present, aside)
        except OSError:  # a file system without a second name for a file
            present.replace(aside)
    try:
        part.replace(present)
    except OSError:
        if not present.exists():
            aside.replace(present)
        raise
    flush_folder(present.parent)
