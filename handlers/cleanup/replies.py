"""An owner's answer is recorded, and what was recorded and what is left is said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from handlers import access
from handlers.cleanup import remark_texts, texts
from handlers.cleanup.answers import Answer, Understood, understand
from handlers.cleanup.cycle import buttons_for, exemption_key, titles_of
from handlers.cleanup.remarks import Remark, remark_in
from handlers.cleanup.roster import Roster
from handlers.context import Context
from handlers.message import Body, Incoming, Outgoing, Private, Reply
from handlers.moderation.masking import mask
from storage.audit import AuditEntry
from storage.findings import Exemption, Finding


def answer_to_reminder(message: Incoming, context: Context) -> list[Outgoing] | None:
    """Record an owner's typed answer; None when the message is none (a question goes on to the regulations)."""
    owner = message.sender.staff_id
    if owner is None or not message.text or message.text[0] in "/／":
        return None
    asked = context.store.findings.asked_of(owner)
    if message.is_group:
        # The numbers are those of a private list, which may speak of other groups: nothing is recorded here.
        understood = understand(message.text, context.today, names_in(asked))
        is_answer = bool(asked and understood.answers and not understood.rest)
        return [Reply(Body(remark_texts.NOT_IN_GROUP), at_sender=True)] if is_answer else None
    if not asked:
        # Plainly an answer, but nothing was asked: the regulations have nothing to say to that.
        is_answer = bool(understand(message.text, context.today).answers)
        return [Reply(Body(texts.NOTHING_OWED))] if is_answer else None
    owed = context.store.findings.owed_by(owner)
    understood = understand(message.text, context.today, names_in(asked))
    if not understood.answers and understood.is_vague and len(owed) == 1:
        # Only one thing is left: `已移出` can mean nothing else.
        understood = understand(f"{owed[0].number}号{message.text}", context.today)
    if understood.answers:
        return record(understood, owner, context)
    remark = remark_in(message.text, context.today, names_in(asked))
    remarked = None if remark is None else _to_remark(remark, asked, owed, owner, context)
    if remarked is not None:
        return remarked
    if understood.is_vague and owed:
        return [Reply(Body(texts.not_understood(understood.rest, owed), texts.TITLE_ASK_BACK, buttons_for(owed)))]
    return None


def _to_remark(
    remark: Remark, asked: Sequence[Finding], owed: Sequence[Finding], owner: str, context: Context
) -> list[Outgoing] | None:
    """None where the remark can hardly be about the list: nothing is open, or nothing was answered."""
    if remark.kind == "take-back":
        return take_back(remark.numbers, owner, context)
    if remark.kind == "slip":
        answered = [(one.answered_at, one.number) for one in asked if one.answered_at is not None]
        if not answered:
            return None
        last = max(answered)[1]
        return [Reply(Body(remark_texts.slip(last), "", (remark_texts.take_back(last),)))]
    if remark.kind == "why":
        return [Reply(Body(remark_texts.why([one for one in asked if one.number in remark.numbers])))]
    if not owed:
        return None
    if remark.kind == "promise":
        return [Reply(Body(remark_texts.later(len(owed)), "", (texts.LIST,)))]
    return [Reply(Body(remark_texts.cannot_remove(owed[0].number), "", (texts.LIST,)))]


def names_in(findings: Sequence[Finding]) -> dict[str, tuple[int, ...]]:
    """Whom findings are about, by the name that people would write, with their numbers."""
    names: dict[str, tuple[int, ...]] = {}
    for finding in findings:
        if 2 <= len(finding.name) <= 12:
            names[finding.name] = (*names.get(finding.name, ()), finding.number)
    return names


def record(understood: Understood, owner: str, context: Context) -> list[Outgoing]:
    """Write the answers down and say what was recorded and what is left. A later answer replaces an earlier one."""
    asked = {finding.number: finding for finding in context.store.findings.asked_of(owner)}
    by_number = sorted(_by_number(understood, asked).items())
    answered = [(asked[number], answer) for number, answer in by_number if number in asked]
    missing = [number for number, _ in by_number if number not in asked]
    unknown = [f for f, answer in answered if answer.verdict == "unknown" and f.state != "unknown"]
    for_admins = _tell_admins(unknown, owner, context)  # before the first write: it reads for a while
    for finding, answer in answered:
        _write(finding, answer, owner, context)
    left = context.store.findings.owed_by(owner)
    if not left:
        context.store.findings.finished(owner, context.now)
    titles = titles_of(context.store.groups.all(active_only=False))
    said = [(finding, _said(finding, answer, context)) for finding, answer in answered]
    has_said = said or missing or understood.rest
    text = texts.recorded(said, left, understood.rest, missing, titles) if has_said else texts.NOTHING_OWED
    title = texts.TITLE_RECORDED if said else texts.TITLE_ASK_BACK
    sent: list[Outgoing] = [Reply(Body(text, title, buttons_for(left[:1], len(left)) if left else ()))]
    return sent + for_admins


def take_back(numbers: Sequence[int], owner: str, context: Context) -> list[Outgoing]:
    """Undo answers: the findings are open again and an exception that rested on the answer is withdrawn."""
    asked = {finding.number: finding for finding in context.store.findings.asked_of(owner)}
    taken = [asked[number] for number in numbers if number in asked and asked[number].state != "open"]
    for finding in taken:
        if finding.state == "kept":
            context.store.findings.withdraw_exemption(finding.conversation, exemption_key(finding))
        context.store.findings.reopen(finding.id)
        _audit("清理 撤回", finding, finding.state, owner, context)
    if not taken:
        return [Reply(Body(texts.NOTHING_TO_TAKE_BACK))]
    left = context.store.findings.owed_by(owner)
    return [Reply(Body(texts.taken_back(taken, len(left)), texts.TITLE_RECORDED, buttons_for(taken[:1], len(left))))]


def _by_number(understood: Understood, asked: dict[int, Finding]) -> dict[int, Answer]:
    """Which answer holds for which number: what is said of a number beats what is said of all, later beats earlier."""
    explicit = {number: answer for answer in understood.answers for number in answer.numbers}
    open_ones = {
        number: answer
        for answer in understood.answers
        if not answer.numbers
        for number, finding in asked.items()
        if finding.state == "open" and number not in understood.spared
    }
    return open_ones | explicit


def _until(answer: Answer, context: Context) -> date:
    return answer.until or context.today + timedelta(days=context.settings.cleanup.keep_days)


def _said(finding: Finding, answer: Answer, context: Context) -> str:
    if answer.verdict == "kept":
        return texts.kept(mask(answer.reason) or texts.DEFAULT_REASON, _until(answer, context))
    return texts.removed(finding) if answer.verdict == "removed" else texts.UNKNOWN_SAID


def _write(finding: Finding, answer: Answer, owner: str, context: Context) -> None:
    findings = context.store.findings
    key = exemption_key(finding)
    if answer.verdict == "kept":
        reason, until = mask(answer.reason) or texts.DEFAULT_REASON, _until(answer, context)
        findings.answer(finding.id, "kept", owner, context.now, keep_reason=reason, keep_until=until)
        findings.exempt(Exemption(finding.conversation, key, reason, owner, context.now, until))
        detail = f"{finding.reason} {reason} {until}"
    else:
        findings.answer(finding.id, answer.verdict, owner, context.now)
        if finding.state == "kept":
            findings.withdraw_exemption(finding.conversation, key)
        detail = finding.reason
    _audit(f"清理 {texts.VERDICTS[answer.verdict]}", finding, detail, owner, context)


def _audit(action: str, finding: Finding, detail: str, owner: str, context: Context) -> None:
    context.store.audit.add(AuditEntry(context.now, owner, action, finding.member or "", detail, finding.conversation))


def _tell_admins(unknown: Sequence[Finding], owner: str, context: Context) -> list[Outgoing]:
    admins = tuple(admin for admin in access.main_admins(context) if admin != owner)
    if not unknown or not admins:
        return []
    name = Roster.load(context.store.staff).name_of(owner)
    titles = titles_of(context.store.groups.all(active_only=False))
    return [Private(admins, Body(texts.unknown_for_admins(name, unknown, titles), texts.TITLE_UNKNOWN))]
