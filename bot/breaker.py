"""Leaving alone what keeps failing, so that nobody waits for it."""

from __future__ import annotations

from collections.abc import Callable


class Breaker:
    """Closed: go on; open: leave it alone until some time has passed, then try once."""

    def __init__(self, after: int, seconds: float, now: Callable[[], float]) -> None:
        """Opens `after` so many failures in a row, for so many seconds of the steady clock `now`."""
        self._after = after
        self._seconds = seconds
        self._now = now
        self._failures = 0
        self._until: float | None = None

    @property
    def is_open(self) -> bool:
        """It is to be left alone."""
        return self._until is not None and self._now() < self._until

    def succeeded(self) -> None:
        """It works."""
        self._failures, self._until = 0, None

    def failed(self) -> None:
        """It failed once more; after a rest one failure is enough for the next."""
        self._failures += 1
        if self._failures >= self._after:
            self._until = self._now() + self._seconds
