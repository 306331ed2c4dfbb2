"""Who may do what: by staff id alone, in this chat."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from handlers import access
from handlers.access import Role
from handlers.context import Context
from handlers.message import ChatKind, Incoming, Sender
from handlers.moderation.scanner import Scanner
from handlers.policy.finding.index import PolicyIndex
from handlers.settings import HandlerSettings
from storage.database import Database
from storage.groups import Group
from storage.roles import Grant
from storage.store import Store

NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)


@pytest.fixture
def context() -> Iterator[Context]:
    with Database(":memory:") as database:
        store = Store(database)
        store.groups.save(Group("cidA", "甲", "department", owner="owner"))
        store.groups.save(Group("cidB", "乙", "class", owner="teacher"))
        store.groups.save(Group("cidOut", "丙", "external", owner="owner"))
        store.groups.save(Group("cidGone", "丁", owner="former", status="disbanded"))
        store.roles.grant(Grant("granted", "main-admin"), "named", NOW)
        store.roles.grant(Grant("sub", "sub-admin", families=("清理",)), "named", NOW)
        store.roles.grant(Grant("wide", "sub-admin"), "named", NOW)
        settings = HandlerSettings.model_validate({"roles": {"main_admins": ["named", "both"]}})
        store.roles.grant(Grant("both", "sub-admin"), "named", NOW)
        index = PolicyIndex.__new__(PolicyIndex)  # rights look nothing up
        yield Context(NOW, settings, store, index, Scanner.__new__(Scanner))


def said(staff_id: str | None, chat: str | None = None, nick: str = "x") -> Incoming:
    kind = ChatKind.GROUP if chat else ChatKind.PRIVATE
    return Incoming("m", chat or "private", kind, Sender(staff_id, nick=nick, sender_id="$:1"))


@pytest.mark.parametrize(
    ("staff_id", "chat", "role"),
    [
        (None, "cidA", Role.OUTSIDER),
        (None, None, Role.OUTSIDER),
        ("clerk", "cidA", Role.STAFF),
        ("owner", "cidA", Role.OWNER),
        ("owner", "cidB", Role.STAFF),
        ("owner", "cidUnknown", Role.STAFF),
        ("owner", None, Role.OWNER),
        ("clerk", None, Role.STAFF),
        ("former", None, Role.STAFF),
        ("sub", "cidA", Role.SUB_ADMIN),
        ("granted", "cidB", Role.MAIN_ADMIN),
        ("named", None, Role.MAIN_ADMIN),
        ("both", None, Role.MAIN_ADMIN),
    ],
)
def test_the_role_goes_by_staff_id_and_chat(
    context: Context, staff_id: str | None, chat: str | None, role: Role
) -> None:
    assert access.role_of(said(staff_id, chat), context) is role


def test_a_nick_proves_nothing(context: Context) -> None:
    assert access.role_of(said("clerk", "cidA", nick="named"), context) is Role.STAFF
    assert access.role_of(said(None, "cidA", nick="owner"), context) is Role.OUTSIDER


@pytest.mark.parametrize(
    ("staff_id", "role", "family", "may"),
    [
        ("sub", Role.SUB_ADMIN, "清理", True),
        ("sub", Role.SUB_ADMIN, "规则", False),
        ("sub", Role.STAFF, "规则", True),
        ("sub", Role.MAIN_ADMIN, "清理", False),
        ("wide", Role.SUB_ADMIN, "规则", True),
        ("wide", Role.MAIN_ADMIN, "规则", False),
        ("owner", Role.OWNER, "清理", True),
        ("owner", Role.SUB_ADMIN, "清理", False),
        ("clerk", Role.STAFF, "群", True),
        ("clerk", Role.OWNER, "群", False),
        ("granted", Role.MAIN_ADMIN, "规则", True),
        (None, Role.STAFF, "群", False),
        (None, Role.OUTSIDER, "帮助", True),
    ],
)
def test_a_sub_admin_acts_within_the_families_granted(
    context: Context, staff_id: str | None, role: Role, family: str, may: bool
) -> None:
    assert access.may(role, family, said(staff_id, "cidA"), context) is may


@pytest.mark.parametrize(
    ("staff_id", "chat", "may"),
    [
        ("clerk", "cidA", True),
        ("clerk", None, True),
        ("clerk", "cidOut", False),
        (None, "cidOut", False),
        (None, "cidB", True),
        (None, "cidA", False),
        (None, None, False),
    ],
)
def test_who_gets_answers_where(context: Context, staff_id: str | None, chat: str | None, may: bool) -> None:
    assert access.may_ask(said(staff_id, chat), context) is may


def test_the_main_admins_are_named_once_those_of_the_settings_first(context: Context) -> None:
    context.store.roles.grant(Grant("named", "main-admin"), "granted", NOW)
    assert access.main_admins(context) == ("named", "both", "granted")


def test_every_role_has_a_name_of_its_own() -> None:
    assert len({role.label for role in Role}) == len(Role)
    assert Role.MAIN_ADMIN.label == "主管理员"
