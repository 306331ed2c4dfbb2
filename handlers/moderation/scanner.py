"""All rules over one text: from words, combinations, expressions and detectors to hits."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import accumulate
from typing import NamedTuple, Self

from handlers.moderation.combinations import Part, alternatives, combine, needed
from handlers.moderation.detectors import Detectors, Known
from handlers.moderation.expressions import Expression, compile_expression
from handlers.moderation.matcher import Found, Matcher
from handlers.moderation.normalise import Folded, bare
from handlers.moderation.rule import Rule
from handlers.moderation.scope import UNKNOWN, Circumstances, counts

Span = tuple[int, int]


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


class _Use(IntEnum):
    WORD = 0
    ALLOW = 1
    PART = 2


class _Role(NamedTuple):
    """What a word in the automaton is to a rule, both by index. `combination` and `part` say which, for parts."""

    rule: int
    use: _Use
    combination: int = 0
    part: int = 0


class _Cover:
    """Spans of allow-words, asked whether one of them holds another span."""

    def __init__(self, spans: Iterable[Span]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._reach = list(accumulate((end for _, end in ordered), max))

    def covers(self, span: Span) -> bool:
        before = bisect_right(self._starts, span[0])
        return before > 0 and self._reach[before - 1] >= span[1]


_NO_COVER = _Cover(())
_NOTHING_KNOWN = Known()
_NOTHING: tuple[dict[int, list[Span]], dict[int, list[Part]], dict[int, _Cover]] = ({}, {}, {})


class Scanner:
    """The effective rule set. Building one takes milliseconds; it never changes and holds no state between texts."""

    def __init__(self, rules: Sequence[Rule], known: Known = _NOTHING_KNOWN) -> None:
        """`rules` are in order, as `load_rule_files` gives them; `known` is what the settings tell the detectors."""
        self.rules = tuple(rules)
        roles: dict[str, list[_Role]] = {}
        for number, rule in enumerate(self.rules):
            for word, role in _words(number, rule):
                uses = roles.setdefault(bare(word), [])
                if role not in uses:
                    uses.append(role)
        self._roles = tuple(tuple(uses) for uses in roles.values())
        self._matcher = Matcher(tuple(roles))
        self._expressions: tuple[tuple[int, Expression], ...] = tuple(
            (number, compile_expression(pattern))
            for number, rule in enumerate(self.rules)
            for pattern in rule.expressions
        )
        self._needed = tuple(needed(rule) for rule in self.rules)
        self._detectors = Detectors(self.rules, known)

    @classmethod
    def from_rules(cls, rules: Sequence[Rule], known: Known = _NOTHING_KNOWN) -> Self:
        """A scanner for these rules."""
        return cls(rules, known)

    def scan(self, text: str, circumstances: Circumstances | str | None = None) -> list[Hit]:
        """The hits in order of their spans, then of the rules; each rule at most once for a span.

        `circumstances` say which rules count; a text is the kind of the group; None: all rules count. Of the words
        and combinations of one rule that overlap, the leftmost counts, and the longest of those. A hit inside an
        allow-word of its rule is none. Takes any text, lone surrogates too.
        """
        folded = Folded(text)
        spans: dict[tuple[int, Span], str] = {}
        found = self._matcher.find(folded)
        words, parts, allowed = self._sorted(found, folded) if found else _NOTHING
        for number in {*words, *parts}:
            harmless = allowed.get(number, _NO_COVER)
            mine = [span for span in words.get(number, ()) if not harmless.covers(span)]
            free = [part for part in parts.get(number, ()) if not harmless.covers(part.span)]
            mine += combine(free, self._needed[number], self.rules[number].within)
            spans.update({(number, span): "" for span in _leftmost_longest(mine)})
        for number, expression in self._expressions:
            harmless = allowed.get(number, _NO_COVER)
            spans.update({(number, span): "" for span in expression.find(folded.readable) if not harmless.covers(span)})
        for detected in self._detectors.find(folded):
            span = (detected.start, detected.end)
            if not allowed.get(detected.rule, _NO_COVER).covers(span):
                spans[detected.rule, span] = detected.detector
        if not spans:
            return []
        where = Circumstances(kind=circumstances) if isinstance(circumstances, str) else circumstances or UNKNOWN
        return [
            Hit(self.rules[number], span, text[span[0] : span[1]], detector)
            for (number, span), detector in sorted(spans.items(), key=lambda item: (item[0][1], item[0][0]))
            if counts(self.rules[number], where)
        ]

    def _whole(self, seen: Collection[int]) -> set[tuple[int, int]]:
        """The combinations, by rule and number, of which enough parts are among the words that were seen."""
        parts: dict[tuple[int, int], set[int]] = defaultdict(set)
        for word in seen:
            for role in self._roles[word]:
                if role.use is _Use.PART:
                    parts[role.rule, role.combination].add(role.part)
        return {one for one, found in parts.items() if len(found) >= self._needed[one[0]][one[1]]}

    def _sorted(
        self, found: Sequence[Found], folded: Folded
    ) -> tuple[dict[int, list[Span]], dict[int, list[Part]], dict[int, _Cover]]:
        """Words, parts of combinations, and what allow-words cover, by rule."""
        words: dict[int, list[Span]] = defaultdict(list)
        parts: dict[int, list[Part]] = defaultdict(list)
        allowed: dict[int, list[Span]] = defaultdict(list)
        seen = {one.word for one in found}
        whole = self._whole(seen)
        roles = {
            word: [
                role
                for role in self._roles[word]
                if role.use is not _Use.PART or (role.rule, role.combination) in whole
            ]
            for word in seen
        }
        for one in found:
            mine = roles[one.word]
            if not mine:
                continue
            span = folded.span(one.start, one.end)
            for role in mine:
                if role.use is _Use.WORD:
                    words[role.rule].append(span)
                elif role.use is _Use.ALLOW:
                    allowed[role.rule].append(span)
                else:
                    parts[role.rule].append(Part(role.combination, role.part, one.start, one.end, span))
        return words, parts, {number: _Cover(covering) for number, covering in allowed.items()}


def _words(number: int, rule: Rule) -> Iterable[tuple[str, _Role]]:
    for word in rule.words:
        yield word, _Role(number, _Use.WORD)
    for word in rule.allow:
        yield word, _Role(number, _Use.ALLOW)
    for combination, words in enumerate(rule.combinations):
        for part, word in enumerate(dict.fromkeys(words)):
            for alternative in alternatives(word):
                yield alternative, _Role(number, _Use.PART, combination, part)


def _leftmost_longest(spans: Iterable[Span]) -> list[Span]:
    chosen: list[Span] = []
    for span in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not chosen or span[0] >= chosen[-1][1]:
            chosen.append(span)
    return chosen
