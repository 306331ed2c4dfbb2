"""The messages that content rules are measured with: `dev` is there to tune on, `held_out` for figures only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Part = Literal["dev", "held_out"]
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Message:
    """A message as somebody would write it.

    `category` is that of the rule which must find it; of a message that none may find, what sort of message it is.
    `technique` is the disguise, `plain` where there is none.
    """

    text: str
    category: str
    technique: str


def positives(part: Part) -> list[Message]:
    """What a rule must find."""
    return list(_read(_HERE / part / "positives.jsonl"))


def negatives(part: Part) -> list[Message]:
    """What no rule may hold against anybody."""
    return list(_read(_HERE / part / "negatives.jsonl"))


def _read(path: Path) -> Iterator[Message]:
    if path.exists():
        for line in filter(None, path.read_text(encoding="utf-8").split("\n")):
            row = json.loads(line)
            yield Message(row["text"], row["category"], row.get("technique") or "plain")
