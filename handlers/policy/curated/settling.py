"""Whoever answers for a document answers a question of the queue: what is sent to whom, and what is kept of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from handlers.context import Context
from handlers.message import Body, GroupPost, Outgoing, Private, Reply
from handlers.moderation.masking import mask
from handlers.policy.curated import owners, queue_texts
from handlers.policy.curated.likeness import LONGEST
from handlers.policy.curated.matching import link_to
from handlers.policy.documents.naming import is_number
from handlers.policy.normalise import fold
from handlers.quiet_hours import QuietHours
from storage.audit import AuditEntry
from storage.curated import CuratedAnswer
from storage.policies import Article, Document
from storage.policy_queue import Asker, Entry

LONGEST_ANSWER = 1500
"""Characters of an answer."""
MOST_LINKS = 5
_FIRST = re.compile(r"(\S{2,30}?)[，,、；;:：]*\s+(\S.*)", re.DOTALL)

Articles = tuple[tuple[Document, Article], ...]


@dataclass(frozen=True, slots=True)
class Written:
    """An answer as it was written: its words, masked, and the articles named before them."""

    words: str
    articles: Articles
    is_masked: bool
    """Something in it looked like a number that identifies somebody."""


def written(text: str, title: str | None, context: Context) -> Written:
    """Take an answer apart: `五.8 二.6 答复内容`. Of a number that several documents have, the one of `title` is meant."""
    rest, articles = text.strip(), list[tuple[Document, Article]]()
    while len(articles) < MOST_LINKS and (split := _FIRST.match(rest)) is not None:
        found = article_of(split[1], title, context)
        if found is None:
            break
        if found not in articles:
            articles.append(found)
        rest = split[2]
    words = mask(rest)[:LONGEST_ANSWER]
    return Written(words, tuple(articles), is_masked=words != rest[:LONGEST_ANSWER])


def preview(entry: Entry, answer: Written, context: Context) -> str:
    """What whoever answers is shown before anything is sent."""
    read = _read(entry, answer, context)
    people, groups = _reach(context.store.policy_queue.askers(entry.id), context)
    return queue_texts.preview(
        entry,
        read,
        askers=len(people) + len(groups),
        is_masked=answer.is_masked,
        is_correction=_is_correction(entry),
        has_articles=bool(answer.articles),
    )


def settle(entry: Entry, answer: Written, by: str, context: Context) -> list[Outgoing]:
    """Send the answer to those who asked, keep it as a curated one, and say so."""
    queue = context.store.policy_queue
    body = Body(
        _read(entry, answer, context),
        queue_texts.TITLE_CORRECTION if _is_correction(entry) else queue_texts.TITLE_ANSWER,
    )
    people, groups = _reach(queue.askers(entry.id), context)
    curated = _curated(entry, answer, by, context)
    is_short = len(entry.question) <= LONGEST  # what tells a story of its own is no question to be found by
    add = queue_texts.as_question(entry.question, *answer.articles[0]) if answer.articles and is_short else None
    if curated.id:
        context.store.curated.replace(curated)
        curated_id = curated.id
    else:
        curated_id = context.store.curated.add(curated)
    queue.settle(entry.id, "answered", by, context.now, curated_id)
    _audit("规章 回答", entry, by, f"curated {curated_id}", context)
    morning = QuietHours.of(context.settings).until(context.now)
    local = None if morning is None else morning.astimezone(context.settings.scheduler.timezone)
    text = queue_texts.sent(entry.id, curated_id, len(people), len(groups), local)
    done = Reply(Body(text, queue_texts.TITLE_ANSWER, queue_texts.sent_buttons(entry.id, curated_id, add)))
    return [done, *_to_askers(people, groups, body)]


def close(entry: Entry, reason: str, by: str, context: Context) -> list[Outgoing]:
    """Give no answer, and tell those who wait for one."""
    people, groups = _reach(context.store.policy_queue.askers(entry.id), context)
    said = mask(" ".join(reason.split()))[:200]
    body = Body(
        queue_texts.not_answered(entry.question, said, context.settings.policy.contact), queue_texts.TITLE_ANSWER
    )
    context.store.policy_queue.settle(entry.id, "closed", by, context.now)
    _audit("规章 不答", entry, by, said, context)
    told = len(people) + len(groups)
    return [Reply(Body(queue_texts.closed(entry.id, told))), *_to_askers(people, groups, body)]


def withdraw(entry: Entry, by: str, context: Context) -> list[Outgoing]:
    """Take an answer back: those who got it are told, it is given no more, and the question waits again."""
    people, groups = _reach(context.store.policy_queue.askers(entry.id), context)
    given = None if entry.curated_id is None else context.store.curated.get(entry.curated_id)
    body = Body(queue_texts.withdrawn(entry.question, context.settings.policy.contact), queue_texts.TITLE_WITHDRAWN)
    if given is not None and given.state == "given":
        context.store.curated.replace(replace(given, state="stopped", reviewed_by=by, reviewed_at=context.now))
    context.store.policy_queue.reopen(entry.id)
    _audit("规章 撤回", entry, by, f"curated {entry.curated_id}", context)
    return [Reply(Body(queue_texts.withdrawn_for_owner(entry.id))), *_to_askers(people, groups, body)]


def _curated(entry: Entry, answer: Written, by: str, context: Context) -> CuratedAnswer:
    """The curated answer that this becomes: a new version of the one that the question has got so far, or a new one."""
    store = context.store.curated
    given = None if entry.curated_id is None else store.get(entry.curated_id)
    if given is None:
        match = context.curated.match(entry.question)
        given = None if match is None else store.get(match.answer.id)
    title = answer.articles[0][0].title if answer.articles else entry.document
    if given is None:
        return CuratedAnswer(
            answer=answer.words,
            phrasings=(entry.question,),
            links=tuple(link_to(*one) for one in answer.articles),
            document=title,
            author=by,
            created_at=context.now,
            reviewed_by=by,
            reviewed_at=context.now,
        )
    return replace(
        given,
        answer=answer.words,
        phrasings=tuple(dict.fromkeys((*given.phrasings, entry.question))),
        links=tuple(link_to(*one) for one in answer.articles),
        document=title,
        state="given",
        reviewed_by=by,
        reviewed_at=context.now,
    )


def _read(entry: Entry, answer: Written, context: Context) -> str:
    title = entry.document if owners.owner_of(entry.document, context) is not None else None
    return queue_texts.to_asker(
        entry.question,
        answer.words,
        answer.articles,
        context.local_now,
        title=title,
        is_correction=_is_correction(entry),
    )


def _is_correction(entry: Entry) -> bool:
    return entry.state == "answered"


def _reach(askers: Sequence[Asker], context: Context) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Whom to write to in private, and the groups in which the others asked."""
    missed = {one.staff_id for one in context.store.unreachable.all()}
    people = [
        one.staff_id for one in askers if one.staff_id is not None and (one.staff_id not in missed or not one.is_group)
    ]
    groups = [one.conversation for one in askers if one.is_group and (one.staff_id is None or one.staff_id in missed)]
    return tuple(dict.fromkeys(people)), tuple(dict.fromkeys(groups))


def _to_askers(people: tuple[str, ...], groups: tuple[str, ...], body: Body) -> list[Outgoing]:
    private: list[Outgoing] = [Private(people, body)] if people else []
    return [*private, *(GroupPost(conversation, body) for conversation in groups)]


def article_of(word: str, title: str | None, context: Context) -> tuple[Document, Article] | None:
    """The article that a word names: `五.8`, `第十二条`; a bare number may count anything, and names none."""
    folded = fold(word)
    if not is_number(folded) or not ("." in folded or "条" in folded):
        return None
    named = context.policies.named(word)
    document = None if title is None else owners.document_of(title, context)
    own = [one for one in named if document is not None and one[0].id == document.id]
    return next(iter(own or named), None)


def _audit(action: str, entry: Entry, by: str, detail: str, context: Context) -> None:
    context.store.audit.add(AuditEntry(context.now, by, action, queue_texts.mark(entry.id), detail))
