"""Lines between the thread that reads them and the one that stores them: bounded, and what falls out is counted."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence

MOST_LINES = 20_000
MOST_BYTES = 32_000_000
PATIENCE_SECONDS = 10.0
"""While the queue is full nothing more is read for so long, and the source waits. A source that has to wait for long throws
lines away and tells nobody; from then on it is done here, where it is counted."""


class LineQueue:
    """First in, first out."""

    def __init__(
        self, most_lines: int = MOST_LINES, most_bytes: int = MOST_BYTES, patience: float = PATIENCE_SECONDS
    ) -> None:
        self._most_lines, self._most_bytes, self._patience = most_lines, most_bytes, patience
        self._lines: deque[bytes] = deque()
        self._bytes = 0
        self._dropped = 0
        self._is_stuck = False
        self._is_over = False
        self._changed = threading.Condition()

    def put(self, lines: Sequence[bytes]) -> None:
        """Add lines; when there is no room for long, the oldest ones fall out."""
        with self._changed:
            for line in lines:
                self._make_room(line)
                self._lines.append(line)
                self._bytes += len(line)
            self._changed.notify_all()

    def _make_room(self, line: bytes) -> None:
        def has_room() -> bool:
            is_small = self._bytes + len(line) <= self._most_bytes and len(self._lines) < self._most_lines
            return not self._lines or is_small

        if not has_room() and not self._is_stuck:
            self._changed.notify_all()
            self._is_stuck = not self._changed.wait_for(lambda: has_room() or self._is_over, self._patience)
        while not has_room():
            self._bytes -= len(self._lines.popleft())
            self._dropped += 1

    def get(self, most: int, seconds: float) -> list[bytes]:
        """Up to so many lines; none when none came in that time, or none will come any more."""
        with self._changed:
            self._changed.wait_for(lambda: self._lines or self._is_over, seconds)
            found = [self._lines.popleft() for _ in range(min(most, len(self._lines)))]
            self._bytes -= sum(map(len, found))
            if found:
                self._is_stuck = False
                self._changed.notify_all()
            return found

    def end(self) -> None:
        """Nothing will be added any more."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    @property
    def is_done(self) -> bool:
        """Nothing is in it, and nothing will be."""
        with self._changed:
            return self._is_over and not self._lines

    def take_dropped(self) -> int:
        """How many lines fell out since this was asked last."""
        with self._changed:
            dropped, self._dropped = self._dropped, 0
            return dropped
