"""Which of the articles that were found answer a question together, and which of them is shown first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers.policy.documents.overlaps import is_same_matter
from handlers.policy.finding.index import Hit
from storage.policies import Document

NEARLY = 0.9
"""An article of another document this near to the first in confidence is an answer as well."""
ALSO = 0.5
"""The same, where both speak of the same matter."""


@dataclass(frozen=True, slots=True)
class Arranged:
    """What is shown for a question: the articles that answer it, one a document, and those that come after."""

    answers: tuple[Hit, ...]
    others: tuple[Hit, ...]


def arrange(hits: Sequence[Hit], most: int = 2) -> Arranged:
    """Divide the hits of an answered question, which come best first.

    Beside the first hit also that of another document answers which is nearly as sure, or speaks of the same matter and
    is half as sure. Of the same matter the higher document comes first, then the newer one.
    """
    if not hits:
        return Arranged((), ())
    first = hits[0]
    same: list[Hit] = [first]
    near: list[Hit] = []
    for hit in hits[1:]:
        if any(hit.document == taken.document for taken in (*same, *near)):
            continue
        if hit.confidence >= first.confidence * ALSO and is_same_matter(first.article, hit.article):
            same.append(hit)
        elif hit.confidence >= first.confidence * NEARLY:
            near.append(hit)
    same = sorted(same[:most], key=lambda hit: precedence(hit.document))
    answers = (*same, *near)[:most]
    return Arranged(answers, tuple(hit for hit in hits if hit not in answers))


def precedence(document: Document) -> tuple[int, bool, int]:
    """Sorts what goes first to the front: the higher rank, the official text before a digest, the later date."""
    begins = document.effective or document.begins or date.min
    return -document.rank, document.is_digest, -begins.toordinal()
