"""A reviewer's word on flags, and what follows: the rules are known better, and those who heard hear of a mistake."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby, islice

from handlers.context import Context
from handlers.message import Body, Button, Outgoing, Private
from handlers.moderation import appeal_texts, review_texts
from handlers.moderation.allowing import allow_word
from storage.audit import AuditEntry
from storage.flags import Flag
from storage.reviews import Row
from storage.tellings import Telling
from storage.verdicts import Verdict, VerdictWord

_HEADS = ("owner", "head", "admins", "ding")
_MOST_OFFERED = 3
_NEXT = Button("下一条", "/复核 下一条")


@dataclass(frozen=True, slots=True)
class _Other:
    """A flag of the same message about which nothing is said now."""

    row: Row
    heads: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Judged:
    """A flag that gets another verdict, and what was before."""

    flag: Flag
    before: VerdictWord | None
    has_appealed: bool
    told: Sequence[Telling]

    @property
    def is_known(self) -> bool:
        """The sender heard of it, or knows of it."""
        return self.has_appealed or any(one.rung == "sender" for one in self.told)


def judge(flags: Sequence[Flag], word: VerdictWord, reviewer: str, context: Context) -> tuple[Body, list[Outgoing]]:
    """Keep the verdict. Returns what the reviewer reads, and what others get: one word each about a message.

    An appeal is settled by any verdict; what nobody is sure of counts for the sender. A mistake is told to the sender
    and to all who heard of it; that something was right only to a sender who appealed, and to whoever had heard otherwise.
    """
    judged = [one for one in (_looked_up(flag, context) for flag in flags) if one.before != word]
    others = _others(flags, context)
    changed = [one.flag for one in judged]
    same = [flag for flag in flags if flag not in changed]
    offered = _offered(changed, context) if word == "wrong" else []
    # Everything about the flags has been read; from here on it is only written.
    for one in judged:
        _keep(one, word, reviewer, context)
    sent: list[Outgoing] = []
    for _, group in groupby(sorted(judged, key=_message_of), key=_message_of):
        of_message = list(group)
        sent += _to_sender(of_message, word, context.settings.policy.contact)
        sent += _to_heads(of_message, word, others, reviewer)
    said = [review_texts.same_again(same, word)] if same else []
    if changed:
        since = context.now - timedelta(days=context.settings.privacy.flag_retention_days)
        names = {rule.id: rule.name for rule in context.scanner.rules}
        said.append(review_texts.judged(changed, word, context.store.flag_counts.since(since), offered, names))
    buttons = (*_allowing(offered), *_still_waiting(others), _NEXT)
    return Body("\n\n".join(said), review_texts.TITLE_DONE, buttons), sent


def _looked_up(flag: Flag, context: Context) -> _Judged:
    before = context.store.verdicts.get(flag.id)
    has_appealed = context.store.appeals.get(flag.id) is not None
    return _Judged(flag, None if before is None else before.verdict, has_appealed, context.store.tellings.of(flag.id))


def _message_of(judged: _Judged) -> str:
    return judged.flag.message_key


def _offered(flags: Iterable[Flag], context: Context) -> list[tuple[str, str]]:
    """Rules, as people write them in a command, with the word that each could let be."""
    found = ((flag.rule, allow_word(flag.rule, flag.excerpt, context.scanner)) for flag in flags)
    offered = list(dict.fromkeys((rule, word) for rule, word in found if word is not None))[:_MOST_OFFERED]
    numbers = context.store.rules.numbers(rule for rule, _ in offered)
    return [(str(numbers.get(rule, rule)), word) for rule, word in offered]


def _keep(judged: _Judged, word: VerdictWord, reviewer: str, context: Context) -> None:
    flag = judged.flag
    context.store.verdicts.put(Verdict(flag.id, word, reviewer, context.now))
    if judged.has_appealed:
        context.store.appeals.settle(flag.id, context.now)
    entry = AuditEntry(context.now, reviewer, "复核", str(flag.id), f"{flag.rule} {word}", flag.conversation)
    context.store.audit.add(entry)


def _to_sender(judged: Sequence[_Judged], word: VerdictWord, contact: str) -> Iterable[Private]:
    """About these flags of one message, as far as the sender knows of them and it is news."""
    about = [
        one.flag
        for one in judged
        if one.is_known and (one.has_appealed or word == "wrong" or (word == "right" and one.before == "wrong"))
    ]
    sender = next((flag.sender for flag in about if flag.sender is not None), None)
    if sender is None:
        return
    if any(one.has_appealed for one in judged):
        body = Body(appeal_texts.outcome(about, word, contact), appeal_texts.TITLE_OUTCOME)
    elif word == "wrong":
        body = Body(appeal_texts.corrected(about), appeal_texts.TITLE_CORRECTED)
    else:
        body = Body(appeal_texts.upheld_after_all(about), appeal_texts.TITLE_UPHELD)
    yield Private((sender,), body)


def _to_heads(
    judged: Sequence[_Judged], word: VerdictWord, others: Iterable[_Other], reviewer: str
) -> Iterable[Private]:
    """Those who heard of these flags of one message read that they were a mistake, and which were none; or that what was
    called a mistake before is none."""
    if word == "wrong":
        message = _message_of(judged[0])
        standing = [one for one in others if one.row.flag.message_key == message and one.row.verdict != "wrong"]
        readers: dict[tuple[tuple[int, ...], tuple[int, ...]], list[str]] = {}
        for person, numbers in _heard(judged, reviewer).items():
            left = tuple(one.row.flag.id for one in standing if person in one.heads)
            readers.setdefault((numbers, left), []).append(person)
        for (numbers, left), people in readers.items():
            body = Body(appeal_texts.corrected_for_heads(numbers, left), appeal_texts.TITLE_CORRECTED)
            yield Private(tuple(people), body)
    elif word == "right":
        for person, numbers in _heard((one for one in judged if one.before == "wrong"), reviewer).items():
            yield Private((person,), Body(appeal_texts.upheld_for_heads(numbers), appeal_texts.TITLE_UPHELD))


def _heard(judged: Iterable[_Judged], reviewer: str) -> dict[str, tuple[int, ...]]:
    """Who is to read of which flags, the reviewer and the sender apart."""
    heard: dict[str, tuple[int, ...]] = {}
    for one in judged:
        for person in sorted(_heads(one.told) - {reviewer, one.flag.sender}):
            heard[person] = (*heard.get(person, ()), one.flag.id)
    return heard


def _heads(told: Iterable[Telling]) -> frozenset[str]:
    return frozenset(telling.person for telling in told if telling.rung in _HEADS)


def _others(flags: Sequence[Flag], context: Context) -> list[_Other]:
    """What else was found in these messages."""
    rows = [
        row
        for key in dict.fromkeys(flag.message_key for flag in flags)
        for row in context.store.reviews.of_message(key)
        if row.flag not in flags
    ]
    return [_Other(row, _heads(context.store.tellings.of(row.flag.id))) for row in rows]


def _allowing(offered: Iterable[tuple[str, str]]) -> Iterable[Button]:
    for rule, word in offered:
        yield Button(f"放行「{word}」", f"/规则 放行 {rule} {word}")


def _still_waiting(others: Iterable[_Other]) -> Iterable[Button]:
    """To the first of the same messages that waits."""
    waiting = (one.row.flag.id for one in others if one.row.is_waiting)
    yield from (Button("看同一条的其他规则", f"/复核 {number}") for number in islice(waiting, 1))
