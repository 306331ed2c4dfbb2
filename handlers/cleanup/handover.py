"""What is open follows its group: to a new owner, or to whoever stands in for one who has gone."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.cleanup import texts
from handlers.cleanup.cycle import buttons_for, titles_of, who_may_be_asked
from handlers.cleanup.roster import Roster
from handlers.context import Context
from handlers.message import Body, Private
from storage.audit import AuditEntry
from storage.findings import Finding


def hand_over(roster: Roster, context: Context, late: str = "") -> list[Private]:
    """Give what is open to whom a cycle would ask about the group now, and tell those people once (article 五.5).

    Nobody is chased for a group that is no longer theirs. Where there is nobody to ask, things stay as they are.
    """
    findings = context.store.findings
    groups = {group.conversation: group for group in context.store.groups.all()}
    given: dict[str, list[Finding]] = {}
    for one in findings.all_open():
        may_be_asked = who_may_be_asked(groups[one.conversation], roster, context)
        if may_be_asked and one.owner not in may_be_asked:
            given.setdefault(may_be_asked[0], []).append(one)
    for owner, taken in given.items():
        _give(owner, taken, context)
    titles = titles_of(groups.values())
    return [_tell(owner, [one.id for one in taken], titles, context, late) for owner, taken in given.items()]


def _give(owner: str, taken: Sequence[Finding], context: Context) -> None:
    findings = context.store.findings
    for number, one in enumerate(taken, start=findings.next_number(owner)):
        findings.hand_over(one.id, owner, number)
        detail = f"{one.owner or ''} → {owner} {one.reason}"
        entry = AuditEntry(context.now, "schedule", "清理 转交", one.member or "", detail, one.conversation)
        context.store.audit.add(entry)
    for cycle_id in {one.cycle_id for one in taken}:
        findings.asked(cycle_id, owner, context.now)
    for before in {one.owner for one in taken}:
        if before is not None and not findings.owed_by(before):
            findings.finished(before, context.now)


def _tell(owner: str, ids: Sequence[int], titles: dict[str, str], context: Context, late: str) -> Private:
    taken = [one for one in context.store.findings.owed_by(owner) if one.id in ids]
    return Private((owner,), Body(texts.handed_over(taken, titles, late), texts.TITLE_ASK, buttons_for(taken)))
