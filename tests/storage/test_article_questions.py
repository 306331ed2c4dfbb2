"""Questions of articles: in a lasting order, with where each comes from, through versions and from older databases."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database as SqliteDatabase

from storage.article_questions import ArticleQuestion
from storage.database import Database
from storage.migrations import migrations
from storage.policies import Article, Document
from storage.policy_queue import Entry
from storage.store import Store

NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)
FIRST = ArticleQuestion("问丙", "admin", "0001", NOW)
SECOND = ArticleQuestion("问乙", "liked", "0002", NOW + timedelta(days=1))


@pytest.fixture
def store() -> Iterator[Store]:
    with Database(":memory:") as database:
        yield Store(database)


def a_document(store: Store, *questions: str, is_digest: bool = False) -> Document:
    article = Article("第一条", "甲", questions=questions)
    return store.policies.add(Document("办法", is_digest=is_digest), [article, Article("第二条", "乙")], NOW)


def test_a_place_stays_while_questions_are_added(store: Store) -> None:
    document = a_document(store, "问戊", "问丁")
    questions = store.article_questions
    assert questions.add(document.id, "第一条", FIRST) and questions.add(document.id, "第一条", SECOND)
    came = [ArticleQuestion("问丁", "import"), ArticleQuestion("问戊", "import")]
    assert questions.of(document.id, "第一条") == [*came, FIRST, SECOND]
    assert questions.of(document.id, "第二条") == questions.of(document.id, "第三条") == []


def test_what_is_there_or_nowhere_is_not_added_or_removed(store: Store) -> None:
    document, questions = a_document(store, "问丙"), store.article_questions
    before = store.policies.revision()
    assert not questions.add(document.id, "第一条", FIRST)
    assert not questions.add(document.id, "第三条", FIRST)
    assert not questions.remove(document.id, "第二条", "问丙")
    assert store.policies.revision() == before
    assert questions.remove(document.id, "第一条", "问丙")
    assert store.policies.revision() > before


def test_each_change_is_one_of_its_document(store: Store) -> None:
    document = a_document(store)
    store.article_questions.add(document.id, "第一条", FIRST)
    found = store.policies.get(document.id)
    assert found is not None and found.content_revision == store.policies.revision() > document.content_revision


def test_a_later_version_knows_where_they_come_from(store: Store) -> None:
    first = a_document(store, "问甲", is_digest=True)
    store.article_questions.add(first.id, "第一条", FIRST)
    for _ in range(2):
        later = a_document(store, "问甲", "问丙", "问新")
    assert store.article_questions.of(later.id, "第一条") == [
        ArticleQuestion("问新", "import"),
        ArticleQuestion("问甲", "shipped"),
        FIRST,
    ]


def test_where_words_come_from(store: Store) -> None:
    store.policy_queue.add(Entry("passed-on", "转来的", NOW))
    store.database.execute(
        "insert into questions_asked (id, asked_at, conversation, question, is_answered) values (1, ?, 'c', '说好的', 1), "
        "(2, ?, 'c', '说不好的', 1)",
        (NOW.isoformat(), NOW.isoformat()),
    )
    for number in (1, 2):
        store.policy_queue.rate(number, "r", is_useful=number == 1, reason="", at=NOW)
    asked = ("转来的", "说好的", "说不好的", "别的")
    assert [store.article_questions.origin(one) for one in asked] == ["passed-on", "liked", "admin", "admin"]


def test_those_of_an_older_database_came_with_their_documents(tmp_path: Path) -> None:
    path = tmp_path / "steward.db"
    with closing(sqlite3.connect(path)) as connection:
        migrations.apply(SqliteDatabase(connection), stop_before="m017_questions_of_articles")
        for number, is_digest in ((1, 1), (2, 0)):
            connection.execute(
                "insert into policy_documents (id, title, version, is_digest, source_name, imported_at) "
                "values (?, ?, 1, ?, '', ?)",
                (number, f"办法{number}", is_digest, NOW.isoformat()),
            )
            connection.execute(
                "insert into policy_articles (id, document_id, position, number, text) values (?, ?, 0, '一', '甲')",
                (number, number),
            )
            connection.execute("insert into policy_questions (article_id, question) values (?, '问')", (number,))
        connection.commit()
    with Database(path) as database:
        store = Store(database)
        assert [store.article_questions.of(number, "一") for number in (1, 2)] == [
            [ArticleQuestion("问", "shipped")],
            [ArticleQuestion("问", "import")],
        ]
