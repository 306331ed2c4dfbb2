"""Who has not finished hears again, in one message about everything; who has finished never does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

from handlers.cleanup.hours import is_permitted
from handlers.cleanup.roster import Roster
from handlers.cleanup.workdays import workdays_between
from handlers.context import Context
from handlers.message import Body, Outgoing, Private
from handlers.study import texts
from handlers.study.tasks import article_of, gists
from storage.audit import AuditEntry
from storage.study import Duty, Task

_OUTDATED = timedelta(days=3)
"""A reminder that could not go out for so long may name what is done by now."""


def remind(context: Context) -> list[Outgoing]:
    """The reminders that are due now: in working hours, after enough workdays, not too often, to serving staff alone.

    People who owe the same hear the same, so that one call reaches twenty of them (docs/platform.md §9). What has been
    open for long enough is closed.
    """
    settings, study = context.settings.study, context.store.study
    if not is_permitted(context.now, context.settings.scheduler.timezone, context.settings.cleanup):
        return []
    opened_before = context.now - timedelta(days=settings.keep_open_days)
    tasks = {task.id: task for task in study.open_tasks() if task.opened_at >= opened_before}
    owing = [duty for duty in study.owing() if duty.task_id in tasks and duty.reminders < settings.max_reminders]
    roster = Roster.load(context.store.staff, context.today) if owing else Roster(())
    together: dict[tuple[int, ...], list[str]] = {}
    for staff_id, duties in groupby(owing, key=lambda duty: duty.staff_id):
        mine = list(duties)
        person = roster.get(staff_id)
        if person is not None and person.is_serving and any(_is_time(one, tasks[one.task_id], context) for one in mine):
            together.setdefault(tuple(one.task_id for one in mine), []).append(staff_id)
    sent = [_word([tasks[number] for number in numbers], people, context) for numbers, people in together.items()]
    for numbers, people in together.items():
        study.reminded(numbers, people, context.now)
    if together:
        count = sum(map(len, together.values()))
        context.store.audit.add(AuditEntry(context.now, "schedule", "学习 提醒", detail=f"{count} people"))
    if closed := study.close_older(opened_before, context.now):
        context.store.audit.add(AuditEntry(context.now, "schedule", "学习 结束", detail=f"{closed} tasks"))
    return [*sent]


def _is_time(duty: Duty, task: Task, context: Context) -> bool:
    """Enough workdays have passed since the last word on it."""
    last = (duty.last_reminded_at or task.opened_at).astimezone(context.settings.scheduler.timezone).date()
    return workdays_between(last, context.today) >= context.settings.study.remind_after_workdays


def _word(tasks: Sequence[Task], people: Sequence[str], context: Context) -> Private:
    first = tasks[0]
    article = article_of(first.document, first.article, context) if first.kind == "post" else None
    if len(tasks) == 1 and article is not None:
        body = Body(texts.remind_of_one(first, *article), texts.TITLE_REMIND, (texts.done_button(first.id),))
    else:
        text = texts.remind(tasks, gists(tasks, context))
        body = Body(text, texts.TITLE_REMIND, texts.numbered_buttons(tasks))
    return Private(tuple(people), body, expires_at=context.now + _OUTDATED)
