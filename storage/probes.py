"""What the last self-check found out by trying: over the network, and about the database's own file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from storage.database import Database
from storage.times import from_text, to_text

Status = Literal["ok", "warning", "bad", "unknown"]


@dataclass(frozen=True, slots=True)
class Probe:
    """One thing that was tried. `found` and `advice` are lines for people; `advice` is empty where nothing is wrong."""

    name: str
    """`credentials`, `gateway`, …: see `bot/selfcheck/probes.py`."""
    at: datetime
    status: Status
    """`unknown`: it could not be tried, and `found` says why."""
    found: str
    advice: str = ""


class Probes:
    """The newest result of each."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def replace(self, probes: Iterable[Probe]) -> None:
        """Store what was just tried, in place of everything that was tried before."""
        self._database.execute("delete from probes")
        for probe in probes:
            self._database.execute(
                "insert into probes (name, at, status, found, advice) values (?, ?, ?, ?, ?)",
                (probe.name, to_text(probe.at), probe.status, probe.found, probe.advice),
            )

    def all(self) -> list[Probe]:
        """What the last self-check found; empty before the first."""
        return [
            Probe(row["name"], from_text(row["at"]), row["status"], row["found"], row["advice"])
            for row in self._database.rows("select * from probes order by name")
        ]
