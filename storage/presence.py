"""What the running bot says of itself, for whoever asks from outside or after a restart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.database import Database
from storage.times import from_text, from_text_or_none, to_text, to_text_or_none


@dataclass(frozen=True, slots=True)
class Presence:
    """One process's account of itself. `trouble` says why there is no connection, empty when there is one."""

    started_at: datetime
    beat_at: datetime
    """When it last said so; a running bot does about every fifteen seconds."""
    version: str
    host: str
    pid: int
    wanted_connections: int
    connections: int
    heard_at: datetime | None = None
    """Last frame of any kind, pings included."""
    trouble: str = ""
    stopped_at: datetime | None = None
    """None while it runs, and after an end without a good-bye."""


class Presences:
    """The newest account."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self) -> Presence | None:
        """The account of the process that ran last; None before the first."""
        row = self._database.row("select * from presence")
        if row is None:
            return None
        return Presence(
            started_at=from_text(row["started_at"]),
            beat_at=from_text(row["beat_at"]),
            version=row["version"],
            host=row["host"],
            pid=row["pid"],
            wanted_connections=row["wanted_connections"],
            connections=row["connections"],
            heard_at=from_text_or_none(row["heard_at"]),
            trouble=row["trouble"],
            stopped_at=from_text_or_none(row["stopped_at"]),
        )

    def put(self, presence: Presence) -> None:
        """Replace it."""
        self._database.execute(
            "insert or replace into presence (id, started_at, beat_at, stopped_at, version, host, pid, "
            "wanted_connections, connections, heard_at, trouble) values (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                to_text(presence.started_at),
                to_text(presence.beat_at),
                to_text_or_none(presence.stopped_at),
                presence.version,
                presence.host,
                presence.pid,
                presence.wanted_connections,
                presence.connections,
                to_text_or_none(presence.heard_at),
                presence.trouble,
            ),
        )
