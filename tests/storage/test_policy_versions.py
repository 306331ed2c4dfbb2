"""From when until when each version answers, and the count of changes that an index goes by."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database as SqliteDatabase

from handlers.policy.documents.choosing import restore
from storage.database import Database
from storage.migrations import migrations
from storage.policies import Article, Document, Policies

NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)
TODAY = NOW.date()
ARTICLES = [Article("第一条", "甲", questions=("问一",)), Article("第二条", "乙")]


@pytest.fixture
def policies() -> Iterator[Policies]:
    with Database(":memory:") as database:
        yield Policies(database)


def answering(policies: Policies, day: date) -> list[tuple[str, int]]:
    return sorted((one.title, one.version) for one in policies.documents() if one.is_in_force(day))


def test_each_version_answers_for_its_time(policies: Policies) -> None:
    first = policies.add(Document("办法", effective=date(2020, 3, 1)), ARTICLES, NOW)
    second = policies.add(Document("办法", effective=date(2023, 6, 1)), ARTICLES, NOW)
    third = policies.add(Document("办法", effective=date(2027, 1, 1)), ARTICLES, NOW)
    assert answering(policies, date(2020, 2, 29)) == []
    assert answering(policies, date(2020, 3, 1)) == [("办法", 1)]
    assert answering(policies, date(2023, 5, 31)) == [("办法", 1)]
    assert answering(policies, date(2023, 6, 1)) == [("办法", 2)]
    assert answering(policies, date(2027, 1, 1)) == [("办法", 3)]
    by_id = {one.id: one for one in policies.documents()}
    assert by_id[first.id].superseded_by == second.id
    assert by_id[second.id].superseded_by == third.id
    assert (by_id[first.id].in_force, by_id[second.id].in_force) == (False, True)


def test_without_a_date_a_version_begins_on_the_day_on_which_it_takes_anothers_place(policies: Policies) -> None:
    policies.add(Document("办法"), ARTICLES, NOW)
    assert policies.add(Document("办法"), ARTICLES, NOW, today=date(2026, 11, 26)).begins == date(2026, 11, 26)
    assert answering(policies, TODAY) == [("办法", 1)]
    assert answering(policies, date(2026, 11, 26)) == [("办法", 2)]


def test_a_version_that_never_began_never_does(policies: Policies) -> None:
    policies.add(Document("办法", effective=date(2025, 1, 1)), ARTICLES, NOW)
    policies.add(Document("办法", effective=date(2027, 1, 1)), ARTICLES, NOW)
    policies.add(Document("办法", effective=date(2026, 1, 1)), ARTICLES, NOW)
    assert answering(policies, date(2025, 6, 1)) == [("办法", 1)]
    assert answering(policies, TODAY) == [("办法", 3)]
    assert answering(policies, date(2027, 6, 1)) == [("办法", 3)]


def test_a_version_of_the_past_takes_no_place(policies: Policies) -> None:
    policies.add(Document("办法", effective=date(2025, 1, 1)), ARTICLES, NOW)
    past = Document("办法", effective=date(2020, 1, 1), repealed=date(2025, 1, 1))
    policies.add(past, ARTICLES, NOW)
    assert answering(policies, TODAY) == [("办法", 1)]
    assert answering(policies, date(2024, 1, 1)) == [("办法", 2)]


def test_what_is_replaced_ends_today_even_if_the_new_one_is_older(policies: Policies) -> None:
    other = policies.add(Document("别的", effective=date(2024, 1, 1)), ARTICLES, NOW)
    policies.add(Document("办法", effective=date(2020, 1, 1)), ARTICLES, NOW, replaces=[other.id])
    assert answering(policies, date(2025, 1, 1)) == [("别的", 1), ("办法", 1)]
    assert answering(policies, TODAY) == [("办法", 1)]


def test_repealed_and_in_force_again(policies: Policies) -> None:
    stored = policies.add(Document("办法"), ARTICLES, NOW)
    policies.repeal(stored.id, date(2027, 1, 1), TODAY)
    assert answering(policies, TODAY) == [("办法", 1)]
    assert answering(policies, date(2027, 1, 1)) == []
    policies.repeal(stored.id, TODAY, TODAY)
    assert answering(policies, TODAY) == []
    policies.restore(stored.id, TODAY)
    assert answering(policies, date(2027, 1, 1)) == [("办法", 1)]


@pytest.mark.parametrize("day", [TODAY, date(2026, 12, 1), date(2028, 1, 1), date(2026, 1, 1)])
def test_with_another_date_the_version_before_ends_then(policies: Policies, day: date) -> None:
    policies.add(Document("办法", effective=date(2025, 1, 1)), ARTICLES, NOW)
    second = policies.add(Document("办法", effective=date(2027, 1, 1)), ARTICLES, NOW)
    policies.set_effective(second.id, day, TODAY)
    assert answering(policies, day - timedelta(days=1)) == [("办法", 1)]
    assert answering(policies, day) == [("办法", 2)]


def test_without_a_date_the_version_before_ends_today(policies: Policies) -> None:
    policies.add(Document("办法", effective=date(2025, 1, 1)), ARTICLES, NOW)
    second = policies.add(Document("办法", effective=date(2027, 1, 1)), ARTICLES, NOW)
    policies.set_effective(second.id, None, TODAY)
    assert answering(policies, TODAY) == [("办法", 2)]


def test_a_version_that_is_repealed_before_it_begins_replaces_nothing(policies: Policies) -> None:
    policies.add(Document("办法", effective=date(2025, 1, 1)), ARTICLES, NOW)
    second = policies.add(Document("办法", effective=date(2027, 1, 1)), ARTICLES, NOW)
    policies.repeal(second.id, TODAY, TODAY)
    assert answering(policies, date(2028, 1, 1)) == [("办法", 1)]
    first = next(one for one in policies.documents() if one.version == 1)
    assert (first.repealed, first.superseded_by) == (None, None)


def test_owner_rank_and_date_are_read_back(policies: Policies) -> None:
    stored = policies.add(Document("办法", owner="0007", rank=3), ARTICLES, NOW)
    assert (stored.owner, stored.rank) == ("0007", 3)
    policies.set_owner(stored.id, None)
    policies.set_rank(stored.id, 2)
    policies.set_effective(stored.id, date(2027, 1, 1), TODAY)
    found = policies.get(stored.id)
    assert found is not None
    assert (found.owner, found.rank, found.effective, found.begins) == (None, 2, date(2027, 1, 1), date(2027, 1, 1))
    policies.set_effective(stored.id, None, TODAY)
    assert answering(policies, TODAY) == [("办法", 1)]


@pytest.mark.parametrize(
    "change",
    [
        lambda policies, one: policies.set_owner(one, "0007"),
        lambda policies, one: policies.set_rank(one, 3),
        lambda policies, one: policies.set_effective(one, TODAY, TODAY),
        lambda policies, one: policies.repeal(one, TODAY, TODAY),
        lambda policies, one: policies.restore(one, TODAY),
    ],
)
def test_a_change_of_a_document_is_counted_and_its_articles_are_as_they_were(
    policies: Policies, change: Callable[[Policies, int], None]
) -> None:
    stored, other = (policies.add(Document(title), ARTICLES, NOW) for title in ("办法", "别的"))
    before = policies.revision()
    change(policies, stored.id)
    found = policies.get(stored.id)
    assert found is not None
    assert policies.revision() > before
    assert found.revision == policies.revision()
    assert found.content_revision == stored.content_revision
    assert policies.get(other.id) == other


@pytest.mark.parametrize(
    "change",
    [
        "insert into policy_questions (article_id, question) select min(id), '新问法' from policy_articles",
        "delete from policy_questions where question = '问一' and article_id = (select min(id) from policy_articles)",
        "update policy_articles set summary = '新' where id = (select min(id) from policy_articles)",
        "delete from policy_articles where id = (select min(id) from policy_articles)",
    ],
)
def test_a_change_of_articles_or_questions_is_counted_whoever_makes_it(policies: Policies, change: str) -> None:
    stored, other = (policies.add(Document(title), ARTICLES, NOW) for title in ("办法", "别的"))
    before = policies.revision()
    policies._database.execute(change)
    found = policies.get(stored.id)
    assert found is not None
    assert policies.revision() > before
    assert found.content_revision > stored.content_revision
    assert policies.get(other.id) == other


def test_a_document_that_is_gone_is_counted(policies: Policies) -> None:
    stored = policies.add(Document("办法"), ARTICLES, NOW)
    before = policies.revision()
    policies._database.execute("delete from policy_documents where id = ?", (stored.id,))
    assert policies.revision() > before


def test_versions_of_an_older_database_get_their_times(tmp_path: Path) -> None:
    path = tmp_path / "steward.db"
    with closing(sqlite3.connect(path)) as connection:
        migrations.apply(SqliteDatabase(connection), stop_before="m012_documents")
        connection.executemany(
            "insert into policy_documents (title, version, effective, source_name, imported_at, in_force) "
            "values (?, ?, ?, '', ?, ?)",
            [
                ("办法", 1, "2020-01-01", "2020-01-05T00:00:00.000Z", 0),
                ("办法", 2, None, "2023-02-03T00:00:00.000Z", 0),
                ("办法", 3, "2025-01-01", "2025-01-01T00:00:00.000Z", 1),
                ("要点", 1, "2019-01-01", "2019-01-01T00:00:00.000Z", 0),
            ],
        )
        connection.commit()
    with Database(path) as database:
        policies = Policies(database)
        assert answering(policies, date(2021, 1, 1)) == [("办法", 1)]
        assert answering(policies, date(2023, 2, 3)) == [("办法", 2)]
        assert answering(policies, TODAY) == [("办法", 3)]
        assert policies.revision() > 0


def test_a_version_that_is_replaced_sooner_is_not_prolonged_by_repealing_it_later() -> None:
    with Database(":memory:") as database:
        policies = Policies(database)
        first = policies.add(Document("办法"), ARTICLES, NOW, today=TODAY)
        policies.add(Document("办法", effective=date(2027, 1, 1)), ARTICLES, NOW, today=TODAY)
        policies.repeal(first.id, date(2028, 1, 1), TODAY)
        assert answering(policies, date(2026, 12, 31)) == [("办法", 1)]
        assert answering(policies, date(2027, 6, 1)) == [("办法", 2)]


DAYS = st.one_of(st.none(), st.dates(date(2024, 1, 1), date(2029, 12, 31)))
STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "repeal", "restore", "effective", "wait"]), st.integers(0, 5), DAYS), max_size=8
)


@settings(deadline=None, max_examples=150)
@given(STEPS)
def test_whatever_is_done_no_two_versions_answer_on_the_same_day(steps: list[tuple[str, int, date | None]]) -> None:
    """From `today` on, that is: of the past it may be said later that something else held."""
    with Database(":memory:") as database:
        policies, today = Policies(database), TODAY
        for what, which, day in [("add", 0, None), *steps]:
            documents = policies.documents()
            chosen = documents[which % len(documents)] if documents else None
            before = policies.revision()
            if what == "wait":
                today += timedelta(days=200)
                continue
            if what == "add" or chosen is None:
                policies.add(Document("办法", effective=day), ARTICLES, NOW, today=today)
            elif what == "repeal" and not chosen.is_over(today):
                policies.repeal(chosen.id, max(day or today, today), today)
            elif what == "restore" and chosen.is_over(today):
                restore(chosen, policies, today)
            elif what == "effective" and chosen.is_in_force(today):
                policies.set_effective(chosen.id, day, today)
            else:
                continue
            assert policies.revision() > before
            for later in (0, 1, 100, 500, 1000, 1500):
                found = answering(policies, today + timedelta(days=later))
                assert len(found) <= 1, (what, day, found)
