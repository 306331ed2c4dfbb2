"""Answers to questions about the regulations: the article, quoted, or an honest refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from handlers.context import Context
from handlers.message import Body, Button, Incoming
from handlers.moderation.excerpts import together
from handlers.moderation.masking import mask
from handlers.policy import texts
from handlers.policy.answering import several
from handlers.policy.answering import texts as answer_texts
from handlers.policy.answering.inquiry import LONGEST_KEPT, Inquiry, inquire, person_of, subject_of
from handlers.policy.answering.lead import lead
from handlers.policy.answering.quoting import quote
from handlers.policy.answering.retold import hits_of, retold
from handlers.policy.answering.sentences import answering, named
from handlers.policy.curated import texts as curated_texts
from handlers.policy.curated.contact import contact_for
from handlers.policy.curated.matching import Given
from handlers.policy.curated.owners import owner_of
from handlers.policy.documents.parts import missing
from handlers.policy.finding.asking import point
from handlers.policy.finding.decision import near
from handlers.policy.finding.index import Hit, PolicyIndex
from handlers.policy.finding.operating import asks_to_work
from storage.policies import Asked
from storage.subjects import Subject

FOLDED_IN_GROUP, FOLDED = 160, 600
"""Characters of an article that an answer quotes in a group, where everybody reads it, and in a private chat."""
LEAST_PASSED_ON = 4
"""Characters of Chinese in a question that somebody could answer."""
MOST_BUTTONS = 5
"""A card has no more (docs/platform.md §5.3)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What people read, and whether an article answers them."""

    body: Body
    is_answered: bool


@dataclass(frozen=True, slots=True)
class _Said:
    """The answer to one question: what is read, what is the most useful to tap, and what is good to have besides."""

    text: str
    title: str
    footer: str = ""
    first: tuple[Button, ...] = ()
    further: tuple[Button, ...] = ()


def answer(message: Incoming, context: Context) -> Answer:
    """Answer the question or questions in `message.text`, and remember them, masked.

    What was no question, so that nothing answers it, and in which a rule for content found something, is not kept
    whole: only the places are that are on record anyway.
    """
    if not context.policies.documents:
        contact = context.settings.policy.contact
        return Answer(Body(texts.no_documents(contact), answer_texts.TITLE_REFUSED), is_answered=False)
    asked = inquire(message, context)
    contacts = [contact_for(one.answers[0].document if one.answers else None, message, context) for one in asked]
    is_answered = any(one.decision.is_answered for one in asked)
    places = () if is_answered else together(flag.excerpt for flag in context.store.flags.of_message(message.id))
    numbers = [_remember(one, " ".join(places) or mask(one.question), message, context) for one in asked]
    _keep("" if places else asked[-1].subject, message, context)
    said = [
        _said(one, number, contact, message, context, place=place if len(asked) > 1 else 0)
        for place, (one, number, contact) in enumerate(zip(asked, numbers, contacts, strict=True), start=1)
    ]
    body = _together(said)
    if len(asked) == several.MOST and len(several.sentences(asked[-1].question)) > 1:
        body = replace(body, text=f"{body.text}\n\n{answer_texts.AT_MOST_THREE}")
    return Answer(body, is_answered)


def show(hits: Sequence[Hit], message: Incoming, context: Context, naming: str = "") -> Body:
    """The first of these articles whole, with the part marked that `naming` names, and the next two as buttons."""
    hit = hits[0]
    quotation = quote(hit.article.text, named(hit.article, naming))
    shown = answer_texts.found(hit, "", quotation.text)
    text = "\n\n".join((*_without_part(naming.partition(" ")[0], [hit]), shown, _footer([hit], message, context)))
    return Body(text, texts.gist(hit.article), _more(hits[1:3], context.policies))


def keep_shown(hit: Hit, message: Incoming, context: Context) -> None:
    """Somebody has an article before them: `谁负责这个` is about that one."""
    _keep(subject_of(hit.article), message, context)


def which(hits: Sequence[Hit]) -> Body:
    """Ask which document's article is meant."""
    return Body(texts.several(hits), texts.TITLE_SEVERAL, texts.which(hits))


def _said(inquiry: Inquiry, number: int, contact: str, message: Incoming, context: Context, *, place: int) -> _Said:
    """`place`: the how many-th of several questions it is; 0 for one alone."""
    if inquiry.decision.kind == "named" and len(inquiry.decision.hits) > 1:
        body = which(inquiry.decision.hits)
        return _Said(_headed(body.text, inquiry, place), body.title, first=body.buttons)
    if inquiry.given is not None:
        return _given(inquiry.given, inquiry, number, context, place=place)
    if inquiry.decision.is_answered:
        return _found(inquiry, number, contact, message, context, place=place)
    return _refused(inquiry, number, contact, message, context, place=place)


def _given(given: Given, inquiry: Inquiry, number: int, context: Context, *, place: int) -> _Said:
    title = given.answer.document if owner_of(given.answer.document, context) is not None else None
    text = curated_texts.given(given, title, context.settings.scheduler.timezone)
    look = curated_texts.look(given, _ambiguous(inquiry.decision.hits, inquiry.index))
    rating = answer_texts.rating(number, _which(place))
    return _Said(_headed(text, inquiry, place), curated_texts.title_of(given), further=(*look, *rating))


def _found(inquiry: Inquiry, number: int, contact: str, message: Incoming, context: Context, *, place: int) -> _Said:
    answers = inquiry.answers
    most = (FOLDED_IN_GROUP if message.is_group else FOLDED) // (2 if place else len(answers))
    told = "" if place else retold(inquiry.question, answers, hits_of(answers, inquiry.others), context.fetched)
    blocks, folded = [told] if told else [], []
    for hit in answers:
        marked = (
            named(hit.article, inquiry.decision.number)
            if inquiry.decision.kind == "named"
            else answering(inquiry.question, hit.article, inquiry.index.synonyms)
        )
        quotation = quote(hit.article.text, marked, most)
        blocks.append(answer_texts.found(hit, "" if told else lead(hit.article, marked), quotation.text))
        if quotation.is_folded:
            folded.append(hit)
    if len(answers) > 1:
        blocks.insert(0, answer_texts.both([hit.document for hit in answers]))
    blocks[:0] = _without_part(inquiry.decision.number, answers)
    footer = answer_texts.footer(contact, is_digest=any(hit.document.is_digest for hit in answers))
    is_today = inquiry.index is context.policies
    ambiguous = _ambiguous(answers, inquiry.index)
    full = tuple(
        answer_texts.full_text(
            hit, is_group=message.is_group, with_title=hit.article.number in ambiguous, is_one=len(folded) == 1
        )
        for hit in folded
        if is_today
    )
    rating = answer_texts.rating(number, _which(place))
    further = _more(inquiry.others[:2], inquiry.index) if is_today and not place else ()
    text = _headed("\n\n".join(blocks), inquiry, place)
    return _Said(text, texts.gist(answers[0].article), footer, full, (*further, *rating))


def _refused(inquiry: Inquiry, number: int, contact: str, message: Incoming, context: Context, *, place: int) -> _Said:
    decision, searched = inquiry.decision, inquiry.index.documents
    if decision.kind == "no-such-number":
        text = answer_texts.no_such_number(decision.number, searched, contact)
        return _Said(_headed(text, inquiry, place), answer_texts.TITLE_REFUSED)
    # Where one comes near enough, the one after it is shown too: people see at a glance that it is not theirs.
    is_near = bool(near(decision, context.settings.policy.refusal_threshold))
    close = tuple(hit for hit in decision.hits[:2] if hit.confidence > 0)
    if not is_near:
        is_operation = (
            decision.topic is not None and decision.topic.kind == "operation" and asks_to_work(inquiry.question)
        )
        text = answer_texts.nothing(searched, contact, is_operation=is_operation)
        # It may be a regulation's matter in words that we do not know. In a group an answer of two sentences stays short.
        may_be_ours = decision.topic is None and _says_something(inquiry.question) and not message.is_group
        handed = (answer_texts.pass_on(number, _which(place)),) if may_be_ours else ()
        return _Said(_headed(text, inquiry, place), answer_texts.TITLE_REFUSED, first=handed)
    shown = _more(close, inquiry.index) if inquiry.index is context.policies and not place else ()
    is_listed = not (shown and message.is_group)
    text = answer_texts.near_miss(searched, close, is_listed=is_listed)
    handed = (answer_texts.pass_on(number, _which(place)),)
    return _Said(_headed(text, inquiry, place), answer_texts.TITLE_NEAR, first=(*shown, *handed))


def _says_something(question: str) -> bool:
    return sum(character.isalpha() and not character.isascii() for character in question) >= LEAST_PASSED_ON


def _headed(text: str, inquiry: Inquiry, place: int) -> str:
    """Above the answer, where it is not plain: which of several questions, or what a short one was taken for."""
    heading = ""
    if place:
        heading = answer_texts.heard(place, mask(inquiry.question))
    elif inquiry.goes_on_from:
        heading = answer_texts.goes_on(mask(inquiry.goes_on_from))
    elif inquiry.is_about_another:
        heading = answer_texts.about_another(mask(inquiry.question))
    elif said := point(inquiry.question):
        heading = answer_texts.understood(mask(said))
    return "\n\n".join(filter(None, (heading, inquiry.note, text)))


def _without_part(number: str, answers: Sequence[Hit]) -> tuple[str, ...]:
    """Said above an article that was named with a part which it has not."""
    return (answer_texts.no_such_part(number),) if all(missing(hit.article, number) for hit in answers) else ()


def _which(place: int) -> str:
    return f"第{place}问" if place else ""


def _together(said: Sequence[_Said]) -> Body:
    """One reply; of more buttons than a card can have those that are the most useful."""
    buttons = [button for one in said for button in one.first] + [button for one in said for button in one.further]
    title = said[0].title if len(said) == 1 else answer_texts.title_of_several(len(said))
    blocks: list[str] = []
    for number, one in enumerate(said):
        is_said_below = any(one.footer == other.footer for other in said[number + 1 :])
        blocks += [one.text] if is_said_below else filter(None, (one.text, one.footer))
    return Body("\n\n".join(blocks), title, tuple(buttons[:MOST_BUTTONS]))


def _footer(hits: Sequence[Hit], message: Incoming, context: Context) -> str:
    contact = contact_for(hits[0].document, message, context)
    return answer_texts.footer(contact, is_digest=hits[0].document.is_digest)


def _more(hits: Sequence[Hit], index: PolicyIndex) -> tuple[Button, ...]:
    return texts.more(hits, _ambiguous(hits, index))


def _ambiguous(hits: Sequence[Hit], index: PolicyIndex) -> frozenset[str]:
    """The numbers among these that more than one document has."""
    return frozenset(hit.article.number for hit in hits if len(index.named(hit.article.number)) > 1)


def _remember(inquiry: Inquiry, words: str, message: Incoming, context: Context) -> int:
    decision = inquiry.decision
    best = decision.hits[0] if decision.hits else None
    return context.store.policies.asked(
        Asked(
            asked_at=context.now,
            conversation=message.conversation,
            question=words[:LONGEST_KEPT],
            is_answered=decision.is_answered,
            document=best.document.title if best else inquiry.given.answer.document if inquiry.given else None,
            article=None if best is None else best.article.number,
            score=decision.score,
        )
    )


def _keep(subject: str, message: Incoming, context: Context) -> None:
    """What the next few words may go on from. Nothing older than that is kept, of anybody."""
    minutes = timedelta(minutes=context.settings.policy.follow_up_minutes)
    context.store.subjects.forget(context.now - minutes)
    person = person_of(message)
    if person and minutes and subject:
        context.store.subjects.put(Subject(person, message.conversation, subject, context.now))
