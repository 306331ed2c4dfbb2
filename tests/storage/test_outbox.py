"""The durable queue of what goes out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from storage.database import Database
from storage.outbox import HELD_NIGHT, HELD_QUOTA, Draft, Outbox, OutboxRow

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


def test_what_a_row_says_of_itself(box: Outbox) -> None:
    post, word, private_reply = (
        box.queued([box.add(draft)])[0]
        for draft in (
            replace(POST, expires_at=NOW),
            replace(WORD, not_before=NOW),
            replace(POST, kind="reply", recipients=("1",)),
        )
    )
    assert [row.is_to_group for row in (post, word, private_reply)] == [True, False, False]
    earlier = NOW - timedelta(seconds=1)
    assert [post.is_expired(moment) for moment in (earlier, NOW)] == [False, True]
    assert [word.is_early(moment) for moment in (earlier, NOW)] == [True, False]
    assert not (word.is_expired(NOW) or post.is_early(NOW))


def test_the_most_urgent_goes_first_then_the_oldest(box: Outbox) -> None:
    digest, first, second, answer = (box.add(replace(POST, priority=priority)) for priority in (2, 1, 1, 0))
    assert ids(box.due(NOW)) == [answer, first, second, digest]
    assert ids(box.due(NOW, limit=2)) == [answer, first]


def test_nothing_goes_before_its_time(box: Outbox) -> None:
    later = box.add(replace(WORD, not_before=NOW + timedelta(hours=1)))
    assert box.due(NOW) == []
    assert ids(box.due(NOW + timedelta(hours=1))) == [later]


def test_another_try_counts_and_waits(box: Outbox) -> None:
    number = box.add(POST)
    box.sending(number)
    assert box.due(NOW) == []
    box.retry(number, NOW, NOW + timedelta(seconds=2), "504", "time-out")
    assert box.due(NOW) == []
    [row] = box.due(NOW + timedelta(seconds=2))
    assert (row.attempts, row.error_code, row.error) == (1, "504", "time-out")
    assert (row.tried_at, row.next_try_at) == (NOW, NOW + timedelta(seconds=2))
    box.retry(number, NOW + timedelta(hours=1), NOW + timedelta(hours=2), "504", "time-out")
    assert box.queued([number])[0].tried_at == NOW, "patience is counted from the first try"


def test_what_is_open_is_found_by_id_and_only_what_is_queued_is_read(box: Outbox) -> None:
    sent, first, under_way, last = (box.add(POST) for _ in range(4))
    box.sent(sent, NOW)
    box.sending(under_way)
    assert box.open_ids() == [first, under_way, last]
    assert box.open_ids(first) == [under_way, last]
    assert ids(box.queued([last, under_way, first, sent])) == [first, last]


def test_no_look_goes_through_what_was_sent(box: Outbox) -> None:
    asked: list[str] = []
    box._database.connection.set_trace_callback(asked.append)
    box.open_ids()
    box.open_ids(5)
    box.queued([1, 2])
    box.sent_to_groups(NOW)
    box._database.connection.set_trace_callback(None)
    plans = [
        " ".join(row["detail"] for row in box._database.rows(f"explain query plan {sql}"))
        for sql in asked
        if sql.startswith("select")
    ]
    assert ["outbox_due" in plans[0], *("SEARCH outbox" in plan for plan in plans[1:])] == [True] * 4, plans


def test_what_is_kept_back_is_counted_by_reason_and_is_no_failure(box: Outbox) -> None:
    night, quota, free = (box.add(WORD) for _ in range(3))
    box.hold(night, NOW + timedelta(hours=8), HELD_NIGHT, "等到早上")
    box.sending(quota)
    box.hold(quota, NOW + timedelta(hours=1), HELD_QUOTA, "等")
    assert box.held() == {HELD_NIGHT: 1, HELD_QUOTA: 1}
    assert ids(box.due(NOW)) == [free]
    [row, _] = box.queued([night, quota])
    assert (row.attempts, row.tried_at, row.next_try_at) == (0, None, NOW + timedelta(hours=8))
    box.sent(night, NOW)
    assert box.held() == {HELD_NIGHT: 0, HELD_QUOTA: 1}


def test_what_certainly_did_not_go_out_waits_as_before(box: Outbox) -> None:
    number, done = box.add(POST), box.add(POST)
    box.sending(number)
    box.sent(done, NOW)
    for one in (number, done):
        box.back(one)
    [row] = box.due(NOW)
    assert (row.id, row.attempts, row.error_code) == (number, 0, None)


def test_messages_to_groups_are_remembered_once_for_each_call(box: Outbox) -> None:
    early, one, with_it, private = box.add(POST), box.add(POST), box.add(POST), box.add(WORD)
    reply = box.add(replace(POST, kind="reply", recipients=("0427",)))
    box.sent(early, NOW - timedelta(minutes=2))
    for number in (one, with_it):
        box.sent(number, NOW, "key")
    box.sent(private, NOW)
    box.sent(reply, NOW)
    assert box.sent_to_groups(NOW - timedelta(minutes=1)) == [("c1", NOW)]


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
