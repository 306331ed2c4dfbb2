"""From the rules that fired on one message to who hears of it. One message has one consequence (`ladder.py` says whose)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import reduce

from handlers.moderation.ladder import hearers
from handlers.moderation.rule import Rule

_NO_REPEATS: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True)
class Consequence:
    """Of which rules who hears. `|` merges two: in any order it gives the same, and merging one with itself changes
    nothing."""

    recorded: frozenset[Rule] = frozenset()
    sender: frozenset[Rule] = frozenset()
    owner: frozenset[Rule] = frozenset()
    head: frozenset[Rule] = frozenset()
    admins: frozenset[Rule] = frozenset()
    ding: frozenset[Rule] = frozenset()
    public: frozenset[Rule] = frozenset()
    """Of these an admin may let a word be posted in the group."""

    def __or__(self, other: Consequence) -> Consequence:
        return Consequence(*(getattr(self, one.name) | getattr(other, one.name) for one in fields(self)))

    def of(self, hearer: str) -> frozenset[Rule]:
        """The rules of which this one hears: `sender`, `owner`, …"""
        found: frozenset[Rule] = getattr(self, hearer)
        return found


def consequence(rule: Rule, repeats: int = 0) -> Consequence:
    """What follows when this one rule fires, after so many words about its category."""
    this: frozenset[Rule] = frozenset((rule,))
    return Consequence(this, **dict.fromkeys(hearers(rule, repeats), this))


def merged(rules: Iterable[Rule], repeats: Mapping[str, int] = _NO_REPEATS) -> Consequence:
    """What follows when these rules fire on one message. `repeats` goes by category."""
    found = (consequence(rule, repeats.get(rule.category, 0)) for rule in rules)
    return reduce(Consequence.__or__, found, Consequence())
