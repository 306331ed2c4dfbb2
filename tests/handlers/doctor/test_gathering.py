"""What a self-check reads from a real database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from handlers.doctor.facts import Asked, Facts, Plan
from handlers.doctor.gathering import gather
from handlers.quota.standing import Level
from handlers.settings import RESERVED_NAMES, HandlerSettings
from storage.backlog import Aside, Waiting
from storage.database import Database
from storage.gaps import Reason
from storage.groups import Group
from storage.inbox import Arrival
from storage.outbox import HELD_NIGHT, HELD_QUOTA, Draft
from storage.presence import Presence
from storage.probes import Probe
from storage.roles import Grant
from storage.schedules import ScheduleRow
from storage.store import Store

NOW = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)  # a Wednesday, 9:30 in China
POST = Draft(kind="group", body="{}", priority=1, created_at=NOW, conversation="c1")
MONTHLY = "每月第一个工作日 9:00"


@pytest.fixture
def store() -> Iterator[Store]:
    with Database(":memory:") as database:
        yield Store(database)


def gathered(store: Store, now: datetime = NOW, **sections: object) -> Facts:
    settings = HandlerSettings.model_validate(sections)
    return gather(store, settings, now, Asked.CONSOLE, [], documents=1, rules=14)


def plan(facts: Facts, name: str) -> Plan:
    [found] = [plan for plan in facts.plans if plan.name == name]
    return found


def test_a_fresh_database_says_nothing_happened(store: Store) -> None:
    facts = gathered(store)
    assert (facts.presence, facts.is_running, facts.heard_at) == (None, False, None)
    assert (facts.silences, facts.rivals_at, facts.unreachable) == ((), None, 0)
    assert facts.to_handle == facts.due_to_handle == facts.to_try_again == facts.to_send == Waiting(0, None)
    assert (facts.parked_in, facts.parked_out, facts.troubled) == (Aside(0, None), (), ())
    assert (facts.groups, facts.unheard, facts.ownerless, facts.admins) == (0, (), (), 0)
    assert [plan.name for plan in facts.plans] == ["department-monthly", *RESERVED_NAMES]
    assert not any(plan.is_known or plan.is_overdue for plan in facts.plans)
    assert (facts.documents, facts.rules, facts.quota, facts.quota_used) == (1, 14, Level.PLENTY, 0)


def test_what_the_running_bot_says_of_itself(store: Store) -> None:
    presence = Presence(NOW, NOW, "0.1.0", "pc", 7, wanted_connections=2, connections=2)
    store.presence.put(presence)
    assert gathered(store, NOW + timedelta(seconds=60)).is_running is True
    assert gathered(store, NOW + timedelta(seconds=61)).is_running is False
    store.presence.put(replace(presence, stopped_at=NOW))
    assert gathered(store).is_running is False


def test_gaps_and_rivals_of_a_week(store: Store) -> None:
    for days in (9, 2):
        ended_at = NOW - timedelta(days=days)
        store.gaps.note(ended_at - timedelta(minutes=9), ended_at, Reason.OFFLINE)
    store.rivals.note("k1", "c1", NOW - timedelta(days=8), NOW - timedelta(days=8))
    facts = gathered(store)
    assert [gap.ended_at for gap in facts.silences] == [NOW - timedelta(days=2)]
    assert facts.rivals_at is None
    store.rivals.note("k2", "c1", NOW - timedelta(days=1), NOW - timedelta(hours=5))
    store.rivals.note("k3", "c1", NOW - timedelta(days=1), NOW - timedelta(hours=4))
    assert gathered(store).rivals_at == NOW - timedelta(hours=4)


def test_what_is_kept_back_on_purpose_is_no_trouble(store: Store) -> None:
    outbox = store.outbox
    for code in (HELD_NIGHT, HELD_QUOTA, HELD_NIGHT):
        outbox.hold(outbox.add(POST), NOW + timedelta(hours=9), code, "等")
    outbox.retry(outbox.add(POST), NOW, NOW + timedelta(minutes=1), "504", "钉钉忙")
    outbox.park(outbox.add(POST), "no-way", "会话已过期")
    outbox.add(POST)
    facts = gathered(store)
    assert (facts.held_for_night, facts.held_for_quota) == (2, 1)
    assert [one.code for one in facts.troubled] == ["504"]
    assert [one.code for one in facts.parked_out] == ["no-way"]
    assert facts.to_send == Waiting(1, NOW)


def test_the_night_is_that_of_the_settings(store: Store) -> None:
    assert gathered(store).quiet == ("22:00", "07:00")
    assert gathered(store, quota={"quiet_from": "23:30", "quiet_to": "6:00"}).quiet == ("23:30", "06:00")
    assert gathered(store, quota={"quiet_from": "00:00", "quiet_to": "00:00"}).quiet is None


def test_what_came_in_and_what_came_due_are_told_apart(store: Store) -> None:
    store.inbox.take(
        [
            Arrival("message:a", "message", "c1", "{}", NOW - timedelta(minutes=3)),
            Arrival("due:b", "due", "due:x", "{}", NOW - timedelta(minutes=2)),
            Arrival("event:c", "event", "e", "{}", NOW - timedelta(minutes=1)),
        ]
    )
    facts = gathered(store)
    assert facts.to_handle == Waiting(2, NOW - timedelta(minutes=3))
    assert facts.due_to_handle == Waiting(1, NOW - timedelta(minutes=2))
    assert facts.heard_at == NOW - timedelta(minutes=1)


def test_groups_that_were_never_heard_or_have_no_owner(store: Store) -> None:
    store.groups.save(Group("c1", "甲群", "department", owner="1", last_heard_at=NOW))
    store.groups.save(Group("c2", "乙群", "department"))
    store.groups.save(Group("c3", "丙群", "class", last_heard_at=NOW))
    store.groups.save(Group("c4", "没登记的群", None))
    store.groups.save(Group("c5", "散了的群", "department", status="disbanded"))
    facts = gathered(store)
    assert (facts.groups, facts.unheard, facts.ownerless) == (3, ("乙群",), ("乙群",))
    assert facts.unregistered == ("没登记的群",)
    classes = {"schedules": [{"name": "terms", "when": MONTHLY, "kinds": ["class"]}]}
    assert gathered(store, cleanup=classes).ownerless == ("丙群",)


def test_external_groups_are_answered_where_the_settings_say_so(store: Store) -> None:
    store.groups.save(Group("c1", "甲群", "external", owner="1"))
    assert gathered(store).external_unanswered == 1
    assert gathered(store, policy={"external_groups": True}).external_unanswered == 0


def test_admins_of_settings_and_database_count_once(store: Store) -> None:
    store.roles.grant(Grant("1", "main-admin"), "cli", NOW)
    store.roles.grant(Grant("2", "sub-admin"), "cli", NOW)
    assert gathered(store).admins == 1
    assert gathered(store, roles={"main_admins": ["1", "3"]}).admins == 2


def test_the_quota_is_that_of_the_month(store: Store) -> None:
    store.quota.count(NOW.date(), "v2/user/list", 10_000)
    facts = gathered(store)
    assert (facts.quota, facts.quota_used, facts.quota_limit) == (Level.OUT, 10_000, 10_000)


def test_what_was_tried_last_is_found_by_its_name(store: Store) -> None:
    probe = Probe("network", NOW, "ok", "好")
    facts = gather(store, HandlerSettings(), NOW, Asked.CHAT, [probe], documents=1, rules=1)
    assert facts.probes == {"network": probe}


# -- plans -------------------------------------------------------------------------------------------------------


def put(store: Store, name: str, when: str, next_at: datetime) -> None:
    store.schedules.put(ScheduleRow(name, f"{when} next Asia/Shanghai", None, next_at))


def test_a_plan_is_known_when_the_bot_has_looked_at_it_as_it_stands_now(store: Store) -> None:
    put(store, "department-monthly", MONTHLY, NOW + timedelta(days=6))
    assert plan(gathered(store), "department-monthly") == Plan("department-monthly", True, NOW + timedelta(days=6))
    put(store, "department-monthly", "每月最后一天 9:00", NOW + timedelta(days=6))
    assert plan(gathered(store), "department-monthly").is_known is False


@pytest.mark.parametrize(
    ("next_at", "is_overdue"),
    [
        (NOW - timedelta(minutes=4), False),
        (NOW - timedelta(minutes=6), True),
        (NOW + timedelta(minutes=6), False),
        # 3:00 at night: people are spoken to from 8:30 on.
        (datetime(2026, 11, 24, 19, tzinfo=UTC), True),
    ],
)
def test_a_plan_is_overdue_some_minutes_after_its_time(store: Store, next_at: datetime, is_overdue: bool) -> None:
    put(store, "department-monthly", MONTHLY, next_at)
    assert plan(gathered(store), "department-monthly").is_overdue is is_overdue


def test_what_waits_for_working_hours_is_not_overdue(store: Store) -> None:
    saturday = datetime(2026, 11, 28, 2, tzinfo=UTC)
    put(store, "cleanup-reminders", "每个工作日 10:00", saturday)
    put(store, "directory-sync", "每天 3:00", saturday)
    facts = gathered(store, saturday + timedelta(hours=3))
    assert plan(facts, "cleanup-reminders").is_overdue is False
    next_at = plan(facts, "cleanup-reminders").next_at
    assert next_at is not None and next_at.astimezone(facts.zone).strftime("%a %H:%M") == "Mon 10:00"
    assert plan(facts, "directory-sync").is_overdue is True


def test_a_year_without_an_official_calendar_is_told(store: Store) -> None:
    put(store, "department-monthly", MONTHLY, datetime(2090, 1, 2, 1, tzinfo=UTC))
    assert gathered(store).uncovered_years == (2090,)
    put(store, "department-monthly", MONTHLY, datetime(2026, 12, 1, 1, tzinfo=UTC))
    assert gathered(store).uncovered_years == ()


def test_a_digest_that_nobody_wants_is_no_plan(store: Store) -> None:
    facts = gathered(store, policy={"digest": ""}, moderation={"digest": ""})
    assert not {"policy-digest", "moderation-digest"} & {plan.name for plan in facts.plans}
