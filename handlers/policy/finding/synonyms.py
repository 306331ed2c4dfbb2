"""Groups of words that may stand for each other when a question is looked up: people's own beside the regulations'.

They are hints for finding, never facts: no answer quotes them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ahocorasick_rs import AhoCorasick

from handlers.policy.normalise import fold

SHIPPED = ("synonyms.toml", "synonyms_campus.toml")
"""First what the digest's readers say, then what a college's regulations of any kind are asked in."""


@dataclass(frozen=True, slots=True)
class Group:
    """Words that stand for each other; with `means`, they stand for that word, and it does not stand for them."""

    words: tuple[str, ...]
    means: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A word of a group in a question: where it stands in the folded text, and which group it is."""

    begin: int
    end: int
    group: int


class Synonyms:
    """Groups of words, folded. A word may be in several groups."""

    def __init__(self, groups: Iterable[Group] = ()) -> None:
        self.groups = tuple(groups)
        self._wanted = tuple(
            tuple(dict.fromkeys(map(_folded, (*group.words, group.means) if group.means else group.words)))
            for group in self.groups
        )
        self._of: dict[str, list[int]] = {}
        for number, group in enumerate(self.groups):
            for word in dict.fromkeys(map(_folded, group.words)):
                self._of.setdefault(word, []).append(number)
        self._words = [word for word in self._of if word]
        self._automaton = AhoCorasick(self._words)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Synonyms) and self.groups == other.groups

    def __hash__(self) -> int:
        return hash(self.groups)

    def found_in(self, folded: str) -> list[Match]:
        """Every word of a group that stands in a folded text, also where two overlap."""
        found = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        return [Match(begin, end, group) for number, begin, end in found for group in self._of[self._words[number]]]

    def words_of(self, group: int) -> tuple[str, ...]:
        """The folded words by which a text speaks of what a group means."""
        return self._wanted[group]


def _folded(word: str) -> str:
    return fold(word).strip()


@cache
def shipped() -> Synonyms:
    """The groups that come with Steward."""
    groups = []
    for name in SHIPPED:
        content = tomllib.loads(files("handlers.policy.finding").joinpath(name).read_text(encoding="utf-8"))
        groups += [Group(tuple(entry["words"]), entry.get("means", "")) for entry in content["synonyms"]]
    return Synonyms(groups)


def with_shipped(groups: Iterable[Group]) -> Synonyms:
    """An admin's groups beside those that come with Steward."""
    return Synonyms((*shipped().groups, *groups))
