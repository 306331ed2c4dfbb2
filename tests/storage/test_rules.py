"""Content rules and what waits to become one, written and read back by meaning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from storage.database import Database
from storage.rule_waiting import MOST_DRAFTS, Proposal, RuleDraft
from storage.rules import MOST_VERSIONS, StoredRule
from storage.store import Store

NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)
RULE = StoredRule("adverts", '{"words": ["代写"]}', NOW, "li", "新增", "有人抱怨")


@pytest.fixture
def store() -> Iterator[Store]:
    with Database(":memory:") as database:
        yield Store(database)


def test_a_rule_comes_back_as_it_was_put(store: Store) -> None:
    assert store.rules.revision() == 0
    number = store.rules.put(RULE)
    assert store.rules.get(number) == store.rules.get("adverts") == replace(RULE, number=number, version=1)
    assert store.rules.current() == store.rules.all() == [store.rules.get(number)]
    assert store.rules.revision() == 1
    assert store.rules.get(99) is store.rules.get("none") is None


def test_each_change_is_a_version_and_the_number_stays(store: Store) -> None:
    number = store.rules.put(replace(RULE, follows="rules.toml", by="file"))
    later = replace(RULE, body="{}", at=NOW + timedelta(hours=1), what="改")
    assert store.rules.put(later) == number
    first, second = store.rules.version(number, 1), store.rules.version(number, 2)
    assert first is not None and first.body == RULE.body
    assert second == replace(later, number=number, version=2) == store.rules.get(number)
    assert store.rules.history(number) == [second, first]
    assert store.rules.history(number, 1) == [second]
    assert store.rules.version(number, 3) is None


def test_a_removed_rule_is_in_force_no_more_and_can_come_back(store: Store) -> None:
    number = store.rules.put(RULE)
    store.rules.put(replace(RULE, is_removed=True))
    assert store.rules.current() == []
    assert [rule.is_removed for rule in store.rules.all()] == [True]
    assert store.rules.put(RULE) == number
    assert [rule.version for rule in store.rules.current()] == [3]


def test_of_very_many_versions_the_oldest_go(store: Store) -> None:
    for _ in range(MOST_VERSIONS + 1):
        number = store.rules.put(RULE)
    assert store.rules.version(number, 1) is None
    assert store.rules.version(number, 2) is not None
    assert len(store.rules.history(number, 1000)) == MOST_VERSIONS


def proposal(rule: str = "adverts", days: int = 7) -> Proposal:
    return Proposal(rule, 2, "{}", "执行", "屡禁不止", "li", NOW, NOW + timedelta(days=days))


def test_a_proposal_waits_until_it_expires_or_another_one_comes(store: Store) -> None:
    first = store.rule_proposals.put(proposal())
    assert store.rule_proposals.get(first, NOW) == replace(proposal(), id=first)
    assert store.rule_proposals.get(first, NOW + timedelta(days=7)) is None
    second = store.rule_proposals.put(proposal())
    other = store.rule_proposals.put(proposal("other"))
    assert second != first
    assert [one.id for one in store.rule_proposals.waiting(NOW)] == [second, other]
    store.rule_proposals.drop(second)
    assert [one.id for one in store.rule_proposals.waiting(NOW)] == [other]


def test_a_draft_belongs_to_whoever_sent_it(store: Store) -> None:
    draft = RuleDraft("li", "c", "规则.toml", ("{}", '{"id": "代写"}'), NOW, NOW + timedelta(days=3))
    number = store.rule_drafts.put(draft)
    assert store.rule_drafts.get(number, "li", NOW) == replace(draft, id=number)
    assert store.rule_drafts.get(number, "wang", NOW) is None
    assert store.rule_drafts.get(number, "li", NOW + timedelta(days=3)) is None
    for _ in range(MOST_DRAFTS):
        newest = store.rule_drafts.put(draft)
    assert store.rule_drafts.get(number, "li", NOW) is None
    store.rule_drafts.drop(newest)
    assert store.rule_drafts.get(newest, "li", NOW) is None
