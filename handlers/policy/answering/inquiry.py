"""What a message asks, and what that leads to. Nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from handlers.context import Context
from handlers.message import Incoming
from handlers.moderation.masking import mask
from handlers.policy import texts
from handlers.policy.answering.follow_ups import LONGEST, reads_as_follow_up, understand
from handlers.policy.answering.several import sentences, separate
from handlers.policy.curated.matching import Given
from handlers.policy.finding.arranging import arrange
from handlers.policy.finding.decision import Decision
from handlers.policy.finding.in_force import standing
from handlers.policy.finding.index import Hit, PolicyIndex
from storage.policies import Article

LONGEST_KEPT = 300
"""Characters of a question that are remembered."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One question of a message, and what is known about it."""

    question: str
    """Whole, also where only a few words went on from the one before."""
    decision: Decision
    index: PolicyIndex
    """What was searched: the regulations of the time that the question names."""
    subject: str
    """What a short question may go on from next, masked."""
    goes_on_from: str = ""
    """The question before, where this one asks more about it."""
    is_about_another: bool = False
    """It is the question before, about somebody or something else."""
    note: str = ""
    """What is to be said about the time that the question names."""
    given: Given | None = None
    """What somebody has answered to the same question: it comes before anything that a look-up finds."""

    @property
    def answers(self) -> tuple[Hit, ...]:
        """The articles that answer, one a document; empty where none does."""
        return arrange(self.decision.hits).answers if self.decision.is_answered else ()

    @property
    def others(self) -> tuple[Hit, ...]:
        """The articles that come after them."""
        return arrange(self.decision.hits).others if self.decision.is_answered else self.decision.hits

    def is_answered_like(self, other: Inquiry) -> bool:
        """The same article, or the same person's word, answers both."""
        if self.given is not other.given:
            return False
        own, others = self.answers[:1], other.answers[:1]
        return bool(own and others) and (own[0].document, own[0].article) == (others[0].document, others[0].article)


def inquire(message: Incoming, context: Context) -> tuple[Inquiry, ...]:
    """The questions of a message in order: one, unless it really holds several that lead to different articles."""
    subject = _subject(message, context)
    asked = separate(message.text)
    found = _each(asked, subject, context) if len(asked) > 1 else []
    if len(found) > 1 and any(one.decision.is_answered for one in found):
        return tuple(found)
    asked = sentences(message.text)
    if len(asked) > 1:
        each = _each(asked, subject, context)
        if len(each) == len(asked) and all(one.decision.kind == "found" for one in each):
            return tuple(each)
    return (_look_up(message.text, subject, context),)


def subject_of(article: Article) -> str:
    """What an article is about, as if somebody had asked it."""
    return texts.gist(article, 40)


def person_of(message: Incoming) -> str:
    """Who asks: the staff id, else DingTalk's opaque id; empty where there is neither."""
    return message.sender.staff_id or message.sender.sender_id


def _each(asked: tuple[str, ...], subject: str | None, context: Context) -> list[Inquiry]:
    """What each of several questions leads to, each of which may go on from the one before; those that the article
    before answers as well are left out."""
    found: list[Inquiry] = []
    for question in asked:
        one = _look_up(question, subject, context)
        subject = one.subject
        if not any(one.is_answered_like(other) for other in found):
            found.append(one)
    return found


def _look_up(question: str, subject: str | None, context: Context) -> Inquiry:
    threshold = context.settings.policy.refusal_threshold
    then = standing(question, context)
    may_go_on = subject is not None and not then.note and len(question) <= LONGEST
    before = standing(subject, context) if subject is not None and may_go_on else then
    found = understand(then.question, before.question if may_go_on else None, before.index, threshold)
    given = None if then.note or before.note else context.curated.match(found.question)
    if given is not None:
        found = replace(found, decision=_decided(given))
    if found.kind != "alone" and subject is not None:
        return Inquiry(
            found.question,
            found.decision,
            before.index,
            subject=subject if found.kind == "more" else mask(subject.replace(before.question, found.question)),
            goes_on_from=before.question if found.kind == "more" else "",
            is_about_another=found.kind == "another",
            note=before.note,
            given=given,
        )
    if (
        before.index is not then.index
    ):  # the regulations of the time that was spoken of do not matter to a question by itself
        found = understand(then.question, None, then.index, threshold)
    kept = subject if subject is not None and not found.decision.is_answered and reads_as_follow_up(question) else None
    subject = kept or _subject_of(question, found.decision)
    return Inquiry(question, found.decision, then.index, subject, note=then.note, given=given)


def _decided(given: Given) -> Decision:
    """It is answered, with the articles that the answer rests on."""
    return Decision("found", tuple(Hit(*one, score=0.0, confidence=1.0) for one in given.articles))


def _subject_of(question: str, decision: Decision) -> str:
    """The question, or of an article that was only named what it is about."""
    if decision.kind == "named":
        return subject_of(decision.hits[0].article)
    return mask(question)[:LONGEST_KEPT]


def _subject(message: Incoming, context: Context) -> str | None:
    """What the same person asked last in the same chat, a few minutes ago at most."""
    person, minutes = person_of(message), context.settings.policy.follow_up_minutes
    if not person or not minutes:
        return None
    since = context.now - timedelta(minutes=minutes)
    found = context.store.subjects.get(person, message.conversation, since)
    return None if found is None else found.question
