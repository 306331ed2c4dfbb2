"""The questions by which an article is found beside its own words: those that came with it, and those that people added."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from storage.database import Database
from storage.times import from_text_or_none, to_text

QuestionSource = Literal["shipped", "import", "admin", "liked", "passed-on"]
"""`shipped`: with the digest; `import`: with a document; the others by a person: out of their own head, after somebody liked
the answer to it, or after somebody had it passed on."""


@dataclass(frozen=True, slots=True)
class ArticleQuestion:
    """One question of an article, masked. A version that inherits it keeps where it comes from."""

    question: str
    source: QuestionSource
    added_by: str | None = None
    """Staff id; None for what came with a document."""
    added_at: datetime | None = None


class ArticleQuestions:
    """By document and number of the article. Every change counts up `Policies.revision`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, document_id: int, number: str) -> list[ArticleQuestion]:
        """The questions of an article: what came with it in the order of the text, then what people added, newest last.

        So a place in this list stays the same while questions are added.
        """
        return [
            ArticleQuestion(row["question"], row["source"], row["added_by"], from_text_or_none(row["added_at"]))
            for row in self._database.rows(
                "select q.* from policy_questions q join policy_articles a on a.id = q.article_id "
                "where a.document_id = ? and a.number = ? order by coalesce(q.added_at, ''), q.question",
                (document_id, number),
            )
        ]

    def add(self, document_id: int, number: str, added: ArticleQuestion) -> bool:
        """Add a question; False where there is no such article, or it has the question already."""
        changed = self._database.execute(
            "insert into policy_questions (article_id, question, source, added_by, added_at) "
            "select id, ?, ?, ?, ? from policy_articles where document_id = ? and number = ? on conflict do nothing",
            (
                added.question,
                added.source,
                added.added_by,
                None if added.added_at is None else to_text(added.added_at),
                document_id,
                number,
            ),
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

    def hand_down(self, heir: int, ancestors: Iterable[int]) -> None:
        """The document `heir` has taken over questions of the `ancestors`: where each comes from goes on with it."""
        for ancestor in ancestors:
            self._database.execute(
                "update policy_questions set source = old.source, added_by = old.added_by, added_at = old.added_at "
                "from policy_questions old join policy_articles was on was.id = old.article_id, policy_articles is_now "
                "where was.document_id = ? and is_now.document_id = ? and is_now.number = was.number "
                "and policy_questions.article_id = is_now.id and policy_questions.question = old.question "
                "and policy_questions.source = 'import' and old.source <> 'import'",
                (ancestor, heir),
            )

    def origin(self, question: str) -> QuestionSource:
        """Where the words of a question come from that somebody is about to add."""
        if self._database.row("select 1 from policy_queue where question = ? limit 1", (question,)) is not None:
            return "passed-on"
        liked = self._database.row(
            "select 1 from policy_ratings r join questions_asked q on q.id = r.asked_id "
            "where r.is_useful and q.question = ? limit 1",
            (question,),
        )
        return "admin" if liked is None else "liked"
