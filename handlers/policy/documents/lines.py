"""The lines of a regulation, and what was found in them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from handlers.policy.documents.marks import bare
from storage.policies import Article


@dataclass(frozen=True, slots=True)
class Line:
    """A line with something in it, without the marks of Markdown."""

    at: int
    """From 1, as an editor counts the lines of the text."""
    text: str
    is_heading: bool = False
    """The text marks it as one: `## 总则`."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A number at the beginning of a line, and among which others it counts."""

    at: int
    group: tuple[object, ...]
    """Numbers of one group follow each other."""
    label: str
    says: str
    """The number as it stands in the text."""


@dataclass(slots=True)
class Reading:
    """The articles of a part of a document with the lines where they begin; what has no number comes first."""

    articles: list[tuple[int, Article]] = field(default_factory=list)
    numbered: list[Numbered] = field(default_factory=list)
    headings: set[int] = field(default_factory=set)
    """Lines that are headings though nothing numbers them."""


def lines_of(text: str) -> list[Line]:
    """The lines in which something stands."""
    found: list[Line] = []
    for at, raw in enumerate(unicodedata.normalize("NFC", text).splitlines(), 1):
        if words := bare(raw):
            found.append(Line(at, words, raw.lstrip("\ufeff \t　").startswith("#")))
    return found


def compact(text: str) -> str:
    """Without spaces: for comparing."""
    return "".join(text.split())
