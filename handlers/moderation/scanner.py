"""All rules over one text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from handlers.moderation.rules import Rule


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that fired on a part of a text. The span counts code points of the original text."""

    rule: Rule
    span: tuple[int, int]
    matched: str


class Scanner:
    """Finds what the rules name."""

    @classmethod
    def from_rules(cls, rules: Sequence[Rule]) -> Self:
        """A scanner for these rules."""
        return cls()

    def scan(self, text: str, kind: str | None = None) -> list[Hit]:
        """The hits, in order of their spans."""
        return []
