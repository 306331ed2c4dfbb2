"""Which articles of the regulations in force speak of a question."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from heapq import nlargest
from operator import add
from typing import Self

from handlers.policy.documents.corpus import count_of
from handlers.policy.documents.naming import article_of, is_number
from handlers.policy.documents.numbers import ANNEX, in_chapter, parts
from handlers.policy.finding import synonyms as synonyms_file
from handlers.policy.finding.asked import likest, taken_apart
from handlers.policy.finding.asking import askings
from handlers.policy.finding.bm25 import Bm25
from handlers.policy.finding.confidence import LONGEST, SHORTEST, Signals, confidence, fitness
from handlers.policy.finding.elsewhere import Topic, topics
from handlers.policy.finding.facets import MEASURES, OTHERS, asks_trivia, offered
from handlers.policy.finding.operating import asks_how_to, reports_trouble
from handlers.policy.finding.query import MEANING, Query, Rarities
from handlers.policy.finding.spelling import respelled
from handlers.policy.finding.synonyms import Synonyms
from handlers.policy.normalise import core, fold, grams
from storage.policies import Article, Document, Policies

_CLAUSE = re.compile(r"第\s*[\d〇零一二两三四五六七八九十百千]+\s*条(?:之[一二三四五六七八九十]+)?")

MOST_CHARACTERS = 300
"""Of a longer question only the beginning is looked up."""
_CANDIDATES = 8
"""Articles that are looked at closely, the best by their own text and the best by what people ask about them."""
_STRETCH = 64
"""Articles of which only the best is looked at, unless it is among the best of all."""
_LIKELY = 24
"""Among which those are found, where common words are left to be counted."""
_TOPICS = 4
_NEARLY = 0.8
_ALIKE = 0.7
"""Difference of fitness, in log odds, below which two articles fit equally well."""


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


@dataclass(frozen=True, slots=True)
class _Part:
    """A document in the index, with the numbers of its articles and the topics that it speaks of after all."""

    document: Document
    articles: tuple[Article, ...]
    numbers: range
    topics: frozenset[int]

    @property
    def key(self) -> tuple[int, int]:
        """The same while nothing that is indexed has changed."""
        return self.document.id, self.document.content_revision


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that may answer, and what is known of it and the question."""

    document: Document
    article: Article
    score: float
    signals: Signals


@dataclass(frozen=True, slots=True)
class _Beside:
    """A topic that no regulation speaks of: its score, and how like the question is to one about it."""

    topic: Topic | None
    score: float
    likeness: float


class PolicyIndex:
    """All articles in force on one day: their own text, and what people ask about them."""

    def __init__(
        self,
        documents: Iterable[tuple[Document, Sequence[Article]]] = (),
        synonyms: Synonyms | None = None,
        *,
        before: PolicyIndex | None = None,
    ) -> None:
        """Index these documents; `load` takes those of the database.

        `synonyms`: those that ship, by default. What an index `before` has of the same documents is taken over.
        """
        self.synonyms = synonyms_file.shipped() if synonyms is None else synonyms
        texts, asked = _topics() if before is None else (before._texts, before._asked)
        self._texts: Bm25 = texts
        self._asked: Bm25 = asked
        known: tuple[_Part, ...] = () if before is None else before._parts
        self._parts: tuple[_Part, ...] = self._build(list(documents), known)
        self.documents: tuple[tuple[Document, int], ...] = tuple(
            (part.document, count_of(part.articles)) for part in self._parts
        )
        """The documents that are searched, with their number of articles."""
        self._articles: Mapping[int, tuple[Document, Article]] = {
            number: (part.document, article)
            for part in self._parts
            for number, article in zip(part.numbers, part.articles, strict=True)
        }
        self.articles: tuple[tuple[Document, Article], ...] = tuple(self._articles.values())
        """All articles, in the order by which each has its position."""
        self._places = {number: place for place, number in enumerate(self._articles)}
        self._rarities = Rarities(self._texts, self._asked)
        self._of = {number: part for part in self._parts for number in part.numbers}
        self._named = _by_name(self.articles)
        self._spoken_of = frozenset[int]().union(*(part.topics for part in self._parts))

    @property
    def topics(self) -> Sequence[Topic]:
        """What no regulation here speaks of."""
        return [topic for number, topic in enumerate(topics()) if number not in self._spoken_of]

    def _build(
        self, documents: list[tuple[Document, Sequence[Article]]], before: tuple[_Part, ...]
    ) -> tuple[_Part, ...]:
        kept = {part.key: part for part in before if part.document.id}
        wanted = {(document.id, document.content_revision) for document, _ in documents if document.id}
        for part in before:
            if part.key not in wanted:
                self._texts = self._texts.without(part.numbers, map(_text, part.articles))
                self._asked = self._asked.without(part.numbers, map(_questions, part.articles))
        fresh = [one for one in documents if (one[0].id, one[0].content_revision) not in kept]
        self._texts, places = self._texts.adding_all(map(_text, articles) for _, articles in fresh)
        self._asked, _ = self._asked.adding_all(map(_questions, articles) for _, articles in fresh)
        numbers = iter(places)
        parts: list[_Part] = []
        for document, articles in documents:
            known = kept.get((document.id, document.content_revision))
            if known is None:
                parts.append(_Part(document, tuple(articles), next(numbers), _spoken_of(articles)))
            else:
                parts.append(replace(known, document=document))
        return tuple(parts)

    @classmethod
    def load(
        cls,
        policies: Policies,
        today: date,
        synonyms: Synonyms | None = None,
        before: PolicyIndex | None = None,
    ) -> Self:
        """Read what is in force on `today`. Of what is in the index `before` already, nothing is read anew."""
        documents = [document for document in policies.documents() if document.is_in_force(today)]
        documents.sort(key=lambda document: document.is_digest)  # what is official comes first
        if before is not None and before.is_full_of_holes:
            before = None
        known = {part.key: part.articles for part in (() if before is None else before._parts)}
        read = [
            (document, known.get((document.id, document.content_revision)) or policies.articles(document.id))
            for document in documents
        ]
        return cls(read, synonyms, before=before)

    @property
    def is_full_of_holes(self) -> bool:
        """More was taken out than is left: time to build it anew."""
        return self._texts.end > 2 * (self._texts.size + len(topics())) + 1000

    def search(self, question: str, limit: int = 3) -> list[Hit]:
        """The best articles for a question, best first; empty when none shares a word with it."""
        return list(self.look_up(question, limit).hits)

    def look_up(self, question: str, limit: int = 3) -> LookUp:
        """The best articles for a question, and the topic that competes with them.

        In a long message the sentence that leads to the surest article counts; the message as a whole does where no
        sentence of it is nearly as sure, for what is told around a question shares words with many articles.
        """
        whole, *sentences = (self._look_up(part, limit) for part in askings(question))
        best = max(sentences, key=lambda found: found.confidence, default=whole)
        return best if best.confidence >= _NEARLY * whole.confidence else whole

    def respelled(self, question: str) -> str | None:
        """The question with words that sound the same and that are known here; None when nothing is won by it."""
        return respelled(
            core(question)[:MOST_CHARACTERS],
            lambda gram: self._texts.count(gram) + self._asked.count(gram),
            lambda grams: self._texts.known(grams) | self._asked.known(grams),
        )

    def _look_up(self, question: str, limit: int) -> LookUp:
        candidates, topic = self.candidates(question)
        fits = sorted(((fitness(one.signals), one) for one in candidates), key=lambda found: -found[0])
        fits = _families(fits)[:limit]
        hits: list[Hit] = []
        for place, (fit, one) in enumerate(fits):
            second = fits[1][0] if len(fits) > 1 and not place else fit
            sure = min(confidence(one.signals, fit, second), hits[-1].confidence if hits else 1.0)
            hits.append(Hit(one.document, one.article, fit, sure))
        return LookUp(tuple(hits), topic)

    def candidates(self, question: str) -> tuple[list[Candidate], Topic | None]:
        """The articles that are worth a closer look; and the topic that no regulation speaks of where it is nearer than all
        of them.
        """
        query = Query(core(question)[:MOST_CHARACTERS], self.synonyms, self._texts, self._asked, self._rarities)
        texts, asked = query.scores_of_texts(), query.scores_of_questions()
        sums = list(map(add, texts, asked))
        if query.has_common:
            likely = {number for scores in (texts, sums) for number in self._best(scores, _LIKELY)}
            for number in (*likely, *nlargest(_LIKELY, range(len(topics())), key=asked.__getitem__)):
                more = query.complete(number)
                texts[number] += more[0]
                asked[number] += more[1]
                sums[number] = texts[number] + asked[number]
        numbers = dict.fromkeys(number for scores in (texts, sums) for number in self._best(scores) if sums[number] > 0)
        beside = self._beside(query, asked)
        best = sorted((sums[number] for number in numbers), reverse=True)
        found = []
        for number in numbers:
            second = next((score for score in best if score < sums[number]), 0.0)
            signals = self._signals(number, query, texts[number], asked[number], beside, second)
            found.append(Candidate(*self._articles[number], sums[number], signals))
        is_elsewhere = beside.topic is not None and beside.score > max(best, default=0.0)
        return found, beside.topic if is_elsewhere else None

    def _best(self, scores: Sequence[float], count: int = _CANDIDATES) -> list[int]:
        """The numbers of the articles that score highest, of equals the first.

        At least as many score what the worst of the best stretches does; of most numbers nothing else is looked at.
        """
        begins = range(len(topics()), len(scores), _STRETCH)
        most = [max(scores[begin : begin + _STRETCH]) for begin in begins]
        best = nlargest(count, most)
        bound = best[-1] if len(best) == count else 0.0
        likely = [
            number
            for begin, its_most in zip(begins, most, strict=True)
            if its_most >= bound
            for number in range(begin, min(begin + _STRETCH, len(scores)))
            if scores[number] >= bound and number in self._places
        ]
        likely.sort(key=self._places.__getitem__)
        return nlargest(count, likely, key=scores.__getitem__)

    def _beside(self, query: Query, asked: Sequence[float]) -> _Beside:
        """What speaks for a topic that no regulation speaks of."""
        numbers = (n for n in range(len(topics())) if n not in self._spoken_of and asked[n] > 0)
        best = nlargest(_TOPICS, numbers, key=asked.__getitem__)
        if not best:
            return _Beside(None, 0.0, 0.0)
        questions = [one for number in best for one in taken_apart(topics()[number].questions)]
        likeness = next(iter(likest(query.grams, questions, query.rarity, 1)), 0.0)
        return _Beside(topics()[best[0]], asked[best[0]], likeness)

    def _signals(self, number: int, query: Query, text: float, asked: float, beside: _Beside, second: float) -> Signals:
        _, article = self._articles[number]
        covered = query.cover(number)
        literally = query.cover_by_texts(range(number, number + 1))
        likeness = likest(query.grams, taken_apart(article.questions), query.rarity, 3) if asked > 0 else []
        total = text + asked
        share = total / (total + beside.score)
        has_questions = float(bool(article.questions))
        meant = query.meant(number)
        strength = math.log1p(max(0.0, text - MEANING * meant) / query.rarest)
        return Signals(
            text=strength,
            meant=math.log1p(meant / query.rarest),
            asked=math.log1p(asked / query.rarest),
            coverage=covered,
            text_coverage=literally,
            likeness=sum(likeness) / 3,
            document=query.cover_by_texts(self._of[number].numbers),
            topic=beside.likeness * (1 - literally),
            nearness=math.log((share + 0.02) / (1.02 - share)),
            lead=math.log((total + 1) / (second + 1)),
            catchword=covered if query.length <= SHORTEST else 0.0,
            excess=math.log(max(query.length, LONGEST) / LONGEST),
            asks_how_to=float(asks_how_to(query.text)),
            reports_trouble=float(reports_trouble(query.text)),
            asks_trivia=float(asks_trivia(query.text)),
            lacks_measure=float(query.lacks(number, MEASURES)),
            lacks_other=float(query.lacks(number, OTHERS)),
            has_questions=has_questions,
            text_with_questions=has_questions * strength,
            coverage_with_questions=has_questions * covered,
        )

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


@cache
def _topics() -> tuple[Bm25, Bm25]:
    """The beginning of every index: what people ask although no regulation speaks of it."""
    none, _ = Bm25().adding(() for _ in topics())
    asked, _ = Bm25().adding(grams(fold("\n".join((topic.name, *topic.questions)))) for topic in topics())
    return none, asked


def _families(fits: list[tuple[float, Candidate]]) -> list[tuple[float, Candidate]]:
    """One of each family: an article that leads to items, and those items, say much the same.

    Where two items fit about equally, the question is about neither of them, and the article itself is meant.
    """
    kept: list[tuple[float, Candidate]] = []
    for fit, one in fits:
        if any(_above(one, other) or _above(other, one) for _, other in kept):
            continue
        rivals = any(_are_siblings(one, other) and fit - theirs < _ALIKE for theirs, other in fits)
        lead = next((other for _, other in fits if _above(other, one)), None) if rivals else None
        kept.append((fit, lead or one))
    return kept


def _above(one: Candidate, other: Candidate) -> bool:
    return one.document is other.document and other.article.number.startswith(one.article.number + ".")


def _are_siblings(one: Candidate, other: Candidate) -> bool:
    """Two items of an article that leads to them: their texts begin with it."""
    first, second = one.article, other.article
    return (
        one is not other
        and one.document is other.document
        and "." in first.number
        and first.number.rpartition(".")[0] == second.number.rpartition(".")[0]
        and first.text.partition("\n")[0] == second.text.partition("\n")[0]
        and "\n" in first.text
    )


def _spoken_of(articles: Sequence[Article]) -> frozenset[int]:
    whole = "\n".join(article.text for article in articles)
    return frozenset(number for number, topic in enumerate(topics()) if any(term in whole for term in topic.terms))


def _by_name(
    articles: Iterable[tuple[Document, Article]],
) -> dict[str | tuple[int, ...], list[tuple[Document, Article]]]:
    """Articles by their number as it stands, and by the counts in it; the first of each in a document."""
    named: dict[str | tuple[int, ...], list[tuple[Document, Article]]] = {}
    for document, article in articles:
        keys: list[str | tuple[int, ...]] = [article.number]
        keys += filter(None, (parts(article.number), in_chapter(article)))
        for key in keys:
            found = named.setdefault(key, [])
            if not any(other is document for other, _ in found):
                found.append((document, article))
    return named


def _text(article: Article) -> list[str]:
    folded = fold("\n".join((article.heading, article.text, article.summary)))
    return [*grams(folded), *offered(folded)]


def _questions(article: Article) -> list[str]:
    return grams(fold("\n".join(article.questions)))
