"""What people think of an answer, and the questions that they ask to pass on to whoever answers for the document.

Whoever answers sees the question, masked, and not who asked it: an answer needs no name. Each question is told of once,
at most so many a day (`[policy] questions_a_day`); the rest waits in the list (`/规章 待答`) and in the weekly digest. A bare
`没用` only waits there; with a reason, or when somebody asks to pass it on, it is told of at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from handlers.context import Context
from handlers.message import Body, Incoming, Outgoing, Private, Reply
from handlers.moderation.masking import mask
from handlers.policy.curated import owners, queue_texts
from handlers.policy.curated.likeness import gist, likeness
from storage.curated import CuratedAnswer
from storage.policy_queue import AskedRow, Asker, Entry

MOST_ASKED_A_DAY = 5
"""Questions that one person can have passed on within a day; all people of a group from outside count as one."""
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class _Telling:
    """Whom to tell of an entry, and whether today still has room for it."""

    to: tuple[str, ...]
    has_room: bool
    is_last: bool


def pass_on(asked: AskedRow, message: Incoming, context: Context) -> list[Outgoing]:
    """Queue a question that was asked in this chat, and tell whoever answers for the document."""
    asker = _asker(message)
    if asker is None:
        return [Reply(Body(queue_texts.ONLY_IN_GROUP))]
    known = _known(asked, context)
    if known is not None and known.state == "answered":
        return [Reply(_answered_already(known, context))]
    if known is not None and known.state == "closed":
        return [Reply(Body(queue_texts.closed_already(context.settings.policy.contact)))]
    if known is not None and known.why == "passed-on" and asker in context.store.policy_queue.askers(known.id):
        return [Reply(Body(queue_texts.PASSED_ON_ALREADY))]
    given = None if asked.is_answered else context.curated.match(asked.question)
    if given is not None:
        return [Reply(_answer_of(given.answer, context))]
    since = context.now - timedelta(days=1)
    if context.store.policy_queue.asked_for_since(asker.staff_id, asker.conversation, since) >= MOST_ASKED_A_DAY:
        return [Reply(Body(queue_texts.too_many(MOST_ASKED_A_DAY, context.settings.policy.contact)))]
    entry = known or _new(asked, "passed-on", context)
    telling = _telling(entry, context)
    if not telling.to:
        return [Reply(Body(queue_texts.nobody(context.settings.policy.contact)))]
    stored, told = _queue(entry, asked, telling, asker, context)
    whose = stored.document if owners.owner_of(stored.document, context) is not None else None
    return [Reply(Body(queue_texts.passed_on(whose, in_group=asker.staff_id is None), queue_texts.TITLE_PASSED)), *told]


def rate(asked: AskedRow, reason: str, message: Incoming, context: Context, *, is_useful: bool) -> list[Outgoing]:
    """One person's word on the answer to a question that was asked in this chat. A later word replaces an earlier one."""
    queue = context.store.policy_queue
    if not is_useful and not asked.is_answered:
        return [Reply(Body(queue_texts.NOT_ANSWERED, "", (queue_texts.pass_on(asked.id),)))]
    reason = mask(" ".join(reason.split()))[:LONGEST_REASON]
    if is_useful:
        known = queue.of_asked(asked.id)
        queue.rate(asked.id, _rater(asked, message, context), is_useful=True, reason="", at=context.now)
        if known is not None and _is_settled_by_likes(known, asked, context):
            queue.settle(known.id, "closed", "", context.now)
        return [Reply(Body(queue_texts.LIKED))]
    known = _known(asked, context)
    if known is not None and known.state != "open":
        known = None  # what was answered is of no use either: it waits once more
    entry = known or _new(asked, "disliked", context)
    asker = _asker(message) if reason else None
    telling = _telling(entry, context) if reason else _Telling((), has_room=False, is_last=False)
    stored, told = _queue(entry, asked, telling, asker, context, reason)
    queue.rate(asked.id, _rater(asked, message, context), is_useful=False, reason=reason, at=context.now)
    if reason:
        return [Reply(Body(queue_texts.reason_noted(is_told=bool(told or stored.told_at)))), *told]
    return [Reply(Body(queue_texts.disliked(asked.id), "", (queue_texts.pass_on(asked.id),)))]


def _queue(
    entry: Entry, asked: AskedRow, telling: _Telling, asker: Asker | None, context: Context, reason: str = ""
) -> tuple[Entry, list[Outgoing]]:
    """Store an entry, or what is new about it, and the word to whoever answers, where it is time for that."""
    queue = context.store.policy_queue
    why = "passed-on" if not reason and asker is not None else entry.why
    reasons = entry.reason if not reason or reason in entry.reason else "；".join(filter(None, (entry.reason, reason)))
    is_telling = entry.told_at is None and telling.has_room
    told_at = context.now if is_telling else entry.told_at
    if entry.id:
        entry_id = entry.id
        queue.update(entry_id, why=why, reason=reasons[:LONGEST_REASON], told_at=told_at)
    else:
        new = Entry(
            why, entry.question, entry.created_at, asked.id, reasons, entry.document, entry.article, told_at=told_at
        )
        entry_id = queue.add(new)
    if asker is not None:
        queue.add_asker(entry_id, asker, context.now)
    stored = queue.get(entry_id)
    assert stored is not None
    told: list[Outgoing] = (
        [Private(telling.to, body_for(stored, context, is_last=telling.is_last))] if is_telling else []
    )
    return stored, told


def body_for(entry: Entry, context: Context, *, is_last: bool = False) -> Body:
    """What whoever answers reads about a question."""
    given = context.curated.match(entry.question)
    known = None if given is None else given.answer.id
    named = [] if entry.article is None else context.policies.named(entry.article)
    document = None if entry.document is None else owners.document_of(entry.document, context)
    article = next((one for owner, one in named if document is not None and owner.id == document.id), None)
    text = queue_texts.for_owner(entry, article, known_answer=known, is_last=is_last)
    buttons = queue_texts.for_owner_buttons(entry, document if article is not None else None)
    return Body(text, queue_texts.TITLE_QUESTION, buttons)


def _known(asked: AskedRow, context: Context) -> Entry | None:
    """The entry that this very question led to, else an open one of the same question in other words."""
    known = context.store.policy_queue.of_asked(asked.id)
    if known is not None:
        return known
    asks = gist(asked.question)
    same = [one for one in context.store.policy_queue.open() if likeness(asks, gist(one.question)) > 0]
    return next((one for one in same if one.document == asked.document), None)


def _new(asked: AskedRow, why: str, context: Context) -> Entry:
    return Entry(
        why="passed-on" if why == "passed-on" else "disliked",
        question=asked.question,
        created_at=context.now,
        asked_id=asked.id,
        document=asked.document,
        article=asked.article,
    )


def _telling(entry: Entry, context: Context) -> _Telling:
    to = owners.recipients(entry.document, context)
    told = [
        one
        for one in context.store.policy_queue.told_since(_midnight(context))
        if owners.recipients(one.document, context) == to
    ]
    room = context.settings.policy.questions_a_day - len(told)
    return _Telling(to, has_room=bool(to) and room > 0, is_last=room == 1)


def _midnight(context: Context) -> datetime:
    return datetime.combine(context.today, time(), context.settings.scheduler.timezone)


def _asker(message: Incoming) -> Asker | None:
    """Who gets the answer; None for somebody from outside in private, whom nothing reaches later."""
    staff_id = message.sender.staff_id
    if staff_id is None and not message.is_group:
        return None
    return Asker(staff_id, message.conversation, message.is_group)


def _rater(asked: AskedRow, message: Incoming, context: Context) -> str:
    """Tells the same person again for the same question, and for nothing else."""
    person = message.sender.staff_id or message.sender.sender_id
    return context.store.prints.of_person(f"{asked.id} {person}")


def _is_settled_by_likes(known: Entry, asked: AskedRow, context: Context) -> bool:
    """Nobody minds the answer any more, and nobody waits for another one."""
    queue = context.store.policy_queue
    is_idle = known.state == "open" and known.why == "disliked" and not queue.askers(known.id)
    return is_idle and queue.ratings(asked.id)[1] == 0


def _answered_already(known: Entry, context: Context) -> Body:
    given = None if known.curated_id is None else context.store.curated.get(known.curated_id)
    if given is None or given.state != "given":
        return Body(queue_texts.closed_already(context.settings.policy.contact))
    return _answer_of(given, context)


def _answer_of(answer: CuratedAnswer, context: Context) -> Body:
    on = answer.reviewed_at.astimezone(context.settings.scheduler.timezone)
    return Body(queue_texts.answered_already(answer.answer, on))
