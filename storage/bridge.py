"""What the bridge did: its runs, what it lost, and which of its people are known."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import datetime, timedelta
from typing import Literal

from storage.database import Database
from storage.times import from_text, from_text_or_none, to_text

Door = Literal["stdin", "pipe", "address"]
Side = Literal["robot", "bridge"]

SURE = 2
"""So much must speak for it before somebody is taken for somebody: two messages that both ways brought, or one by its id."""
SIGHTED = timedelta(minutes=10)
"""How long a message is remembered, for the other way to bring it, too."""


@dataclass(slots=True)
class Tally:
    """What became of lines."""

    lines: int = 0
    taken: int = 0
    known: int = 0
    """Messages that were taken before."""
    unwanted: int = 0
    """Of other groups, or of other kinds."""
    bad: int = 0
    dropped: int = 0
    """Read and thrown away, because nothing could be stored for long."""
    missing: int = 0
    """What the source says it sent, and did not come."""

    def __iadd__(self, other: Tally) -> Tally:
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))
        return self

    @property
    def lost(self) -> int:
        """Lines that said something which nobody will know."""
        return self.bad + self.dropped + self.missing


@dataclass(frozen=True, slots=True)
class Run:
    """Some hours of a process that read lines. Without `ended_at` it runs, or has ended without a good-bye after `beat_at`."""

    id: int
    door: Door
    started_at: datetime
    beat_at: datetime
    ended_at: datetime | None
    tally: Tally
    groups: tuple[str, ...] = ()
    """The only ones that it reads; empty: all that allow it."""

    def reads(self, conversation: str) -> bool:
        """It would bring what is said there."""
        return not self.groups or conversation in self.groups


class Bridge:
    """Runs, senders, recalls."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, door: Door, at: datetime, groups: Sequence[str] = ()) -> int:
        """A process begins to read, these groups only, or without any named all that allow it, or begins a new account
        of that; its number."""
        cursor = self._database.execute(
            "insert into bridge_runs (door, groups, started_at, beat_at) values (?, ?, ?, ?)",
            (door, json.dumps(list(groups)), to_text(at), to_text(at)),
        )
        return cursor.lastrowid or 0

    def beat(self, run: int, tally: Tally, at: datetime, *, is_last: bool = False) -> None:
        """It still reads, or has just ended; what became of the lines up to now."""
        self._database.execute(
            "update bridge_runs set lines = ?, taken = ?, known = ?, unwanted = ?, bad = ?, dropped = ?, missing = ?, "
            "beat_at = ?, ended_at = ? where id = ?",
            (*astuple(tally), to_text(at), to_text(at) if is_last else None, run),
        )

    def runs(self, since: datetime) -> list[Run]:
        """Those that read something after `since`, oldest first."""
        rows = self._database.rows(
            "select * from bridge_runs where beat_at >= ? order by started_at", (to_text(since),)
        )
        return [
            Run(
                id=row["id"],
                door=row["door"],
                started_at=from_text(row["started_at"]),
                beat_at=from_text(row["beat_at"]),
                ended_at=from_text_or_none(row["ended_at"]),
                tally=Tally(*(row[field.name] for field in fields(Tally))),
                groups=tuple(json.loads(row["groups"])),
            )
            for row in rows
        ]

    def recalled(self, message_id: str, at: datetime) -> int:
        """A message was taken back: its flags say so from now on. How many there are."""
        return self._database.execute(
            "update flags set recalled_at = ? where message_key = ? and recalled_at is null", (to_text(at), message_id)
        ).rowcount

    def staff_ids(self, open_ids: Iterable[str]) -> dict[str, str]:
        """Those of them of whom we are sure who they are."""
        found: dict[str, str] = {}
        for open_id in open_ids:
            row = self._database.row(
                "select staff_id from bridge_senders where open_id = ? and weight >= ? and is_disputed = 0",
                (open_id, SURE),
            )
            if row is not None:
                found[open_id] = row["staff_id"]
        return found

    def learn(self, open_id: str, staff_id: str, weight: int, at: datetime) -> None:
        """Something speaks for it that the two are one person. Where it was somebody else before, nobody is believed."""
        self._database.execute(
            "insert into bridge_senders (open_id, staff_id, weight, at) values (:open_id, :staff_id, :weight, :at) "
            "on conflict (open_id) do update set at = excluded.at, "
            "weight = iif(staff_id = excluded.staff_id, min(weight + excluded.weight, 100), weight), "
            "is_disputed = max(is_disputed, staff_id <> excluded.staff_id)",
            {"open_id": open_id, "staff_id": staff_id, "weight": weight, "at": to_text(at)},
        )

    def counterparts(
        self, side: Side, conversation: str, message_id: str, digest: str, since: datetime
    ) -> list[tuple[str, bool]]:
        """Who wrote the same message by the other way, and whether its id says so."""
        rows = self._database.rows(
            "select distinct person, message_id = :message_id as is_same from bridge_sightings "
            "where conversation = :conversation and side <> :side and at >= :since "
            "and (message_id = :message_id or (:digest <> '' and digest = :digest)) limit 10",
            {
                "conversation": conversation,
                "side": side,
                "message_id": message_id,
                "digest": digest,
                "since": to_text(since),
            },
        )
        return [(row["person"], bool(row["is_same"])) for row in rows]

    def sighted(self, side: Side, conversation: str, message_id: str, digest: str, person: str, at: datetime) -> None:
        """Remember for some minutes that a message came this way; what is older is forgotten."""
        self._database.execute("delete from bridge_sightings where at < ?", (to_text(at - SIGHTED),))
        self._database.execute(
            "insert into bridge_sightings (side, conversation, message_id, digest, person, at) values (?, ?, ?, ?, ?, ?)",
            (side, conversation, message_id, digest, person, to_text(at)),
        )

    def sent_lately(self, conversation: str, since: datetime) -> list[str]:
        """The texts that the robot itself has posted there since a moment."""
        rows = self._database.rows(
            "select json_extract(body, '$.text') as text from outbox where sent_at >= ? and conversation = ? limit 100",
            (to_text(since), conversation),
        )
        return [row["text"] for row in rows if row["text"]]

    def forget_keys(self, before: datetime, at_most: int) -> int:
        """Of what was dealt with before that, not even the keys stay; how many rows went."""
        return self._database.execute(
            "delete from inbox where id in (select id from inbox where state = 'done' and received_at < ? "
            "and key like 'bridge:%' limit ?)",
            (to_text(before), at_most),
        ).rowcount
