"""What people ask a bot although no regulation of ours speaks of it: the weather, the canteen, how to change a ringtone.

These questions stand in the index beside the articles. A question that is nearer to one of them than to any article is
refused; they also teach the index which words are common in questions of any kind.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic with questions about it. `operation`: how to do something in the app, not what is allowed."""

    name: str
    kind: Literal["operation", "other"]
    terms: tuple[str, ...]
    """A regulation that uses one of these words speaks of the topic, which then is no longer elsewhere."""
    questions: tuple[str, ...]


FILES = ("elsewhere.json", "elsewhere_work.json", "elsewhere_life.json")
"""About anything; about the app and a college's daily work; about life."""


@cache
def topics() -> tuple[Topic, ...]:
    """All topics that ship with Steward."""
    folder = files("handlers.policy.finding")
    read = [entry for name in FILES for entry in json.loads(folder.joinpath(name).read_text(encoding="utf-8"))]
    return tuple(
        Topic(entry["topic"], entry["kind"], tuple(entry["terms"]), tuple(entry["questions"])) for entry in read
    )
