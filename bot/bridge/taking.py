"""Lines become rows of the bot's inbox, once each, and only of groups that allow it."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.bridge.lines import BadLineError, Exited, Line, Passed, parsed
from bot.clock import Clock
from handlers.hearing.coverage import allowed_groups
from handlers.settings import BridgeSettings
from storage.bridge import Door, Tally
from storage.inbox import Arrival
from storage.store import Store

LANES = 4
"""The bridge's rows are handled in so many rows beside each other: each group's in order, and answers to people never wait
behind more than these, however much comes in."""
ACCOUNT = timedelta(hours=6)
"""So long one account of lines goes on; what was lost before the last days would be told for ever otherwise."""
MOST_OPEN = 10_000
"""Lines that wait in the database for the bot; when it does not run, no more are put there."""


@dataclass(slots=True)
class _Read:
    tally: Tally
    events: int
    lines: list[Line] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


class Taking:
    """One run: `begin` it, `take` as often as there is something, `end` it. Used by one thread at a time."""

    def __init__(
        self,
        store: Store,
        settings: BridgeSettings,
        clock: Clock,
        door: Door,
        complain: Callable[[str], None],
        groups: Sequence[str] = (),
    ) -> None:
        """`complain` is told why a line could not be read, for every such line. `groups`: only these are read; none
        named: all that allow it."""
        self._store = store
        self._settings = settings
        self._clock = clock
        self._door = door
        self._groups = tuple(dict.fromkeys(groups))
        self._complain = complain
        self._run = 0
        self._begun_at = clock.now()
        self._account = Tally()
        """Of `_run`; `tally` is of the whole process."""
        self._events = 0
        """Events of the source since it said last how many there were."""
        self.tally = Tally()

    def begin(self) -> None:
        """Note that something reads from now on."""
        self._begun_at = self._clock.now()
        self._run = self._store.bridge.begin(self._door, self._begun_at, self._groups)

    def end(self) -> None:
        """Note that nothing reads any more."""
        self._store.bridge.beat(self._run, self._account, self._clock.now(), is_last=True)

    def lose(self, lines: int) -> None:
        """So many lines were read and cannot be stored any more."""
        for tally in (self.tally, self._account):
            tally.dropped += lines

    @property
    def has_room(self) -> bool:
        """The bot keeps up with what it was given."""
        row = self._store.database.row(
            "select count(*) as n from inbox indexed by inbox_open where state = 'new' and key like 'bridge:%'"
        )
        return row is None or row["n"] < MOST_OPEN

    def take(self, lines: Sequence[bytes], dropped: int = 0) -> Tally:
        """Store what is to be stored of these lines, all or nothing; what became of them. Without lines, say that we live.

        `dropped` were read and thrown away before. Raises `sqlite3.Error`, and then nothing has happened.
        """
        read = self._read(lines, dropped)
        tally, now = read.tally, self._clock.now()
        with self._store.database.transaction():
            allowed = allowed_groups(self._settings, self._store.coverage)
            allowed = allowed.intersection(self._groups) if self._groups else allowed
            wanted = [line for line in read.lines if line.conversation in allowed]
            tally.unwanted += len(read.lines) - len(wanted)
            arrivals = [
                Arrival(line.key, "event", f"bridge:{_lane(line.conversation)}", _body(line), now) for line in wanted
            ]
            heard: Counter[str] = Counter()
            for line, taken in zip(wanted, self._store.inbox.take(arrivals), strict=True):
                tally.taken += taken.is_new
                tally.known += not taken.is_new
                if taken.is_new and line.kind == "message":
                    heard[line.conversation] += 1
            self._store.coverage.heard(heard, now)
            account = replace(self._account)
            account += tally
            run, begun_at = self._run, self._begun_at
            is_full = now - begun_at >= ACCOUNT
            self._store.bridge.beat(run, account, now, is_last=is_full)
            if is_full:
                run, begun_at, account = self._store.bridge.begin(self._door, now, self._groups), now, Tally()
        self.tally += tally
        self._run, self._begun_at, self._account, self._events = run, begun_at, account, read.events
        for reason in read.reasons:
            self._complain(reason)
        return tally

    def _read(self, lines: Sequence[bytes], dropped: int) -> _Read:
        read = _Read(Tally(dropped=dropped), self._events + dropped)
        for raw in lines:
            try:
                line = parsed(raw)
            except BadLineError as error:
                read.tally.bad += 1
                read.reasons.append(str(error))
                line = None
            if isinstance(line, Exited):
                read.tally.missing += max(0, line.received - read.events)
                read.events = 0
            elif not isinstance(line, Passed) or line.is_event:
                read.events += 1
                read.tally.lines += 1
            if isinstance(line, Line):
                read.lines.append(line)
            elif isinstance(line, Passed):
                read.tally.unwanted += line.is_event
        return read


def _lane(conversation: str) -> int:
    return zlib.crc32(conversation.encode()) % LANES


def _body(line: Line) -> str:
    """As `gateway/frames.py` reads events."""
    headers = {"eventId": line.key, "eventType": f"bridge_{line.kind}", "eventBornTime": line.at}
    return json.dumps(
        {"headers": headers, "data": {"conversation": line.conversation, **line.data}}, ensure_ascii=False
    )
