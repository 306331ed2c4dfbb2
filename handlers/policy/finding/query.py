"""A question as the index sees it: its grams, words of the same meaning, and the facets that it wants."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from heapq import nlargest

from handlers.policy.finding.bm25 import Bm25, rarity
from handlers.policy.finding.facets import wanted
from handlers.policy.finding.synonyms import Synonyms
from handlers.policy.normalise import grams, tokens

MOST_GRAMS = 100
"""Of a long message only the rarest count: they say what it is about, and the others take long to look up."""
LEAST_TEXTS = 50
"""A regulation of a few articles is taken for one of so many: what each of its articles speaks of is no common word for that."""
COMMON = 1000
"""A gram that more texts have than this says little about any of them, and takes long to look up: it counts for those alone that
the others bring forward."""
_LEAST_RARE = 4
"""Unless fewer others are left."""
MEANING = 2.5
"""What an article counts for having a word of the same meaning, in rarities of that meaning."""
FACET = 0.7
"""What it counts for having what the question wants."""
_BY_MEANING = 0.8
"""How much of a word is covered by another that means the same."""


@dataclass(frozen=True, slots=True)
class _Meaning:
    """A group of synonyms that the question has a word of."""

    value: float
    """Its rarity, and that of the question's word at most."""
    having: frozenset[int]
    """The texts that have a word of it."""
    own: frozenset[str]
    """The grams that it covers in the question."""


class Rarities(dict[str, float]):
    """How rare a gram is where it is commonest, in texts or in questions; reckoned once of each that stands anywhere.

    What people say in any question (能不能) is no rare word because regulations do without it.
    """

    def __init__(self, texts: Bm25, asked: Bm25) -> None:
        super().__init__()
        self._texts = texts
        self._asked = asked
        self.most = rarity(max(_population(texts), asked.size), 0)
        """The rarity of a word that stands nowhere."""

    def __missing__(self, gram: str) -> float:
        in_texts, in_questions = self._texts.count(gram), self._asked.count(gram)
        if not in_texts and not in_questions:
            return self.most  # and is not kept: people's words have no end
        found = min(
            rarity(population, count)
            for population, count in ((_population(self._texts), in_texts), (self._asked.size, in_questions))
            if count
        )
        self[gram] = found
        return found


class Query:
    """One question against one index. `text` is folded and without courtesies."""

    def __init__(self, text: str, synonyms: Synonyms, texts: Bm25, asked: Bm25, rarities: Rarities) -> None:
        self.text = text
        self._texts = texts
        self._asked = asked
        self.grams = dict.fromkeys(grams(text)).keys()  # in order, so that sums are the same in every process
        self.length = sum(len(run) for run in tokens(text))
        """Tokens."""
        self.rarest = rarities.most
        """The rarity of a word that stands nowhere."""
        self.rarity = rarities.__getitem__
        """Of any gram, also of another question's."""
        self._rarities = {gram: rarities[gram] for gram in self.grams}
        self._standing = [
            (gram, value, texts.having(gram), asked.having(gram)) for gram, value in self._rarities.items()
        ]
        """Each gram with its rarity and where it stands, so that it is not looked for again for every article."""
        known = [gram for gram in self.grams if texts.count(gram) or asked.count(gram)]
        self.weights = {
            gram: self._rarities[gram] for gram in nlargest(MOST_GRAMS, known, key=self._rarities.__getitem__)
        }
        """What each gram of the question counts."""
        self._meanings = self._look_for_meanings(synonyms)
        self._facets = wanted(text)
        facets = {facet: FACET * rarity(_population(texts), texts.count(facet)) for facet in self._facets}
        self._common = self._find_common({**self.weights, **facets})
        """Grams that are left to `complete`, with what they count."""
        self._for_questions = {gram: value for gram, value in self.weights.items() if gram not in self._common}
        self._for_texts = {
            gram: value for gram, value in {**self.weights, **facets}.items() if gram not in self._common
        }

    def _find_common(self, weights: Mapping[str, float]) -> dict[str, float]:
        counts = {gram: max(self._texts.count(gram), self._asked.count(gram)) for gram in weights}
        rare_first = sorted(weights, key=lambda gram: (counts[gram], gram))
        return {gram: weights[gram] for gram in rare_first[_LEAST_RARE:] if counts[gram] > COMMON}

    def _look_for_meanings(self, synonyms: Synonyms) -> list[_Meaning]:
        """The groups of synonyms that the question has a word of, and some text too."""
        places: dict[int, set[int]] = {}
        for match in synonyms.found_in(self.text):
            places.setdefault(match.group, set()).update(range(match.begin, match.end))
        found = []
        for group, its_places in places.items():
            having: set[int] = set()
            for word in synonyms.words_of(group):
                having.update(self._having(word))
            if having:
                own = frozenset(grams("".join(self.text[place] for place in sorted(its_places))))
                bound = max((self._rarities.get(gram, 0.0) for gram in own), default=0.0)
                value = min(rarity(_population(self._texts), len(having)), bound)
                found.append(_Meaning(value, frozenset(having), own))
        return found

    def _having(self, word: str) -> Sequence[int] | set[int]:
        """The texts that have all pairs of a word."""
        units = grams(word)
        pairs = [gram for gram in units if "\x1f" in gram] or units
        rarest_first = sorted(pairs, key=self._texts.count)
        if len(rarest_first) == 1:
            return self._texts.having(rarest_first[0])
        found = set(self._texts.having(rarest_first[0])) if rarest_first else set()
        for gram in rarest_first[1:]:
            if not found:
                break
            found.intersection_update(self._texts.having(gram))
        return found

    def scores_of_texts(self) -> list[float]:
        """The score of every article's own text, by its number; without common grams, which `complete` adds."""
        totals = self._texts.scores(self._for_texts)
        for meaning in self._meanings:
            for number in meaning.having:
                totals[number] += MEANING * meaning.value
        return totals

    def scores_of_questions(self) -> list[float]:
        """The same for what people ask."""
        return self._asked.scores(self._for_questions)

    @property
    def has_common(self) -> bool:
        """There is something to complete."""
        return bool(self._common)

    def complete(self, number: int) -> tuple[float, float]:
        """What common grams add to the score of a text, and to that of what people ask about it."""
        return self._texts.score(self._common, number), self._asked.score(self._common, number)

    def meant(self, number: int) -> float:
        """What words of the same meaning count for a text."""
        return sum(meaning.value for meaning in self._meanings if number in meaning.having)

    def lacks(self, number: int, facets: Set[str]) -> int:
        """How many of these facets the question wants and the text has not."""
        alone = range(number, number + 1)
        return sum(facet in facets and not self._texts.is_among(facet, alone) for facet in self._facets)

    @cached_property
    def _whole(self) -> float:
        return sum(self._rarities.values()) or 1.0

    def cover_by_texts(self, numbers: range) -> float:
        """The share of the question that one of these texts has word for word."""
        covered = 0.0
        for _, value, places, _ in self._standing:
            at = bisect_left(places, numbers.start)
            if at < len(places) and places[at] < numbers.stop:
                covered += value
        return covered / self._whole

    def cover(self, number: int) -> float:
        """The share of the question that a text, what people ask about it, or a word of the same meaning speaks of."""
        meant = {gram for meaning in self._meanings if number in meaning.having for gram in meaning.own}
        covered = 0.0
        for gram, value, places, asked in self._standing:
            if _stands_in(number, places) or _stands_in(number, asked):
                covered += value
            elif gram in meant:
                covered += value * _BY_MEANING
        return covered / self._whole


def _stands_in(number: int, places: Sequence[int]) -> bool:
    at = bisect_left(places, number)
    return at < len(places) and places[at] == number


def _population(texts: Bm25) -> int:
    return max(texts.size, LEAST_TEXTS)
