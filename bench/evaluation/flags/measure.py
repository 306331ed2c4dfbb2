"""What a scanner makes of the messages, as shares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bench.evaluation.flags.sets import Message
from handlers.moderation.excused import serious
from handlers.moderation.passes import NOT_BY_DEFAULT
from handlers.moderation.scanner import Scanner

ASKED_FOR = frozenset(NOT_BY_DEFAULT)
"""Disguises that only some rules see through: they are told apart, and do not count into the recall."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A message, whether a rule of its category found it, and whether any rule did, questions and warnings excused."""

    message: Message
    is_right: bool
    is_flagged: bool
    is_matched: bool
    """Some rule's words are in it, excused or not."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Shares between 0 and 1."""

    positives: tuple[Seen, ...]
    negatives: tuple[Seen, ...]

    @property
    def recall(self) -> float:
        """Of what must be found, without the disguises that rules have to ask for."""
        return share(one.is_right for one in self.positives if one.message.technique not in ASKED_FOR)

    @property
    def flagged(self) -> float:
        """Of what may not be held against anybody."""
        return share(one.is_flagged for one in self.negatives)

    def recall_by(self, key: Callable[[Message], str]) -> Mapping[str, tuple[float, int]]:
        """Share found and number of messages, by technique or category."""
        groups: dict[str, list[bool]] = defaultdict(list)
        for one in self.positives:
            groups[key(one.message)].append(one.is_right)
        return {name: (share(found), len(found)) for name, found in groups.items()}


def measure(scanner: Scanner, positives: Iterable[Message], negatives: Iterable[Message]) -> Measured:
    """Scan all of them, everywhere and at any time."""
    return Measured(
        tuple(_seen(scanner, message) for message in positives), tuple(_seen(scanner, one) for one in negatives)
    )


def share(found: Iterable[bool]) -> float:
    """Of how many it is so; 0 of none."""
    counted = list(found)
    return sum(counted) / len(counted) if counted else 0.0


def _seen(scanner: Scanner, message: Message) -> Seen:
    matched = scanner.scan(message.text)
    held = serious(message.text, matched)
    categories = {hit.rule.category for hit in held}
    return Seen(message, message.category in categories, bool(held), bool(matched))
