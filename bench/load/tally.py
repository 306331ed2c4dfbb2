"""What was pushed, acknowledged and answered, and when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

_NUMBERS = re.compile(rb"msg(\d+)==")
"""The ids of the messages that a text of the bot answers; bench/marked_bot.py writes them there."""


def message_id(number: int) -> str:
    """The `msgId` of the message with this number."""
    return f"msg{number}=="


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds from push to what was waited for, of those for whom it came."""

    p50: float = 0.0
    p99: float = 0.0
    longest: float = 0.0

    @classmethod
    def of(cls, waits: Sequence[float]) -> Waits:
        """The quantiles; nothing but zeros where nothing came."""
        if not waits:
            return cls()
        ordered = sorted(waits)
        return cls(ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100], ordered[-1])


@dataclass(frozen=True, slots=True)
class Report:
    """What a run came to so far, as the platform saw it."""

    pushed: int
    acknowledged: frozenset[int]
    answered: frozenset[int]
    twice: int
    """Messages whose answer came more than once."""
    acknowledged_in_time: int
    """Until the pushing ended."""
    answered_in_time: int
    posts: int
    """Requests that brought answers; fewer than answers where the bot merges some."""
    until_acknowledged: Waits
    until_answered: Waits
    last_answer: float
    """Seconds from the end of the pushing to the last answer; below zero when it came before."""
    busy: float
    """Share of a core that the platform took while it pushed."""


@dataclass(slots=True)
class Tally:
    """Moments by number of message, in seconds of `time.perf_counter`."""

    pushed: list[float] = field(default_factory=list)
    acknowledged: dict[int, float] = field(default_factory=dict)
    answered: dict[int, float] = field(default_factory=dict)
    twice: set[int] = field(default_factory=set)
    posts: int = 0
    ended_at: float = float("inf")
    """When the last one was pushed."""
    busy: float = 0.0

    def answer(self, body: bytes, now: float) -> None:
        """The bot posted something: note which messages it answers."""
        self.posts += 1
        for number in {int(found) for found in _NUMBERS.findall(body)}:
            if number in self.answered:
                self.twice.add(number)
            else:
                self.answered[number] = now

    def report(self) -> Report:
        """What it comes to by now."""
        return Report(
            pushed=len(self.pushed),
            acknowledged=frozenset(self.acknowledged),
            answered=frozenset(self.answered),
            twice=len(self.twice),
            acknowledged_in_time=sum(at <= self.ended_at for at in self.acknowledged.values()),
            answered_in_time=sum(at <= self.ended_at for at in self.answered.values()),
            posts=self.posts,
            until_acknowledged=self._waits(self.acknowledged),
            until_answered=self._waits(self.answered),
            last_answer=max(self.answered.values(), default=self.ended_at) - self.ended_at,
            busy=self.busy,
        )

    def _waits(self, came: dict[int, float]) -> Waits:
        return Waits.of([at - self.pushed[number] for number, at in came.items()])
