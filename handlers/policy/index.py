"""Which articles of the regulations in force speak of a question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from heapq import nlargest
from typing import Self

from handlers.policy.asking import askings
from handlers.policy.bm25 import Bm25
from handlers.policy.confidence import Signals, confidence
from handlers.policy.corpus import count_of
from handlers.policy.elsewhere import Topic, outside_of
from handlers.policy.naming import article_of, is_number
from handlers.policy.normalise import core, fold, grams, tokens
from handlers.policy.numbers import ANNEX, in_chapter, parts
from handlers.policy.operating import asks_how_to, reports_trouble
from storage.policies import Article, Document, Policies

_CLAUSE = re.compile(r"第\s*[\d〇零一二两三四五六七八九十百千]+\s*条(?:之[一二三四五六七八九十]+)?")

MOST_GRAMS = 100
"""Of a long message only the rarest count: they say what it is about, and the others take long to look up."""
MOST_CHARACTERS = 300
"""Of a longer question only the beginning is looked up."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that may answer. `confidence` is between 0 and 1; `score` orders hits and means nothing else."""

    document: Document
    article: Article
    score: float
    confidence: float


@dataclass(frozen=True, slots=True)
class LookUp:
    """What a question leads to: articles, best first, and a topic that no regulation speaks of where it is nearer still."""

    hits: tuple[Hit, ...]
    elsewhere: Topic | None = None

    @property
    def confidence(self) -> float:
        """Of the best article; 0 where there is none."""
        return self.hits[0].confidence if self.hits else 0.0


class PolicyIndex:
    """All articles in force on one day, each with its questions and summary in one field."""

    def __init__(self, documents: Iterable[tuple[Document, Sequence[Article]]] = ()) -> None:
        """Index these documents; `load` takes those of the database."""
        read = list(documents)
        self.documents: tuple[tuple[Document, int], ...] = tuple(
            (document, count_of(found)) for document, found in read
        )
        """The documents that are searched, with their number of articles."""
        self._articles = [(document, article) for document, articles in read for article in articles]
        self._named = _by_name(self._articles)
        self._topics = outside_of(article.text for _, article in self._articles)
        fields = [_field(article) for _, article in self._articles]
        fields += ["\n".join((topic.name, *topic.questions)) for topic in self._topics]
        self._bm25 = Bm25(grams(fold(field)) for field in fields)

    @property
    def articles(self) -> Sequence[tuple[Document, Article]]:
        """All articles, in the order by which each has its position."""
        return self._articles

    @property
    def topics(self) -> Sequence[Topic]:
        """What no regulation here speaks of."""
        return self._topics

    @classmethod
    def load(cls, policies: Policies, today: date) -> Self:
        """Read what is in force on `today`."""
        documents = [document for document in policies.documents() if document.is_in_force(today)]
        documents.sort(key=lambda document: document.is_digest)  # what is official comes first
        return cls((document, policies.articles(document.id)) for document in documents)

    def search(self, question: str, limit: int = 3) -> list[Hit]:
        """The best articles for a question, best first; empty when none shares a word with it."""
        return list(self.look_up(question, limit).hits)

    def look_up(self, question: str, limit: int = 3) -> LookUp:
        """The best articles for a question, and the topic that competes with them.

        In a long message the sentence that leads to the surest article counts.
        """
        return max((self._look_up(part, limit) for part in askings(question)), key=lambda found: found.confidence)

    def _look_up(self, question: str, limit: int) -> LookUp:
        asked = core(question)[:MOST_CHARACTERS]
        words = dict.fromkeys(grams(asked))  # in order, so that sums are the same in every process
        rarities = {word: self._bm25.rarity(word) for word in words}
        scores = self._bm25.scores(nlargest(MOST_GRAMS, filter(self._bm25.knows, words), key=rarities.__getitem__))
        size = len(self._articles)
        best = nlargest(limit, (n for n in range(size) if scores[n] > 0), key=lambda n: (scores[n], -n))
        topic = max(range(size, len(scores)), key=scores.__getitem__, default=None)
        beside = 0.0 if topic is None else scores[topic]
        signals = Signals(
            score=0.0,
            rarest=self._bm25.rarest,
            coverage=0.0,
            elsewhere=beside,
            length=sum(len(run) for run in tokens(asked)),
            asks_how_to=asks_how_to(asked),
            reports_trouble=reports_trouble(asked),
        )
        return LookUp(
            hits=tuple(
                Hit(
                    *self._articles[n],
                    scores[n],
                    confidence(replace(signals, score=scores[n], coverage=self._cover(rarities, n))),
                )
                for n in best
            ),
            elsewhere=self._topics[topic - size]
            if topic is not None and beside > max(scores[:size], default=0)
            else None,
        )

    def _cover(self, rarities: dict[str, float], number: int) -> float:
        """The share of a question that a text speaks of, weighted by rarity."""
        return sum(value for word, value in rarities.items() if self._bm25.has(word, number)) / sum(rarities.values())

    def named(self, number: str) -> list[tuple[Document, Article]]:
        """The articles that people mean by a number, one a document: `二.6.(三)`, `2.6.3`, `第12条`, `第三章第十二条`."""
        number = article_of(number.strip())
        exact = self._named.get(number)
        if exact is not None:
            return exact
        if not is_number(fold(number)):
            return []
        counts = parts(number)
        if counts[:1] == (ANNEX,):
            return list(self._named.get(counts, ()))
        clause = _CLAUSE.search(number)
        # 第五条第一款 is part of a clause; 第二章第五条 may be a path as well as a clause with the chapter it stands in.
        is_part = clause is not None and clause.start() == 0 and clause.end() < len(number)
        found = [] if is_part else list(self._named.get(counts, ()))
        if clause is not None:
            clauses = self._named.get(parts(clause[0]), ())
            has = [document for document, _ in found]
            found += [one for one in clauses if "条" in one[1].number and one[0] not in has]
        return found


def _by_name(
    articles: Iterable[tuple[Document, Article]],
) -> dict[str | tuple[int, ...], list[tuple[Document, Article]]]:
    """Articles by their number as it stands, and by the counts in it; the first of each in a document."""
    named: dict[str | tuple[int, ...], list[tuple[Document, Article]]] = {}
    for document, article in articles:
        counts = filter(None, (parts(article.number), in_chapter(article)))
        for key in (article.number, *counts):
            found = named.setdefault(key, [])
            if not any(other is document for other, _ in found):
                found.append((document, article))
    return named


def _field(article: Article) -> str:
    return "\n".join((article.heading, article.text, article.summary, *article.questions))
