"""Opening a cycle: what is wrong where, who is to be asked, and the messages that ask (article 五.8)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from handlers import access
from handlers.cleanup import texts
from handlers.cleanup.findings import Found, find
from handlers.cleanup.roster import GONE, Roster
from handlers.context import Context
from handlers.groups.texts import SOURCES
from handlers.message import Body, Button, GroupPost, Outgoing, Private
from handlers.settings import CleanupSettings
from storage.findings import Finding
from storage.groups import Group
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Plan:
    """What a cycle would ask of whom."""

    groups: tuple[Group, ...]
    found: tuple[Found, ...]
    asked: dict[str, tuple[str, ...]]
    """Who is asked about each group: usually its owner."""

    @property
    def owners(self) -> tuple[str, ...]:
        """Everybody who would be asked something."""
        return tuple(dict.fromkeys(one for f in self.found for one in self.asked[f.conversation]))


def findings_of(
    groups: Iterable[Group], store: Store, roster: Roster, today: date, settings: CleanupSettings
) -> list[Found]:
    """All findings of these groups, exceptions left out."""
    exempt = store.findings.exempt_on(today)
    return find(
        groups,
        store.members.of,
        roster,
        lambda conversation, member: (conversation, member) in exempt,
        today,
        settings,
    )


def plan(kinds: Sequence[str], context: Context) -> Plan:
    """What a cycle over groups of these kinds would ask. Unregistered groups are asked about registering only."""
    roster = Roster.load(context.store.staff)
    groups = tuple(group for group in context.store.groups.all() if group.kind in kinds or group.kind is None)
    found = findings_of(groups, context.store, roster, context.today, context.settings.cleanup)
    asked = {group.conversation: _whom_to_ask(group, roster, context) for group in groups}
    return Plan(groups, tuple(one for one in found if asked[one.conversation]), asked)


def _whom_to_ask(group: Group, roster: Roster, context: Context) -> tuple[str, ...]:
    """The owner; where there is none or the owner has gone, the department's head, else the main admins."""
    owner = None if group.owner is None else roster.get(group.owner)
    if group.owner is not None and (owner is None or owner.status not in GONE):
        return (group.owner,)
    heads = roster.head_of(group.department or (owner.department if owner is not None else ""))
    return heads[:1] or access.main_admins(context)[:1]


def open_cycle(
    plan: Plan, schedule: str, kinds: Sequence[str], by: str, context: Context, late: str = ""
) -> list[Outgoing]:
    """Store the cycle and say it: a bare count in each group, one named list in private to each owner.

    An earlier cycle of the same schedule ends: this reading is newer, and nobody is asked twice for the same.
    """
    findings = context.store.findings
    for cycle in findings.open_cycles():
        if cycle.schedule == schedule:
            findings.close_cycle(cycle.id, context.now)
    cycle_id = findings.open_cycle(schedule, kinds, by, context.now)
    elsewhere = {(f.conversation, f.member, f.reason) for f in _still_open(context)}
    sent: list[Outgoing] = []
    for owner in plan.owners:
        mine = [
            one
            for one in plan.found
            if owner in plan.asked[one.conversation] and (one.conversation, one.member, one.reason) not in elsewhere
        ]
        if mine:
            sent.append(_ask(owner, mine, plan, cycle_id, context, late))
    if context.settings.cleanup.post_count_in_group:
        sent += _counts(plan, late)
    return sent


def _still_open(context: Context) -> list[Finding]:
    asks = context.store.findings.asks()
    return [finding for ask in asks for finding in context.store.findings.owed_by(ask.owner)]


def _counts(plan: Plan, late: str) -> list[Outgoing]:
    counts: dict[str, int] = {}
    for one in plan.found:
        counts[one.conversation] = counts.get(one.conversation, 0) + 1
    return [GroupPost(group, Body(texts.in_group(count, late), "群成员核对")) for group, count in counts.items()]


def _ask(owner: str, mine: Sequence[Found], plan: Plan, cycle_id: int, context: Context, late: str) -> Private:
    store = context.store
    first = store.findings.next_number(owner)
    for number, one in enumerate(mine, start=first):
        store.findings.add(_finding(one, cycle_id, owner, number))
    store.findings.asked(cycle_id, owner, context.now)
    rows = [row for row in store.findings.owed_by(owner) if row.cycle_id == cycle_id]
    titles = titles_of(plan.groups)
    with_findings = {one.conversation for one in mine}
    own = [group for group in plan.groups if owner in plan.asked[group.conversation]]
    clean = sum(group.conversation not in with_findings for group in own)
    ages = [_age(group, context) for group in own if group.conversation in with_findings]
    text = texts.ask(rows, titles, clean, late, ages)
    return Private((owner,), Body(text, "请核对群成员", buttons_for(rows)))


def _age(group: Group, context: Context) -> str:
    zone = context.settings.scheduler.timezone
    day: datetime | None = None if group.members_read_at is None else group.members_read_at.astimezone(zone)
    return texts.age(group.label, SOURCES.get(group.members_source or "", "名单"), None if day is None else day.date())


def _finding(one: Found, cycle_id: int, owner: str, number: int) -> Finding:
    return Finding(
        cycle_id=cycle_id,
        conversation=one.conversation,
        member=one.member,
        name=one.name,
        reason=one.reason,
        article=one.article,
        recommendation=one.recommendation,
        source=one.source,
        detail=one.detail,
        owner=owner,
        number=number,
    )


def titles_of(groups: Iterable[Group]) -> dict[str, str]:
    """What to call each group."""
    return {group.conversation: group.label for group in groups}


def buttons_for(findings: Sequence[Finding]) -> tuple[Button, ...]:
    """One finding: an answer a button. Several: all at once, the rest is typed."""
    if len(findings) == 1:
        number = findings[0].number
        return (
            Button("已移出", f"/清理 已移出 {number}"),
            Button("保留", f"/清理 保留 {number} 工作需要"),
            Button("不清楚", f"/清理 不清楚 {number}"),
        )
    return (texts.DONE, Button("第一项保留", f"/清理 保留 {findings[0].number} 工作需要"), texts.UNKNOWN, texts.LIST)
