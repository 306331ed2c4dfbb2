"""群里没反应: the bot is there, and does nothing in a group."""

from __future__ import annotations

from datetime import timedelta

from handlers.doctor import check_texts as texts
from handlers.doctor.check import Check
from handlers.doctor.facts import Facts
from handlers.doctor.shared import said, tried

FRESH = timedelta(hours=24)


def checks(facts: Facts) -> list[Check]:
    """What it can hear at all, what failed, what it knows, where it is, who steers it."""
    found = [said("mentions", "ok", texts.ONLY_MENTIONS)]
    if not facts.is_store_readable:
        return found
    return [
        *found,
        parked(facts),
        retrying(facts),
        documents(facts),
        external(facts),
        rules(facts),
        groups(facts),
        admins(facts),
        *(helper(facts, name) for name in ("semantic", "language-model")),
    ]


def parked(facts: Facts) -> Check:
    """Messages whose handling failed for good. New ones are a fault; old ones want a decision."""
    aside = facts.parked_in
    if not aside.count:
        return said("parked-in", "ok", texts.NOTHING_PARKED_IN)
    is_news = aside.latest is not None and facts.now - aside.latest < FRESH
    return said("parked-in", "bad" if is_news else "warning", texts.parked_in(aside.count))


def retrying(facts: Facts) -> Check:
    """Messages whose handling failed and is tried again."""
    if facts.to_try_again.count:
        return said("retrying", "warning", texts.RETRYING, count=facts.to_try_again.count)
    return said("retrying", "ok", texts.NOTHING_RETRIED)


def documents(facts: Facts) -> Check:
    """Is there anything to answer from?"""
    if facts.documents:
        return said("documents", "ok", texts.DOCUMENTS, count=facts.documents)
    return said("documents", "bad", texts.NO_DOCUMENTS)


def external(facts: Facts) -> Check:
    """Where, by the settings, questions are not answered."""
    if facts.external_unanswered:
        return said("external", "ok", texts.EXTERNAL_UNANSWERED, count=facts.external_unanswered)
    return said("external", "ok", texts.EVERY_GROUP_ANSWERED)


def rules(facts: Facts) -> Check:
    """Is there anything to flag by?"""
    if facts.rules:
        return said("rules", "ok", texts.RULES, count=facts.rules)
    return said("rules", "warning", texts.NO_RULES)


def groups(facts: Facts) -> Check:
    """A group that was never heard is mostly one that the robot is not in."""
    if not facts.groups:
        return said("groups", "warning", texts.NO_GROUPS)
    if facts.unheard:
        return said("groups", "warning", texts.unheard(facts.unheard))
    return said("groups", "ok", texts.GROUPS, count=facts.groups)


def admins(facts: Facts) -> Check:
    """Somebody has to hear of trouble."""
    if facts.admins:
        return said("admins", "ok", texts.ADMINS, count=facts.admins)
    return said("admins", "warning", texts.NO_ADMINS)


def helper(facts: Facts, name: str) -> Check:
    """A model that helps with answers and that no answer depends on: that nobody tried it leaves nothing unsure."""
    return tried(facts, name) if name in facts.probes else said(name, "ok", texts.NOT_TRIED)
