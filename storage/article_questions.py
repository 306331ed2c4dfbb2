"""The questions by which an article is found beside its own words: those that came with it, and those that people added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from storage.database import Database

Source = Literal["import", "person"]


@dataclass(frozen=True, slots=True)
class ArticleQuestion:
    """One question of an article. `import`: it came with the document, or from the version before."""

    question: str
    source: Source


class ArticleQuestions:
    """By document and number of the article. Every change counts up `Policies.revision`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, document_id: int, number: str) -> list[ArticleQuestion]:
        """The questions of an article: those of people first, each kind in the order of the text."""
        return [
            ArticleQuestion(row["question"], row["source"])
            for row in self._database.rows(
                "select q.question, q.source from policy_questions q join policy_articles a on a.id = q.article_id "
                "where a.document_id = ? and a.number = ? order by q.source desc, q.question",
                (document_id, number),
            )
        ]

    def having(self, question: str) -> list[tuple[int, str]]:
        """Document and number of every article that has exactly this question."""
        return [
            (row["document_id"], row["number"])
            for row in self._database.rows(
                "select a.document_id, a.number from policy_questions q join policy_articles a on a.id = q.article_id "
                "where q.question = ?",
                (question,),
            )
        ]

    def add(self, document_id: int, number: str, question: str, source: Source) -> bool:
        """Add a question; False where there is no such article, or it has the question already."""
        changed = self._database.execute(
            "insert into policy_questions (article_id, question, source) "
            "select id, ?, ? from policy_articles where document_id = ? and number = ? on conflict do nothing",
            (question, source, document_id, number),
        )
        return changed.rowcount > 0

    def remove(self, document_id: int, number: str, question: str) -> bool:
        """Take a question out; False where the article does not have it."""
        changed = self._database.execute(
            "delete from policy_questions where question = ? and article_id in "
            "(select id from policy_articles where document_id = ? and number = ?)",
            (question, document_id, number),
        )
        return changed.rowcount > 0
