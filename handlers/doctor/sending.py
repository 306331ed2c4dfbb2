"""发不出: does what the bot wants to say reach people?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from handlers.doctor import check_texts as texts
from handlers.doctor.check import Check, Status
from handlers.doctor.facts import Facts
from handlers.doctor.parked import IN_DOUBT
from handlers.doctor.shared import said, tried
from handlers.quota.standing import Level
from storage.backlog import Trouble

FRESH = timedelta(hours=24)
WAITED, WAITED_LONG = timedelta(minutes=5), timedelta(minutes=30)
"""A burst to one group goes out at fifteen a minute; that is no fault."""


def checks(facts: Facts) -> list[Check]:
    """The permission, what was put aside, what is tried again, what waits, what is kept back, who is out of reach."""
    found = [tried(facts, "sending")]
    if not facts.is_store_readable:
        return found
    return [*found, parked(facts), troubled(facts), backlog(facts), held(facts), quota(facts), unreachable(facts)]


def parked(facts: Facts) -> Check:
    """What could not be sent. New ones are a fault; old ones, and those that may well have arrived, want a decision."""
    if not facts.parked_out:
        return said("parked-out", "ok", texts.NOTHING_PARKED_OUT)
    is_fault = any(
        trouble.code not in IN_DOUBT and trouble.latest is not None and facts.now - trouble.latest < FRESH
        for trouble in facts.parked_out
    )
    found = texts.troubles("消息发不出去，已搁置", _said(facts.parked_out))
    return Check("parked-out", "bad" if is_fault else "warning", found, texts.PARKED_ADVICE)


def troubled(facts: Facts) -> Check:
    """What has met an error and goes on trying."""
    if not facts.troubled:
        return said("retries", "ok", texts.NOTHING_TROUBLED)
    oldest = min((trouble.since for trouble in facts.troubled if trouble.since is not None), default=facts.now)
    found = texts.troubles("消息暂时没发成，还在重试", _said(facts.troubled))
    return Check("retries", "bad" if facts.now - oldest > WAITED_LONG else "warning", found, texts.TROUBLED_ADVICE)


def backlog(facts: Facts) -> Check:
    """What could go and does not."""
    waiting = facts.to_send
    waited = timedelta(0) if waiting.since is None else facts.now - waiting.since
    if not waiting.count or waited < WAITED or not facts.is_running:
        return said("backlog-out", "ok", texts.NOTHING_WAITS)
    status: Status = "bad" if waited >= WAITED_LONG else "warning"
    return said("backlog-out", status, texts.OUTBOX_WAITS, count=waiting.count, ago=texts.ago(waited))


def held(facts: Facts) -> Check:
    """What is kept back on purpose until the morning."""
    return said("held", "ok", texts.held(facts.quiet, facts.held_for_night))


def quota(facts: Facts) -> Check:
    """How many calls of the month are left."""
    values = {"used": facts.quota_used, "limit": facts.quota_limit, "count": facts.held_for_quota}
    if facts.quota is Level.OUT:
        return said("quota", "bad", texts.QUOTA_OUT, **values)
    if facts.quota >= Level.TIGHT:
        return said("quota", "warning", texts.QUOTA_TIGHT, **values)
    return said("quota", "ok", texts.QUOTA_GOOD, **values)


def unreachable(facts: Facts) -> Check:
    """People outside the application's visible scope."""
    if facts.unreachable:
        return said("unreachable", "warning", texts.UNREACHABLE, count=facts.unreachable)
    return said("unreachable", "ok", texts.EVERYBODY_REACHED)


def _said(troubles: Sequence[Trouble]) -> list[tuple[str, int]]:
    return [(trouble.error or trouble.code, trouble.count) for trouble in troubles]
