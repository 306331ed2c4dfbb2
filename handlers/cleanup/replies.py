"""Owners' typed answers: `全部已移出`, `1 3 已移出，2 返聘保留到6月30日`, `4 不清楚` (design §5)."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from handlers import access
from handlers.cleanup import texts
from handlers.cleanup.cycle import buttons_for
from handlers.cleanup.roster import Roster
from handlers.context import Context
from handlers.message import Body, Incoming, Outgoing, Private, Reply
from storage.audit import AuditEntry
from storage.findings import Exemption, Finding

Verdict = Literal["removed", "kept", "unknown"]

_NUMERALS = dict(zip("一二三四五六七八九", range(1, 10), strict=True))
_ALL = re.compile(r"^(?:以上|上面|这些|剩下的?|其余的?|其他的?)?(?:全部|全都|所有的?|都|全)")
_NUMBER = r"(?:\d{1,3}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_NUMBERS = re.compile(
    rf"^第?\s*({_NUMBER})(?:\s*(?:[-~至到]\s*({_NUMBER})))?\s*(?:号|项|、|,|和|跟|\s|\.|(?![\d年月日]))\s*"
)
_REMOVED = re.compile(
    r"^(?:已经?|都|全部?|均)*(?:移出|移除|移走|移|踢|踢出|清理|清出|删除|删|退群|退|请出|处理)(?:了|掉|完|好|过|出去|出群|本群|群)*$"
)
_KEPT = re.compile(r"保留|留着|留下|留在|需要留|先留|不移|不能移|暂留|要留")
_UNKNOWN = re.compile(r"不清楚|不知道|不认识|不确定|不是我的群|不归我管|查不到|没印象")
_UNTIL = re.compile(
    r"(?:到|至|截止到?|直到)?\s*(?:(?P<year>\d{4}|今年|明年)\s*[-年/.]?\s*)?(?P<month>\d{1,2})\s*[-月/.]\s*(?:(?P<day>\d{1,2})\s*[日号]?|(?P<end>底|末))?"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody says about some findings. No numbers: about all of them."""

    verdict: Verdict
    numbers: tuple[int, ...] = ()
    reason: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Understood:
    """The answers in a text, and the parts that could not be read."""

    answers: tuple[Answer, ...]
    rest: tuple[str, ...]


def understand(text: str, today: date) -> Understood:
    """Read an owner's words. Nothing is guessed: a part without a clear verdict is handed back."""
    plain = unicodedata.normalize("NFKC", text).strip()
    answers: list[Answer] = []
    rest: list[str] = []
    for part in _parts(plain):
        answer = _answer(part, today)
        if answer is None:
            rest.append(part)
        else:
            answers.append(answer)
    return Understood(tuple(answers), tuple(rest))


def _parts(text: str) -> list[str]:
    """Cut at punctuation; a part that is only numbers belongs to the one after it (`1、3，5 已移出`)."""
    parts: list[str] = []
    pending = ""
    for piece in re.split(r"[,，。;；!！\n]+", text):
        piece = piece.strip()
        if not piece:
            continue
        joined = f"{pending} {piece}".strip()
        numbers, left = _numbers(joined)
        if numbers and not left:
            pending = joined
            continue
        parts.append(joined)
        pending = ""
    return [*parts, pending] if pending else parts


def _numbers(text: str) -> tuple[tuple[int, ...], str]:
    """The numbers at the beginning of a part, ranges spelled out, and what follows them."""
    numbers: list[int] = []
    while match := _NUMBERS.match(text):
        first = _value(match[1])
        last = _value(match[2]) if match[2] else first
        if not 0 < first <= last <= first + 200:
            break
        numbers += range(first, last + 1)
        text = text[match.end() :]
    return tuple(dict.fromkeys(numbers)), text.strip()


def _value(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _NUMERALS[text]
    return (_NUMERALS[tens] if tens else 1) * 10 + (_NUMERALS[ones] if ones else 0)


def _answer(part: str, today: date) -> Answer | None:
    numbers, words = _numbers(part)
    words = re.sub(r"\s+", "", words).strip("的是:：()（）")
    if not numbers:
        # Only a text that speaks of all, and of nothing else, may decide about all.
        all_of_them = _ALL.match(words)
        if all_of_them is None:
            return None
        words = words[all_of_them.end() :]
    if _UNKNOWN.search(words):
        return Answer("unknown", numbers)
    if _KEPT.search(words):
        until = _until(words, today)
        return Answer("kept", numbers, _reason(words), until)
    if _REMOVED.match(words):
        return Answer("removed", numbers)
    return None


def _reason(words: str) -> str:
    bare = _UNTIL.sub("", words)
    bare = re.sub(
        r"(?:因为|由于|所以|请|要|先|暂时)|保留|留着|留下|留在群里|留在|需要留|先留|暂留|不能移|不移|要留|到|至|截止",
        "",
        bare,
    )
    return bare.strip("，,。 ")[:50]


def _until(words: str, today: date) -> date | None:
    """A day in the future that the words name; a day without a year is the next one of that name."""
    for match in _UNTIL.finditer(words):
        year = {"今年": today.year, "明年": today.year + 1}.get(match["year"] or "", 0) or int(match["year"] or 0)
        month = int(match["month"])
        if not 1 <= month <= 12:
            continue
        for candidate in [year] if year else [today.year, today.year + 1]:
            if not 2000 <= candidate <= 2100:
                continue
            last = monthrange(candidate, month)[1]
            day = int(match["day"]) if match["day"] else last
            if 1 <= day <= last and date(candidate, month, day) >= today:
                return date(candidate, month, day)
    return None


def answer_to_reminder(message: Incoming, context: Context) -> list[Outgoing] | None:
    """Record an owner's typed answer; None when the message is none (a question goes on to the regulations)."""
    owner = message.sender.staff_id
    if message.is_group or owner is None or not message.text or message.text[0] in "/／":
        return None
    owed = context.store.findings.owed_by(owner)
    if not owed:
        return None
    understood = understand(message.text, context.today)
    if not understood.answers:
        return None
    return record(understood, owner, context)


def record(understood: Understood, owner: str, context: Context) -> list[Outgoing]:
    """Write the answers down and say what was recorded and what is left."""
    asked = {finding.number: finding for finding in context.store.findings.asked_of(owner)}
    answered: list[tuple[Finding, str]] = []
    missing = list(understood.rest)
    taken: set[int] = set()
    explicit = {number for answer in understood.answers for number in answer.numbers}
    for answer in understood.answers:
        numbers = answer.numbers or [n for n, f in asked.items() if f.state == "open" and n not in explicit]
        for number in numbers:
            if number not in asked:
                missing.append(f"没有第 {number} 项")
            elif number not in taken:
                taken.add(number)
                answered.append((asked[number], _write(asked[number], answer, owner, context)))
    left = context.store.findings.owed_by(owner)
    if not left:
        context.store.findings.finished(owner, context.now)
    body = Body(texts.recorded(answered, len(left), missing), "已记录", buttons_for(left) if left else ())
    sent: list[Outgoing] = [Reply(body)]
    unknown = [finding for finding, said in answered if said == texts.unknown()]
    return sent + _tell_admins(unknown, owner, context)


def _write(finding: Finding, answer: Answer, owner: str, context: Context) -> str:
    store = context.store
    reason = answer.reason or "工作需要"
    until = answer.until or context.today + timedelta(days=context.settings.cleanup.keep_days)
    is_kept = answer.verdict == "kept"
    store.findings.answer(
        finding.id,
        answer.verdict,
        owner,
        context.now,
        keep_reason=reason if is_kept else None,
        keep_until=until if is_kept else None,
    )
    if finding.member is not None:
        if is_kept:
            store.findings.exempt(Exemption(finding.conversation, finding.member, reason, owner, context.now, until))
        elif finding.state == "kept":
            store.findings.withdraw_exemption(finding.conversation, finding.member)
    detail = f"{finding.reason} {reason} {until}" if is_kept else finding.reason
    store.audit.add(
        AuditEntry(context.now, owner, f"清理 {answer.verdict}", finding.member or "", detail, finding.conversation)
    )
    if is_kept:
        return texts.kept(reason, until)
    return texts.removed() if answer.verdict == "removed" else texts.unknown()


def _tell_admins(unknown: Sequence[Finding], owner: str, context: Context) -> list[Outgoing]:
    admins = tuple(admin for admin in access.main_admins(context) if admin != owner)
    if not unknown or not admins:
        return []
    roster = Roster.load(context.store.staff)
    groups = {finding.conversation: context.store.groups.get(finding.conversation) for finding in unknown}
    lines = []
    for finding in unknown:
        group = groups[finding.conversation]
        label = group.label if group is not None else finding.conversation
        lines.append(f"{label}：{finding.name or '本群'}（{texts.REASON_LABELS[finding.reason]}）")
    return [Private(admins, Body(texts.unknown_for_admins(roster.name_of(owner), lines), "群主不清楚的成员"))]
