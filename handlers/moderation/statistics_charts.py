"""The pictures beside the statistics of rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from handlers.chart import Bar, Chart, Panel
from handlers.moderation.statistics import Standing, Statistics
from handlers.moderation.texts import CATEGORY_LABELS
from storage.flag_counts import NONE, WEEK, Count

LEGEND = ("判对", "判错", "没复核或说不准")
_MOST_RULES = 8


def of_all(statistics: Statistics, weeks: int, heading: str) -> Chart:
    """Each week's hits, and the rules that fired most in the last so many weeks."""
    panels = [_weeks(statistics.first, statistics.weeks)]
    busiest = statistics.busiest(weeks)[:_MOST_RULES]
    if busiest:
        bars = tuple(_rule(one, weeks) for one in busiest)
        panels.append(Panel(heading, bars))
    return Chart(f"近 {len(statistics.weeks)} 周的内容提醒", LEGEND, tuple(panels))


def of_one(standing: Standing, first: date) -> Chart:
    """Each week's hits of one rule."""
    return Chart(f"规则 {standing.number} 近 {len(standing.weeks)} 周的命中", LEGEND, (_weeks(first, standing.weeks),))


def _weeks(first: date, weeks: Sequence[Count]) -> Panel:
    bars = tuple(Bar(f"{first + number * WEEK:%m-%d}", _parts(count)) for number, count in enumerate(weeks))
    return Panel(f"近 {len(weeks)} 周，每周命中", bars, is_upright=True)


def _rule(standing: Standing, weeks: int) -> Bar:
    """By its number, as the text below the picture says it: what rules are called may have any characters."""
    count = sum(standing.weeks[-weeks:], NONE)
    return Bar(f"规则 {standing.number} {CATEGORY_LABELS[standing.rule.category]}", _parts(count))


def _parts(count: Count) -> tuple[int, ...]:
    return count.right, count.wrong, count.hits - count.judged
