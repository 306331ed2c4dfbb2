"""What a detector gives."""

from __future__ import annotations

from typing import NamedTuple


class Detected(NamedTuple):
    """A detector's name and the span of the original text that it found; `host` is the address of a link or code."""

    detector: str
    start: int
    end: int
    host: str = ""
