"""Whether and when something that was not sent is tried again. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.refusals import ErrorKind
from storage.outbox import OutboxKind

GIVE_UP_AFTER = timedelta(hours=24)
"""After a day an answer is no longer one; a person has to look."""
GIVE_UP_AFTER_TRIES = 20
"""But not before: a clock that is set ahead makes no day."""
_TRIES_IN_DOUBT = 3
"""Sends of one message, at most, when no answer says whether the one before arrived."""
_LONGEST_ASKED = 600.0
"""Seconds: a server that asks for more (`Retry-After`) is asked again all the same, since answers stand behind it."""
_SOON = 0.25
"""Of the first pause: so long at least nothing is tried again."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Pauses in seconds."""

    first: float = 1.0
    longest: float = 60.0
    blocked: float = 60.0
    """After «too many messages a minute», doubled each time: going on extends the block (docs/platform.md §4)."""
    longest_blocked: float = 600.0
    """No block lasts longer."""
    quota: float = 3600.0
    """After «the month's calls are used up»: somebody may have bought more."""


def next_try(
    kind: OutboxKind,
    error: ErrorKind,
    tries: int,
    waited: timedelta,
    patience: Patience,
    *,
    chance: float = 1.0,
    asked: float = 0.0,
) -> float | None:
    """Seconds until the next try, after `tries` have failed, the first of them `waited` ago; None: no more.

    A DING whose fate is unknown is never tried again (docs/decisions/0003). Other messages are, a few times: an answer
    twice is better than none, and the platform asks for it after its own time-outs (docs/platform.md §5.7).

    `chance`, from 0 to 1, spreads the tries over the whole pause (full jitter), so that what failed together does not
    come back together. `asked` are the seconds that the platform itself wants to be left alone.
    """
    if waited > GIVE_UP_AFTER and tries >= GIVE_UP_AFTER_TRIES:
        return None
    if kind == "ding" and error in (ErrorKind.UNKNOWN, ErrorKind.PASSING):
        return None
    if error is ErrorKind.UNKNOWN and tries >= _TRIES_IN_DOUBT:
        return None
    pause = _pause(error, tries, patience, chance)
    return None if pause is None else max(pause, min(asked, _LONGEST_ASKED))


def _pause(error: ErrorKind, tries: int, patience: Patience, chance: float) -> float | None:
    doublings = 2.0 ** min(tries - 1, 16)
    growing = min(patience.longest, patience.first * doublings)
    match error:
        case ErrorKind.UNREACHED | ErrorKind.UNKNOWN | ErrorKind.PASSING | ErrorKind.STALE_TOKEN:
            return max(patience.first * _SOON, growing * chance)
        case ErrorKind.THROTTLED:
            return patience.first + growing * chance  # a second at least (docs/platform.md §5.7)
        case ErrorKind.BLOCKED:
            blocked = min(patience.longest_blocked, patience.blocked * doublings)
            return blocked + patience.first * chance
        case ErrorKind.QUOTA:
            return patience.quota
    return None
