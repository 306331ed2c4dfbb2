"""What admins read about how rules do: counts, never whose messages they were."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.markdown import literal
from handlers.message import Button
from handlers.moderation.rule import State
from handlers.moderation.statistics import BEFORE, QUIET, Precision, Standing, Statistics, usual
from handlers.moderation.texts import CATEGORY_LABELS
from storage.flag_counts import WEEK, Count

TITLE = "内容规则统计"
TITLE_DIGEST = "内容提醒周报"
_LISTED = 8
_MOST_BUTTONS = 3
STATES: dict[State, str] = {"observe": "观察", "remind": "提醒", "enforce": "执行"}


def overview(
    statistics: Statistics, now: datetime, least_precision: float, waiting: tuple[int, int], heard: str
) -> str:
    """All rules together, those that fired most, those that annoy, those that never fire."""
    weeks = len(statistics.weeks)
    parts = [
        f"**内容规则统计**（近 {weeks} 周，{statistics.first:%m-%d} 起）",
        f"{_counts(statistics.total)}。本周到现在 {statistics.weeks[-1].hits} 次，{_usual(statistics.weeks)}。",
    ]
    parts += _waiting(waiting)
    parts += _section("命中最多", (_line(one, one.hits) for one in statistics.busiest()[:_LISTED]))
    parts += _annoying(statistics.annoying(least_precision))
    parts += _quiet(statistics.quiet(now))
    parts += ["看一条：/规则 统计 编号", heard]
    return "\n\n".join(parts)


def one_rule(standing: Standing, first: date, zone: ZoneInfo, least_precision: float, heard: str) -> str:
    """One rule: its weeks, how often it was right, appeals, trend."""
    count, rule = standing.judged, standing.rule
    weeks = "、".join(str(week.hits) for week in standing.weeks)
    parts = [
        f"**规则 {standing.number} {literal(rule.name)}**（{CATEGORY_LABELS[rule.category]}，{STATES[rule.state]}）",
        f"近 {len(standing.weeks)} 周（{first:%m-%d} 起）每周命中：{weeks}。这周到现在 {standing.weeks[-1].hits} 次，"
        f"{_usual(standing.weeks)}。",
        f"近 90 天复核：对 {count.right}、错 {count.wrong}、说不准 {count.unsure}。{_precision(standing.precision)}",
        f"近 90 天申诉 {count.appeals} 次；从有记录起命中 {standing.ever.hits} 次。",
    ]
    if standing.last_hit is None:
        parts.append("还没有命中过。")
    else:
        parts.append(f"最近一次：{standing.last_hit.astimezone(zone):%Y-%m-%d}。")
    if standing.lower_state is not None and standing.annoys(least_precision):
        parts.append(f"这条规则常判错或常被申诉，建议改一改，或者先降为{STATES[standing.lower_state]}。")
    return "\n\n".join([*parts, heard])


def digest(
    statistics: Statistics,
    now: datetime,
    least_precision: float,
    waiting: tuple[int, int],
    repeats: tuple[int, int],
    strangers: int,
    heard: str,
    *,
    is_late: bool,
) -> str:
    """The last whole week, in short."""
    begin = statistics.first + (len(statistics.weeks) - 1) * WEEK
    end = begin + timedelta(days=6)
    parts = [
        f"**内容提醒周报**（{begin:%m-%d} 至 {end:%m-%d}{'，补发' if is_late else ''}）",
        f"{_counts(statistics.weeks[-1])}，{_usual(statistics.weeks)}。",
    ]
    said = []
    if repeats[0]:
        said.append(f"有 {repeats[0]} 段话被发了不止一次，最多的一段 {repeats[1]} 次")
    if strangers:
        said.append(f"组织外的人 {strangers} 位")
    if said:
        parts.append("，".join(said) + "。")
    parts += _waiting(waiting)
    busiest = statistics.busiest(1)[:_LISTED]
    parts += _section("命中最多", (_line(one, one.weeks[-1].hits) for one in busiest))
    parts += _annoying(statistics.annoying(least_precision))
    quiet = statistics.quiet(now)
    if quiet:
        parts.append(f"{len(quiet)} 条规则 {QUIET.days} 天没有命中过，见 /规则 统计")
    parts.append(heard)
    return "\n\n".join(parts)


def buttons(annoying: Sequence[Standing], waiting: tuple[int, int], *, more: bool) -> tuple[Button, ...]:
    """A step down for each of the rules that annoy most, the queue, and the whole picture."""
    found = [
        Button(f"规则 {one.number} 降为{STATES[one.lower_state]}", f"/规则 状态 {one.number} {STATES[one.lower_state]}")
        for one in annoying[:_MOST_BUTTONS]
        if one.lower_state is not None
    ]
    if any(waiting):
        found.append(Button("去复核", "/复核"))
    if more:
        found.append(Button("看统计", "/规则 统计"))
    return tuple(found)


def _counts(count: Count) -> str:
    said = [f"命中 {count.hits} 次"]
    if count.judged or count.unsure:
        said.append(f"复核 {count.judged + count.unsure} 次：对 {count.right}、错 {count.wrong}、说不准 {count.unsure}")
    if count.appeals:
        said.append(f"申诉 {count.appeals} 次")
    return "，".join(said)


def _usual(weeks: Sequence[Count]) -> str:
    return f"前 {min(BEFORE, len(weeks) - 1)} 周平均每周 {usual(weeks):.1f} 次"


def _waiting(waiting: tuple[int, int]) -> list[str]:
    said = []
    if waiting[0]:
        said.append(f"还没复核的 {waiting[0]} 条")
    if waiting[1]:
        said.append(f"等答复的申诉 {waiting[1]} 条")
    return [f"{'，'.join(said)}：/复核"] if said else []


def _line(one: Standing, hits: int) -> str:
    said = f"规则 {one.number} {literal(one.rule.name)}（{CATEGORY_LABELS[one.rule.category]}）：{hits} 次{_trend(one)}"
    if one.precision.judged:
        said += f"，{_precision(one.precision).rstrip('。')}"
    return said + (f"，申诉 {one.judged.appeals} 次" if one.judged.appeals else "")


def _trend(one: Standing) -> str:
    """An arrow where the newest week stands out clearly from those before."""
    newest, usual_hits = one.weeks[-1].hits, one.usual
    if newest >= 3 and newest > 2 * usual_hits:
        return " ↑"
    return " ↓" if usual_hits >= 3 and newest < usual_hits / 2 else ""


def _precision(precision: Precision) -> str:
    if precision.share is None:
        return "还没有复核，看不出准不准。"
    low, high = precision.interval
    return f"准确率 {precision.share:.0%}（实际多半在 {low:.0%} 到 {high:.0%} 之间）。"


def _annoying(found: Sequence[Standing]) -> list[str]:
    return _section(
        "打扰人的规则（常判错，或申诉多），建议改一改或先降一级",
        (
            f"规则 {one.number} {literal(one.rule.name)}：对 {one.since_change.right}、错 {one.since_change.wrong}，"
            f"申诉 {one.since_change.appeals} 次，现在是{STATES[one.rule.state]}"
            for one in found[:_LISTED]
        ),
    )


def _quiet(found: Sequence[Standing]) -> list[str]:
    if not found:
        return []
    numbers = "、".join(str(one.number) for one in found[:30])
    more = f" 等 {len(found)} 条" if len(found) > 30 else ""
    return [f"**{QUIET.days} 天没有命中过的规则**\n\n编号 {numbers}{more}。不一定多余，可以看看词写得对不对。"]


def _section(heading: str, lines: Iterable[str]) -> list[str]:
    listed = [f"- {line}" for line in lines]
    return [f"**{heading}**\n\n" + "\n".join(listed)] if listed else []
