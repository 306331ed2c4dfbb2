"""Rules as data: what a rule file says, and what is wrong with it (design §4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path


class RuleError(Exception):
    """The rules are not usable. `problems` holds one line for each mistake."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule."""

    id: str


def load_rule_files(paths: Sequence[Path]) -> tuple[Rule, ...]:
    """The rules of these files; of the built-in file when there are none. Raises `RuleError`."""
    return ()
