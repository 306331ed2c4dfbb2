"""What those who answer for documents hear by themselves: the digest of what was asked, and which answers to review.

Counts and masked questions only. A question that came near no article is everybody's own business: it is counted, and
shown to the admins only when it came up in several chats.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handlers.context import Context
from handlers.message import Body, Button, Due, Outgoing, Priority, Private
from handlers.policy.curated import owners, queue_texts, weekly_texts
from handlers.policy.curated import texts as curated_texts
from handlers.policy.curated.likeness import LONGEST, gist
from handlers.policy.curated.matching import Given
from handlers.policy.curated.weekly_texts import Often
from handlers.policy.finding.decision import NEAR
from handlers.policy.normalise import core
from storage.policies import Article, Document
from storage.policy_queue import AskedRow, Entry, RatedRow

DIGEST_TASK, REVIEW_TASK = "policy-digest", "policy-review"
FIRST, MOST = timedelta(days=7), timedelta(days=62)
"""How far back the first digest looks, and any at most."""
REVIEW_AFTER = timedelta(days=365)
"""From here on a digest says that an answer has not been looked at for long. It is given all the same."""
_LISTED = 5
_MOST_SUGGESTED = 2

People = tuple[str, ...]


@dataclass(slots=True)
class _Share:
    """What one owner, or the admins together, hear of."""

    asked: list[AskedRow] = field(default_factory=list)
    far: list[AskedRow] = field(default_factory=list)
    """Questions that came near nothing."""
    rated: list[RatedRow] = field(default_factory=list)
    open: list[Entry] = field(default_factory=list)
    missed: list[Entry] = field(default_factory=list)
    """Answered ones whose answer did not reach everybody."""
    outdated: list[Given] = field(default_factory=list)
    unreviewed: list[Given] = field(default_factory=list)

    def __bool__(self) -> bool:
        told = (self.asked, self.rated, self.open, self.missed, self.outdated, self.unreviewed)
        return any(told) or bool(_in_several_chats(self.far))


class _Recipients(dict[str | None, People]):
    """Whom to tell about each document, by title, looked up once."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context

    def __missing__(self, title: str | None) -> People:
        self[title] = owners.recipients(title, self._context)
        return self[title]


def digest(due: Due, context: Context) -> list[Outgoing]:
    """A digest for each owner and for the main admins; nobody hears that there is nothing to tell."""
    queue = context.store.policy_queue
    until = context.now
    since = max(queue.digested_until() or until - FIRST, until - MOST)
    to = _Recipients(context)
    shares: dict[People, _Share] = defaultdict(_Share)
    for row in queue.asked_between(since, until):
        is_near = row.is_answered or row.score >= context.settings.policy.refusal_threshold * NEAR
        share = shares[to[row.document if is_near else None]]
        (share.asked if is_near else share.far).append(row)
    for rated in queue.rated_between(since, until):
        shares[to[rated.asked.document]].rated.append(rated)
    for entry in queue.open():
        shares[to[entry.document]].open.append(entry)
    lost = {one.staff_id: one.at for one in context.store.unreachable.all()}
    for entry in queue.answered_between(since, until):
        askers = [one.staff_id for one in queue.askers(entry.id) if one.staff_id in lost and not one.is_group]
        if any(lost[staff_id] >= (entry.settled_at or until) for staff_id in askers if staff_id is not None):
            shares[to[entry.document]].missed.append(entry)
    for one in context.curated.given:
        if not one.is_current:
            shares[to[one.answer.document]].outdated.append(one)
        elif one.answer.reviewed_at < until - REVIEW_AFTER:
            shares[to[one.answer.document]].unreviewed.append(one)
    sent: list[Outgoing] = [
        Private(people, _body(share, since, context, is_late=due.is_late), priority=Priority.DIGEST)
        for people, share in shares.items()
        if people and share
    ]
    queue.digested(until)
    return sent


def review(context: Context) -> list[Outgoing]:
    """Ask once to look again at the answers whose articles have changed."""
    to_ask: dict[People, list[Given]] = defaultdict(list)
    for one in context.curated.outdated:
        if one.answer.asked_review_at is None:
            to_ask[owners.recipients(one.answer.document, context)].append(one)
    asked = [(people, found) for people, found in to_ask.items() if people]
    context.store.curated.asked_review([one.answer.id for _, found in asked for one in found], context.now)
    return [
        Private(
            people,
            Body(curated_texts.review(found), curated_texts.TITLE_REVIEW, curated_texts.review_buttons(found)),
        )
        for people, found in asked
    ]


def _body(share: _Share, since: datetime, context: Context, *, is_late: bool) -> Body:
    refused = [row for row in share.asked if not row.is_answered]
    disliked = [one for one in share.rated if one.dislikes]
    suggested = _suggested(share.rated, context)
    text = weekly_texts.digest(
        since.astimezone(context.settings.scheduler.timezone),
        context.local_now,
        asked=len(share.asked) + len(share.far),
        answered=sum(row.is_answered for row in share.asked),
        far=len(share.far),
        likes=sum(one.likes for one in share.rated),
        dislikes=sum(one.dislikes for one in share.rated),
        top=_often(share.asked, least=2)[:_LISTED],
        refused=_often(refused)[:_LISTED],
        common=_often(_in_several_chats(share.far), least=2)[:_LISTED],
        disliked=[(one.asked.question, one.reasons) for one in disliked[:_LISTED]],
        waiting=share.open,
        missed=share.missed,
        outdated=share.outdated,
        unreviewed=share.unreviewed,
        suggested=[(question, article.number) for question, _, article in suggested],
        is_late=is_late,
    )
    buttons = [queue_texts.as_question(question, document, article) for question, document, article in suggested]
    if share.open:
        buttons.append(Button("看等答的问题", "/规章 待答"))
    if share.outdated:
        buttons.append(Button("看待复核的问答", "/规章 问答 列表 待复核"))
    return Body(text, weekly_texts.TITLE, tuple(buttons))


def _often(rows: Iterable[AskedRow], least: int = 1) -> list[Often]:
    """Questions that ask the same, with how often; the most frequent first."""
    groups: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        groups[gist(row.question).key].append(row.question)
    counted = [Often(min(said, key=len), len(said)) for said in groups.values() if len(said) >= least]
    return sorted(counted, key=lambda one: -one.times)


def _in_several_chats(rows: Sequence[AskedRow]) -> list[AskedRow]:
    chats: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        chats[gist(row.question).key].add(row.conversation)
    return [row for row in rows if len(chats[gist(row.question).key]) > 1]


def _suggested(rated: Sequence[RatedRow], context: Context) -> list[tuple[str, Document, Article]]:
    """Questions whose answer people liked, and that are none of the article's own yet."""
    found: list[tuple[str, Document, Article]] = []
    for one in sorted(rated, key=lambda each: -each.likes):
        asked = one.asked
        if not one.likes or one.dislikes or asked.article is None or asked.document is None:
            continue
        if len(asked.question) > LONGEST:
            continue
        document = owners.document_of(asked.document, context)
        named = context.policies.named(asked.article)
        article = next((each for owner, each in named if document is not None and owner.id == document.id), None)
        if document is None or article is None or context.curated.match(asked.question) is not None:
            continue
        known = {gist(question).key for question in article.questions}
        if gist(asked.question).key not in known and core(asked.question) not in {core(said) for said, _, _ in found}:
            found.append((asked.question, document, article))
    return found[:_MOST_SUGGESTED]
