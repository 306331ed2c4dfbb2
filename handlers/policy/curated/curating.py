"""Curated answers are added, changed, stopped and reviewed by those who answer for them; each change is audited."""

from __future__ import annotations

from dataclasses import replace

from handlers.context import Context
from handlers.message import Incoming
from handlers.moderation.masking import mask
from handlers.policy.curated import owners
from handlers.policy.curated.matching import Given, link_to
from handlers.policy.curated.settling import LONGEST_ANSWER, MOST_LINKS, Articles, article_of
from storage.audit import AuditEntry
from storage.curated import CuratedAnswer

MOST_PHRASINGS = 20
LONGEST_PHRASING = 120


class CuratingError(Exception):
    """What was written cannot be taken; the text says why, for the person."""


def mine(message: Incoming, context: Context) -> list[Given]:
    """All answers that this person answers for, stopped ones too, newest first."""
    found = [
        context.curated.stand(answer)
        for answer in reversed(context.store.curated.all())
        if owners.may_answer(answer.document, message, context)
    ]
    return sorted(found, key=lambda one: (one.answer.state == "stopped", one.is_current))


def one_of(number: int, message: Incoming, context: Context) -> Given | None:
    """One answer, where this person answers for it."""
    answer = context.store.curated.get(number)
    if answer is None or not owners.may_answer(answer.document, message, context):
        return None
    return context.curated.stand(answer)


def articles_in(text: str, title: str | None, context: Context) -> Articles:
    """The articles that a text names, one behind the other. Raises `CuratingError` for a word that names none."""
    found: Articles = ()
    for word in text.replace("、", " ").replace("，", " ").replace(",", " ").split():
        article = article_of(word, title, context)
        if article is None:
            raise CuratingError(f"没有「{word[:20]}」这一条，条款要写成 五.8 或 第十二条")
        found = found if article in found else (*found, article)
    if len(found) > MOST_LINKS:
        raise CuratingError(f"最多附 {MOST_LINKS} 条")
    return found


def new(questions: tuple[str, ...], words: str, articles: Articles, by: str, context: Context) -> CuratedAnswer:
    """An answer as it would be stored. Raises `CuratingError`."""
    return CuratedAnswer(
        answer=checked_answer(words),
        phrasings=tuple(dict.fromkeys(map(checked_phrasing, questions))),
        links=tuple(link_to(*one) for one in articles),
        document=articles[0][0].title if articles else None,
        author=by,
        created_at=context.now,
        reviewed_by=by,
        reviewed_at=context.now,
    )


def relinked(answer: CuratedAnswer, articles: Articles) -> CuratedAnswer:
    """The answer resting on these articles as they read now, and belonging to the first one's document."""
    return replace(
        answer,
        links=tuple(link_to(*one) for one in articles),
        document=articles[0][0].title if articles else answer.document,
    )


def reviewed(found: Given, by: str, context: Context) -> CuratedAnswer:
    """The answer as somebody has looked at it today: it rests on its articles as they read now."""
    answer = relinked(found.answer, found.articles) if found.articles else found.answer
    return replace(answer, state="given", reviewed_by=by, reviewed_at=context.now)


def put(answer: CuratedAnswer, action: str, by: str, context: Context, conversation: str | None = None) -> int:
    """Store an answer, new or changed, and audit it; returns its id."""
    if answer.id:
        context.store.curated.replace(answer)
        number = answer.id
    else:
        number = context.store.curated.add(answer)
    detail = "、".join(link.article for link in answer.links)
    context.store.audit.add(AuditEntry(context.now, by, action, f"问答{number}", detail, conversation))
    return number


def checked_answer(words: str) -> str:
    """An answer that can be stored, masked. Raises `CuratingError`."""
    words = words.strip()
    if not words:
        raise CuratingError("答案是空的")
    if len(words) > LONGEST_ANSWER:
        raise CuratingError(f"答案太长了（{len(words)} 字），最多 {LONGEST_ANSWER} 字")
    return mask(words)


def checked_phrasing(question: str) -> str:
    """A question that can be stored, masked, on one line. Raises `CuratingError`."""
    question = " ".join(question.split())
    if not any(character.isalnum() for character in question):
        raise CuratingError("问题是空的")
    if len(question) > LONGEST_PHRASING:
        raise CuratingError(f"问题太长了（{len(question)} 字），最多 {LONGEST_PHRASING} 字")
    return mask(question)
