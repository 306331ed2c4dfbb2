"""What a rule is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Category = Literal["non-work", "advertising", "privacy", "secrecy", "unlawful", "abuse"]
State = Literal["observe", "remind", "enforce"]

DEFAULT_WITHIN = 12
"""Characters between the words of a combination, where the rule doesn't say."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What is not to be written, on which article that rests, and how firmly it is held.

    `allow` are harmless words: a hit that lies inside one of them is none. `combinations` are words that fire
    together, in any order, with at most `within` characters between them in all. `expressions` are RE2, matched
    against the folded text (small letters, half width, simplified, digits 0 to 9). Empty `kinds`: everywhere,
    otherwise the rule counts only in groups of these kinds.
    """

    id: str
    category: Category
    article: str
    state: State = "observe"
    words: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    detectors: tuple[str, ...] = ()
    combinations: tuple[tuple[str, ...], ...] = ()
    within: int = DEFAULT_WITHIN
    expressions: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    def counts_in(self, kind: str | None) -> bool:
        """Whether the rule counts in groups of this kind. Where the kind is not known, every rule counts."""
        return not self.kinds or kind is None or kind in self.kinds
