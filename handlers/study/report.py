"""What the office takes away: counts by department, who has done what, and how questions fared. No results of anybody.

How many answered a question rightly is said only where enough people answered, so that nobody can be picked out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.cleanup.roster import LABELS, Roster
from handlers.study.progress import is_counted
from storage.store import Store
from storage.study import Duty, Task

LEAST_ANSWERS = 5
"""Below so many answers the share of right ones stays blank."""
KINDS = {"post": "学习", "quiz": "测验"}
DEPARTMENT_HEADER = (
    "编号",
    "类别",
    "文件",
    "条款",
    "部门",
    "发出时间",
    "状态",
    "应完成人数",
    "已完成人数",
    "完成率（%）",
)
PEOPLE_HEADER = ("编号", "类别", "文件", "条款", "部门", "工号", "姓名", "人员状态", "是否完成", "完成时间", "提醒次数")
QUESTION_HEADER = ("测验编号", "题号", "文件", "条款", "题干", "作答人数", "首次答对比例（%）")

Row = tuple[str | int | datetime | None, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The rows of the three tables."""

    departments: Sequence[Row]
    people: Sequence[Row]
    questions: Sequence[Row]


def report(store: Store, roster: Roster, zone: ZoneInfo, since: datetime | None = None) -> Report:
    """Everything since then, oldest first. Times are the office's own, without a zone."""
    tasks = {task.id: task for task in store.study.tasks_since(since)}
    by_task: dict[int, list[Duty]] = defaultdict(list)
    for duty in store.study.duties(tuple(tasks)):
        by_task[duty.task_id].append(duty)
    return Report(
        departments=[row for task in tasks.values() for row in _departments(task, by_task[task.id], roster, zone)],
        people=[row for task in tasks.values() for row in _people(task, by_task[task.id], roster, zone)],
        questions=[row for task in tasks.values() if task.kind == "quiz" for row in _questions(task, store)],
    )


def _departments(task: Task, duties: Iterable[Duty], roster: Roster, zone: ZoneInfo) -> Iterator[Row]:
    counted: dict[str, list[bool]] = {}
    for duty in duties:
        if is_counted(duty, roster):
            counted.setdefault(duty.department, []).append(duty.done_at is not None)
    for department, done in sorted(counted.items()):
        share = round(100 * sum(done) / len(done))
        state = "进行中" if task.is_open else "已结束"
        yield (*_what(task), department, _local(task.opened_at, zone), state, len(done), sum(done), share)


def _people(task: Task, duties: Iterable[Duty], roster: Roster, zone: ZoneInfo) -> Iterator[Row]:
    for duty in duties:
        person = roster.get(duty.staff_id)
        status = "" if person is None else LABELS.get(person.status, person.status)
        name = "" if person is None else person.name
        done = "是" if duty.done_at is not None else "否"
        done_at = None if duty.done_at is None else _local(duty.done_at, zone)
        yield (*_what(task), duty.department, duty.staff_id, name, status, done, done_at, duty.reminders)


def _questions(task: Task, store: Store) -> Iterator[Row]:
    rates = store.quiz.rates(task.id)
    for question in store.quiz.of_task(task.id):
        count, right = rates.get(question.id, (0, 0))
        share = round(100 * right / count) if count >= LEAST_ANSWERS else None
        yield task.id, question.id, question.document, question.article, question.stem, count, share


def _what(task: Task) -> tuple[int, str, str, str]:
    return task.id, KINDS[task.kind], task.document, task.article


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None, microsecond=0)
