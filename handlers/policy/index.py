"""Which articles of the regulations in force speak of a question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

from handlers.policy.bm25 import Bm25
from handlers.policy.normalise import core, fold, grams
from storage.policies import Article, Document, Policies

MOST_GRAMS = 600
"""Of a longer question only the beginning is looked up."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that may answer. `confidence` is between 0 and 1; `score` orders hits and means nothing else."""

    document: Document
    article: Article
    score: float
    confidence: float


class PolicyIndex:
    """All articles in force on one day, each with its questions and summary in one field."""

    def __init__(self, articles: list[tuple[Document, Article]]) -> None:
        """For `load` and for tests."""
        self._articles = articles
        self._bm25 = Bm25(grams(fold(_field(article))) for _, article in articles)
        self.documents: tuple[tuple[Document, int], ...] = ()

    @classmethod
    def load(cls, policies: Policies, today: date) -> Self:
        """Read what is in force on `today`."""
        documents = [document for document in policies.documents() if document.is_in_force(today)]
        read = [(document, policies.articles(document.id)) for document in documents]
        index = cls([(document, article) for document, articles in read for article in articles])
        index.documents = tuple((document, len(articles)) for document, articles in read)
        return index

    def search(self, question: str, limit: int = 3) -> list[Hit]:
        """The best articles for a question, best first; empty when none shares a word with it."""
        words = grams(core(question))[:MOST_GRAMS]
        scores = self._bm25.scores(words)
        best = sorted((-score, number) for number, score in enumerate(scores) if score > 0)[:limit]
        return [Hit(*self._articles[number], -score, 0.5) for score, number in best]


def _field(article: Article) -> str:
    return "\n".join((article.heading, article.text, article.summary, *article.questions))
