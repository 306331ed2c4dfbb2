"""What was fetched from outside for one message, before its handler began: a handler itself waits for no network."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """The file that a message carries; `trouble` says in Chinese why there are no bytes, for the person who sent it."""

    name: str
    data: bytes = b""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """Everything here is optional: what is absent, slow or broken outside leaves its place empty."""

    file: FetchedFile | None = None


NOTHING = Fetched()
