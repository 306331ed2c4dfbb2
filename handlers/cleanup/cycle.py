"""Opening a cycle: what is wrong where, who is to be asked, and the messages that ask (article 五.8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers import access
from handlers.cleanup import texts
from handlers.cleanup.findings import Found, find
from handlers.cleanup.roster import GONE, Roster
from handlers.context import Context
from handlers.groups.texts import SOURCES
from handlers.message import Body, Button, GroupPost, Outgoing, Priority, Private
from handlers.settings import CleanupSettings
from storage.findings import Finding
from storage.groups import Group
from storage.store import Store

_ABOUT_THE_NAME = "name-form"
_COUNT_IS_NEWS = timedelta(days=3)
"""After that the list has been answered in part, and the bare count in the group is no longer true."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a cycle would ask of whom."""

    groups: tuple[Group, ...]
    found: tuple[Found, ...]
    """What is to be asked: neither excepted, nor asked about elsewhere, nor said to be done and not read since."""
    asked: dict[str, str | None]
    """Who is asked about each group, usually its owner; None where there is nobody."""
    waiting: int = 0
    """Findings that were said to be done, in lists that nobody has read since."""
    pending: int = 0
    """Findings that somebody is being asked about in another cycle."""

    @property
    def owners(self) -> tuple[str, ...]:
        """Everybody who would be asked something."""
        return tuple(dict.fromkeys(owner for one in self.found if (owner := self.asked[one.conversation])))

    @property
    def orphans(self) -> tuple[Group, ...]:
        """Groups with findings and nobody to ask: neither owner, nor head of the department, nor any main admin."""
        with_findings = {one.conversation for one in self.found}
        return tuple(g for g in self.groups if g.conversation in with_findings and self.asked[g.conversation] is None)

    def of(self, owner: str) -> list[Found]:
        """What one person would be asked."""
        return [one for one in self.found if self.asked[one.conversation] == owner]


def exemption_key(finding: Finding | Found) -> str:
    """What an exception for a finding is stored under.

    One for a member covers all that could be said of the membership; one for the form of a name or for the group
    itself covers that alone, so that somebody with an excused name is still found when retired.
    """
    if finding.member is not None and finding.reason != _ABOUT_THE_NAME:
        return finding.member
    return f"{finding.member or ''}#{finding.reason}"


def findings_of(
    groups: Iterable[Group], store: Store, roster: Roster, today: date, settings: CleanupSettings
) -> list[Found]:
    """All findings of these groups, exceptions left out."""
    exempt = store.findings.exempt_on(today)
    found = find(
        groups,
        store.members.of,
        roster,
        lambda conversation, member: (conversation, member) in exempt,
        today,
        settings,
    )
    return [one for one in found if (one.conversation, exemption_key(one)) not in exempt]


def plan(kinds: Sequence[str], context: Context, schedule: str, departments: Sequence[str] = ()) -> Plan:
    """What a cycle of `schedule` over groups of these kinds would ask. Groups that nobody registered are looked at too.

    `departments`, where given, are the only ones whose groups are looked at (scope of a sub-admin, article 五.1).

    What is still open in another schedule's cycle is not asked twice; what is open in this schedule's own is asked
    anew, because opening the cycle ends the one before.
    """
    store = context.store
    roster = Roster.load(store.staff, context.today)
    groups = tuple(
        group
        for group in store.groups.all()
        if (group.kind in kinds or group.kind is None) and is_in_scope(group, departments)
    )
    found = findings_of(groups, store, roster, context.today, context.settings.cleanup)
    own = {cycle.id for cycle in store.findings.open_cycles() if cycle.schedule == schedule}
    elsewhere = {_key(one) for one in store.findings.all_open() if one.cycle_id not in own}
    said = store.findings.said_removed()
    read_at = {group.conversation: group.members_read_at for group in groups}
    asked_now: list[Found] = []
    waiting = pending = 0
    for one in found:
        at = said.get(_key(one))
        last_read = read_at[one.conversation]
        if at is not None and one.member is not None and (last_read is None or last_read <= at):
            waiting += 1
        elif _key(one) in elsewhere:
            pending += 1
        else:
            asked_now.append(one)
    asked = {group.conversation: next(iter(who_may_be_asked(group, roster, context)), None) for group in groups}
    return Plan(groups, tuple(asked_now), asked, waiting, pending)


def is_in_scope(group: Group, departments: Sequence[str]) -> bool:
    """The group belongs to one of the departments or to a part of one; to any where none is named."""
    return not departments or any(
        group.department == department or group.department.startswith(f"{department}/") for department in departments
    )


def _key(one: Finding | Found) -> tuple[str, str | None, str]:
    return (one.conversation, one.member, one.reason)


def who_may_be_asked(group: Group, roster: Roster, context: Context) -> tuple[str, ...]:
    """The owner; where there is none or the owner has gone, the department's heads, else the main admins. The first of
    them is asked."""
    owner = None if group.owner is None else roster.get(group.owner)
    if group.owner is not None and (owner is None or owner.status not in GONE):
        return (group.owner,)
    heads = roster.head_of(group.department or (owner.department if owner is not None else ""))
    return heads or access.main_admins(context)


def open_cycle(
    plan: Plan, schedule: str, kinds: Sequence[str], by: str, context: Context, late: str = ""
) -> list[Outgoing]:
    """Store the cycle and say it: one named list in private to each owner, a bare count in each group.

    An earlier cycle of the same schedule ends: this reading is newer, and nobody is asked twice for the same.
    """
    findings = context.store.findings
    for cycle in findings.open_cycles():
        if cycle.schedule == schedule:
            findings.close_cycle(cycle.id, context.now)
    cycle_id = findings.open_cycle(schedule, kinds, by, context.now)
    sent: list[Outgoing] = [_ask(owner, plan, cycle_id, context, late) for owner in plan.owners]
    if context.settings.cleanup.post_count_in_group:
        sent += _counts(plan, late, context.now + _COUNT_IS_NEWS)
    return sent


def _counts(plan: Plan, late: str, until: datetime) -> list[Outgoing]:
    counts = Counter(one.conversation for one in plan.found if plan.asked[one.conversation] is not None)
    owners = {group.conversation: group.owner for group in plan.groups}
    sent: list[Outgoing] = []
    for group, count in counts.items():
        body = Body(texts.in_group(count, owners[group] == plan.asked[group], late), texts.TITLE_COUNT)
        # The first that can be done without when calls are scarce: who has to act is asked in private.
        sent.append(GroupPost(group, body, Priority.DIGEST, expires_at=until))
    return sent


def _ask(owner: str, plan: Plan, cycle_id: int, context: Context, late: str) -> Private:
    findings = context.store.findings
    mine = plan.of(owner)
    for number, one in enumerate(mine, start=findings.next_number(owner)):
        findings.add(_finding(one, cycle_id, owner, number))
    findings.asked(cycle_id, owner, context.now)
    rows = [row for row in findings.owed_by(owner) if row.cycle_id == cycle_id]
    with_findings = {one.conversation for one in mine}
    own = [group for group in plan.groups if plan.asked[group.conversation] == owner]
    clean = [group.label for group in own if group.conversation not in with_findings]
    stood_in = [group.label for group in own if group.conversation in with_findings and group.owner != owner]
    ages = [_age(group, context) for group in own if group.conversation in with_findings]
    text = texts.ask(rows, titles_of(own), len(clean), stood_in, late, ages)
    return Private((owner,), Body(text, texts.TITLE_ASK, buttons_for(rows)))


def _age(group: Group, context: Context) -> str:
    zone = context.settings.scheduler.timezone
    day = None if group.members_read_at is None else group.members_read_at.astimezone(zone).date()
    return texts.age(group.label, SOURCES.get(group.members_source or "", "名单"), day)


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


def settle(context: Context) -> int:
    """Read again what is open; what is no longer found is done, whoever did it. How many were settled.

    So nobody is chased for a member who has left, came back into service, or was excused meanwhile.
    """
    findings = context.store.findings
    still_open = findings.all_open()
    if not still_open:
        return 0
    conversations = {one.conversation for one in still_open}
    groups = [group for group in context.store.groups.all() if group.conversation in conversations]
    roster = Roster.load(context.store.staff, context.today)
    found = findings_of(groups, context.store, roster, context.today, context.settings.cleanup)
    there = {_key(one) for one in found}
    gone = [one for one in still_open if _key(one) not in there]
    for one in gone:
        findings.answer(one.id, "removed", "reading", context.now)
        if one.owner is not None and not findings.owed_by(one.owner):
            findings.finished(one.owner, context.now)
    return len(gone)


def titles_of(groups: Iterable[Group]) -> dict[str, str]:
    """What to call each group."""
    return {group.conversation: group.label for group in groups}


def buttons_for(findings: Sequence[Finding], left: int | None = None) -> tuple[Button, ...]:
    """The buttons below a list, or below one finding of `left`; at most five fit (docs/platform.md §5.3)."""
    if len(findings) != 1:
        return (texts.ALL_DONE, texts.ONE_BY_ONE, *texts.buttons(findings[0])[1:2], texts.ALL_UNKNOWN)
    several = left is not None and left > 1
    return (*texts.buttons(findings[0]), *((texts.ALL_DONE, texts.LIST) if several else ()))
