"""What waits to be sent, a line for each target, and whose turn it is. Pure: both clocks are given.

`now` is the time of day, for what may go at a certain time. `steady` is a clock that nobody sets, in seconds, for
pauses.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from storage.outbox import OutboxRow

_PRIORITIES = 3
_OLDEST_EVERY = 8
"""Every so-manieth turn goes to what has waited longest, however unimportant: nothing starves behind a stream of answers."""
_OLDEST_IN_LINE_EVERY = 4
"""The same within a line, whose turns may be few."""
_MOST_ROWS_IN_MEMORY = 1000
"""Beyond these only ids and targets are kept; the rest is read again when its turn has come."""


@dataclass(slots=True, eq=False)
class Entry:
    """A row that waits."""

    id: int
    target: str
    priority: int
    row: OutboxRow | None
    """None: to be read again."""
    goes_alone: bool = False
    """It is not merged any more: together with others it was refused."""


@dataclass(slots=True, eq=False)
class Line:
    """All that waits for one target: within a priority the oldest first."""

    target: str
    queues: tuple[list[tuple[int, Entry]], ...] = field(default_factory=lambda: tuple([] for _ in range(_PRIORITIES)))
    is_busy: bool = False
    held_until: float | None = None
    is_behind: bool = False
    """Something in it had to wait, so that what has piled up may go out together."""
    turns: int = 0

    def __len__(self) -> int:
        return sum(map(len, self.queues))

    def __iter__(self) -> Iterator[Entry]:
        """In the order in which it is to be read."""
        for queue in self.queues:
            for _, entry in sorted(queue, key=lambda pair: pair[0]):
                yield entry


class Agenda:
    """Knows of every row that waits or is under way, its id and target at least: some 300 bytes each."""

    def __init__(self) -> None:
        self._lines: dict[str, Line] = {}
        self._later: list[tuple[datetime, int, Entry]] = []
        self._known: set[int] = set()
        self._holds: list[tuple[float, str]] = []
        self._ready: tuple[list[tuple[int, str]], ...] = tuple([] for _ in range(_PRIORITIES))
        """By priority: the first id and the target of each line that may go on. Some are out of date; `_top` knows."""
        self._listed: set[tuple[int, int, str]] = set()
        self._turns = 0
        self.waiting = 0
        """Rows that wait in a line."""

    def __contains__(self, row_id: int) -> bool:
        return row_id in self._known

    def __len__(self) -> int:
        """Rows that it knows of, those under way included."""
        return len(self._known)

    @property
    def answers_ready(self) -> int:
        """Targets that an answer could go to at once, about."""
        return len(self._ready[0])

    def add(self, row: OutboxRow, at: datetime | None = None, *, goes_alone: bool = False) -> None:
        """A row waits: in its line, or until `at` outside of it."""
        keeps_row = self.waiting < _MOST_ROWS_IN_MEMORY
        priority = min(max(row.draft.priority, 0), _PRIORITIES - 1)
        line = self._lines.get(row.target)
        target = row.target if line is None else line.target  # one string for all of them
        entry = Entry(row.id, target, priority, row if keeps_row else None, goes_alone)
        self._known.add(row.id)
        if at is None:
            self.put_back(entry)
        else:
            self.postpone(entry, at)

    def put_back(self, entry: Entry) -> None:
        """It waits in its line (again)."""
        line = self._lines.get(entry.target)
        if line is None:
            line = self._lines[entry.target] = Line(entry.target)
        heapq.heappush(line.queues[entry.priority], (entry.id, entry))
        self.waiting += 1
        self._list(line)

    def postpone(self, entry: Entry, at: datetime) -> None:
        """It waits outside its line until then, so that others may go first."""
        entry.row = None
        heapq.heappush(self._later, (at, entry.id, entry))

    def reconsider(self) -> None:
        """What waits for a time goes back into its line: the clock by which that time was reckoned was wrong."""
        later, self._later = self._later, []
        for _, _, entry in later:
            self.put_back(entry)

    def forget(self, row_ids: Iterable[int]) -> None:
        """These are no longer waiting nor under way."""
        self._known.difference_update(row_ids)

    def hold(self, target: str, until: float) -> None:
        """The target gets nothing before this time of the steady clock."""
        line = self._lines.get(target)
        if line is None:
            line = self._lines[target] = Line(target)
        line.held_until = max(until, line.held_until or until)
        line.is_behind = True
        heapq.heappush(self._holds, (line.held_until, target))

    def release(self, now: datetime, steady: float) -> None:
        """Let go of what may go now."""
        while self._holds and self._holds[0][0] <= steady:
            _, target = heapq.heappop(self._holds)
            line = self._lines.get(target)
            if line is not None and line.held_until is not None and line.held_until <= steady:
                line.held_until = None
                self._settle(line)
        while self._later and self._later[0][0] <= now:
            _, _, entry = heapq.heappop(self._later)
            self.put_back(entry)
            # What waited for the same morning may be read together.
            self._lines[entry.target].is_behind = True

    def take(self, *, answers_only: bool = False) -> tuple[Line, Entry] | None:
        """Whose turn it is: the most urgent row, the oldest of those; its line is busy from now on. None: nobody's."""
        tops = [top for priority in range(1 if answers_only else _PRIORITIES) if (top := self._top(priority))]
        if not tops:
            return None
        self._turns += 1
        chosen = min(tops) if self._turns % _OLDEST_EVERY == 0 else tops[0]
        line = self._lines[chosen[1]]
        line.is_busy = True
        line.turns += 1
        heads = [queue for queue in line.queues[: 1 if answers_only else _PRIORITIES] if queue]
        queue = next(queue for queue in heads if queue[0][0] == chosen[0])
        if line.turns % _OLDEST_IN_LINE_EVERY == 0:
            queue = min(heads, key=lambda queue: queue[0][0])
        _, entry = heapq.heappop(queue)
        self.waiting -= 1
        return line, entry

    def behind(self, line: Line, entry: Entry, most: int) -> list[Entry]:
        """What waits behind `entry` in its line and is no more urgent, at most so many, in order. It stays there."""
        found: list[Entry] = []
        for queue in line.queues[entry.priority :]:
            if len(found) < most:
                found += [waiting for _, waiting in heapq.nsmallest(most - len(found), queue, key=lambda pair: pair[0])]
        return found

    def remove(self, line: Line, row_ids: Iterable[int]) -> None:
        """These leave the line, to go out with the one that was taken."""
        gone = set(row_ids)
        for queue in line.queues:
            if any(row_id in gone for row_id, _ in queue):
                kept = [pair for pair in queue if pair[0] not in gone]
                self.waiting -= len(queue) - len(kept)
                queue[:] = kept
                heapq.heapify(queue)

    def finish(self, line: Line) -> None:
        """What was taken from the line is done with, or put back."""
        line.is_busy = False
        self._settle(line)

    def next_time(self) -> datetime | None:
        """When the first of those that wait outside their lines may go; None where none does."""
        return self._later[0][0] if self._later else None

    def next_release(self) -> float | None:
        """When the first hold may end, by the steady clock; None where there is none."""
        return self._holds[0][0] if self._holds else None

    def _settle(self, line: Line) -> None:
        """Line it up again, or forget it where there is nothing to remember."""
        if line.is_busy or line.held_until is not None:
            return
        if not line:
            line.is_behind = False
            del self._lines[line.target]
        else:
            self._list(line)

    def _list(self, line: Line) -> None:
        if line.is_busy or line.held_until is not None:
            return
        for priority, queue in enumerate(line.queues):
            if queue and (listed := (priority, queue[0][0], line.target)) not in self._listed:
                self._listed.add(listed)
                heapq.heappush(self._ready[priority], listed[1:])

    def _top(self, priority: int) -> tuple[int, str] | None:
        ready = self._ready[priority]
        while ready:
            row_id, target = ready[0]
            line = self._lines.get(target)
            if line is not None and not line.is_busy and line.held_until is None:
                queue = line.queues[priority]
                if queue and queue[0][0] == row_id:
                    return ready[0]
            self._listed.discard((priority, *heapq.heappop(ready)))
        return None
