"""How the month's quota stands, and what that holds back: digests first, then reminders, answers never.

Those who send ask `standing(...)` for the level and `held_back(priority, level)` for each message that costs a counted
call; a reply by session webhook costs none. What is held back stays queued and is asked about again within hours, until
the level is better, the month is over, or it expires.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from handlers.message import Priority
from handlers.quota import apis
from handlers.quota.forecast import WINDOW_DAYS, Forecast, Pace, forecast, pace
from handlers.settings import QuotaSettings


class Level(IntEnum):
    """How scarce calls are; higher is scarcer."""

    PLENTY = 0
    TIGHT = 1
    """They will not last at this pace, and most are gone or a week is left: digests wait."""
    SHORT = 2
    """They are about to run out: reminders wait too."""
    OUT = 3
    """There are none left, by our count or by DingTalk's word."""


_TIGHT_SHARE, _SHORT_SHARE = 0.7, 0.9
"""Where the calls will not last, or nobody can tell."""
_TIGHT_RESERVE, _SHORT_RESERVE = 0.95, 0.98
"""Where they seem to last: the rest is kept for answers all the same."""
_TIGHT_DAYS, _SHORT_DAYS = 7, 2
"""Days until they run out."""
_DINGS_TIGHT = 0.8
"""There are no answers among DINGs to keep the rest for: nothing is short before all are gone."""
_MONDAY, _THURSDAY = 0, 3


@dataclass(frozen=True, slots=True)
class Allowance:
    """A quota of the month and what is gone of it."""

    used: int
    limit: int
    """0: not known."""

    @property
    def share(self) -> float:
        """The part that is gone: 0.5 is half, more than 1 is too much; 0 where the limit is not known."""
        return self.used / self.limit if self.limit else 0.0


@dataclass(frozen=True, slots=True)
class Standing:
    """How the month stands on a day of the configured zone."""

    today: date
    calls: Allowance
    """Calls that count against the organisation's month."""
    used_today: int
    pace: Pace | None
    """None: too little is on record to say."""
    forecast: Forecast | None
    """None where there is no pace."""
    is_refused: bool
    """DingTalk said today that the month is used up."""
    level: Level
    by_purpose: Mapping[str, int]
    """The counted calls of the month by what they were for, most first."""
    dings: Allowance
    """People who were sent a DING."""
    ding_level: Level
    """Never short: DINGs go until there are none."""
    webhook_replies: int
    """Replies through session webhooks, which are not counted."""


def held_back(priority: Priority, level: Level) -> bool:
    """A message of this priority, which would cost a counted call, waits at this level. An answer never does."""
    if priority is Priority.DIGEST:
        return level >= Level.TIGHT
    return priority is Priority.REMINDER and level >= Level.SHORT


def reads_directory(level: Level, day: date, *, is_nightly: bool) -> bool:
    """The directory is read now, which costs calls by the hundred.

    The nightly reading comes twice a week when calls are tight; the one before a clean-up goes on until they are short.
    From then on what is known has to do; events of people who come and go are heard all the same.
    """
    if level is Level.TIGHT and is_nightly:
        return day.weekday() in (_MONDAY, _THURSDAY)
    return level <= Level.TIGHT


def ledger_span(today: date) -> tuple[date, date]:
    """First and last day of the ledger that `standing` needs: this month, and two weeks back where those are longer."""
    return min(today.replace(day=1), today - timedelta(days=WINDOW_DAYS)), today


def standing(ledger: Mapping[date, Mapping[str, int]], today: date, settings: QuotaSettings) -> Standing:
    """How the month stands on `today`, from the calls of each day by API; days without any may be missing.

    Entries of other months count for the pace only. Entries after today, of a clock that was ahead, count for none.
    """
    days = {day: calls for day, calls in ledger.items() if day <= today}
    metered = {day: apis.metered(by_api) for day, by_api in days.items()}
    month: Counter[str] = Counter()
    for day, by_api in days.items():
        if (day.year, day.month) == (today.year, today.month):
            month.update(by_api)
    calls = Allowance(apis.metered(month), settings.calls_per_month)
    used_today = metered.get(today, 0)
    usual = pace(metered, today)
    ahead = None if usual is None else forecast(calls.used, used_today, calls.limit, usual, today)
    is_refused = days.get(today, {}).get(apis.REFUSED, 0) > 0
    dings = Allowance(month[apis.DING_RECEIVERS], settings.dings_per_month)
    return Standing(
        today=today,
        calls=calls,
        used_today=used_today,
        pace=usual,
        forecast=ahead,
        is_refused=is_refused,
        level=Level.OUT if is_refused else _level(calls, ahead, today),
        by_purpose=apis.by_purpose(month),
        dings=dings,
        ding_level=_ding_level(dings),
        webhook_replies=month[apis.WEBHOOK],
    )


def _level(allowance: Allowance, ahead: Forecast | None, today: date) -> Level:
    share = allowance.share
    if share >= 1:
        return Level.OUT
    if ahead is not None and ahead.runs_out_on is None:
        return _by(share, _TIGHT_RESERVE, _SHORT_RESERVE)
    level = _by(share, _TIGHT_SHARE, _SHORT_SHARE)
    if ahead is None or ahead.runs_out_on is None:
        return level
    days = (ahead.runs_out_on - today).days
    soon = Level.SHORT if days <= _SHORT_DAYS else Level.TIGHT if days <= _TIGHT_DAYS else Level.PLENTY
    return max(level, soon)


def _ding_level(dings: Allowance) -> Level:
    return Level.OUT if dings.share >= 1 else Level.TIGHT if dings.share >= _DINGS_TIGHT else Level.PLENTY


def _by(share: float, tight: float, short: float) -> Level:
    return Level.SHORT if share >= short else Level.TIGHT if share >= tight else Level.PLENTY
