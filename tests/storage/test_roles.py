"""Roles that were given, written and read back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from storage.database import Database
from storage.roles import Grant, Roles

NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)


@pytest.fixture
def roles() -> Iterator[Roles]:
    with Database(":memory:") as database:
        yield Roles(database)


def test_a_grant_is_read_back_with_its_scope(roles: Roles) -> None:
    grant = Grant("0147", "sub-admin", ("教务处", "学生处"), ("清理", "群"))
    roles.grant(grant, "boss", NOW)
    assert roles.get("0147") == grant
    assert roles.is_sub_admin("0147")
    assert not roles.is_main_admin("0147")
    assert roles.get("0148") is None
    assert not roles.is_sub_admin("0148")
    assert not roles.is_main_admin("0148")


def test_a_newer_grant_replaces_the_older(roles: Roles) -> None:
    roles.grant(Grant("0147", "sub-admin", ("教务处",)), "boss", NOW)
    roles.grant(Grant("0147", "main-admin"), "boss", NOW)
    assert roles.get("0147") == Grant("0147", "main-admin")
    assert roles.is_main_admin("0147")
    assert not roles.is_sub_admin("0147")


def test_the_main_admins_are_listed(roles: Roles) -> None:
    for staff_id, role in (("b", "main-admin"), ("c", "sub-admin"), ("a", "main-admin")):
        roles.grant(Grant(staff_id, role), "boss", NOW)  # type: ignore[arg-type]
    assert roles.main_admins() == ["a", "b"]


def test_a_role_that_does_not_exist_is_refused(roles: Roles) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        roles.grant(Grant("0147", "emperor"), "boss", NOW)  # type: ignore[arg-type]
