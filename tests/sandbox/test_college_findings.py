"""The clean-up finds every ill in the sample college, and nothing in the group that is in order."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime

import pytest

from bot.cli.sandbox import fill
from handlers.cleanup.findings import Found, find
from handlers.cleanup.roster import Roster
from handlers.settings import CleanupSettings
from sandbox import college
from sandbox.college.people import department_path
from sandbox.world import SandboxClock, World
from storage.database import Database
from storage.members import Member
from storage.staff import DepartmentRow, StaffFact
from storage.store import Store

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
EVERY_REASON = {
    "departed",
    "retired",
    "early-retired",
    "moved",
    "not-serving",
    "outsider",
    "unknown-person",
    "name-form",
    "owner-wrong",
    "owner-gone",
    "no-admin",
    "dormant",
    "unregistered",
}


def read_directory(world: World, store: Store) -> None:
    """What a sync would bring: everybody in the directory, the departments, the members of scene groups."""
    store.staff.put_departments(
        [
            DepartmentRow(d.dept_id, d.name, d.parent_id, department_path(d.dept_id), tuple(d.manager_ids))
            for d in world.departments.values()
            if d.dept_id != 1
        ],
        NOW,
    )
    heads = {head for d in world.departments.values() for head in d.manager_ids}
    for person in world.people.values():
        if person.staff_id and person.is_in_directory:
            path = department_path(person.dept_ids[0])
            fact = StaffFact(
                person.staff_id, "directory", person.name, path, person.mobile, is_leader=person.key in heads
            )
            store.staff.put(fact, NOW)
    for group in world.groups.values():
        if group.is_scene_group:
            members = [world.people[key] for key in group.members]
            listed = [
                Member(group.conversation_id, m.staff_id, m.nick, m.union_id, is_outsider=m.staff_id is None)
                for m in members
            ]
            store.members.replace(group.conversation_id, listed, "scene-group", NOW)


@pytest.fixture
def found() -> dict[str, list[Found]]:
    """Findings by conversation id."""
    clock = SandboxClock(NOW)
    world = World(clock)
    college.build(world)
    store = Store(Database(":memory:"))
    fill(store, clock)
    read_directory(world, store)
    findings = find(
        store.groups.all(),
        store.members.of,
        Roster.load(store.staff),
        lambda conversation, member: False,
        NOW.date(),
        CleanupSettings(),
    )
    by_group: dict[str, list[Found]] = defaultdict(list)
    for finding in findings:
        by_group[finding.conversation].append(finding)
    store.database.close()
    return by_group


def test_every_reason_occurs(found: dict[str, list[Found]]) -> None:
    assert {finding.reason for group in found.values() for finding in group} == EVERY_REASON


def test_nothing_is_found_in_the_group_that_is_in_order(found: dict[str, list[Found]]) -> None:
    assert found[college.CLEAN_GROUP] == []


def test_the_owner_to_play_with_has_something_to_do_in_two_groups(found: dict[str, list[Found]]) -> None:
    assert {(f.name, f.reason) for f in found[college.SCENE_GROUP]} == {
        ("段志高", "departed"),
        ("潘玉梅", "retired"),
        ("黎俊熙", "moved"),
    }
    assert {"unknown-person", "moved", "departed"} <= {f.reason for f in found[college.ORDINARY_GROUP]}


def test_a_class_keeps_its_students_and_parents(found: dict[str, list[Found]]) -> None:
    assert [(f.name, f.reason) for f in found[college.CLASS_GROUP]] == [("余晚晴", "departed")]


def test_guests_may_be_in_the_external_group(found: dict[str, list[Found]]) -> None:
    assert found[college.EXTERNAL_GROUP] == []
