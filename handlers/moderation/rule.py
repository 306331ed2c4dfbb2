"""What a rule is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

Category = Literal["non-work", "advertising", "privacy", "secrecy", "unlawful", "abuse"]
State = Literal["observe", "remind", "enforce"]
Severity = Literal["low", "medium", "high"]
Consequence = Literal["sender", "owner", "head", "admins", "ding", "public"]
ScopeRole = Literal["staff", "owner", "sub-admin", "main-admin", "outsider", "student"]

CATEGORIES: Final[tuple[str, ...]] = get_args(Category)
STATES: Final[tuple[str, ...]] = get_args(State)
SEVERITIES: Final[tuple[str, ...]] = get_args(Severity)
CONSEQUENCES: Final[tuple[str, ...]] = get_args(Consequence)
SCOPE_ROLES: Final[tuple[str, ...]] = get_args(ScopeRole)

DEFAULT_WITHIN = 12
"""Characters between the words of a combination, where the rule doesn't say."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where, for whom and when a rule counts; what is empty holds everywhere, for everybody, always.

    `departments` are paths, and a parent counts for those below. `groups` are ids of open conversations. `hours` is
    `working-hours`, or times of day as handlers/moderation/hours.py reads them.
    """

    kinds: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    hours: str = ""


@dataclass(frozen=True, slots=True)
class Examples:
    """Texts on which the rule must fire, and texts on which it must keep quiet."""

    fire: tuple[str, ...] = ()
    quiet: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """What is not to be written, on which article that rests, and how firmly it is held.

    `allow` are harmless words: a hit that lies inside one of them is none. `combinations` are words that fire
    together, in any order, with at most `within` characters between them in all; `at_least` so many of them do, 0:
    all; `代写|代做` in one of them is either. `expressions` are RE2, matched against the folded text (small letters,
    half width, simplified, digits 0 to 9). `passes` are the disguises that are seen through
    (handlers/moderation/passes), empty: the usual ones. With `boundary` a word counts only where it stands as a word. With
    `unless_harmless` what words, combinations and expressions find does not count in a message that reads as harmless
    (handlers/moderation/wording).
    `domains` are those that the detector `link` lets pass. `consequences` says who hears of it, empty: by severity and
    state. `meaning` and `advice` are a sentence each, for people: what the rule is about, and what to do instead.
    """

    id: str
    category: Category
    article: str
    state: State = "observe"
    severity: Severity = "medium"
    words: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    detectors: tuple[str, ...] = ()
    combinations: tuple[tuple[str, ...], ...] = ()
    within: int = DEFAULT_WITHIN
    at_least: int = 0
    expressions: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()
    boundary: bool = False
    unless_harmless: bool = False
    domains: tuple[str, ...] = ()
    scope: Scope = Scope()
    consequences: tuple[str, ...] = ()
    meaning: str = ""
    advice: str = ""
    examples: Examples = Examples()

    def __hash__(self) -> int:
        """By the id alone, which no two rules share: a rule may hold a hundred thousand words."""
        return hash(self.id)

    @property
    def name(self) -> str:
        """What people call it: what it is about, else its id."""
        return self.meaning.rstrip("。.；; ") or self.id
