"""Reading what a self-check goes by from the database and the settings. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from handlers.cleanup.cron import OnHoliday
from handlers.cleanup.hours import first_permitted
from handlers.cleanup.workdays import is_covered
from handlers.doctor.facts import Asked, Facts, Plan
from handlers.hearing import coverage, rivals
from handlers.moderation.digest import TASK as FLAG_DIGEST
from handlers.policy.curated.weekly import DIGEST_TASK
from handlers.quota.current import current
from handlers.settings import RESERVED_NAMES, HandlerSettings
from handlers.study.naming import schedule_name
from storage.groups import Group
from storage.outbox import HELD_NIGHT, HELD_QUOTA
from storage.probes import Probe
from storage.schedules import ScheduleRow
from storage.store import Store

SILENT = ("directory-sync", "retention")
"""Plans that say nothing to anybody, and so wait for no working hours."""
LATE = timedelta(minutes=5)
RECENT = timedelta(days=7)
"""So far back gaps are told of."""


def gather(
    store: Store,
    settings: HandlerSettings,
    now: datetime,
    asked: Asked,
    probes: Iterable[Probe],
    *,
    documents: int,
    rules: int,
    problems: tuple[str, ...] = (),
    is_store_readable: bool = True,
) -> Facts:
    """Everything as of `now`. `probes` are what was tried last, `documents` the regulations in force."""
    zone = settings.scheduler.timezone
    every_group = store.groups.all()
    groups = [group for group in every_group if group.is_registered]
    external = [] if settings.policy.external_groups else [group for group in groups if group.kind == "external"]
    plans = _plans(store, settings, now)
    held = store.outbox.held()
    standing = current(store, now.astimezone(zone).date(), settings.quota)
    return Facts(
        now=now,
        zone=zone,
        asked=asked,
        is_store_readable=is_store_readable,
        problems=problems,
        probes={probe.name: probe for probe in probes},
        presence=store.presence.get(),
        heard_at=store.inbox.last_received_at(),
        silences=tuple(store.gaps.since(now - RECENT)),
        rivals_at=rivals.suspected_at(store, now),
        bridge=coverage.standing(settings.bridge, store, now),
        to_handle=store.backlog.to_handle(["message", "event"]),
        due_to_handle=store.backlog.to_handle(["due"]),
        to_try_again=store.backlog.to_try_again(),
        parked_in=store.backlog.not_handled(),
        to_send=store.backlog.to_send(now),
        troubled=tuple(one for one in store.backlog.troubled() if one.code not in (HELD_NIGHT, HELD_QUOTA)),
        parked_out=tuple(store.backlog.parked()),
        quiet=_quiet(settings),
        held_for_night=held[HELD_NIGHT],
        held_for_quota=held[HELD_QUOTA],
        unreachable=len(store.unreachable.all()),
        quota=standing.level,
        quota_used=standing.calls.used,
        quota_limit=standing.calls.limit,
        documents=documents,
        rules=rules,
        groups=len(groups),
        unheard=tuple(group.label for group in groups if group.last_heard_at is None),
        unregistered=tuple(group.label for group in every_group if not group.is_registered),
        external_unanswered=len(external),
        admins=len({*settings.roles.main_admins, *store.roles.main_admins()}),
        plans=plans,
        ownerless=_ownerless(groups, settings),
        uncovered_years=_uncovered(plans, settings),
    )


def _plans(store: Store, settings: HandlerSettings, now: datetime) -> tuple[Plan, ...]:
    rows = {row.name: row for row in store.schedules.all()}
    cleanup, zone = settings.cleanup, settings.scheduler.timezone

    def plan(name: str, when: str, row: ScheduleRow | None, on_holiday: OnHoliday | None) -> Plan:
        is_known = row is not None and row.when_text.startswith(when)
        is_ours = name in RESERVED_NAMES
        if row is None or not is_known or row.next_fire_at is None:
            return Plan(name, is_known, last_at=row.last_fire_at if row else None, is_ours=is_ours)
        next_at, may_speak = row.next_fire_at, True
        if on_holiday is not None:
            next_at = first_permitted(next_at, zone, cleanup, on_holiday)
            may_speak = first_permitted(now, zone, cleanup, on_holiday) == now
        is_overdue = may_speak and next_at < now - LATE
        return Plan(name, True, next_at, row.last_fire_at, is_overdue, is_ours)

    return (
        *(plan(one.name, one.when, rows.get(one.name), one.on_holiday) for one in cleanup.schedules),
        *(
            plan(schedule_name(one.name), one.when, rows.get(schedule_name(one.name)), one.on_holiday)
            for one in settings.study.schedules
        ),
        *(
            plan(name, "", rows.get(name), None if name in SILENT else "next")
            for name in RESERVED_NAMES
            if (name != DIGEST_TASK or settings.policy.digest) and (name != FLAG_DIGEST or settings.moderation.digest)
        ),
    )


def _quiet(settings: HandlerSettings) -> tuple[str, str] | None:
    begin, end = settings.quota.quiet_from, settings.quota.quiet_to
    return None if begin == end else (f"{begin:%H:%M}", f"{end:%H:%M}")


def _ownerless(groups: Iterable[Group], settings: HandlerSettings) -> tuple[str, ...]:
    kinds = {kind for schedule in settings.cleanup.schedules for kind in schedule.kinds}
    return tuple(group.label for group in groups if group.kind in kinds and group.owner is None)


def _uncovered(plans: Iterable[Plan], settings: HandlerSettings) -> tuple[int, ...]:
    days = [plan.next_at.astimezone(settings.scheduler.timezone).date() for plan in plans if plan.next_at]
    return tuple(sorted({day.year for day in days if not is_covered(day)}))
