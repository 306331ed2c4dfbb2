"""All words of all rules, laid out so that one look at a text finds every one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from handlers.moderation.combinations import alternatives, needed
from handlers.moderation.matcher import has_latin_end
from handlers.moderation.normalise import SENTENCE_END, Folded
from handlers.moderation.passes import DEFAULT_PASSES, numerals, repeats, split
from handlers.moderation.passes.homophones import Homophones
from handlers.moderation.passes.initials import initial_forms
from handlers.moderation.passes.pinyin import Pinyin
from handlers.moderation.passes.reversal import reversed_form
from handlers.moderation.rule import Rule

_NONE: frozenset[str] = frozenset()
_REVERSED, _INITIALS = frozenset(("reversed",)), frozenset(("initials",))


class Use(IntEnum):
    """What a word is to its rule."""

    WORD = 0
    ALLOW = 1
    PART = 2


WORD, ALLOW, PART = Use
"""For comparisons: Python looks a name up in an enumeration ten times as slowly as in a module."""


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


Active = Mapping[int, Sequence[Role]] | Sequence[Sequence[Role]]
"""What a word is to the rules, by its index."""


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
        self._long = [
            number
            for number, (word, known) in enumerate(zip(self.words, self.roles, strict=True))
            if len(word) > 1 and not all(role.needs for role in known)
        ]
        patterns, self.triggers = self._triggers(wants_numerals)
        known = [*self.words, *patterns]
        self.automaton = AhoCorasick(known) if known else None
        drawn = ((number, repeats.without_runs(self.words[number])) for number in self._with("repeats"))
        doubled = [(number, word) for number, word in drawn if len(word) < len(self.words[number])]
        self.doubled_words = tuple(number for number, _ in doubled)
        self.doubled = AhoCorasick([word for _, word in doubled]) if doubled else None
        spelled, sounding = self._with("pinyin"), self._with("homophones")
        self.pinyin = Pinyin(self.words, spelled) if spelled else None
        self.homophones = Homophones(self.words, sounding) if sounding else None
        self._needed = tuple(map(needed, rules))
        self._parts = {number: parts for number, known in enumerate(self.roles) if (parts := _parts(known))}
        self._alone = tuple(
            tuple(role for role in known if role.use is not PART) if number in self._parts else known
            for number, known in enumerate(self.roles)
        )

    def _collect(self, rules: Sequence[Rule]) -> dict[str, list[Role]]:
        roles: dict[str, list[Role]] = {}
        for number, rule in enumerate(rules):
            allowed = self.allowed[number]
            for plain, role in _plain_roles(number, rule):
                for form, found in _forms(plain, role, allowed):
                    known = roles.setdefault(form, [])
                    if found not in known:
                        known.append(found)
        return roles

    def _with(self, name: str) -> list[int]:
        """The indexes of the words of two or more characters whose rules allow this pass."""
        having = {number for number, allowed in enumerate(self.allowed) if name in allowed}
        if len(having) == len(self.allowed):
            return self._long
        return [number for number in self._long if any(role.rule in having for role in self.roles[number])]

    def _triggers(self, wants_numerals: bool) -> tuple[list[str], tuple[Trigger, ...]]:
        repeating = set[str]().union(*(self.words[number] for number in self._with("repeats")))
        found = [(character * 2, Trigger.REPEATS) for character in sorted(repeating) if not character.isdecimal()]
        found += [(parts, Trigger.SPLIT) for parts in split.triggers(self.words[one] for one in self._with("split"))]
        if wants_numerals:
            found += [(pair, Trigger.NUMERALS) for pair in numerals.TRIGGERS]
        return [pattern for pattern, _ in found], tuple(trigger for _, trigger in found)

    def active(self, seen: Iterable[int]) -> Active:
        """What the words that were seen are to the rules; parts only of combinations of which enough were seen."""
        if not self._parts:
            return self.roles
        seen = set(seen)
        found: dict[tuple[int, int], int] = {}
        for word in seen & self._parts.keys():
            for combination, bit in self._parts[word]:
                found[combination] = found.get(combination, 0) | bit
        whole = {one for one, bits in found.items() if bits.bit_count() >= self._needed[one[0]][one[1]]}
        if not whole:
            return self._alone
        return {
            word: [role for role in self.roles[word] if role.use is not PART or (role.rule, role.combination) in whole]
            for word in seen
        }


def _parts(roles: Iterable[Role]) -> tuple[tuple[tuple[int, int], int], ...]:
    """Of which combinations a word is a part, and which part, as a bit."""
    return tuple(((role.rule, role.combination), 1 << role.part) for role in roles if role.use is PART)


def _plain_roles(number: int, rule: Rule) -> Iterator[tuple[str, Role]]:
    """The rule's words in their bare form, and what they are to it."""
    words = [(WORD, 0, 0, word) for word in rule.words] + [(ALLOW, 0, 0, word) for word in rule.allow]
    for combination, parts in enumerate(rule.combinations):
        for part, choice in enumerate(dict.fromkeys(parts)):
            words += [(PART, combination, part, word) for word in alternatives(choice)]
    forms = _bare_forms([word for *_, word in words])
    for (use, combination, part, word), (plain, visible) in zip(words, forms, strict=True):
        if plain:
            yield plain, Role(number, use, combination, part, word, visible)


def _bare_forms(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each word in its bare form, and those of its characters that this form has. All of them are folded at once."""
    forms = Folded("\n".join(words)).form.split(SENTENCE_END)
    for word, form in zip(words, forms if len(forms) == len(words) else words, strict=True):
        if form.isalnum() and len(forms) == len(words):
            yield (word if form == word else form), word
        else:
            folded = Folded(word)
            yield folded.bare, "".join(word[place] for place in folded.places)


def _forms(plain: str, role: Role, allowed: frozenset[str]) -> Iterable[tuple[str, Role]]:
    """The bare forms in which a word is looked for, each with what it is then."""
    yield plain, role
    if len(plain) < 2 or role.use is ALLOW:
        return
    if "reversed" in allowed and (backwards := reversed_form(plain)) is not None:
        yield backwards, role._replace(visible=role.visible[::-1], needs=_REVERSED)
    if "initials" in allowed:
        for form in initial_forms(plain):
            yield form, role._replace(visible=form, needs=_INITIALS)
