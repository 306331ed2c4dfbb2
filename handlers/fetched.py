"""What was fetched from outside for one message, before its handler began: a handler itself waits for no network."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """The file that a message carries; `trouble` says in Chinese why there are no bytes, for the person who sent it."""

    name: str
    data: bytes = b""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Rephrasing:
    """What the language model said about a question, as it came: `handlers/policy/answering/rephrasing.py` says whether it holds."""

    question: str
    text: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """Everything here is optional: what is absent, slow or broken outside leaves its place empty."""

    file: FetchedFile | None = None
    vectors: Mapping[str, array[float]] = field(default_factory=dict)
    """What the sentence model made of each question as it is looked up."""
    rephrased: Rephrasing | None = None


NOTHING = Fetched()
