"""All words of all rules, laid out so that one look at a text finds every one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import IntEnum
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from handlers.moderation.combinations import alternatives
from handlers.moderation.matcher import has_latin_end
from handlers.moderation.normalise import Folded, bare
from handlers.moderation.passes import DEFAULT_PASSES, numerals, repeats, split
from handlers.moderation.passes.homophones import Homophones
from handlers.moderation.passes.initials import initial_forms
from handlers.moderation.passes.pinyin import Pinyin
from handlers.moderation.passes.reversal import reversed_form
from handlers.moderation.rule import Rule

_NONE: frozenset[str] = frozenset()


class Use(IntEnum):
    """What a word is to its rule."""

    WORD = 0
    ALLOW = 1
    PART = 2


class Role(NamedTuple):
    """A word in a rule, by the rule's index; `combination` and `part` say which, for parts of combinations.

    `word` is as the rule has it, `visible` that without marks, in the form that is looked for: backwards, say, which
    `needs` then names as a pass.
    """

    rule: int
    use: Use
    combination: int
    part: int
    word: str
    visible: str
    needs: frozenset[str] = _NONE


class Trigger(IntEnum):
    """What a pattern that is no word tells of the text: which pass is worth while."""

    REPEATS = 0
    SPLIT = 1
    NUMERALS = 2


class Vocabulary:
    """The words of a set of rules. Never changes and holds no state between texts.

    `automaton` has the words first, in the order of `roles`, then the triggers, in the order of `triggers`.
    `doubled` has the words that have a character twice in a row, drawn together; `doubled_words` are their indexes.
    """

    def __init__(self, rules: Sequence[Rule], *, wants_numerals: bool = False) -> None:
        """`wants_numerals`: some detector of these rules reads Chinese numerals."""
        self.allowed = tuple(frozenset(rule.passes or DEFAULT_PASSES) for rule in rules)
        roles = self._collect(rules)
        self.words: tuple[str, ...] = tuple(roles)
        self.roles = tuple(map(tuple, roles.values()))
        self.is_latin = tuple(map(has_latin_end, self.words))
        patterns, self.triggers = self._triggers(wants_numerals)
        known = [*self.words, *patterns]
        self.automaton = AhoCorasick(known) if known else None
        doubled = [
            (number, drawn)
            for number, word in self._with("repeats")
            if len(drawn := repeats.without_runs(word)) < len(word)
        ]
        self.doubled_words = tuple(number for number, _ in doubled)
        self.doubled = AhoCorasick([drawn for _, drawn in doubled]) if doubled else None
        spelled, sounding = list(self._with("pinyin")), list(self._with("homophones"))
        self.pinyin = Pinyin(spelled) if spelled else None
        self.homophones = Homophones(sounding) if sounding else None
        self.has_parts = any(rule.combinations for rule in rules)

    def _collect(self, rules: Sequence[Rule]) -> dict[str, list[Role]]:
        roles: dict[str, list[Role]] = {}
        for number, rule in enumerate(rules):
            allowed = self.allowed[number]
            for role in _plain_roles(number, rule):
                for form, found in _forms(role, allowed):
                    known = roles.setdefault(form, [])
                    if found not in known:
                        known.append(found)
        return roles

    def _with(self, name: str) -> Iterator[tuple[int, str]]:
        """The words of two or more characters, with their indexes, whose rules allow this pass."""
        for number, (word, roles) in enumerate(zip(self.words, self.roles, strict=True)):
            if len(word) > 1 and any(not role.needs and name in self.allowed[role.rule] for role in roles):
                yield number, word

    def _triggers(self, wants_numerals: bool) -> tuple[list[str], tuple[Trigger, ...]]:
        repeating = {character for _, word in self._with("repeats") for character in word if not character.isdecimal()}
        found = [(character * 2, Trigger.REPEATS) for character in sorted(repeating)]
        found += [(parts, Trigger.SPLIT) for parts in split.triggers(word for _, word in self._with("split"))]
        if wants_numerals:
            found += [(pair, Trigger.NUMERALS) for pair in numerals.TRIGGERS]
        return [pattern for pattern, _ in found], tuple(trigger for _, trigger in found)

    def active(self, seen: Collection[int], needed: Sequence[Sequence[int]]) -> dict[int, list[Role]]:
        """What the words that were seen are to the rules; parts only of combinations of which enough were seen."""
        parts: dict[tuple[int, int], set[int]] = defaultdict(set)
        for word in seen:
            for role in self.roles[word]:
                if role.use is Use.PART:
                    parts[role.rule, role.combination].add(role.part)
        whole = {one for one, found in parts.items() if len(found) >= needed[one[0]][one[1]]}
        return {
            word: [
                role for role in self.roles[word] if role.use is not Use.PART or (role.rule, role.combination) in whole
            ]
            for word in seen
        }


def _plain_roles(number: int, rule: Rule) -> Iterator[Role]:
    for word in rule.words:
        yield Role(number, Use.WORD, 0, 0, word, _visible(word))
    for word in rule.allow:
        yield Role(number, Use.ALLOW, 0, 0, word, _visible(word))
    for combination, words in enumerate(rule.combinations):
        for part, choice in enumerate(dict.fromkeys(words)):
            for word in alternatives(choice):
                yield Role(number, Use.PART, combination, part, word, _visible(word))


def _visible(word: str) -> str:
    folded = Folded(word)
    return word if len(folded.bare) == len(word) else "".join(word[place] for place in folded.places)


def _forms(role: Role, allowed: frozenset[str]) -> Iterable[tuple[str, Role]]:
    """The bare forms in which a word is looked for, each with what it is then."""
    plain = bare(role.word)
    yield plain, role
    if len(plain) < 2 or role.use is Use.ALLOW:
        return
    if "reversed" in allowed and (backwards := reversed_form(plain)) is not None:
        yield backwards, role._replace(visible=role.visible[::-1], needs=frozenset(("reversed",)))
    if "initials" in allowed:
        for form in initial_forms(plain):
            yield form, role._replace(visible=form, needs=frozenset(("initials",)))
