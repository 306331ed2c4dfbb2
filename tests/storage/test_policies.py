"""Regulations, written and read back by meaning."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from storage.database import Database
from storage.policies import Article, Asked, Document, Policies

NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)
ARTICLES = [
    Article("第二条", "乙", "第一章", "概要", ("问一", "问二")),
    Article("第一条", "甲"),
]


@pytest.fixture
def policies() -> Iterator[Policies]:
    with Database(":memory:") as database:
        yield Policies(database)


def test_a_document_is_read_back(policies: Policies) -> None:
    document = Document("办法", effective=date(2026, 1, 1), is_digest=True, source_name="a.txt")
    stored = policies.add(document, ARTICLES, NOW)
    assert policies.get(stored.id) == stored
    assert (stored.title, stored.version, stored.effective, stored.is_digest) == ("办法", 1, date(2026, 1, 1), True)
    assert (stored.source_name, stored.imported_at, stored.in_force) == ("a.txt", NOW, True)
    assert policies.articles(stored.id) == ARTICLES
    assert policies.article_count(stored.id) == 2
    assert policies.get(99) is None


def test_the_same_question_twice_is_kept_once(policies: Policies) -> None:
    stored = policies.add(Document("办法"), [Article("一", "甲", questions=("问", "问"))], NOW)
    assert policies.articles(stored.id)[0].questions == ("问",)


def test_a_new_version_takes_the_place_of_the_old_and_of_what_it_supersedes(policies: Policies) -> None:
    digest = policies.add(Document("要点"), ARTICLES, NOW)
    first = policies.add(Document("办法"), ARTICLES, NOW)
    other = policies.add(Document("别的"), ARTICLES, NOW)
    second = policies.add(Document("办法"), ARTICLES, NOW, supersedes=[digest.id])
    assert second.version == 2
    assert {one.id for one in policies.documents() if one.in_force} == {second.id, other.id}
    assert [one.version for one in policies.documents() if one.title == "办法"] == [2, 1]
    assert policies.articles(first.id) == ARTICLES


def test_a_version_of_the_future_leaves_the_old_in_force_until_its_day(policies: Policies) -> None:
    begins = date(2027, 3, 1)
    old = policies.add(Document("办法"), ARTICLES, NOW)
    new = policies.add(Document("办法", effective=begins), ARTICLES, NOW)
    stored = policies.get(old.id)
    assert stored is not None
    assert stored.is_in_force(begins - timedelta(days=1))
    assert not new.is_in_force(begins - timedelta(days=1))
    assert not stored.is_in_force(begins)
    assert new.is_in_force(begins)


def test_an_earlier_end_stays(policies: Policies) -> None:
    old = policies.add(Document("办法", repealed=date(2027, 1, 1)), ARTICLES, NOW)
    policies.add(Document("办法", effective=date(2027, 3, 1)), ARTICLES, NOW)
    stored = policies.get(old.id)
    assert stored is not None
    assert stored.repealed == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("document", "is_in_force"),
    [
        (Document("办法"), True),
        (Document("办法", effective=date(2026, 11, 25)), True),
        (Document("办法", effective=date(2026, 11, 26)), False),
        (Document("办法", repealed=date(2026, 11, 26)), True),
        (Document("办法", repealed=date(2026, 11, 25)), False),
        (Document("办法", in_force=False), False),
    ],
)
def test_in_force_on_a_day(document: Document, is_in_force: bool) -> None:
    assert document.is_in_force(date(2026, 11, 25)) is is_in_force


def test_the_revision_changes_with_every_document(policies: Policies) -> None:
    seen = [policies.revision()]
    for effective in (None, date(2027, 3, 1), None):
        policies.add(Document("办法", effective=effective), ARTICLES, NOW)
        seen.append(policies.revision())
    assert len(set(seen)) == len(seen)


def test_what_was_asked_is_read_back_newest_first(policies: Policies) -> None:
    refused = Asked(NOW, "cid", "天气", is_answered=False)
    answered = Asked(NOW, "cid", "退休", is_answered=True, document="办法", article="第一条", score=0.9)
    policies.asked(refused)
    policies.asked(answered)
    assert policies.latest_asked() == [answered, refused]
    assert policies.latest_asked(1) == [answered]
