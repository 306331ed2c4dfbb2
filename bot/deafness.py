"""From looks at the connections to the times in which nothing could be heard. Pure: all times are given.

Two clocks are looked at together. The steady one goes on while the machine sleeps and is set by nobody, so it alone
measures; the wall clock only names the moments for people. That gives:

- The wall clock is set, forwards or backwards: the connections live on and nothing is concluded.
- The machine slept, or the process was stopped and continued: the steady clock shows that nobody looked for a while.
  Whatever the connections look like, nothing was heard.
- A virtual machine was paused: its steady clock stood still as well and only the wall clock ran ahead, which looks as
  if it had been set. The connections tell the two apart: DingTalk drops those of whoever is away for minutes, so when
  all of them are gone soon after, it was a pause; when one is still there, the clock was set.
- Between two processes there is the wall clock alone, and as it stands when the silence ends: a machine may start with
  a clock that is hours off, and set it a moment later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.gaps import Reason

LONGEST_LOOK_SECONDS = 45.0
"""Between two looks, of which there are four a minute. Longer means that the process did not run."""


@dataclass(frozen=True, slots=True)
class Look:
    """What is seen at one moment. `steady`: seconds of a clock that counts sleep and cannot be set."""

    at: datetime
    steady: float
    connections: frozenset[int] = frozenset()
    """The number of each that stands."""
    deaf_seconds: float = 0.0
    """Without any: for how long nothing could have been heard."""
    is_refused: bool = False
    """There is no connection because DingTalk does not accept the application."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing could be heard. `ended_at` is None when it has become long and lasts."""

    began_at: datetime
    ended_at: datetime | None
    reason: Reason


@dataclass(frozen=True, slots=True)
class _Leap:
    """The wall clock ran ahead of the steady one by so many seconds, between these two moments of the steady one."""

    before: float
    after: float
    seconds: float
    connections: frozenset[int]
    """Those that stood before."""


class Deafness:
    """Told of every look, it says when a silence has become long, and when one that was called long is over.

    It may turn out then that it was short: the clock was wrong at first.
    """

    def __init__(
        self,
        limit: float,
        first: Look,
        before: Silence | None,
        *,
        is_noted: bool = False,
        stable: float = 10.0,
        settle: float = 75.0,
    ) -> None:
        """`before`: what was silent before this process, None when it is the first one ever, whose first minutes nobody
        misses; `is_noted`: that silence was called long already. Seconds: `limit` makes a silence long, `stable` a
        connection good, and after `settle` every connection that is dead has been found out.
        """
        self._limit = limit
        self._stable = stable
        self._settle = settle
        self._last = first
        self._is_expected = before is not None
        self._before = before
        """The silence in which the process began, while it lasts."""
        self._since: float | None = first.steady
        """When the silence began; None while we hear. All such numbers are of the steady clock."""
        self._back: float | None = None
        """Since when there is a connection again, that may not last yet."""
        self._unseen = 0.0
        """Seconds of the silence in which the steady clock stood still."""
        self._causes: dict[Reason, float] = {}
        if before is not None:
            self._causes[before.reason] = (first.at - before.began_at).total_seconds()
        self._is_noted = is_noted
        self._leap: _Leap | None = None

    @property
    def is_silent(self) -> bool:
        """Nothing is heard, or what is heard again has not proved itself."""
        return self._since is not None

    @property
    def proves_in(self) -> float | None:
        """Seconds until a new connection has proved itself; None when none is on trial."""
        return None if self._back is None else max(0.0, self._back + self._stable - self._last.steady)

    def slept(self, look: Look) -> bool:
        """Whether nobody looked for so long that connections may be dead without knowing. To be asked before `look`."""
        return look.steady - self._last.steady > LONGEST_LOOK_SECONDS

    def look(self, look: Look) -> Silence | None:
        """Take a look in; the silence that has just become long, or that was long and is over."""
        last, self._last = self._last, look
        elapsed = look.steady - last.steady
        has_slept = elapsed > LONGEST_LOOK_SECONDS
        if has_slept:
            self._leap = None  # connections are replaced after a sleep, which says nothing of the clock
        else:
            self._consider_leap(last, look)
        is_connected = bool(look.connections)
        if has_slept:
            self._begin(last.steady)
        if not is_connected:
            self._begin(look.steady - look.deaf_seconds)
        if self._since is None:
            return None
        if self._back is None or has_slept:
            cause = Reason.STOPPED if has_slept else Reason.REFUSED if look.is_refused else Reason.OFFLINE
            self._causes[cause] = self._causes.get(cause, 0.0) + elapsed
        if not is_connected:
            self._back = None
        elif self._back is None or has_slept:
            self._back = look.steady
        return self._news(look)

    def _begin(self, since: float) -> None:
        if self._since is None:
            self._since = since

    def _consider_leap(self, last: Look, look: Look) -> None:
        """Notice that the wall clock ran ahead, and find out later whether it was set or the machine paused."""
        ahead = (look.at - last.at).total_seconds() - (look.steady - last.steady)
        if ahead >= self._limit and self._since is None and self._leap is None:
            self._leap = _Leap(last.steady, look.steady, ahead, last.connections)
        leap = self._leap
        if leap is None or not look.connections:
            return  # without any it is too early to tell: this process may just be ending
        if not leap.connections & look.connections:
            self._leap = None
            self._since = leap.before if self._since is None else min(self._since, leap.before)
            self._unseen += leap.seconds
            self._causes[Reason.STOPPED] = self._causes.get(Reason.STOPPED, 0.0) + leap.seconds
        elif look.steady - leap.after >= self._settle:
            self._leap = None

    def _news(self, look: Look) -> Silence | None:
        assert self._since is not None
        until = look.steady if self._back is None else self._back
        lasted = until - self._since + self._unseen
        is_over = self._back is not None and look.steady - self._back >= self._stable
        ended_at = look.at - timedelta(seconds=look.steady - until)
        if self._before is not None:
            lasted = max(lasted, (ended_at - self._before.began_at).total_seconds())
        silence = Silence(ended_at - timedelta(seconds=lasted), ended_at if is_over else None, self._reason())
        is_long = self._is_expected and lasted >= self._limit
        is_news = self._is_noted or is_long if is_over else is_long and not self._is_noted
        if is_over:
            self._before, self._since, self._back, self._unseen, self._causes = None, None, None, 0.0, {}
            self._is_expected, self._is_noted = True, False
        elif is_news:
            self._is_noted = True
        return silence if is_news else None

    def _reason(self) -> Reason:
        """What kept us from hearing for most of the time."""
        return max(self._causes, key=lambda reason: self._causes[reason], default=Reason.OFFLINE)
