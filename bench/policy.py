"""How well questions find their articles, and how well what no article speaks of is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from handlers.policy.finding.index import PolicyIndex
from handlers.policy.shipped import digest
from handlers.settings import PolicySettings
from storage.policies import Document

Half = Literal["tune", "test", "fresh"]
"""`tune`: anybody may look at it; `test`: held out; `fresh`: written by another hand when all else stood.

Where `fresh` went wrong the shipped questions were widened afterwards, so its figures flatter; before that, its second
half (60 in scope, 23 outside, 30 near misses) read 90 % first, 97 % among three, 96 % and 83 % refused.
"""
_LABELS: dict[Half, str] = {"tune": "tuned on", "test": "held out", "fresh": "fresh"}
_QUESTIONS = Path(__file__).parent.parent / "tests" / "handlers" / "policy"


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares between 0 and 1 of the questions of one part. Right means: answered, and with a right article."""

    in_scope: int
    right_first: float
    right_among_three: float
    out_of_scope: int
    out_of_scope_refused: float
    near_misses: int
    near_misses_refused: float


def run() -> list[str]:
    """The lines for `make bench`, a part of the questions each."""
    index, threshold = shipped_index(), PolicySettings().refusal_threshold
    return [_line(half, figures(index, threshold, half)) for half in _LABELS]


def shipped_index() -> PolicyIndex:
    """The index of a fresh installation."""
    regulation = digest()
    return PolicyIndex([(Document(regulation.title, is_digest=True), regulation.articles)])


def figures(index: PolicyIndex, threshold: float, half: Half) -> Figures:
    """Ask every question of a part."""
    first = three = 0
    asked = list(questions("in_scope", half))
    for row in asked:
        hits = index.search(row["question"])
        if hits and hits[0].confidence >= threshold:
            found = [hit.article.number for hit in hits]
            first += found[0] in row["articles"]
            three += not set(found).isdisjoint(row["articles"])
    outside, near = _refused(index, threshold, "out_of_scope", half), _refused(index, threshold, "near_misses", half)
    return Figures(
        in_scope=len(asked),
        right_first=first / len(asked),
        right_among_three=three / len(asked),
        out_of_scope=len(outside),
        out_of_scope_refused=sum(outside) / len(outside),
        near_misses=len(near),
        near_misses_refused=sum(near) / len(near),
    )


def questions(name: str, half: Half) -> Iterator[dict[str, Any]]:
    """The questions of a set that belong to a part; those in scope name the articles that are right."""
    for line in (_QUESTIONS / f"questions_{name}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["half"] == half:
            yield row


def _refused(index: PolicyIndex, threshold: float, name: str, half: Half) -> list[bool]:
    found = (index.search(row["question"], 1) for row in questions(name, half))
    return [not hits or hits[0].confidence < threshold for hits in found]


def _line(half: Half, found: Figures) -> str:
    return (
        f"policy questions, {_LABELS[half]}: "
        f"right first {found.right_first:.1%}, among three {found.right_among_three:.1%} of {found.in_scope}; "
        f"refused {found.out_of_scope_refused:.1%} of {found.out_of_scope} out of scope, "
        f"{found.near_misses_refused:.1%} of {found.near_misses} near misses"
    )
