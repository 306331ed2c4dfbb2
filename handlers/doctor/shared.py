"""What all four questions rest on: the program, its configuration, database and disk, the network and the credentials."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.doctor import check_texts as texts
from handlers.doctor.check import Check, Status
from handlers.doctor.facts import Asked, Facts

_OLD = timedelta(minutes=10)
"""A result of this age is told with it."""


def checks(facts: Facts) -> list[Check]:
    """In the order in which one would look."""
    found = [configuration(facts)] if facts.asked is Asked.CONSOLE else []
    return [
        *found,
        running(facts),
        database(facts),
        *(tried(facts, name) for name in ("disk", "network", "credentials", "clock")),
    ]


def running(facts: Facts) -> Check:
    """Is there a process at work? The row that it writes every few seconds says so."""
    is_running, presence = facts.is_running, facts.presence
    if is_running is None:
        return said("running", "unknown", texts.NOT_KNOWN_WITHOUT_DATABASE)
    if is_running:
        account = facts.account
        if account is None:
            return said("running", "ok", texts.RUNNING)
        return said("running", "ok", texts.running_since(at(facts, account.started_at), account.version))
    if presence is None:
        return said("running", "bad", texts.NEVER_RUN)
    if presence.stopped_at is not None:
        return said("running", "bad", texts.stopped(at(facts, presence.stopped_at)))
    return said("running", "bad", texts.died(at(facts, presence.beat_at)))


def configuration(facts: Facts) -> Check:
    """Can the configuration be used?"""
    if facts.problems:
        return said("configuration", "bad", texts.configuration(facts.problems))
    return said("configuration", "ok", texts.CONFIGURATION_GOOD)


def database(facts: Facts) -> Check:
    """Is the file whole, and can it be read?"""
    found = tried(facts, "database")
    if found.status == "ok" and not facts.is_store_readable:
        return said("database", "warning", texts.DATABASE_NOT_READ)
    return found


def tried(facts: Facts, name: str) -> Check:
    """What the last attempt found, with its age when it is old."""
    probe = facts.probes.get(name)
    if probe is None:
        return said(name, "unknown", texts.NOT_TRIED)
    age = facts.now - probe.at
    found = f"{probe.found}（{texts.ago(age).strip()}前查的）" if age > _OLD else probe.found
    return Check(name, probe.status, found, probe.advice)


def said(name: str, status: Status, words: texts.Said, **values: object) -> Check:
    """A check from its two lines; the values are put into the first."""
    found, advice = words
    return Check(name, status, found.format(**values) if values else found, advice)


def at(facts: Facts, moment: datetime) -> str:
    """A moment in the configured zone."""
    return texts.moment(moment.astimezone(facts.zone))
