"""How rules do: hits, how often they were right, with what certainty, how that develops; and which are better changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import sqrt

from handlers.context import Context
from handlers.moderation import book
from handlers.moderation.rule import Rule, State
from storage.flag_counts import NONE, WEEK, Count

WEEKS = 8
"""What a picture shows."""
BEFORE = 4
"""Weeks that the newest one is compared with."""
JUDGED = timedelta(days=90)
"""How far back verdicts say something about a rule."""
QUIET = timedelta(days=90)
"""A rule that has not fired for so long, nor been changed, is perhaps not needed."""
_CERTAINTY = 1.96
"""Standard deviations: the interval holds the truth in 95 of 100 cases."""
_LEAST_JUDGED = 5
_LEAST_APPEALS, _MOST_APPEALED = 3, 0.3
"""So many senders objected, and so large a share of the hits: then a rule annoys, whatever reviewers say."""
_LOWER: dict[State, State] = {"enforce": "remind", "remind": "observe"}


@dataclass(frozen=True, slots=True)
class Precision:
    """Right ones among those that were judged, and between which bounds that lies in truth (Wilson's interval)."""

    right: int
    judged: int

    @property
    def share(self) -> float | None:
        """None where nobody has judged anything."""
        return self.right / self.judged if self.judged else None

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper bound; from 0 to 1 where nothing was judged."""
        if not self.judged:
            return 0.0, 1.0
        n, p, z = self.judged, self.right / self.judged, _CERTAINTY
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Standing:
    """One rule. `weeks` are its last ones, the newest last; `judged` its counts of the last 90 days."""

    rule: Rule
    number: int
    changed_at: datetime
    weeks: tuple[Count, ...]
    judged: Count
    since_change: Count
    """Of the same days, but after the last change of the rule: what it did before tells nothing of how it is now."""
    ever: Count
    last_hit: datetime | None

    @property
    def hits(self) -> int:
        """In all of the weeks."""
        return sum(week.hits for week in self.weeks)

    @property
    def precision(self) -> Precision:
        """By the verdicts of the last 90 days."""
        return Precision(self.judged.right, self.judged.judged)

    @property
    def usual(self) -> float:
        """Hits a week in the weeks before the newest one."""
        return usual(self.weeks)

    @property
    def lower_state(self) -> State | None:
        """One step down; None: it only observes."""
        return _LOWER.get(self.rule.state)

    def annoys(self, least_precision: float) -> bool:
        """Since its last change, it is surely less often right than that, or many senders objected."""
        count = self.since_change
        if count.judged >= _LEAST_JUDGED and Precision(count.right, count.judged).interval[1] < least_precision:
            return True
        return count.appeals >= _LEAST_APPEALS and count.appeals > _MOST_APPEALED * count.hits

    def is_quiet(self, now: datetime) -> bool:
        """It has neither fired nor been changed for long."""
        return self.changed_at <= now - QUIET and (self.last_hit is None or self.last_hit <= now - QUIET)


@dataclass(frozen=True, slots=True)
class Statistics:
    """All rules, and the flags that belong to none: reports that no rule explains, rules that are gone."""

    first: date
    """The Monday of the first week."""
    standings: tuple[Standing, ...]
    weeks: tuple[Count, ...]
    """Of everything together."""

    @property
    def total(self) -> Count:
        """Of all weeks."""
        return sum(self.weeks, NONE)

    def busiest(self, weeks: int = WEEKS) -> list[Standing]:
        """Those that fired in the last so many weeks, the most frequent first."""
        counted = [(sum(week.hits for week in one.weeks[-weeks:]), one) for one in self.standings]
        return [one for hits, one in sorted(counted, key=lambda pair: (-pair[0], pair[1].number)) if hits]

    def annoying(self, least_precision: float) -> list[Standing]:
        """Those that annoy, the most often wrong first; rules that only observe annoy nobody."""
        found = [one for one in self.standings if one.lower_state is not None and one.annoys(least_precision)]
        return sorted(found, key=lambda one: (-one.since_change.wrong, one.number))

    def quiet(self, now: datetime) -> list[Standing]:
        """Those that have not fired for long."""
        return [one for one in self.standings if one.is_quiet(now)]


def usual(weeks: Iterable[Count]) -> float:
    """Hits a week in the weeks before the newest one."""
    before = [week.hits for week in list(weeks)[:-1]][-BEFORE:]
    return sum(before) / len(before) if before else 0.0


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def gather(context: Context, last: date) -> Statistics:
    """The statistics of `WEEKS` weeks, of which the last one begins on Monday `last`. Reads only."""
    counts = context.store.flag_counts
    first = last - (WEEKS - 1) * WEEK
    begin = datetime.combine(first, time(), context.settings.scheduler.timezone)
    by_week = counts.by_week(begin, WEEKS)
    judged, ever, last_hits = counts.since(context.now - JUDGED), counts.ever(), counts.last_hits()
    standings = []
    for known in book.read(context.store.rules).known:
        name, changed_at = known.rule.id, known.stored.at
        recent = judged.get(name, NONE)
        is_changed = changed_at > context.now - JUDGED and recent != NONE
        standings.append(
            Standing(
                known.rule,
                known.number,
                changed_at,
                tuple(by_week.get(name, [NONE] * WEEKS)),
                recent,
                counts.of(name, changed_at) if is_changed else recent,
                ever.get(name, NONE),
                last_hits.get(name),
            )
        )
    weeks = tuple(sum((each[number] for each in by_week.values()), NONE) for number in range(WEEKS))
    return Statistics(first, tuple(standings), weeks)
