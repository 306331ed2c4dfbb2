"""Whether and when something that was not sent is tried again. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.refusals import ErrorKind
from storage.outbox import OutboxKind

GIVE_UP_AFTER = timedelta(hours=24)
"""After a day an answer is no longer one; a person has to look."""
_TRIES_IN_DOUBT = 3
"""Sends of one message, at most, when no answer says whether the one before arrived."""
_WAITING_OUT = (ErrorKind.UNREACHED, ErrorKind.PASSING, ErrorKind.STALE_TOKEN)


@dataclass(frozen=True, slots=True)
class Patience:
    """Pauses in seconds."""

    first: float = 1.0
    longest: float = 60.0
    blocked: float = 60.0
    """After «too many messages a minute»: going on extends the block, up to ten minutes (docs/platform.md §4)."""
    quota: float = 6 * 3600.0


def next_try(kind: OutboxKind, error: ErrorKind, tries: int, waited: timedelta, patience: Patience) -> float | None:
    """Seconds until the next try, after `tries` have failed; None: no more.

    A DING whose fate is unknown is never tried again (docs/decisions/0003). Other messages are, a few times: an answer
    twice is better than none, and the platform asks for it after its own time-outs (docs/platform.md §5.7).
    """
    if waited > GIVE_UP_AFTER:
        return None
    in_doubt = error is ErrorKind.UNKNOWN
    if kind == "ding" and (in_doubt or error is ErrorKind.PASSING):
        return None
    if in_doubt and tries >= _TRIES_IN_DOUBT:
        return None
    growing = min(patience.longest, patience.first * 2.0 ** min(tries - 1, 16))
    if error in _WAITING_OUT or in_doubt or error is ErrorKind.THROTTLED:
        return growing
    if error is ErrorKind.BLOCKED:
        return max(patience.blocked, growing)
    return patience.quota if error is ErrorKind.QUOTA else None
