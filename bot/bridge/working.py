"""`steward bridge` at work: lines are read in one thread and stored in another, until the source or somebody ends it."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator

from bot.bridge.doors import read_into
from bot.bridge.queue import LineQueue
from bot.bridge.taking import Taking

MOST_AT_ONCE = 500
"""Lines in one transaction."""
BEAT_SECONDS = 15.0
"""So often it says that it lives, when nothing comes."""
_AGAIN_SECONDS = 2.0
_LAST_SECONDS = 10.0
"""After being told to stop, at most so long is spent on storing what was read before."""
_REPEAT_SECONDS = 60.0


class Complaints:
    """Tells of bad lines: the first at once, then how many there were, once a minute at most."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._said_at: float | None = None
        self._unsaid = 0

    def __call__(self, reason: str) -> None:
        """One more line could not be read, for this reason."""
        self._unsaid += 1
        now = time.monotonic()
        if self._said_at is None or now - self._said_at >= _REPEAT_SECONDS:
            count = f"（{self._unsaid} 行）" if self._unsaid > 1 else ""
            self._say(f"有一行读不懂，已略过{count}：{reason} / a line that cannot be read was left out")
            self._said_at, self._unsaid = now, 0


class Working:
    """Carries lines from a source to the inbox."""

    def __init__(self, taking: Taking, pieces: Iterator[bytes], say: Callable[[str], None]) -> None:
        self._taking = taking
        self._queue = LineQueue()
        self._pieces = pieces
        self._say = say
        self._stop_at: float | None = None
        self._is_in_trouble = False
        self._is_waiting = False

    def stop(self) -> None:
        """Read no more; store what was read. May be called by a signal."""
        if self._stop_at is None:
            self._stop_at = time.monotonic() + _LAST_SECONDS

    def run(self) -> None:
        """Work until the source ends, or `stop`. Raises `sqlite3.Error` when not even the beginning could be noted."""
        self._taking.begin()
        # A daemon: nothing else ends a thread that waits for a source which says nothing.
        threading.Thread(target=read_into, args=(self._queue, self._pieces), name="bridge-reader", daemon=True).start()
        told = time.monotonic()
        while self._stop_at is None and not self._queue.is_done:
            if self._has_room():
                self._is_waiting = False
                lines = self._queue.get(MOST_AT_ONCE, 0.5)
            else:
                lines = self._wait_for_bot()
            if lines or time.monotonic() - told >= BEAT_SECONDS:
                self._store(lines)
                told = time.monotonic()
        self._finish()

    def _finish(self) -> None:
        """What was read before the end; what cannot be stored in time is counted as lost."""
        deadline = self._stop_at or time.monotonic() + _LAST_SECONDS
        self._stop_at = deadline
        while time.monotonic() < deadline and (lines := self._queue.get(MOST_AT_ONCE, 0.0)):
            self._store(lines)
        unstored = 0
        while lines := self._queue.get(MOST_AT_ONCE, 0.0):
            unstored += len(lines)
        self._taking.lose(unstored + self._queue.take_dropped())
        try:
            self._taking.end()
        except sqlite3.Error as error:
            self._say(f"数据库写不了，这次的账没有记上 / the account of this run could not be stored: {error}")

    def _wait_for_bot(self) -> list[bytes]:
        if not self._is_waiting:
            self._say("机器人没有跟上，先等着；它在运行吗 / the bot does not keep up, waiting: does it run?")
        self._is_waiting = True
        time.sleep(_AGAIN_SECONDS / 10)
        return []

    def _has_room(self) -> bool:
        try:
            return self._taking.has_room
        except sqlite3.Error:
            return True  # storing will tell

    def _store(self, lines: list[bytes]) -> None:
        dropped = self._queue.take_dropped()
        while True:
            try:
                self._taking.take(lines, dropped)
            except sqlite3.Error as error:
                if not self._is_in_trouble:
                    self._say(f"数据库写不了，先等着，会再试 / the database cannot be written, trying again: {error}")
                self._is_in_trouble = True
                if self._stop_at is not None and time.monotonic() >= self._stop_at:
                    self._taking.lose(len(lines) + dropped)
                    return
                time.sleep(_AGAIN_SECONDS if self._stop_at is None else 0.2)
            else:
                if self._is_in_trouble:
                    self._say("数据库又能写了 / the database can be written again")
                self._is_in_trouble = False
                return
