"""How fast we may send: a sliding window for each group and each API (docs/platform.md §9)."""

from __future__ import annotations

from collections import deque

_MARGIN = 0.001
"""Seconds more than needed: rounding would send back whoever waited exactly as told."""


class Window:
    """At most `most` in any `seconds`, wherever one begins to count. Time is given, of any steady clock.

    Not a token bucket: a full one lets twice its capacity through in its first minute, and DingTalk, which counts the
    messages of any minute, then blocks the group for ten (docs/decisions/0006-merging.md).
    """

    def __init__(self, most: int, seconds: float) -> None:
        self.most = most
        """May be set to another number; what was taken already counts."""
        self._seconds = seconds
        self._taken: deque[float] = deque()

    def take(self, now: float) -> float:
        """Take one; 0 when there was room, else the seconds until there will be (nothing is taken then)."""
        if self.room(now) <= 0:
            return self._seconds - (now - self._taken[-self.most]) + _MARGIN
        self._taken.append(now)
        return 0.0

    def room(self, now: float) -> int:
        """How many could be taken now."""
        while self._taken and now - self._taken[0] >= self._seconds:
            self._taken.popleft()
        return self.most - len(self._taken)

    def note(self, at: float) -> None:
        """One was taken at `at`, by a process before this one; to be told in order, and before any is taken."""
        self._taken.append(at)


class Limits:
    """One window a key, made when it is first asked for; the longest unused are forgotten, to bound the memory."""

    def __init__(self, most: int, seconds: float, most_keys: int = 5000) -> None:
        self._most = most
        self._seconds = seconds
        self._most_keys = most_keys
        self._windows: dict[str, Window] = {}

    def take(self, key: str, now: float) -> float:
        """Take one of `key`'s; 0, or the seconds to wait."""
        return self._window(key).take(now)

    def room(self, key: str, now: float) -> int:
        """How many of `key`'s could be taken now."""
        return self._window(key).room(now)

    def note(self, key: str, at: float) -> None:
        """One of `key`'s was taken at `at`, before any that is taken here."""
        self._window(key).note(at)

    def allow(self, most: int) -> None:
        """Another number holds from now on; what was taken already counts."""
        self._most = most
        for window in self._windows.values():
            window.most = most

    def _window(self, key: str) -> Window:
        window = self._windows.pop(key, None) or Window(self._most, self._seconds)
        self._windows[key] = window  # youngest last, so that the oldest is forgotten first
        if len(self._windows) > self._most_keys:
            del self._windows[next(iter(self._windows))]
        return window
