"""The parts that a visitor of the page may try on, with messages to begin with."""

from __future__ import annotations

from dataclasses import dataclass

PRIVATE_CHAT = "private"
"""Stands for the person's own chat with the robot."""


@dataclass(frozen=True, slots=True)
class Role:
    """Somebody to be, where to begin, and what to try there."""

    key: str
    label: str
    """What the part is called on the page, 2–5 characters."""
    person: str
    chat: str
    """A conversation id, or PRIVATE_CHAT."""
    hint: str
    """One sentence on what there is to see."""
    samples: tuple[str, ...]
    """Messages to send with one tap."""
