"""定时没来: what was planned does not come."""

from __future__ import annotations

from datetime import timedelta

from handlers.doctor import check_texts as texts
from handlers.doctor.check import Check
from handlers.doctor.facts import Facts
from handlers.doctor.shared import at, said, tried

WAITED_LONG = timedelta(minutes=30)
"""Before a clean-up the whole directory is read; that may take minutes in a large college."""


def checks(facts: Facts) -> list[Check]:
    """The plans, what came due, whom reminders go to, the calendar, and the directory that the clean-up rests on."""
    directory = [tried(facts, name) for name in ("departments", "members", "scene-groups")]
    if not facts.is_store_readable:
        return directory
    return [plans(facts), due(facts), registered(facts), owners(facts), calendar(facts), *directory]


def plans(facts: Facts) -> Check:
    """Each has its next time, and none is past it."""
    if late := [plan.name for plan in facts.plans if plan.is_overdue and facts.is_running]:
        return said("plans", "bad", texts.overdue(late))
    if facts.is_running and (unknown := [plan.name for plan in facts.plans if not plan.is_known]):
        return said("plans", "warning", texts.not_known(unknown))
    ours = [plan for plan in facts.plans if not plan.is_ours]
    if not ours:
        return said("plans", "warning", texts.NO_PLANS)
    upcoming = sorted((plan.next_at, plan.name) for plan in facts.plans if plan.next_at is not None)
    past = sorted((plan.last_at, plan.name) for plan in ours if plan.last_at is not None)
    words = texts.plans(
        [(name, at(facts, moment)) for moment, name in upcoming], [(name, at(facts, moment)) for moment, name in past]
    )
    return said("plans", "ok", words)


def due(facts: Facts) -> Check:
    """What came due and is not done."""
    waiting = facts.due_to_handle
    waited = timedelta(0) if waiting.since is None else facts.now - waiting.since
    if not waiting.count or waited < WAITED_LONG or not facts.is_running:
        return said("due", "ok", texts.NOTHING_DUE_WAITS)
    return said("due", "bad", texts.DUE_WAITS, count=waiting.count, ago=texts.ago(waited))


def registered(facts: Facts) -> Check:
    """A schedule covers kinds of groups: a group without one is in none."""
    if facts.unregistered:
        return said("registered", "warning", texts.unregistered(facts.unregistered))
    return said("registered", "ok", texts.REGISTERED)


def owners(facts: Facts) -> Check:
    """A reminder goes to the owner; without one somebody has to stand in who knows the group less."""
    if facts.ownerless:
        return said("owners", "warning", texts.ownerless(facts.ownerless))
    return said("owners", "ok", texts.OWNERS)


def calendar(facts: Facts) -> Check:
    """Are the official holidays known for what is planned?"""
    if facts.uncovered_years:
        return said("calendar", "warning", texts.uncovered(facts.uncovered_years))
    return said("calendar", "ok", texts.CALENDAR)
