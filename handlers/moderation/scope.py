"""Where, for whom and when a rule counts. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time

from handlers.cleanup.departments import is_within
from handlers.moderation.hours import USUAL_HOURS, counts_at
from handlers.moderation.rule import Rule


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of a message beside its text; None: not known, and then a rule counts.

    `kind` is that of the group, `group` its open conversation id, `departments` are paths, `roles` all that the sender
    is (`ScopeRole`), `at` is in the configured zone, `working_hours` are those of the settings.
    """

    kind: str | None = None
    group: str | None = None
    departments: tuple[str, ...] | None = None
    roles: tuple[str, ...] | None = None
    at: datetime | None = None
    working_hours: tuple[time, time] = USUAL_HOURS


UNKNOWN = Circumstances()


def counts(rule: Rule, circumstances: Circumstances) -> bool:
    """Whether the rule counts here. A rule that names a place counts also where the place is not known."""
    scope = rule.scope
    return (
        _is_among(circumstances.kind, scope.kinds)
        and _is_among(circumstances.group, scope.groups)
        and _is_below(circumstances.departments, scope.departments)
        and (not scope.roles or circumstances.roles is None or not set(scope.roles).isdisjoint(circumstances.roles))
        and (
            not scope.hours
            or circumstances.at is None
            or counts_at(scope.hours, circumstances.at, circumstances.working_hours)
        )
    )


def _is_among(found: str | None, named: tuple[str, ...]) -> bool:
    return not named or found is None or found in named


def _is_below(found: tuple[str, ...] | None, named: tuple[str, ...]) -> bool:
    return not named or found is None or any(_holds(outer, inner) for outer in named for inner in found)


def _holds(outer: str, inner: str) -> bool:
    """`教务处` holds `某学院/教务处/教学科`: people leave out the college's name, in rules and in the register of groups."""
    return any(is_within(tail, outer) for tail in _tails(inner)) or any(
        is_within(inner, tail) for tail in _tails(outer)
    )


def _tails(path: str) -> Iterator[str]:
    while path:
        yield path
        path = path.partition("/")[2]
