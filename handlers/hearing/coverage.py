"""What the bot hears of each group: only what is said to it, or all by a bridge; and how much of that it missed.

Never more is claimed than is true: a group counts as heard only when the bridge runs and has brought something of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from handlers.context import Context
from handlers.settings import BridgeSettings
from storage.bridge import Run
from storage.coverage import Coverage as Consents
from storage.coverage import Heard
from storage.store import Store

WINDOW = timedelta(days=7)
"""How far back losses are counted."""
ALIVE = timedelta(minutes=2)
"""A bridge says every fifteen seconds that it runs; after so long without a word it doesn't."""
_WORTH_TELLING = 0.005
"""Less is not told as a share: it would read as nought per cent."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is heard of one group. `since` is when the first message of it came by the bridge.

    `loss` is the share of the last seven days' messages that were probably missed: time without a bridge, and lines that
    were lost. `silent_since`: the bridge does not run, and did last then.
    """

    mode: Literal["mention-only", "bridge"] = "mention-only"
    since: datetime | None = None
    loss: float = 0.0
    silent_since: datetime | None = None
    is_allowed: bool = False


MENTIONS = Coverage()
"""Where no bridge is."""


def allowed_groups(settings: BridgeSettings, consents: Consents) -> frozenset[str]:
    """The groups all of whose messages may be read: named by the college, or allowed by their owners.

    Never one with people of other organisations, whoever allowed it before it was known for one.
    """
    if not settings.enabled:
        return frozenset()
    allowed = frozenset((*settings.groups, *(consent.conversation for consent in consents.consents())))
    return frozenset(one for one in allowed if not consents.is_external(one))


def may_hear(conversation: str, settings: BridgeSettings, consents: Consents) -> bool:
    """All messages of this one may be read."""
    if not settings.enabled:
        return False
    consent = consents.consent(conversation)
    is_allowed = conversation in settings.groups or (consent is not None and consent.holds)
    return is_allowed and not consents.is_external(conversation)


def of_group(conversation: str, settings: BridgeSettings, store: Store, now: datetime) -> Coverage:
    """What is heard of a group."""
    return of_groups([conversation], settings, store, now)[0]


def of_groups(conversations: Sequence[str], settings: BridgeSettings, store: Store, now: datetime) -> list[Coverage]:
    """What is heard of each of these."""
    allowed = [one for one in conversations if may_hear(one, settings, store.coverage)]
    runs = store.bridge.runs(now - WINDOW - ALIVE) if allowed else []
    found = {one: _covered(store.coverage.of(one), [run for run in runs if run.reads(one)], now) for one in allowed}
    return [found.get(one, MENTIONS) for one in conversations]


def _covered(heard: Heard | None, runs: Sequence[Run], now: datetime) -> Coverage:
    if heard is None:
        return Coverage(is_allowed=True)
    begin = max(heard.first_at, now - WINDOW)
    last = max((run.beat_at for run in runs), default=heard.last_at)
    runs_now = any(_runs(run, now) for run in runs)
    by_time = _share_without(runs, begin, now)
    lines = sum(run.tally.lines + run.tally.dropped + run.tally.missing for run in runs)
    lost = sum(run.tally.lost for run in runs)
    by_lines = lost / lines if lines else 0.0
    return Coverage(
        mode="bridge" if runs_now else "mention-only",
        since=heard.first_at,
        loss=1 - (1 - by_time) * (1 - by_lines),
        silent_since=None if runs_now else last,
        is_allowed=True,
    )


def _runs(run: Run, now: datetime) -> bool:
    return run.ended_at is None and now - run.beat_at <= ALIVE


def _share_without(runs: Sequence[Run], begin: datetime, now: datetime) -> float:
    """How much of the time nothing ran. Runs are in the order of their beginnings."""
    whole = (now - begin).total_seconds()
    if whole <= 0:
        return 0.0
    covered, upto = timedelta(), begin
    for run in runs:
        end = now if _runs(run, now) else min(run.beat_at, now)
        start = max(run.started_at, upto)
        if end > start:
            covered += end - start
            upto = end
    return max(0.0, 1 - covered.total_seconds() / whole)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the bridge is, for whoever looks after it."""

    is_running: bool
    last_at: datetime | None
    """When one last said that it runs; None: never within the window."""
    lines: int = 0
    lost: int = 0
    """Of those of the last day."""
    groups: int = 0
    """That allow it."""
    unheard: tuple[str, ...] = ()
    """Of those, by what people call them: nothing has come of them yet."""


def standing(settings: BridgeSettings, store: Store, now: datetime) -> Standing | None:
    """How it is; None where it is off."""
    if not settings.enabled:
        return None
    runs = store.bridge.runs(now - WINDOW)
    today = [run for run in runs if run.beat_at >= now - timedelta(days=1)]
    allowed = sorted(allowed_groups(settings, store.coverage))
    unheard = [one for one in allowed if store.coverage.of(one) is None]
    groups = {one: store.groups.get(one) for one in unheard}
    return Standing(
        is_running=any(_runs(run, now) for run in runs),
        last_at=max((run.beat_at for run in runs), default=None),
        lines=sum(run.tally.lines for run in today),
        lost=sum(run.tally.lost for run in today),
        groups=len(allowed),
        unheard=tuple(one if group is None else group.label for one, group in groups.items()),
    )


def line(coverage: Coverage, zone: ZoneInfo) -> str:
    """The line that `/本群` and every report say of a group."""
    if coverage.mode == "bridge" and coverage.since is not None:
        return f"我能听到：全部消息（{_day(coverage.since, zone)} 起，经消息桥接；{loss_in_words(coverage.loss)}）"
    if coverage.silent_since is not None:
        stopped = coverage.silent_since.astimezone(zone)
        return f"我能听到：只有 @我 的消息（消息桥接 {stopped:%m-%d %H:%M} 起没有运行）"
    if coverage.is_allowed:
        return "我能听到：只有 @我 的消息（已同意旁听，还没有收到桥接来的消息）"
    return "我能听到：只有 @我 的消息"


def loss_in_words(loss: float) -> str:
    """How much was missed, never less than is true."""
    if loss <= 0:
        return "近 7 天没有发现漏听"
    if loss < _WORTH_TELLING:
        return "近 7 天漏听不到 1%"
    return f"近 7 天约漏听 {max(1, round(loss * 100))}%"


def summary(context: Context, groups: Iterable[str] | None = None) -> str:
    """What all that is reported rests on, in a line or two: for weekly digests and other reports.

    `groups`: only these; None: all that are active.
    """
    chosen = [group.conversation for group in context.store.groups.all()] if groups is None else list(groups)
    found = of_groups(chosen, context.settings.bridge, context.store, context.now)
    heard = [one for one in found if one.mode == "bridge"]
    silent = sum(one.silent_since is not None for one in found)
    if not heard and not silent:
        return "范围：各群里我只听得到 @我 的消息、举报和私聊，群里其他的话不在统计里。"
    worst = max((one.loss for one in heard), default=0.0)
    parts = [f"{len(heard)} 个群听得到全部消息（{loss_in_words(worst)}）"] if heard else []
    parts += [f"{silent} 个群的消息桥接现在没有运行"] if silent else []
    rest = len(found) - len(heard)
    parts += [f"{'其余 ' if heard else ''}{rest} 个群只听得到 @我 的消息"] if rest else []
    return f"范围：{'，'.join(parts)}。"


def _day(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d}"
