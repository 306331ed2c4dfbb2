"""Indexes of other versions: made once while nothing changes, and only a few are kept."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.past import KEPT, PastIndexes
from handlers.policy.finding.index import PolicyIndex
from storage.database import Database
from storage.policies import Article, Document, Policies

NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)


@pytest.fixture
def policies() -> Policies:
    return Policies(Database(":memory:"))


def bring(policies: Policies, title: str) -> Document:
    return policies.add(Document(title, effective=date(2025, 1, 1)), [Article("第一条", f"{title}的内容")], NOW)


def numbers(index: PolicyIndex) -> list[str]:
    return [document.title for document, _ in index.documents]


def test_the_same_versions_share_an_index_until_one_changes(policies: Policies) -> None:
    past, one = PastIndexes(policies), bring(policies, "办法")
    made = past.of([one])
    assert numbers(made) == ["办法"]
    assert made.named("第一条")[0][1].text == "办法的内容"
    assert past.of([one]) is made
    policies.set_owner(one.id, "0007")
    [changed] = policies.documents()
    assert past.of([changed]) is not made


def test_those_that_were_asked_last_are_kept(policies: Policies) -> None:
    past, documents = PastIndexes(policies), [bring(policies, f"办法{n}") for n in range(KEPT + 1)]
    first, second = past.of(documents[:1]), past.of(documents[1:2])
    assert past.of(documents[:1]) is first
    past.of(documents[2:])
    assert past.of(documents[:1]) is first
    assert past.of(documents[1:2]) is not second
