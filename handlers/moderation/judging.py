"""A reviewer's word on a flag, and what follows: the rule is known better, and those who heard hear of a mistake."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from handlers.context import Context
from handlers.message import Body, Button, Outgoing, Private
from handlers.moderation import appeal_texts, review_texts
from handlers.moderation.allowing import allow_word
from storage.audit import AuditEntry
from storage.flags import Flag
from storage.verdicts import Tally, Verdict, VerdictWord

_HEADS = ("owner", "head", "admins", "ding")


def judge(flag: Flag, word: VerdictWord, reviewer: str, context: Context) -> tuple[Body, list[Outgoing]]:
    """Keep the verdict. Returns what the reviewer reads, and what others get.

    An appeal is settled by any verdict; what nobody is sure of counts for the sender. A mistake is told to the sender
    and to all who heard of it; that something was right only to a sender who appealed, or had heard otherwise.
    """
    before = context.store.verdicts.get(flag.id)
    appeal = context.store.appeals.get(flag.id)
    if before is not None and before.verdict == word:
        return Body(review_texts.same_again(flag, word), review_texts.TITLE_DONE, (_NEXT,)), []
    told = context.store.tellings.of(flag.id)
    offered = allow_word(flag.rule, flag.excerpt, context.scanner) if word == "wrong" else None
    since = context.now - timedelta(days=context.settings.privacy.flag_retention_days)
    context.store.verdicts.put(Verdict(flag.id, word, reviewer, context.now))
    tally = context.store.verdicts.counts(since).get(flag.rule, Tally())
    if appeal is not None:
        context.store.appeals.settle(flag.id, context.now)
    entry = AuditEntry(context.now, reviewer, "复核", str(flag.id), f"{flag.rule} {word}", flag.conversation)
    context.store.audit.add(entry)
    sent: list[Outgoing] = []
    text = _for_sender(flag, word, None if before is None else before.verdict, context, has_appealed=appeal is not None)
    if flag.sender is not None and text is not None and (appeal or any(one.rung == "sender" for one in told)):
        sent.append(Private((flag.sender,), Body(text, _title(word, has_appealed=appeal is not None))))
    heads = tuple(
        dict.fromkeys(one.person for one in told if one.rung in _HEADS and one.person not in (reviewer, flag.sender))
    )
    if word == "wrong" and heads:
        sent.append(Private(heads, Body(appeal_texts.corrected_for_heads(flag), appeal_texts.TITLE_CORRECTED)))
    text = review_texts.judged(flag, word, tally, offered, _name(flag.rule, context))
    return Body(text, review_texts.TITLE_DONE, tuple(_buttons(flag, offered))), sent


def _name(rule_id: str, context: Context) -> str | None:
    return next((rule.name for rule in context.scanner.rules if rule.id == rule_id), None)


_NEXT = Button("下一条", "/复核 下一条")


def _buttons(flag: Flag, offered: str | None) -> Iterable[Button]:
    if offered is not None:
        yield Button(f"放行「{offered}」", f"/规则 放行 {flag.rule} {offered}")
    yield _NEXT


def _title(word: VerdictWord, *, has_appealed: bool) -> str:
    if has_appealed:
        return appeal_texts.TITLE_OUTCOME
    return appeal_texts.TITLE_CORRECTED if word == "wrong" else appeal_texts.TITLE_OUTCOME


def _for_sender(
    flag: Flag, word: VerdictWord, before: VerdictWord | None, context: Context, *, has_appealed: bool
) -> str | None:
    if has_appealed:
        return appeal_texts.outcome(flag, word, context.settings.policy.contact)
    if word == "wrong":
        return appeal_texts.corrected(flag)
    return appeal_texts.upheld_after_all(flag) if word == "right" and before == "wrong" else None
