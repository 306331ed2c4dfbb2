"""The messages that content flags are measured with: `dev` is there to fit and tune on, `held_out` for figures only.

Each folder holds what one hand wrote, so that what is learned from some can be measured on others.
"""

from __future__ import annotations

import hashlib
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


def hands(part: Part) -> list[str]:
    """The folders of a part, one for each hand."""
    return sorted(one.name for one in (_HERE / part).iterdir() if one.is_dir() and not one.name.startswith("_"))


def positives(part: Part, hand: str = "") -> list[Message]:
    """What a rule must find; of all hands where none is named."""
    return _messages(part, hand, "positives")


def negatives(part: Part, hand: str = "") -> list[Message]:
    """What no rule may hold against anybody; of all hands where none is named."""
    return _messages(part, hand, "negatives")


def files(part: Part) -> list[Path]:
    """All files of messages, in order."""
    return sorted((_HERE / part).glob("*/*.jsonl"))


def digest() -> str:
    """Of the messages to fit to, so that it is seen when they changed and the weights did not."""
    return hashlib.sha256(b"\0".join(one.read_bytes() for one in files("dev"))).hexdigest()[:16]


def _messages(part: Part, hand: str, name: str) -> list[Message]:
    return [
        message for one in ([hand] if hand else hands(part)) for message in _read(_HERE / part / one / f"{name}.jsonl")
    ]


def _read(path: Path) -> Iterator[Message]:
    if path.exists():
        for line in filter(None, path.read_text(encoding="utf-8").split("\n")):
            row = json.loads(line)
            yield Message(row["text"], row["category"], row.get("technique") or "plain")
