"""Answers to questions about the regulations: the article, quoted, or an honest refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.context import Context
from handlers.message import Body, Incoming
from handlers.moderation.masking import mask
from handlers.policy import texts
from handlers.policy.decision import Decision, decide, near
from handlers.policy.index import Hit
from storage.policies import Asked

LONGEST_KEPT = 300
"""Characters of a question that are remembered."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What people read, and whether an article answers them."""

    body: Body
    is_answered: bool


def answer(message: Incoming, context: Context) -> Answer:
    """Answer the question in `message.text`, and remember it, masked."""
    settings, index = context.settings.policy, context.policies
    if not index.documents:
        return Answer(Body(texts.no_documents(settings.contact), texts.TITLE_REFUSED), is_answered=False)
    decision = decide(message.text, index, settings.refusal_threshold)
    _remember(message, decision, context)
    if decision.is_answered:
        return Answer(_found(decision, context), is_answered=True)
    return Answer(_refused(decision, context), is_answered=False)


def show(hits: Sequence[Hit], context: Context, *, whole: bool = True) -> Body:
    """The first of these articles, and the next two as buttons."""
    text = texts.article(hits[0], context.settings.policy.contact, whole=whole)
    return Body(text, texts.gist(hits[0].article), texts.more(hits[1:3], _ambiguous(hits, context)))


def which(hits: Sequence[Hit]) -> Body:
    """Ask which document's article is meant."""
    return Body(texts.several(hits), texts.TITLE_SEVERAL, texts.which(hits))


def _found(decision: Decision, context: Context) -> Body:
    if decision.kind == "named" and len(decision.hits) > 1:
        return which(decision.hits)
    return show(decision.hits, context, whole=False)


def _refused(decision: Decision, context: Context) -> Body:
    contact, searched = context.settings.policy.contact, context.policies.documents
    if decision.kind == "no-such-number":
        return Body(texts.no_such_number(decision.number, searched, contact), texts.TITLE_REFUSED)
    close = near(decision, context.settings.policy.refusal_threshold)
    is_operation = decision.topic is not None and decision.topic.kind == "operation"
    text = texts.refused(searched, contact, is_operation=is_operation, near=len(close))
    return Body(text, texts.TITLE_REFUSED, texts.more(close, _ambiguous(close, context)))


def _ambiguous(hits: Sequence[Hit], context: Context) -> frozenset[str]:
    """The numbers among these that more than one document has."""
    return frozenset(hit.article.number for hit in hits if len(context.policies.named(hit.article.number)) > 1)


def _remember(message: Incoming, decision: Decision, context: Context) -> None:
    best = decision.hits[0] if decision.hits else None
    context.store.policies.asked(
        Asked(
            asked_at=context.now,
            conversation=message.conversation,
            question=mask(message.text)[:LONGEST_KEPT],
            is_answered=decision.is_answered,
            document=None if best is None else best.document.title,
            article=None if best is None else best.article.number,
            score=decision.score,
        )
    )
