"""Events of DingTalk: what they change, and that late, twice and out of order does no harm."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handlers import events
from handlers.cleanup.roster import Roster
from handlers.context import Context
from handlers.message import Event
from handlers.moderation.scanner import Scanner
from handlers.policy.finding.index import PolicyIndex
from handlers.settings import HandlerSettings
from storage.database import Database
from storage.groups import Group
from storage.members import Member
from storage.staff import StaffFact
from storage.store import Store

NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)
TODAY = date(2026, 11, 25)
HOUR = timedelta(hours=1)


class Ear:
    """Events come in; time stands at NOW."""

    def __init__(self, store: Store) -> None:
        self.store = store
        index = PolicyIndex.__new__(PolicyIndex)  # events look nothing up
        self.context = Context(NOW, HandlerSettings(), store, index, Scanner.__new__(Scanner))
        self._numbers = itertools.count(1)

    def hear(self, kind: str, at: datetime | None = NOW, **data: Any) -> None:
        assert events.handle(Event(f"e{next(self._numbers)}", kind, at, data), self.context) == []

    def chat(self, kind: str, at: datetime | None = NOW, **data: Any) -> None:
        self.hear(kind, at, openConversationId="cidA", **data)

    def status(self, staff_id: str) -> str:
        person = Roster.load(self.store.staff, TODAY).get(staff_id)
        return "" if person is None else person.status

    def members(self) -> set[str | None]:
        return {member.staff_id or member.union_id for member in self.store.members.of("cidA")}

    def group(self) -> Group:
        group = self.store.groups.get("cidA")
        assert group is not None
        return group


@pytest.fixture
def ear() -> Iterator[Ear]:
    with Database(":memory:") as database:
        store = Store(database)
        store.groups.save(Group("cidA", "教务处群", "department", owner="old"))
        store.staff.put(StaffFact("0147", "directory", "王建国", "教务处", seen_at=NOW - 24 * HOUR), NOW)
        yield Ear(store)


# -- people --------------------------------------------------------------------------------------------------------


def test_who_leaves_the_organisation_has_departed_since_that_day(ear: Ear) -> None:
    ear.hear("user_leave_org", datetime(2026, 11, 24, 17, tzinfo=UTC), userId=["0147", "0148"], optStaffId="m")
    person = Roster.load(ear.store.staff).get("0147")
    assert person is not None
    assert (person.name, person.status, person.status_since) == ("王建国", "departed", date(2026, 11, 25))
    assert ear.status("0148") == "departed"


@pytest.mark.parametrize("came", ["user_add_org", "user_active_org"])
def test_who_comes_back_serves_again(ear: Ear, came: str) -> None:
    ear.hear("user_leave_org", NOW - HOUR, userId=["0147"])
    ear.hear(came, NOW, userId=["0147"])
    assert ear.status("0147") == "serving"


def test_leaving_that_arrives_after_coming_back_is_passed_over(ear: Ear) -> None:
    ear.hear("user_add_org", NOW, userId=["0147"])
    ear.hear("user_leave_org", NOW - HOUR, userId=["0147"])
    assert ear.status("0147") == "serving"


def test_leaving_that_arrives_after_a_newer_reading_of_the_directory_is_passed_over(ear: Ear) -> None:
    ear.hear("user_leave_org", NOW - 48 * HOUR, userId=["0147"])
    assert ear.status("0147") == "serving"


def test_a_newcomer_is_known_before_the_directory_is_read(ear: Ear) -> None:
    ear.hear("user_add_org", NOW, userId=["new"])
    assert ear.status("new") == "serving"


def test_a_new_name_reaches_what_the_directory_said(ear: Ear) -> None:
    change = {"userid": "0147", "prev": {"name": "王建国"}, "curr": {"name": "王建邦"}}
    ear.hear("user_modify_org", NOW, diffInfo=[change], userId=["0147"])
    stale = {"userid": "0147", "prev": {"name": "王"}, "curr": {"name": "王建国"}}
    ear.hear("user_modify_org", NOW - HOUR, diffInfo=[stale])
    assert ear.store.staff.facts_of("0147")[0].name == "王建邦"


# -- groups --------------------------------------------------------------------------------------------------------


def test_members_come_and_go(ear: Ear) -> None:
    ear.chat("chat_add_member", NOW - HOUR, userId=["1", "2"], unionId=["u1", "u2"], operator="old")
    assert ear.members() == {"1", "2"}
    ear.chat("chat_remove_member", NOW, userId=["1"], unionId=["u1"], operator="old")
    assert ear.members() == {"2"}
    ear.chat("chat_quit", NOW, operator="2", operatorUnionId="u2")
    assert ear.members() == set()


def test_people_of_elsewhere_come_and_go_by_union_id(ear: Ear) -> None:
    ear.chat("chat_add_member", NOW - HOUR, userId=[], unionId=["u9", "u8"], operator="old")
    assert [(one.union_id, one.is_outsider) for one in ear.store.members.of("cidA")] == [("u9", True), ("u8", True)]
    ear.chat("chat_add_member", NOW - HOUR, unionId=["u9"])
    ear.chat("chat_remove_member", NOW, unionId=["u9"])
    assert ear.members() == {"u8"}
    ear.chat("chat_quit", NOW, operatorUnionId="u8")
    assert ear.members() == set()


def test_whoever_removes_somebody_stays(ear: Ear) -> None:
    ear.store.members.replace("cidA", [Member("cidA", "old"), Member("cidA", "2")], "file", NOW - 2 * HOUR)
    ear.chat("chat_remove_member", NOW, userId=[], operator="old")
    assert ear.members() == {"old", "2"}


def test_joining_that_arrives_after_leaving_is_passed_over(ear: Ear) -> None:
    ear.chat("chat_remove_member", NOW, userId=["1"])
    ear.chat("chat_add_member", NOW - HOUR, userId=["1", "2"])
    assert ear.members() == {"2"}


def test_what_happened_before_the_list_was_read_is_in_the_list(ear: Ear) -> None:
    ear.store.members.replace("cidA", [Member("cidA", "1")], "scene-group", NOW - HOUR)
    ear.chat("chat_remove_member", NOW - 2 * HOUR, userId=["1"])
    ear.chat("chat_add_member", NOW - 2 * HOUR, userId=["2"])
    assert ear.members() == {"1"}
    ear.chat("chat_remove_member", NOW, userId=["1"])
    assert ear.members() == set()


def test_owner_title_and_end_of_a_group(ear: Ear) -> None:
    ear.chat("chat_update_owner", NOW, owner="new", operatorUnionId="u")
    ear.chat("chat_update_owner", NOW - HOUR, owner="between")
    ear.chat("chat_update_title", NOW, title="新名", operator="new")
    ear.chat("chat_update_title", NOW - HOUR, title="旧名")
    assert (ear.group().owner, ear.group().title, ear.group().kind) == ("new", "新名", "department")
    ear.chat("chat_disband", NOW)
    ear.chat("chat_update_title", NOW, title="又一名")
    assert ear.group().status == "disbanded"


def test_what_happens_to_a_group_is_audited_once(ear: Ear) -> None:
    for _ in range(2):
        ear.chat("chat_update_owner", NOW, owner="0147", operator="old")
        ear.chat("chat_update_title", NOW, title="教务处新群")
        ear.chat("chat_disband", NOW, operator="0147")
    audited = [(one.actor, one.action, one.detail) for one in reversed(ear.store.audit.latest())]
    assert audited == [
        ("old", "群 换群主", "old → 0147"),
        ("event", "群 改名", "教务处群 → 教务处新群"),
        ("0147", "群 解散", "教务处新群"),
    ]


CHAT_EVENTS = [
    ("chat_add_member", {"userId": ["1"]}),
    ("chat_remove_member", {"userId": ["1"]}),
    ("chat_quit", {"operator": "1"}),
    ("chat_update_owner", {"owner": "x"}),
    ("chat_update_title", {"title": "x"}),
    ("chat_disband", {}),
]


@pytest.mark.parametrize(("kind", "data"), CHAT_EVENTS)
def test_groups_without_the_robot_are_none_of_our_business(ear: Ear, kind: str, data: dict[str, Any]) -> None:
    ear.hear(kind, NOW, openConversationId="cidOther", **data)
    ear.hear(kind, NOW, **data)
    assert [group.conversation for group in ear.store.groups.all(active_only=False)] == ["cidA"]


@pytest.mark.parametrize("kind", ["org_dept_create", "chat_template_change", "something_new", ""])
def test_what_is_not_known_is_passed_over(ear: Ear, kind: str) -> None:
    before = everything(ear.store)
    ear.chat(kind, userId=["0147"], title="x")
    assert everything(ear.store) == before


def test_an_event_without_a_time_or_from_the_future_is_of_now(ear: Ear) -> None:
    ear.chat("chat_update_title", None, title="甲")
    ear.chat("chat_update_title", NOW + 9999 * HOUR, title="乙")
    ear.chat("chat_update_title", NOW, title="丙")
    assert ear.group().title == "丙"


# -- late, twice, out of order -------------------------------------------------------------------------------------


def everything(store: Store) -> list[tuple[Any, ...]]:
    tables = {"staff_facts": "*", "groups": "*", "members": "conversation, staff_id, union_id", "event_marks": "*"}
    return [
        tuple(row)
        for table, columns in tables.items()
        for row in store.database.rows(f"select {columns} from {table} order by 1, 2")
    ]


def a_story() -> list[tuple[str, datetime, dict[str, Any]]]:
    """Every kind of event, an hour apart."""
    told: list[tuple[str, dict[str, Any]]] = [
        ("user_leave_org", {"userId": ["0147"]}),
        ("user_add_org", {"userId": ["0147"]}),
        ("user_leave_org", {"userId": ["0148"]}),
        ("chat_add_member", {"userId": ["1", "2"]}),
        ("chat_remove_member", {"userId": ["1"]}),
        ("chat_add_member", {"userId": ["1"]}),
        ("chat_quit", {"operator": "2"}),
        ("chat_add_member", {"unionId": ["u9"]}),
        ("chat_update_owner", {"owner": "a"}),
        ("chat_update_owner", {"owner": "b"}),
        ("chat_update_title", {"title": "甲"}),
        ("chat_update_title", {"title": "乙"}),
        ("user_modify_org", {"diffInfo": [{"userid": "0147", "curr": {"name": "王一"}}]}),
        ("user_modify_org", {"diffInfo": [{"userid": "0147", "curr": {"name": "王二"}}]}),
    ]
    return [(kind, NOW - (len(told) - n) * HOUR, data) for n, (kind, data) in enumerate(told)]


def after(story: list[tuple[str, datetime, dict[str, Any]]]) -> tuple[object, ...]:
    with Database(":memory:") as database:
        store = Store(database)
        store.groups.save(Group("cidA", "教务处群", owner="old"))
        store.staff.put(StaffFact("0147", "directory", "王建国", seen_at=NOW - 99 * HOUR), NOW)
        ear = Ear(store)
        for kind, at, data in story:
            ear.chat(kind, at, **data)
        names = {fact.name for fact in store.staff.facts_of("0147") if fact.source == "directory"}
        return ear.status("0147"), ear.status("0148"), ear.members(), ear.group().owner, ear.group().title, names


@given(data=st.data())
def test_any_order_and_any_repetition_ends_the_same(data: st.DataObject) -> None:
    story = a_story()
    again = data.draw(st.lists(st.sampled_from(story), max_size=6))
    shuffled = data.draw(st.permutations([*story, *again]))
    assert after(shuffled) == after(story) == ("serving", "departed", {"1", "u9"}, "b", "乙", {"王二"})


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
KEYS = ["userId", "unionId", "operator", "operatorUnionId", "owner", "title", "diffInfo", "openConversationId"]


@example(kind="user_modify_org", data={"diffInfo": 5})
@example(kind="user_modify_org", data={"diffInfo": [{"userid": "0147", "curr": {"name": ["x"]}}]})
@example(kind="user_leave_org", data={"userId": {"0147": 1}})
@given(
    kind=st.sampled_from([*events._CHANGES]),
    data=st.dictionaries(st.sampled_from(KEYS), anything | st.just("cidA") | st.lists(anything), max_size=6),
)
def test_no_payload_makes_it_stumble(kind: str, data: dict[str, Any]) -> None:
    with Database(":memory:") as database:
        store = Store(database)
        store.groups.save(Group("cidA", "教务处群"))
        store.staff.put(StaffFact("0147", "directory", "王建国"), NOW)
        Ear(store).hear(kind, NOW, **{"openConversationId": "cidA", **data})
