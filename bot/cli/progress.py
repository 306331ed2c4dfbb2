"""A bar that shows how far a long piece of work is, on a terminal only, and only once it has taken a while."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self, TextIO

_WIDTH = 24
_FIRST_SECONDS = 0.5
_BETWEEN_SECONDS = 0.1


class Progress:
    """Counts up to a total; a context that takes its line away at the end."""

    def __init__(self, total: int, stream: TextIO | None = None, *, is_shown: bool | None = None) -> None:
        """`is_shown`: None: where the stream is a terminal."""
        self._total = max(total, 1)
        self._stream = stream if stream is not None else sys.stderr
        self._is_shown = self._stream.isatty() if is_shown is None else is_shown
        self._done = 0
        self._began = time.monotonic()
        self._drawn_at: float | None = None

    def add(self, amount: int) -> None:
        """So much more is done."""
        self._done = min(self._total, self._done + amount)
        if self._is_shown:
            now = time.monotonic()
            since = self._began + _FIRST_SECONDS if self._drawn_at is None else self._drawn_at + _BETWEEN_SECONDS
            if now >= since:
                self._draw(now)

    def _draw(self, now: float) -> None:
        share = self._done / self._total
        filled = round(share * _WIDTH)
        left = (now - self._began) * (1 - share) / share if share else 0.0
        bar = "█" * filled + "░" * (_WIDTH - filled)
        self._stream.write(f"\r{bar} {share:4.0%}  还要约 {_lasting(left)} / left   ")
        self._stream.flush()
        self._drawn_at = now

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._drawn_at is not None:
            self._stream.write("\r\x1b[2K")
            self._stream.flush()


def _lasting(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02}"
