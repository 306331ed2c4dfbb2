"""Curated answers, ratings and the queue, written and read back by meaning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from storage.curated import CuratedAnswer, Link
from storage.database import Database
from storage.policies import Asked
from storage.policy_queue import Asker, Entry
from storage.retention import Before
from storage.store import Store

NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)
ANSWER = CuratedAnswer(
    "答", ("问", "怎么问"), "li", NOW, "li", NOW, (Link("办法", "一.1", "x"), Link("办法", "一.2", "y")), "办法"
)


@pytest.fixture
def store() -> Iterator[Store]:
    with Database(":memory:") as database:
        yield Store(database)


def ask(store: Store, at: datetime = NOW) -> int:
    return store.policies.asked(Asked(at, "c", "问", False, "办法", "一.1", 0.2))


def test_an_answer_is_read_back_and_replaced(store: Store) -> None:
    assert store.curated.revision() == 0
    number = store.curated.add(ANSWER)
    assert store.curated.get(number) == replace(ANSWER, id=number)
    other = store.curated.add(replace(ANSWER, phrasings=("别的", "别的"), links=(), document=None))
    assert store.curated.all()[1] == replace(ANSWER, id=other, phrasings=("别的",), links=(), document=None)
    store.curated.asked_review([number], NOW)
    assert store.curated.all()[0].asked_review_at == NOW
    before = store.curated.revision()
    store.curated.replace(replace(ANSWER, id=number, answer="新", phrasings=("新问",), links=(), state="stopped"))
    after = store.curated.get(number)
    assert after == replace(ANSWER, id=number, answer="新", phrasings=("新问",), links=(), state="stopped")
    assert store.curated.revision() > before
    assert store.curated.get(99) is None


def test_an_entry_of_the_queue_is_read_back(store: Store) -> None:
    queue = store.policy_queue
    entry = Entry("passed-on", "问", NOW, ask(store), document="办法", article="一.1", told_at=NOW)
    number = queue.add(entry)
    assert queue.get(number) == replace(entry, id=number)
    assert queue.open() == queue.told_since(NOW) == [replace(entry, id=number)]
    assert queue.told_since(NOW + timedelta(1)) == []
    assert queue.of_asked(entry.asked_id or 0) == replace(entry, id=number)
    curated = store.curated.add(ANSWER)
    queue.settle(number, "answered", "li", NOW, curated)
    assert queue.open() == []
    settled = queue.get(number)
    assert settled is not None
    assert (settled.state, settled.settled_by, settled.settled_at, settled.curated_id) == (
        "answered",
        "li",
        NOW,
        curated,
    )
    queue.reopen(number)
    assert queue.get(number) == replace(entry, id=number)


def test_who_gets_the_answer(store: Store) -> None:
    queue = store.policy_queue
    number = queue.add(Entry("passed-on", "问", NOW))
    askers = [Asker("li", "c1", False), Asker(None, "g1", True), Asker(None, "g2", True)]
    for asker in [*askers, *askers]:
        queue.add_asker(number, asker, NOW)
    assert sorted(queue.askers(number), key=str) == sorted(askers, key=str)
    assert queue.asked_for_since("li", "c1", NOW) == 1
    assert queue.asked_for_since(None, "g1", NOW) == 1
    assert queue.asked_for_since("li", "c1", NOW + timedelta(1)) == 0


def test_a_later_word_replaces_an_earlier_one(store: Store) -> None:
    queue, number = store.policy_queue, ask(store)
    queue.rate(number, "a", is_useful=True, reason="", at=NOW)
    queue.rate(number, "b", is_useful=False, reason="不对", at=NOW)
    assert queue.ratings(number) == (1, 1)
    queue.rate(number, "a", is_useful=False, reason="", at=NOW)
    assert queue.ratings(number) == (0, 2)
    [rated] = queue.rated_between(NOW, NOW + timedelta(1))
    assert (rated.likes, rated.dislikes, rated.reasons) == (0, 2, ("不对",))
    assert queue.rated_between(NOW + timedelta(1), NOW + timedelta(2)) == []


def test_up_to_when_owners_have_been_told(store: Store) -> None:
    assert store.policy_queue.digested_until() is None
    for at in (NOW, NOW + timedelta(7)):
        store.policy_queue.digested(at)
        assert store.policy_queue.digested_until() == at


def test_what_is_old_is_forgotten_and_what_waits_stays(store: Store) -> None:
    queue, old = store.policy_queue, NOW - timedelta(400)
    asked = ask(store, old)
    queue.rate(asked, "a", is_useful=False, reason="不对", at=old)
    settled, waiting = (queue.add(Entry("passed-on", "问", old, asked)) for _ in range(2))
    for number in (settled, waiting):
        queue.add_asker(number, Asker("li", "c", False), old)
    queue.settle(settled, "closed", "li", old)
    limit = NOW - timedelta(365)
    assert store.retention.forget(Before(limit, limit, limit.date())).messages == 2
    assert queue.get(settled) is None
    assert queue.askers(settled) == []
    assert queue.ratings(asked) == (0, 0)
    left = queue.get(waiting)
    assert left is not None
    assert (left.asked_id, len(queue.askers(waiting))) == (None, 1)
