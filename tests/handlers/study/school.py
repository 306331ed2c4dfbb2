"""Two departments with their groups, heads and staff, who study at the router; a clock that is set by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.cleanup.workdays import is_workday
from handlers.message import Due, GroupPost, Outgoing, Private
from handlers.policy import shipped
from handlers.study import due
from handlers.study.naming import POST_TASK, REMIND_TASK, schedule_name
from storage.groups import Group
from storage.staff import DepartmentRow, StaffFact
from tests.handlers.hall import ADMIN, Hall, a_hall, reply

CHINA = ZoneInfo("Asia/Shanghai")
WANG, LI, SUN, ZHOU, QIAN, RETIRED, STUDENT = "wang", "li", "sun", "zhou", "qian", "retired", "student"
"""Head of 教务处, head of 学生处, two of 教务处 (one of them of its 教学科), one of 学生处; one who retired, a student."""
TEACHING, STUDENTS = "cidTeaching", "cidStudents"
PLAN = {"name": "weekly", "when": "每周一 9:00"}
QUESTION = "/学习 出题 五.8 谁审核入群人员？ | 管理员 | 任何成员 | 不用审核 | 答案 A"
PEOPLE = (
    (WANG, "王建国", "教务处", "serving", None),
    (SUN, "孙悦", "教务处", "serving", None),
    (ZHOU, "周静", "教务处/教学科", "re-hired", None),
    (RETIRED, "赵退之", "教务处", "retired", date(2026, 6, 30)),
    (LI, "李明", "学生处", "serving", None),
    (QIAN, "钱多", "学生处", "serving", None),
    (STUDENT, "郑小", "学生处", "student", None),
)


def china(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA).astimezone(UTC)


class School:
    """The hall with people who study; what is due happens when it is told to."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.store = hall.store
        for conversation in [group.conversation for group in hall.store.groups.all()]:
            hall.store.groups.disbanded(conversation)
        for staff_id in ("owner", "clerk", "sub", ADMIN):
            hall.store.staff.withdraw(staff_id, "directory")
        hall.store.staff.put_departments(
            [
                DepartmentRow(2, "教务处", 1, "教务处", (WANG,)),
                DepartmentRow(3, "教学科", 2, "教务处/教学科"),
                DepartmentRow(4, "学生处", 1, "学生处", (LI,)),
            ],
            hall.now,
        )
        for staff_id, name, department, status, since in PEOPLE:
            self.employ(staff_id, name, department, status, since)
        self.group(TEACHING, "教务处工作群", "教务处")
        self.group(STUDENTS, "学生处工作群", "学生处")
        shipped.install(hall.store.policies, hall.now)
        hall.now = china(11, 30)  # a Monday

    def employ(
        self, staff_id: str, name: str, department: str, status: str = "serving", since: date | None = None
    ) -> None:
        fact = StaffFact(staff_id, "personnel-file", name, department, status=status, status_since=since)
        self.store.staff.put(fact, self.hall.now)

    def group(self, conversation: str, title: str, department: str, kind: str = "department") -> None:
        self.store.groups.save(Group(conversation, title, kind, department, registered_at=self.hall.now))

    def post(self, plan: str = "weekly", *, is_late: bool = False) -> list[Outgoing]:
        """The plan fires."""
        with self.store.database.turn():
            return due.handle(Due(POST_TASK, schedule_name(plan), self.hall.now, is_late), self.hall.context)

    def remind(self) -> list[Outgoing]:
        """The daily look for those who owe something."""
        with self.store.database.turn():
            return due.handle(Due(REMIND_TASK, REMIND_TASK, self.hall.now), self.hall.context)

    def workdays_later(self, count: int, hour: int = 14) -> None:
        day = self.hall.now.astimezone(CHINA).date()
        while count:
            day += timedelta(days=1)
            count -= is_workday(day)
        self.hall.now = datetime(day.year, day.month, day.day, hour, 30, tzinfo=CHINA).astimezone(UTC)

    def confirmed(self, person: str, command: str) -> list[Outgoing]:
        """The command, and the word that it asks for."""
        code = re.search(r"/确认 (\d{4})", reply(self.hall.say(person, command)).text)
        assert code is not None
        return self.hall.say(person, f"/确认 {code[1]}")

    def quiz(self, *questions: str) -> list[Outgoing]:
        """The admin writes these questions and sends them to everybody."""
        for question in questions or (QUESTION,):
            self.hall.say(ADMIN, question)
        return self.confirmed(ADMIN, "/学习 测验")


@contextmanager
def a_school(plan: dict[str, object] | None = None, **study: object) -> Iterator[School]:
    """`plan` adds to the settings of the one plan; `study` to those of `[study]`."""
    with a_hall(study={"schedules": [{**PLAN, **(plan or {})}], **study}) as hall:
        yield School(hall)


def posts(sent: Sequence[Outgoing]) -> dict[str, str]:
    """Texts of the group posts by group."""
    return {one.conversation: one.body.text for one in sent if isinstance(one, GroupPost)}


def hearers(sent: Sequence[Outgoing]) -> set[str]:
    """Whoever hears something in private."""
    return {person for one in sent if isinstance(one, Private) for person in one.to}
