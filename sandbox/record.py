"""What the bot did to the sandbox: every HTTP call, every acknowledgement, every breach of the protocol."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.bell import Bell


@dataclass(slots=True)
class Call:
    """One HTTP call of the bot. `status` and `answer` are None while it is unanswered (or when it was dropped)."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    at: datetime
    """The world's time, so a moved clock shows."""
    status: int | None = None
    answer: Any = None
    is_under_way: bool = True
    """It has not come to its end, whichever that will be."""
    is_in_doubt: bool = False
    """The work was done, and the bot was not told so: it may well call again."""
    files: dict[str, bytes] = field(default_factory=dict, repr=False)
    """What a form brought along, by the name of the field; `body` has the file's name and size in its place."""

    @property
    def was_done(self) -> bool:
        """It was answered, and well."""
        if self.status is None or not 200 <= self.status < 300 or isinstance(self.answer, str):
            return False
        return not isinstance(self.answer, dict) or self.answer.get("errcode", 0) == 0


@dataclass(frozen=True, slots=True)
class Ack:
    """One acknowledgement that matched a frame."""

    message_id: str
    type: str
    topic: str
    connection: int
    code: int
    data: Any
    key: str
    """`msgId` of the message or `eventId` of the event; empty for a ping."""


@dataclass(slots=True)
class Record:
    """Everything that a test may want to look at afterwards."""

    calls: list[Call] = field(default_factory=list)
    acks: list[Ack] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    """`msgId`s of robot messages that found no connection; DingTalk loses them as well (docs/platform.md §1.4)."""

    bell: Bell = field(default_factory=Bell)
    """Rung at every change of the record and of the connections."""

    def violate(self, line: str) -> None:
        """Note a breach of the protocol."""
        self.violations.append(line)
        self.bell.ring()

    def calls_to(self, path: str) -> list[Call]:
        """All calls of one path, oldest first."""
        return [call for call in self.calls if call.path == path]
