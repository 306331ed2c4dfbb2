"""From the rules that fired on one message to who hears of it. One message has one consequence.

The ladder goes by the rule's state: what is observed is only recorded; of what is reminded the sender hears in
private; of what is enforced the group's owner and the main admins hear too. Owner and admins always hear of secrecy
and of unlawful content, unless the rule is only observed (articles 一.2, 五.2, 五.5). Nobody else ever does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

from handlers.moderation.rule import Rule

_GRAVE = ("secrecy", "unlawful")


@dataclass(frozen=True, slots=True)
class Consequence:
    """Of which rules who hears. `|` merges two: in any order it gives the same, and merging one with itself changes
    nothing."""

    recorded: frozenset[Rule] = frozenset()
    sender: frozenset[Rule] = frozenset()
    owner: frozenset[Rule] = frozenset()
    admins: frozenset[Rule] = frozenset()

    def __or__(self, other: Consequence) -> Consequence:
        return Consequence(
            self.recorded | other.recorded,
            self.sender | other.sender,
            self.owner | other.owner,
            self.admins | other.admins,
        )


def consequence(rule: Rule) -> Consequence:
    """What follows when this one rule fires."""
    this: frozenset[Rule] = frozenset((rule,))
    if rule.state == "observe":
        return Consequence(recorded=this)
    if rule.state == "enforce" or rule.category in _GRAVE:
        return Consequence(recorded=this, sender=this, owner=this, admins=this)
    return Consequence(recorded=this, sender=this)


def merged(rules: Iterable[Rule]) -> Consequence:
    """What follows when these rules fire on one message."""
    return reduce(Consequence.__or__, map(consequence, rules), Consequence())
