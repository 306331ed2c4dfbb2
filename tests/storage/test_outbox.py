"""The durable queue of what goes out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from storage.database import Database
from storage.outbox import Draft, Outbox, OutboxRow

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
POST = Draft(kind="group", body='{"text": "x"}', priority=1, created_at=NOW, conversation="c1")
WORD = Draft(kind="private", body="{}", priority=1, created_at=NOW, recipients=("1", "2"))


@pytest.fixture
def box() -> Iterator[Outbox]:
    with Database(":memory:") as database:
        yield Outbox(database)


def ids(rows: list[OutboxRow]) -> list[int]:
    return [row.id for row in rows]


def test_a_draft_comes_back_as_it_was(box: Outbox) -> None:
    draft = Draft(
        kind="reply",
        body='{"text": "你好"}',
        priority=0,
        created_at=NOW,
        conversation="c1",
        recipients=("0427",),
        webhook="https://x",
        webhook_expires_at=NOW + timedelta(minutes=90),
        at_staff_ids=("0427",),
        not_before=NOW,
        expires_at=NOW + timedelta(days=1),
    )
    number = box.add(draft)
    [row] = box.due(NOW)
    assert (row.id, row.draft, row.state, row.attempts) == (number, draft, "queued", 0)


def test_the_most_urgent_goes_first_then_the_oldest(box: Outbox) -> None:
    digest, first, second, answer = (box.add(replace(POST, priority=priority)) for priority in (2, 1, 1, 0))
    assert ids(box.due(NOW)) == [answer, first, second, digest]
    assert ids(box.due(NOW, limit=2)) == [answer, first]


def test_nothing_goes_before_its_time(box: Outbox) -> None:
    later = box.add(replace(WORD, not_before=NOW + timedelta(hours=1)))
    assert box.due(NOW) == []
    assert box.next_due() == NOW + timedelta(hours=1)
    assert ids(box.due(NOW + timedelta(hours=1))) == [later]


def test_targets_that_have_to_wait_do_not_stand_before_others(box: Outbox) -> None:
    to_group, to_people = box.add(POST), box.add(WORD)
    group, people = box.due(NOW)
    assert ids(box.due(NOW, beside=[group.target])) == [to_people]
    assert ids(box.due(NOW, beside=[people.target])) == [to_group]
    assert box.due(NOW, beside=[group.target, people.target]) == []


def test_another_try_counts_and_waits(box: Outbox) -> None:
    number = box.add(POST)
    box.sending(number)
    assert box.due(NOW) == []
    box.retry(number, NOW + timedelta(seconds=2), "504", "time-out")
    assert box.due(NOW) == []
    [row] = box.due(NOW + timedelta(seconds=2))
    assert (row.attempts, row.error_code, row.error) == (1, "504", "time-out")


def test_what_a_crash_caught_while_sending_is_found(box: Outbox) -> None:
    number, other = box.add(POST), box.add(WORD)
    box.sending(number)
    assert ids(box.interrupted()) == [number]
    assert ids(box.due(NOW)) == [other]
    assert box.counts() == {"queued": 1, "sending": 1, "parked": 0}


def test_what_was_sent_forgets_the_webhook_and_is_found_by_its_key(box: Outbox) -> None:
    number = box.add(replace(POST, webhook="https://secret"))
    box.sent(number, NOW, "key-1")
    found = box.by_platform_key("key-1")
    assert found is not None
    assert (found.id, found.state, found.draft.webhook) == (number, "sent", None)
    assert box.by_platform_key("key-2") is None
    assert box.due(NOW) == []


def test_what_cannot_be_sent_is_parked_with_its_reason(box: Outbox) -> None:
    number = box.add(replace(POST, webhook="https://secret"))
    box.park(number, "60011", "没有权限")
    [row] = box.parked()
    assert (row.id, row.error_code, row.error, row.draft.webhook) == (number, "60011", "没有权限", None)
    assert box.counts()["parked"] == 1


def test_what_came_too_late_is_out_of_the_way(box: Outbox) -> None:
    box.expire(box.add(POST))
    assert box.due(NOW) == []
    assert box.counts() == {"queued": 0, "sending": 0, "parked": 0}


def test_without_its_webhook_a_reply_is_due_at_once(box: Outbox) -> None:
    number = box.add(replace(POST, webhook="https://x", webhook_expires_at=NOW))
    box.sending(number)
    box.without_webhook(number)
    [row] = box.due(NOW)
    assert (row.draft.webhook, row.draft.webhook_expires_at, row.attempts) == (None, None, 0)


def test_only_those_who_still_lack_it_are_tried_again(box: Outbox) -> None:
    number = box.add(WORD)
    box.narrow(number, ("2",))
    assert box.due(NOW)[0].draft.recipients == ("2",)
