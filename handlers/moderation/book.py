"""The rules in the database as rules, and rule files on their way into it.

The database is what counts once it has any rule. Files give it its first ones; a rule that nobody has changed by a
command follows its file at each start, also out of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from handlers.moderation.rule import Rule
from handlers.moderation.rules import FromFile
from handlers.moderation.written import WrittenError, as_json, from_json
from storage.rules import Rules, StoredRule

BY_FILE = "file"


@dataclass(frozen=True, slots=True)
class Known:
    """A rule as it is stored, and what it says."""

    stored: StoredRule
    rule: Rule

    @property
    def number(self) -> int:
        """What people write."""
        return self.stored.number


@dataclass(frozen=True, slots=True)
class Book:
    """All rules that can be read, by number, and a line for each that cannot: a newer Steward may have written it."""

    known: tuple[Known, ...]
    problems: tuple[str, ...] = ()

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules alone, in the same order."""
        return tuple(one.rule for one in self.known)


def read(rules: Rules, before: Book | None = None) -> Book:
    """The rules in force. What is as it was in `before` is not read again."""
    known: list[Known] = []
    problems: list[str] = []
    unchanged = {} if before is None else {one.stored: one for one in before.known}
    for stored in rules.current():
        try:
            known.append(unchanged.get(stored) or Known(stored, from_json(stored.body)))
        except WrittenError as error:
            problems += error.problems
    return Book(tuple(known), tuple(problems))


def known_of(stored: StoredRule) -> Known | None:
    """A stored version with what it says; None where this Steward cannot read it."""
    try:
        return Known(stored, from_json(stored.body))
    except WrittenError:
        return None


def follow(rules: Rules, found: Sequence[FromFile], now: datetime) -> list[str]:
    """Take from the files what is new there, and what changed of rules that follow them; returns the ids that changed.

    Rules that follow a file and stand in none any more are removed. What somebody changed by a command stays as it is,
    whatever a file says.
    """
    stored = {one.id: one for one in rules.all()}
    changes = [change for one in found if (change := _followed(one, stored.get(one.rule.id), now)) is not None]
    named = {one.rule.id for one in found}
    changes += [
        replace(one, at=now, by=BY_FILE, what="文件里已经没有", why="", is_removed=True)
        for one in stored.values()
        if one.follows is not None and not one.is_removed and one.id not in named
    ]
    for change in changes:
        rules.put(change)
    return [change.id for change in changes]


def _followed(found: FromFile, before: StoredRule | None, now: datetime) -> StoredRule | None:
    """The version that a rule of a file makes; None where it makes none."""
    body = as_json(found.rule)
    if before is None:
        return StoredRule(found.rule.id, body, now, BY_FILE, f"来自 {found.file}", follows=found.file)
    if before.follows is None:
        return None
    if before.body == body and not before.is_removed and before.follows == found.file:
        return None
    what = f"随文件 {found.file} 更新" if before.body != body else f"来自 {found.file}"
    return StoredRule(found.rule.id, body, now, BY_FILE, what, follows=found.file)
