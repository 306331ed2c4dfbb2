"""The register of groups, written and read back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from storage.database import Database
from storage.groups import Group, Groups

NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)
WHOLE = Group(
    conversation="cidA",
    title="教务处群",
    kind="department",
    department="教务处",
    owner="boss",
    admins=("a", "b"),
    purpose="日常工作",
    coverage="bridge",
    is_scene_group=True,
    status="active",
    registered_at=NOW,
    registered_by="import",
    first_heard_at=NOW - timedelta(days=9),
    last_heard_at=NOW,
    members_source="scene-group",
    members_read_at=NOW,
)


@pytest.fixture
def groups() -> Iterator[Groups]:
    with Database(":memory:") as database:
        yield Groups(database)


@pytest.mark.parametrize("group", [WHOLE, replace(WHOLE, is_scene_group=False, admins=()), Group("cidA")])
def test_a_group_is_read_back_whole(groups: Groups, group: Group) -> None:
    groups.save(group)
    assert groups.get("cidA") == group
    assert groups.all() == [group]
    assert groups.get("cidB") is None


def test_saving_again_replaces_admins_too(groups: Groups) -> None:
    groups.save(WHOLE)
    groups.save(replace(WHOLE, admins=("c", "c"), owner=None))
    assert groups.get("cidA") == replace(WHOLE, admins=("c",), owner=None)
    groups.save(replace(WHOLE, admins=()))
    assert groups.get("cidA") == replace(WHOLE, admins=())


def test_groups_come_by_title_the_active_ones_unless_asked(groups: Groups) -> None:
    groups.save(replace(WHOLE, conversation="c2", title="乙", admins=("z",)))
    groups.save(replace(WHOLE, conversation="c1", title="丙", admins=()))
    groups.save(replace(WHOLE, conversation="c3", title="甲", status="disbanded"))
    assert [(one.conversation, one.admins) for one in groups.all()] == [("c1", ()), ("c2", ("z",))]
    assert len(groups.all(active_only=False)) == 3


def test_an_owner_owns_active_groups(groups: Groups) -> None:
    groups.save(WHOLE)
    groups.save(replace(WHOLE, conversation="cidB", owner="other"))
    groups.save(replace(WHOLE, conversation="cidC"))
    groups.disbanded("cidC")
    assert groups.owned_by("boss") == [WHOLE]
    assert groups.owned_by("nobody") == []


def test_hearing_makes_known_and_moves_only_forward(groups: Groups) -> None:
    groups.heard("cidA", "教务", NOW)
    assert groups.get("cidA") == Group("cidA", "教务", first_heard_at=NOW, last_heard_at=NOW)
    groups.heard("cidA", "", NOW - timedelta(hours=1))
    assert groups.get("cidA") == Group("cidA", "教务", first_heard_at=NOW, last_heard_at=NOW)
    later = NOW + timedelta(hours=1)
    groups.heard("cidA", "教务处", later)
    assert groups.get("cidA") == Group("cidA", "教务处", first_heard_at=NOW, last_heard_at=later)


def test_what_is_heard_of_is_active_again_and_keeps_the_rest(groups: Groups) -> None:
    groups.save(WHOLE)
    groups.disbanded("cidA")
    assert groups.all() == []
    groups.heard("cidA", "", NOW)
    assert groups.get("cidA") == WHOLE


def test_what_people_call_it() -> None:
    assert (WHOLE.label, Group("cidX").label) == ("教务处群", "cidX")
    assert (WHOLE.is_registered, Group("cidX").is_registered) == (True, False)


def test_owned_groups_are_found_by_index(groups: Groups) -> None:
    plan = groups._database.rows("explain query plan select * from groups where owner = 'boss' and status = 'active'")
    assert any("groups_by_owner" in row["detail"] for row in plan)
