"""What rules would have caught: replayed over excerpts that were kept, an own file of samples, and examples."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from handlers.moderation.building import scanner_for
from handlers.moderation.excused import serious
from handlers.moderation.rule import Rule
from handlers.moderation.scanner import Scanner
from handlers.moderation.scope import UNKNOWN, Circumstances
from handlers.settings import ModerationSettings

LONGEST = 20_000
"""Characters of a sample that are looked at."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A text, and what it was written under; `origin` names it for people."""

    text: str
    origin: str
    circumstances: Circumstances = UNKNOWN


@dataclass(frozen=True, slots=True)
class Difference:
    """What a change of rules does to samples: those that fire only after it, and only before it."""

    total: int
    more: tuple[Sample, ...]
    fewer: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class Mistaken:
    """An example that does not do what it should under the rules as they are."""

    rule: Rule
    text: str
    should_fire: bool
    by: tuple[Rule, ...] = ()
    """The rules that fire on what should stay quiet."""


def compare(
    samples: Iterable[Sample], before: Sequence[Rule], after: Sequence[Rule], settings: ModerationSettings
) -> Difference:
    """What changes when the rules `before` become the rules `after`. Rules that stay need not be given."""
    was, will = scanner_for(before, settings), scanner_for(after, settings)
    total, more, fewer = 0, [], []
    for sample in samples:
        total += 1
        fired, fires = is_caught(was, sample), is_caught(will, sample)
        if fires and not fired:
            more.append(sample)
        elif fired and not fires:
            fewer.append(sample)
    return Difference(total, tuple(more), tuple(fewer))


def is_caught(scanner: Scanner, sample: Sample) -> bool:
    """Something in the sample is held against whoever wrote it."""
    return bool(caught_by(scanner, sample))


def caught_by(scanner: Scanner, sample: Sample) -> tuple[Rule, ...]:
    """The rules that fire on a sample, questions and warnings excused; each once."""
    text = sample.text[:LONGEST]
    return tuple(dict.fromkeys(hit.rule for hit in serious(text, scanner.scan(text, sample.circumstances))))


def mistaken_examples(scanner: Scanner, of: Iterable[Rule]) -> list[Mistaken]:
    """The examples of these rules that do not do what they should: the rule itself must fire on `fire`, no rule of the
    scanner on `quiet`. Scopes do not count: an example names no place.
    """
    found: list[Mistaken] = []
    for rule in of:
        found += [
            Mistaken(rule, text, should_fire=True)
            for text in rule.examples.fire
            if rule not in caught_by(scanner, Sample(text, ""))
        ]
        for text in rule.examples.quiet:
            by = caught_by(scanner, Sample(text, ""))
            if by:
                found.append(Mistaken(rule, text, should_fire=False, by=by))
    return found
