"""Who is to hear that a rule fired: by its state, its severity, and how often the sender was told of the like before."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from handlers.moderation.rule import Rule

RUNGS: Final = ("sender", "owner", "head", "admins")
"""From the bottom to the top; whoever stands on a rung hears what those above hear."""

PAUSE = timedelta(minutes=10)
"""Who writes the same thing again so soon may not have read the word yet: that is no repetition."""

GRAVE: Final = ("secrecy", "unlawful")
"""Of these all hear at once (articles 一.2, 五.2, 五.5)."""

_FIRST = {
    "remind": {"low": 1, "medium": 1, "high": 2},
    "enforce": {"low": 2, "medium": 3, "high": 4},
}
"""How many rungs hear of the first time."""
_GRAVE_FIRST = {"low": 2, "medium": 4, "high": 4}


def hearers(rule: Rule, repeats: int = 0) -> frozenset[str]:
    """As whom people hear: of `RUNGS`, `ding`, `public`. Empty: it is only recorded.

    `repeats` counts the words that the sender had about this category within the window. Where a rule names whom it
    tells, those hear, each time, and nobody else. A DING goes out only for secrecy of high severity: when the rule
    names it, or names nobody and is enforced. `public` is an offer to the main admins, who hear of it for that reason.
    """
    if rule.state == "observe":
        return frozenset()
    may_ding = rule.category == "secrecy" and rule.severity == "high"
    if rule.consequences:
        named = set(rule.consequences) - (set() if may_ding else {"ding"})
        return frozenset(named | {"admins"} if "public" in named else named)
    found = set(RUNGS[: _height(rule, repeats)])
    if may_ding and rule.state == "enforce":
        found.add("ding")
    return frozenset(found)


def _height(rule: Rule, repeats: int) -> int:
    first = _FIRST[rule.state][rule.severity]
    if rule.category in GRAVE:
        first = max(first, _GRAVE_FIRST[rule.severity])
    if rule.severity == "low":  # trifles climb slowly, and never beyond the owner by themselves
        return max(first, min(first + repeats // 2, 2))
    return min(first + repeats, len(RUNGS))
