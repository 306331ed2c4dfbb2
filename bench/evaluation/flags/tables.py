"""The tables of content flags that `make eval` prints; `python -m bench.evaluation.flags.tables` prints them alone."""

from __future__ import annotations

from collections.abc import Iterator

from bench.evaluation.flags.measure import ASKED_FOR, Measured, measure, share
from bench.evaluation.flags.sets import Part, negatives, positives
from handlers.moderation.passes import NAMES
from handlers.moderation.rule import CATEGORIES
from handlers.moderation.rules import load_rule_files
from handlers.moderation.scanner import Scanner

PARTS: tuple[tuple[str, Part, tuple[str, ...]], ...] = (
    ("held out, last: by four hands who saw no rule, looked at once", "held_out", ("30", "31", "32", "33")),
    ("held out: by two hands who saw no rule, shares looked at while the model was made", "held_out", ("11", "12")),
    (
        "held out, first: by a hand who saw no rule, its shares looked at while rules were widened",
        "held_out",
        ("first",),
    ),
    ("fitted and tuned on", "dev", ("",)),
)
"""What each table is about, and whose messages; an empty name stands for all hands."""


def lines() -> Iterator[str]:
    """Figures of the shipped rules, for each part: in all, by technique, by category."""
    scanner = Scanner.from_rules(load_rule_files([]))
    for label, part, hands in PARTS:
        measured = measure(
            scanner,
            [message for hand in hands for message in positives(part, hand)],
            [message for hand in hands for message in negatives(part, hand)],
        )
        if measured.positives:
            yield from (f"### Content flags, {label}", "", *_all(measured), "", *_by_technique(measured), "")
            yield from (*_by_category(measured), "")


def _all(measured: Measured) -> Iterator[str]:
    matched = share(one.is_matched for one in measured.negatives)
    yield "| messages to be found | recall | by any rule | messages to be left in peace | flagged | … were it not for what is excused |"
    yield "|---|---|---|---|---|---|"
    usual = [one for one in measured.positives if one.message.technique not in ASKED_FOR]
    yield (
        f"| {len(usual)} | {measured.recall:.1%} | {share(one.is_flagged for one in usual):.1%} "
        f"| {len(measured.negatives)} | {measured.flagged:.1%} | {matched:.1%} |"
    )


def _by_technique(measured: Measured) -> Iterator[str]:
    yield "| technique | recall | messages |"
    yield "|---|---|---|"
    found = measured.recall_by(lambda message: message.technique)
    known = [name for name in ("plain", *NAMES) if name in found]
    for name in [*known, *sorted(found.keys() - set(known))]:
        right, count = found[name]
        asked = ", where a rule asks for it" if name in ASKED_FOR else ""
        yield f"| {name}{asked} | {right:.1%} | {count} |"


def _by_category(measured: Measured) -> Iterator[str]:
    yield "| category | recall | messages |"
    yield "|---|---|---|"
    found = measured.recall_by(lambda message: message.category)
    for name in CATEGORIES:
        right, count = found.get(name, (0.0, 0))
        yield f"| {name} | {right:.1%} | {count} |"


if __name__ == "__main__":
    for line in lines():
        print(line)
