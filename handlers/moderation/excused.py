"""What is left of the hits once questions about the rules, warnings, notices, suspicions, lessons, quotations and tellings of others are
excused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from handlers.moderation.admonitions import without_admonitions
from handlers.moderation.complaints import without_complaints
from handlers.moderation.lessons import without_lessons
from handlers.moderation.notices import without_notices
from handlers.moderation.questions import without_questions
from handlers.moderation.quotations import without_quotations
from handlers.moderation.scanner import Hit
from handlers.moderation.suspicions import without_suspicions
from storage.policies import Article, Document


def serious(text: str, hits: Sequence[Hit], articles: Iterable[tuple[Document, Article]] = ()) -> list[Hit]:
    """The hits that are held against somebody, in their order. `articles` are those in force, which people may quote."""
    if not hits:
        return []
    left = without_questions(text, without_suspicions(text, hits))
    left = without_complaints(text, without_admonitions(text, left))
    left = without_notices(text, left) if left else []
    left = without_lessons(text, left) if left else []
    return without_quotations(text, left, articles) if left else []
