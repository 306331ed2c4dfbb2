"""Documents that wait for a word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from storage.database import Database
from storage.drafts import MOST_A_PERSON, Draft, Drafts
from storage.policies import Article

NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
ARTICLES = (Article("第一条", "甲\n（一）乙", "第一章"), Article("第二条", "丙"))


@pytest.fixture
def drafts() -> Iterator[Drafts]:
    with Database(":memory:") as database:
        yield Drafts(database)


def a_draft(title: str = "办法", staff_id: str = "0001", expires_at: datetime = LATER) -> Draft:
    return Draft(staff_id, "cid", "a.docx", title, ARTICLES, NOW, expires_at)


def test_a_draft_is_read_back_until_it_expires(drafts: Drafts) -> None:
    number = drafts.put(a_draft())
    found = drafts.get(number, NOW)
    assert found is not None
    assert (found.title, found.articles, found.file_name) == ("办法", ARTICLES, "a.docx")
    assert drafts.get(number, LATER) is None
    assert drafts.latest_of("0001", "cid", LATER) is None


def test_the_newest_of_a_person_in_a_chat(drafts: Drafts) -> None:
    drafts.put(a_draft("甲"))
    second = drafts.put(a_draft("乙"))
    drafts.put(a_draft("丙", staff_id="0002"))
    found = drafts.latest_of("0001", "cid", NOW)
    assert found is not None
    assert (found.id, found.title) == (second, "乙")
    assert drafts.latest_of("0001", "other", NOW) is None
    drafts.drop(second)
    assert drafts.get(second, NOW) is None


def test_expired_drafts_and_those_beyond_a_few_go(drafts: Drafts) -> None:
    expired = drafts.put(a_draft(expires_at=NOW))
    other = drafts.put(a_draft(staff_id="0002"))
    numbers = [drafts.put(a_draft(str(n))) for n in range(MOST_A_PERSON + 2)]
    long_ago = NOW - timedelta(days=9)
    assert drafts.get(expired, long_ago) is None
    assert [drafts.get(number, NOW) is None for number in numbers] == [True] * 2 + [False] * MOST_A_PERSON
    assert drafts.get(other, NOW) is not None
