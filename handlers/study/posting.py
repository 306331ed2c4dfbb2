"""Sending the next article to the groups of each department."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.cleanup.departments import is_within
from handlers.cleanup.hours import is_permitted
from handlers.cleanup.roster import Roster
from handlers.context import Context
from handlers.message import Body, GroupPost, Outgoing, Priority
from handlers.settings import StudySchedule
from handlers.study import texts
from handlers.study.lessons import Lesson, following, lessons
from handlers.study.people import by_unit
from storage.audit import AuditEntry
from storage.groups import Group

_APART = timedelta(seconds=10)
_SPREAD_OVER = timedelta(minutes=30)
_USELESS_AFTER = timedelta(days=7)
"""When calls are scarce a post may wait; later than this the next one is there."""


@dataclass(frozen=True, slots=True)
class Sending:
    """What a department would get now."""

    unit: str
    groups: tuple[Group, ...]
    lesson: Lesson | None
    """None: it has had everything, and the plan does not begin again."""
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Round:
    """What a plan would send now."""

    sendings: tuple[Sending, ...]
    homeless: int
    """Groups of these kinds that belong to no department: nobody could be counted."""
    lessons: int
    """How many articles the plan goes through; 0 where its document is not in force."""

    @property
    def to_send(self) -> tuple[Sending, ...]:
        """Those who get something."""
        return tuple(one for one in self.sendings if one.lesson is not None)


def next_round(schedule: StudySchedule, context: Context, scope: Iterable[str] = ()) -> Round:
    """What the plan would send now; only to the departments of `scope`, where it names any (article 五.1)."""
    roster = Roster.load(context.store.staff, context.today)
    known = lessons(context, schedule.document, schedule.articles)
    limits = [roster.departments.path_of(one) or one for one in schedule.departments]
    units: dict[str, list[Group]] = {}
    homeless = 0
    for group in context.store.groups.all():
        if group.kind not in schedule.kinds:
            continue
        unit = roster.departments.path_of(group.department) or group.department
        if not unit:
            homeless += 1
        elif _is_in(unit, limits) and _is_in(unit, tuple(scope)):
            units.setdefault(unit, []).append(group)
    people = by_unit(roster, units)
    sendings = (
        Sending(unit, tuple(units[unit]), _next(schedule, unit, known, context), tuple(people[unit]))
        for unit in sorted(units)
    )
    return Round(tuple(sendings), homeless, len(known))


def _is_in(unit: str, limits: Iterable[str]) -> bool:
    wanted = tuple(limits)
    return not wanted or any(is_within(unit, limit) for limit in wanted)


def _next(schedule: StudySchedule, unit: str, known: list[Lesson], context: Context) -> Lesson | None:
    return following(known, context.store.study.position(schedule.name, unit), repeat=schedule.repeat)


def send(schedule: StudySchedule, planned: Round, by: str, context: Context, late: str = "") -> list[Outgoing]:
    """Store the tasks and say them, a few seconds apart, so that not everybody answers in the same minute."""
    study, sent = context.store.study, list[Outgoing]()
    for unit_number, one in enumerate(planned.to_send):
        assert one.lesson is not None
        number = study.open_post(schedule.name, one.unit, one.lesson.position, by, context.now)
        study.move(schedule.name, one.unit, one.lesson.position, context.now)
        if schedule.confirm:
            study.give(number, one.unit, one.people)
            text = texts.post(number, one.lesson.document, one.lesson.article, late)
            body = Body(text, texts.TITLE_POST, (texts.done_button(number),))
        else:
            study.close(number, context.now)
            body = Body(texts.notice(one.lesson.document, one.lesson.article, late), texts.TITLE_NOTICE)
        for group in one.groups:
            sent.append(
                GroupPost(
                    group.conversation,
                    body,
                    Priority.DIGEST,
                    not_before=_turn(unit_number, context),
                    expires_at=context.now + _USELESS_AFTER,
                )
            )
    detail = f"{len(planned.to_send)} departments, {len(sent)} groups"
    context.store.audit.add(AuditEntry(context.now, by, "学习 发送", schedule.name, detail))
    return sent


def _turn(number: int, context: Context) -> datetime | None:
    """When the groups of the so-manieth department have their turn; at once where working hours end before."""
    later = number * _APART % _SPREAD_OVER
    moment = context.now + later
    is_early_enough = is_permitted(moment, context.settings.scheduler.timezone, context.settings.cleanup)
    return moment if later and is_early_enough else None
