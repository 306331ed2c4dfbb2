"""All rules over one text: from words, combinations, expressions and detectors to hits."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import NamedTuple, Self

from handlers.moderation import occurrences
from handlers.moderation.boundary import stands_alone
from handlers.moderation.combinations import Part, combine, needed
from handlers.moderation.detectors import Detectors, Known
from handlers.moderation.expressions import Expression, Expressions, compile_expression
from handlers.moderation.normalise import LAST_MARK, Folded
from handlers.moderation.occurrences import MOST_PLACES, Occurrence, Span
from handlers.moderation.passes import in_order
from handlers.moderation.passes.characters import seen_through
from handlers.moderation.passes.homophones import wins_over
from handlers.moderation.passes.numerals import with_digits
from handlers.moderation.rule import Rule, Scope
from handlers.moderation.scope import Circumstances, counts
from handlers.moderation.vocabulary import ALLOW, PART, WORD, Vocabulary
from handlers.moderation.wording import reading
from handlers.moderation.wording.reading import Reading


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that fired on a part of a text.

    `span` counts code points of the original text and `matched` is that slice, disguise included. `detector` names
    the detector that found it; empty: words, a combination or an expression did. `word` is the rule's word as it is
    written there, the words of a combination are joined by `+`; empty: something else found it. `passes` are the
    disguises that were seen through, of handlers/moderation/passes.
    """

    rule: Rule
    span: Span
    matched: str
    detector: str = ""
    word: str = ""
    passes: tuple[str, ...] = ()

    @property
    def is_data(self) -> bool:
        """It shows itself by its form, a number or a mark, and counts whatever is said around it."""
        return bool(self.detector) and self.detector != reading.DETECTOR


class _Found(NamedTuple):
    """What will be a hit of a rule."""

    span: Span
    passes: frozenset[str] = frozenset()
    word: str = ""
    detector: str = ""

    @property
    def rank(self) -> tuple[int, int, int]:
        """Leftmost first, then longest, then with the fewest passes."""
        return self.span[0], -self.span[1], len(self.passes)


class _Cover:
    """Spans of allow-words, asked whether one of them holds another span, or shares a part of it."""

    def __init__(self, spans: Iterable[Span]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._reach = list(accumulate((end for _, end in ordered), max))

    def covers(self, span: Span) -> bool:
        before = bisect_right(self._starts, span[0])
        return before > 0 and self._reach[before - 1] >= span[1]

    def touches(self, span: Span) -> bool:
        before = bisect_left(self._starts, span[1])
        return before > 0 and self._reach[before - 1] > span[0]


_NOTHING_KNOWN = Known()
_BEYOND_WORDS = frozenset(("split", "pinyin", "initials", "homophones", "reversed"))
"""What is written so stands in no dictionary, so there are no words that it could be part of."""
_OF_DIGITS = frozenset(("width", "digits", "styles"))


class Scanner:
    """The effective rule set. Building one takes milliseconds; it never changes and holds no state between texts."""

    def __init__(self, rules: Sequence[Rule], known: Known = _NOTHING_KNOWN) -> None:
        """`rules` are in order, as `load_rule_files` gives them; `known` is what the settings tell the detectors."""
        self.rules = tuple(rules)
        self._detectors = Detectors(self.rules, known)
        self._vocabulary = Vocabulary(self.rules, wants_numerals=self._detectors.wants_numerals)
        self._expressions: tuple[tuple[int, Expression], ...] = tuple(
            (number, compile_expression(pattern))
            for number, rule in enumerate(self.rules)
            for pattern in rule.expressions
        )
        self._any_expression = Expressions([expression for _, expression in self._expressions])
        self._needed = tuple(needed(rule) for rule in self.rules)
        self._reading = Reading(self.rules)
        self._scoped = any(rule.scope != Scope() for rule in self.rules)

    @classmethod
    def from_rules(cls, rules: Sequence[Rule], known: Known = _NOTHING_KNOWN) -> Self:
        """A scanner for these rules."""
        return cls(rules, known)

    def scan(self, text: str, circumstances: Circumstances | str | None = None) -> list[Hit]:
        """The hits in order of their spans, then of the rules; each rule at most once for a span.

        `circumstances` say which rules count; a text is the kind of the group; None: all rules count. Of the words
        and combinations of one rule that overlap, the leftmost counts, and the longest of those. A hit inside an
        allow-word of its rule is none. Takes any text, lone surrogates too; of one that no message can be, with thousands
        of places that need a closer look, the first thousands are looked at.
        """
        folded = Folded(text)
        words, has_numerals = occurrences.find(folded, self._vocabulary)
        forms = self._of_forms(folded, has_numerals)
        parts = self._reading.parts(folded) if self._reading.finds else None
        if parts:
            read = self._reading.find(folded, parts)
            forms += [(number, _Found(span, detector=reading.DETECTOR)) for number, span in read]
        if not forms and all(one.role.use is ALLOW for one in words):
            return []
        found = self._counting(words, forms, folded)
        if found and self._reading.doubts:
            parts = self._reading.parts(folded) if parts is None else parts
            found = {
                (number, span): one
                for (number, span), one in found.items()
                if one.detector or not self._reading.is_harmless(number, span, folded, parts)
            }
        if self._scoped and circumstances is not None:
            where = Circumstances(kind=circumstances) if isinstance(circumstances, str) else circumstances
            here = {number: counts(self.rules[number], where) for number in {number for number, _ in found}}
            found = {key: one for key, one in found.items() if here[key[0]]}
        return [
            Hit(self.rules[number], span, text[span[0] : span[1]], one.detector, one.word, in_order(one.passes))
            for (number, span), one in sorted(found.items(), key=_by_span)
        ]

    def _counting(
        self, words: Sequence[Occurrence], forms: Sequence[tuple[int, _Found]], folded: Folded
    ) -> dict[tuple[int, Span], _Found]:
        """What counts of all that was found, by rule and span: no allow-word covers it, nothing longer has it in it."""
        by_rule: dict[int, list[Occurrence]] = {}
        for occurrence in words:
            by_rule.setdefault(occurrence.role.rule, []).append(occurrence)
        harmless: dict[int, _Cover] = {}
        found: dict[tuple[int, Span], _Found] = {}
        for number, mine in by_rule.items():
            allowing = [one.span for one in mine if one.role.use is ALLOW]
            if allowing:
                cover = harmless[number] = _Cover(allowing)
                mine = [one for one in mine if one.role.use is not ALLOW and not cover.covers(one.span)]
            if self.rules[number].boundary:
                mine = [one for one in mine if _stands(one, folded)]
            for one in self._of_words(number, mine, folded):
                found[number, one.span] = one
        for number, one in forms:
            near = harmless.get(number)
            if near is None or not (near.touches if one.detector == reading.DETECTOR else near.covers)(one.span):
                found[number, one.span] = one
        return found

    def _of_words(self, number: int, free: Sequence[Occurrence], folded: Folded) -> list[_Found]:
        """The words and combinations of one rule that count, of those that no allow-word covers."""
        sure = [one for one in free if not one.is_doubtful]
        if len(sure) < len(free) and (sure or wins_over(folded.readable)):
            sure = list(free)
        mine = [_Found(one.span, one.passes, one.role.word) for one in sure if one.role.use is WORD]
        if self._needed[number]:
            parts: dict[int, list[Occurrence]] = defaultdict(list)
            for one in free:
                if one.role.use is PART:
                    parts[one.role.combination].append(one)
            for combination, theirs in parts.items():
                mine += self._combined(number, combination, theirs)
        return _leftmost_longest(mine) if len(mine) > 1 else mine

    def _combined(self, number: int, combination: int, parts: Sequence[Occurrence]) -> Iterator[_Found]:
        ordered = sorted(parts, key=lambda one: one.span)
        begins = [one.span[0] for one in ordered]
        given = [Part(0, one.role.part, one.start, one.end, one.span) for one in parts]
        for span in combine(given, self._needed[number][combination : combination + 1], self.rules[number].within):
            chosen: dict[int, Occurrence] = {}
            for one in ordered[bisect_left(begins, span[0]) : bisect_left(begins, span[1])]:
                known = chosen.get(one.role.part)
                if one.span[1] <= span[1] and (known is None or len(one.passes) < len(known.passes)):
                    chosen[one.role.part] = one
            passes = frozenset[str]().union(*(one.passes for one in chosen.values()))
            yield _Found(span, passes, "+".join(chosen[part].role.word for part in sorted(chosen)))

    def _of_forms(self, folded: Folded, has_numerals: bool) -> list[tuple[int, _Found]]:
        """What expressions and detectors find, by the rule."""
        allowed = self._vocabulary.allowed
        found: list[tuple[int, _Found]] = []
        for place in self._any_expression.matching(folded.readable) if self._expressions else ():
            number, expression = self._expressions[place]
            for span in islice(expression.find(folded.readable), MOST_PLACES):
                passes = _seen_in(folded, span)
                if passes <= allowed[number]:
                    found.append((number, _Found(span, passes)))
        digits = with_digits(folded.form, folded.text) if has_numerals else None
        for detection in self._detectors.find(folded, digits)[:MOST_PLACES]:
            span = (detection.start, detection.end)
            passes = (_seen_in(folded, span) & _OF_DIGITS) | frozenset(detection.passes)
            if passes <= allowed[detection.rule]:
                found.append((detection.rule, _Found(span, passes, detector=detection.detector)))
        return found


def _stands(occurrence: Occurrence, folded: Folded) -> bool:
    return not _BEYOND_WORDS.isdisjoint(occurrence.passes) or stands_alone(folded.text, occurrence.span)


def _by_span(found: tuple[tuple[int, Span], _Found]) -> tuple[Span, int]:
    return found[0][1], found[0][0]


def _seen_in(folded: Folded, span: Span) -> frozenset[str]:
    """The passes by which the letters and digits there have the form that they have."""
    pairs = [
        (written, form)
        for written, form in zip(folded.text[slice(*span)], folded.form[slice(*span)], strict=True)
        if form > LAST_MARK and form != written
    ]
    return seen_through(*map("".join, zip(*pairs, strict=True))) if pairs else frozenset()


def _leftmost_longest(found: Iterable[_Found]) -> list[_Found]:
    chosen: list[_Found] = []
    for one in sorted(found, key=lambda one: one.rank):
        if not chosen or one.span[0] >= chosen[-1].span[1]:
            chosen.append(one)
    return chosen
