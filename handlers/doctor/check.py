"""What a self-check says: checks, and the four answers that rest on them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from storage.probes import Status

__all__ = ["Answer", "Check", "Question", "Status", "Verdict"]


class Question(StrEnum):
    """What people complain of. The value is the word for programs."""

    HEARING = "hearing"
    """收不到: the bot does not hear what is said to it."""
    SENDING = "sending"
    """发不出: what it wants to say does not arrive."""
    ANSWERING = "answering"
    """群里没反应: it is there, and does nothing in a group."""
    TIMING = "timing"
    """定时没来: what was planned does not come."""


class Verdict(StrEnum):
    """The answer to a question."""

    WELL = "well"
    WRONG = "wrong"
    UNSURE = "unsure"
    """Nothing wrong was found, and not everything could be looked at."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    """A word for programs, `robot-send`; `handlers.doctor.texts.TITLES` has what people call it."""
    status: Status
    """`bad`: it keeps the bot from doing its work; `warning`: it soon may, or for some; `unknown`: nobody could look."""
    found: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A question's answer and what it rests on."""

    question: Question
    verdict: Verdict
    checks: tuple[Check, ...]
    """Those of this question alone first, then those that all four share."""


def verdict_of(checks: tuple[Check, ...]) -> Verdict:
    """The worst counts; a warning is something to see to and no fault."""
    if any(check.status == "bad" for check in checks):
        return Verdict.WRONG
    return Verdict.UNSURE if any(check.status == "unknown" for check in checks) else Verdict.WELL
