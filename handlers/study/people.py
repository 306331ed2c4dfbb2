"""Who studies: serving staff of the roster alone, each with one department."""

from __future__ import annotations

from collections.abc import Container, Iterable

from handlers import access
from handlers.cleanup.departments import Departments, and_above, is_within
from handlers.cleanup.roster import Person, Roster, merge
from handlers.context import Context

NOWHERE = "未分部门"
"""Where people are counted of whom no department is known."""


def by_unit(roster: Roster, units: Iterable[str]) -> dict[str, list[str]]:
    """Staff ids of the serving people of each of these departments. Whoever belongs to several is in the innermost."""
    wanted = {unit: list[str]() for unit in units}
    for person in roster:
        unit = unit_of(person, wanted)
        if unit is not None:
            wanted[unit].append(person.staff_id)
    return wanted


def unit_of(person: Person, units: Container[str]) -> str | None:
    """The innermost of `units` that a serving person belongs to; None for those who belong to none, or do not serve."""
    if not person.is_serving:
        return None
    found = (path for own in person.departments for path in and_above(own) if path in units)
    return max(found, key=len, default=None)


def everybody(roster: Roster, scope: Iterable[str] = ()) -> dict[str, list[str]]:
    """Staff ids of all serving people by the first level of their department; within `scope`, where it names any."""
    limits = tuple(scope)
    found: dict[str, list[str]] = {}
    for person in roster:
        if not person.is_serving:
            continue
        if limits and not any(is_within(path, limit) for path in person.departments for limit in limits):
            continue
        found.setdefault(person.department.partition("/")[0] or NOWHERE, []).append(person.staff_id)
    return found


def person_of(staff_id: str | None, context: Context) -> Person | None:
    """One person of the roster, or None."""
    facts = () if staff_id is None else context.store.staff.facts_of(staff_id)
    if not facts:
        return None
    known = Departments(row.path for row in context.store.staff.departments())
    return merge(facts, context.today, known)


def scope_of(staff_id: str, context: Context) -> tuple[str, ...] | None:
    """The departments whose study an admin sees to: () means all, None that this is no admin of it (article 五.1)."""
    if access.is_main_admin(staff_id, context):
        return ()
    grant = context.store.roles.get(staff_id)
    if grant is None or (grant.families and "学习" not in grant.families):
        return None
    return grant.departments


def may_see(staff_id: str, department: str, scope: tuple[str, ...] | None, roster: Roster) -> bool:
    """Whether somebody may see who of a department has not finished: its heads, those above, and admins of it."""
    if scope is not None and (not scope or any(is_within(department, limit) for limit in scope)):
        return True
    return department != NOWHERE and staff_id in roster.heads_over(department)
