"""What is left of the hits once questions about the rules and warnings are excused."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.moderation.admonitions import without_admonitions
from handlers.moderation.questions import without_questions
from handlers.moderation.scanner import Hit


def serious(text: str, hits: Sequence[Hit]) -> list[Hit]:
    """The hits that are held against somebody, in their order."""
    return without_admonitions(text, without_questions(text, hits)) if hits else []
