"""How far each department is, as counts, and who has not finished: for its heads and admins alone.

Whether an answer in a quiz was right is nobody's business but the person's: nothing here reads it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from handlers.cleanup.roster import Roster
from handlers.context import Context
from handlers.study.people import may_see, scope_of
from storage.study import Duty, Task


@dataclass(frozen=True, slots=True)
class Count:
    """Of one task in one department: how many were asked and still serve or have done it, and how many have."""

    department: str
    task: Task
    done: int
    asked: int


def sight(staff_id: str, roster: Roster, context: Context) -> Callable[[str], bool]:
    """Which departments somebody may see into."""
    scope = scope_of(staff_id, context)
    known: dict[str, bool] = {}

    def sees(department: str) -> bool:
        if department not in known:
            known[department] = may_see(staff_id, department, scope, roster)
        return known[department]

    return sees


def counts(tasks: Iterable[Task], roster: Roster, sees: Callable[[str], bool], context: Context) -> list[Count]:
    """By department, then by task, newest first. Who has left and had not finished is not counted."""
    by_id = {task.id: task for task in tasks}
    cells: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
    for duty in context.store.study.duties(tuple(by_id)):
        if sees(duty.department) and is_counted(duty, roster):
            cell = cells[duty.department, duty.task_id]
            cell[0] += duty.done_at is not None
            cell[1] += 1
    ordered = sorted(cells.items(), key=lambda item: (item[0][0], -item[0][1]))
    return [Count(department, by_id[number], done, asked) for (department, number), (done, asked) in ordered]


def is_counted(duty: Duty, roster: Roster) -> bool:
    """The person has done it, or still serves and so still owes it."""
    person = roster.get(duty.staff_id)
    return duty.done_at is not None or (person is not None and person.is_serving)


def owing(task: Task, roster: Roster, sees: Callable[[str], bool], context: Context) -> dict[str, list[str]]:
    """Names of the serving people who have not done a task, by department."""
    found: dict[str, list[str]] = {}
    for duty in context.store.study.duties((task.id,)):
        if duty.done_at is None and sees(duty.department) and is_counted(duty, roster):
            found.setdefault(duty.department, []).append(roster.name_of(duty.staff_id))
    return dict(sorted(found.items()))
