"""Likeness in meaning beside likeness in words, where a sentence model is in use (docs/decisions/0008-models.md).

Vectors come from outside; here they are only compared. How like in meaning an article is *orders* what the words led to;
whether it is *answered* is decided by the look-up's own confidence, and by whether the article is nearer than anything that no
regulation speaks of. numpy is loaded when the first vector is there.
"""

from __future__ import annotations

import hashlib
import math
import re
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from operator import itemgetter
from typing import Any, Literal, Self

from handlers.policy.finding.index import Hit, LookUp, PolicyIndex
from storage.policies import Article
from storage.vectors import Vector

Kind = Literal["query", "passage"]
"""Models may want to know: what people ask, or what a document says."""

ORDER = 0.3
"""What one standard deviation of likeness is worth beside the log odds by which the words order articles."""
CONSTANT, WORDS, NEARNESS, MARGIN = 0.0, 1.0, 0.0, 0.3
"""Weights of the decision: the log odds that the words give, the likeness of the article, and how much nearer it is than what is
elsewhere. Those of the words are left as they are, so that the threshold means what it meant. `python -m bench.evaluation.semantic
fit` says twice as much for the margin; with that, more that is in scope is refused than the rest is worth."""
UNASKED = 1.5
"""A question is more like questions than like any text: so much is an article without questions of its own behind by that alone."""
LOOKED_THROUGH = 16
"""Articles by words among which likeness may bring one forward."""
_LEAST_EVIDENCE = 1e-6
_LEAST_LIKE = -4.0
_MARGIN = 4.0
_LONGEST_TEXT = 300
_BEST = 3
_MEASURED = 300
"""Articles of which each vector is looked at."""
_SAMPLE = 2048
"""Vectors of articles from which it is known how like a question just any of them is."""
_AT_ONCE = 512
_SENTENCE = re.compile(r"[^。；;\n]{4,}")


@dataclass(frozen=True, slots=True)
class Text:
    """What wants a vector."""

    kind: Kind
    text: str

    @property
    def digest(self) -> bytes:
        """By which its vector is found again: the same for the same words."""
        return hashlib.sha256(f"{self.kind}\n{self.text}".encode("utf-8", "surrogatepass")).digest()


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like a question the articles are, by their position in the index, in standard deviations from the mean."""

    articles: Sequence[float]
    elsewhere: float
    """Of the nearest question that no regulation speaks of."""


def texts_of(index: PolicyIndex) -> list[tuple[int, Text]]:
    """What has to have a vector, by the position of its article; what is elsewhere comes after the articles."""
    found = [
        (position, text)
        for position, (_, article) in enumerate(index.articles)
        for text in dict.fromkeys(_texts_of(article))
    ]
    end = len(index.articles)
    return found + [(end, Text("query", question)) for topic in index.topics for question in topic.questions]


def _texts_of(article: Article) -> Iterable[Text]:
    title = article.heading.splitlines()[-1] + " " if article.heading else ""
    yield Text("passage", (title + article.text)[:_LONGEST_TEXT])
    sentences = _SENTENCE.findall(article.text)
    if len(sentences) > 1:
        yield from (Text("passage", (title + sentence.strip())[:_LONGEST_TEXT]) for sentence in sentences)
    yield from (Text("query", said[:_LONGEST_TEXT]) for said in (article.summary, *article.questions) if said)


class Meanings:
    """The vectors of all that an index holds, in one table of small numbers."""

    def __init__(self, index: PolicyIndex, rows: Any, scales: Any, begins: Any, owners: Any) -> None:
        """For `of`: a row a text, those of one owner together; `begins` has the first row of each owner."""
        import numpy

        self.index = index
        """Whose vectors these are."""
        self.places = {id(article): place for place, (_, article) in enumerate(index.articles)}
        """Positions of the articles."""
        self._rows = rows
        self._scales = scales
        self._begins = begins
        self._ends = numpy.append(begins[1:], len(scales))
        self._owners = owners
        parts = range(0, len(owners), _AT_ONCE)
        self._middles = numpy.concatenate([self._middles_of(slice(at, at + _AT_ONCE)) for at in parts])
        ours = int(begins[-1]) if owners[-1] == len(index.articles) else len(scales)
        some = numpy.linspace(0, ours - 1, min(ours, _SAMPLE)).astype(int)
        self._sample = rows[some].astype(numpy.float32) * scales[some, None]

    @classmethod
    def of(cls, index: PolicyIndex, vectors: Mapping[bytes, Vector]) -> Self | None:
        """From the vectors by digest; None when one is missing, or they do not belong together."""
        import numpy

        wanted = [(place, vectors.get(text.digest)) for place, text in texts_of(index)]
        found = [(place, vector) for place, vector in wanted if vector is not None]
        if not index.articles or len(found) < len(wanted):
            return None
        size = len(found[0][1].values)
        if any(len(vector.values) != size for _, vector in found):
            return None
        rows = numpy.frombuffer(b"".join(vector.values for _, vector in found), dtype=numpy.int8)
        scales = numpy.array([vector.scale for _, vector in found], dtype=numpy.float32)
        places = numpy.array([place for place, _ in found])
        begins = numpy.flatnonzero(numpy.diff(places, prepend=-1))
        return cls(index, rows.reshape(len(found), size), scales, begins, places[begins])

    def __len__(self) -> int:
        """How many vectors there are."""
        return len(self._scales)

    def likeness(self, vector: Sequence[float]) -> Likeness | None:
        """Of a question with this vector; None for one of another model's size.

        Of many articles all are measured by the middle of their vectors, and those that come nearest vector by vector.
        """
        import numpy

        asked = numpy.asarray(vector, dtype=numpy.float32)
        if asked.shape != (self._rows.shape[1],):
            return None
        usual = self._sample @ asked
        mean, spread = float(usual.mean()), max(float(usual.std()), 1e-6)
        alike = self._middles @ asked
        best = alike.copy()
        most = min(_MEASURED, len(alike))
        chosen = numpy.sort(numpy.argpartition(-alike, most - 1)[:most])
        end = len(self.index.articles)
        if self._owners[-1] == end and chosen[-1] != len(alike) - 1:
            chosen = numpy.append(chosen, len(alike) - 1)
        best[chosen], few = self._nearest(chosen, asked)
        alike[chosen] = (best[chosen] + few) / 2
        articles = numpy.full(end + 1, -math.inf)
        articles[self._owners] = (alike - mean) / spread
        elsewhere = (float(best[-1]) - mean) / spread if self._owners[-1] == end else -math.inf
        return Likeness(articles[:end].tolist(), elsewhere)

    def _middles_of(self, owners: slice) -> Any:
        """The mean of each owner's vectors."""
        import numpy

        begins, ends = self._begins[owners], self._ends[owners]
        rows = slice(begins[0], ends[-1])
        vectors = self._rows[rows].astype(numpy.float32) * self._scales[rows, None]
        counts = (ends - begins).astype(numpy.float32)
        return numpy.add.reduceat(vectors, begins - begins[0], axis=0) / counts[:, None]

    def _nearest(self, owners: Any, asked: Any) -> tuple[Any, Any]:
        """For each of these owners its best value, and the mean of its best few."""
        import numpy

        counts = self._ends[owners] - self._begins[owners]
        begins = numpy.append(0, numpy.cumsum(counts)[:-1])
        rows = numpy.repeat(self._begins[owners] - begins, counts) + numpy.arange(counts.sum())
        alike = (self._rows[rows].astype(numpy.float32) @ asked) * self._scales[rows]
        best = total = None
        for turn in range(_BEST):
            highest = numpy.maximum.reduceat(alike, begins)
            best = highest if best is None else best
            total = highest if total is None else total + numpy.where(counts > turn, highest, 0)
            alike[alike == numpy.repeat(highest, counts)] = -4.0  # below every cosine
        return best, total / numpy.minimum(counts, _BEST)


def fuse(found: LookUp, like: Likeness, meanings: Meanings, limit: int) -> LookUp:
    """What the words led to, in a better order and with a better confidence."""

    def alike(hit: Hit) -> float:
        return max(like.articles[meanings.places[id(hit.article)]], _LEAST_LIKE)

    hits: list[Hit] = []
    scored = [(hit.score + ORDER * alike(hit), hit) for hit in found.hits]
    for score, hit in nlargest(limit, scored, key=itemgetter(0)):
        # The words say how likely it is that anything answers; which article does, is another question.
        by_words = hit.confidence if hits else found.confidence
        sure = confidence(signals(by_words, alike(hit), like.elsewhere, is_asked=bool(hit.article.questions)))
        hits.append(replace(hit, score=score, confidence=min(sure, hits[-1].confidence) if hits else sure))
    return replace(found, hits=tuple(hits))


Signals = tuple[float, float, float, float]
"""What the weights are for, in their order."""


def confidence(found: Signals) -> float:
    """How sure it is that an article answers, between 0 and 1: by the words alone, and by what they mean."""
    evidence = zip((CONSTANT, WORDS, NEARNESS, MARGIN), found, strict=True)
    return 1 / (1 + math.exp(-sum(weight * signal for weight, signal in evidence)))


def signals(by_words: float, alike: float, elsewhere: float, *, is_asked: bool) -> Signals:
    """From the confidence that the words give, and the likeness of the article and of what is elsewhere; `is_asked`: the article
    has questions of its own."""
    known = min(max(by_words, _LEAST_EVIDENCE), 1 - _LEAST_EVIDENCE)
    margin = alike - elsewhere + (0.0 if is_asked else UNASKED)
    return 1.0, math.log(known / (1 - known)), alike, min(max(margin, -_MARGIN), _MARGIN)


class Sighted(PolicyIndex):
    """An index that knows what some questions mean, and looks up all others by words alone."""

    def __init__(self, index: PolicyIndex, meanings: Meanings, vectors: Mapping[str, array[float]]) -> None:
        """`vectors` by the question as it is looked up."""
        self.__dict__.update(index.__dict__)
        self._meanings = meanings
        self._vectors = vectors

    def look_up(self, question: str, limit: int = 3) -> LookUp:
        """See `PolicyIndex`."""
        vector = self._vectors.get(question)
        like = None if vector is None else self._meanings.likeness(vector)
        if like is None:
            return super().look_up(question, limit)
        return fuse(super().look_up(question, max(limit, LOOKED_THROUGH)), like, self._meanings, limit)


class Listening(PolicyIndex):
    """An index that tells of each question that it is asked: so it is known beforehand which ones want a vector."""

    def __init__(self, index: PolicyIndex, hear: Callable[[str], None]) -> None:
        self.__dict__.update(index.__dict__)
        self._hear = hear

    def look_up(self, question: str, limit: int = 3) -> LookUp:
        """See `PolicyIndex`."""
        self._hear(question)
        return super().look_up(question, limit)


def packed(vector: Sequence[float]) -> Vector:
    """A vector of any length as small numbers: a quarter of the space, and next to nothing lost."""
    size = math.sqrt(sum(value * value for value in vector))
    if not size or not math.isfinite(size):
        raise ValueError("no direction")
    largest = max(map(abs, vector))
    values = bytes(array("b", (round(127 * value / largest) for value in vector)))
    return Vector(values, largest / size / 127)
