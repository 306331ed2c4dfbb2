"""A small college at one desk: real rows, a clock that is set by hand, and the clean-up's doors."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.cleanup import due
from handlers.cleanup.replies import answer_to_reminder
from handlers.cleanup.workdays import is_workday
from handlers.commands import cleanup, schedules
from handlers.commands.command import Call, Command
from handlers.context import Context
from handlers.message import Body, ChatKind, Due, GroupPost, Incoming, Outgoing, Private, Reply, Sender
from handlers.moderation.scanner import Scanner
from handlers.policy.finding.index import PolicyIndex
from handlers.settings import CleanupSettings, HandlerSettings, RolesSettings
from storage.database import Database
from storage.groups import Group
from storage.members import Member
from storage.staff import DepartmentRow, StaffFact
from storage.store import Store

CHINA = ZoneInfo("Asia/Shanghai")
TEACHING, TEACHING_PROJECT, STUDENTS, CLASS = "cidTeaching", "cidProject", "cidStudents", "cidClass"
WANG, LI, ADMIN, CLERK = "wang", "li", "admin", "clerk"
"""Head of teaching affairs, head of student affairs, main admin, somebody without any role."""


def china(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA)


PEOPLE = [
    (WANG, "王建国", "教务处", "serving", None),
    (LI, "李明", "学生处", "serving", None),
    (ADMIN, "周敏", "学院办公室", "serving", None),
    (CLERK, "孙悦", "教务处", "serving", None),
    ("zhao", "赵退之", "教务处", "retired", date(2026, 6, 30)),
    ("qian", "钱离", "教务处", "departed", date(2026, 8, 31)),
    ("sun", "孙内", "教务处", "early-retired", None),
    ("feng", "冯调", "学生处", "transferred-out", None),
    ("chen", "陈离", "学生处", "departed", None),
]
COMMANDS = (*cleanup.COMMANDS, *schedules.COMMANDS)


class Desk:
    """Everybody speaks through it, and what they hear is returned."""

    def __init__(self, store: Store, now: datetime, **settings: object) -> None:
        self.store = store
        self.now = now
        self.settings = HandlerSettings(
            roles=RolesSettings(main_admins=(ADMIN,)), cleanup=CleanupSettings.model_validate(settings)
        )
        self.fill()

    @property
    def context(self) -> Context:
        now = self.now.astimezone(UTC)
        index = PolicyIndex.__new__(PolicyIndex)  # the clean-up looks nothing up
        return Context(now, self.settings, self.store, index, Scanner.__new__(Scanner))

    def fill(self) -> None:
        store, now = self.store, self.now
        store.staff.put_departments(
            [
                DepartmentRow(2, "教务处", 1, "教务处", (WANG,)),
                DepartmentRow(3, "学生处", 1, "学生处", (LI,)),
                DepartmentRow(4, "学院办公室", 1, "学院办公室", (ADMIN,)),
            ],
            now,
        )
        for staff_id, name, department, status, since in PEOPLE:
            fact = StaffFact(
                staff_id, "personnel-file", name, department, "13800000000", status=status, status_since=since
            )
            store.staff.put(fact, now)
        self.group(TEACHING, "教务处工作群", "department", "教务处", WANG, ("zhao", "qian", WANG, CLERK))
        self.group(TEACHING_PROJECT, "评估项目群", "project", "教务处", WANG, ("sun", WANG, CLERK))
        self.group(STUDENTS, "学生处工作群", "department", "学生处", LI, ("feng", "chen", LI, CLERK))

    def group(
        self, conversation: str, title: str, kind: str | None, department: str, owner: str | None, people: Sequence[str]
    ) -> None:
        """A group with a second admin and a fresh list, in order but for its members."""
        admins = (ADMIN, CLERK)
        self.store.groups.save(
            Group(conversation, title, kind, department, owner, admins, registered_at=self.now, last_heard_at=self.now)
        )
        self.read(conversation, *people)

    def read(self, conversation: str, *people: str) -> None:
        """The list of members is read (again)."""
        members = [Member(conversation, staff_id, "") for staff_id in people]
        self.store.members.replace(conversation, members, "scene-group", self.now)

    # -- doors ---------------------------------------------------------------------------------------------------

    def due(self, task: str, schedule: str = "", *, planned: datetime | None = None) -> list[Outgoing]:
        at = planned or self.now
        return due.handle(Due(task, schedule or task, at, is_late=planned is not None), self.context)

    def open(self, **how: datetime) -> list[Outgoing]:
        return self.due("cleanup-cycle", "department-monthly", **how)

    def say(self, person: str, text: str, *, conversation: str | None = None) -> list[Outgoing] | None:
        return answer_to_reminder(a_message(person, text, conversation), self.context)

    def call(self, person: str, text: str, *, conversation: str | None = None) -> list[Outgoing]:
        """Run a command as the router would."""
        command, call = self.parse(person, text, conversation)
        return command.run(call, self.context)

    def effect(self, person: str, text: str) -> str:
        command, call = self.parse(person, text, None)
        assert command.effect is not None
        effect = command.effect(call, self.context)
        assert effect is not None
        return effect

    def parse(self, person: str, text: str, conversation: str | None) -> tuple[Command, Call]:
        words = text.removeprefix("/").split(maxsplit=2)
        command = next(one for one in COMMANDS if tuple(words[:2]) in (one.words, one.aliases))
        rest = words[2] if len(words) > 2 else ""
        return command, Call(a_message(person, text, conversation), tuple(shlex.split(rest)), rest)

    def tap(self, person: str, sent: list[Outgoing], label: str) -> list[Outgoing]:
        """Press the button of a message that was sent."""
        body = private_to(person, sent) if any(isinstance(one, Private) for one in sent) else reply(sent)
        return self.call(person, next(button.says for button in body.buttons if button.label == label))

    def next_workday(self, hour: int = 10) -> None:
        """The clock moves to the next workday."""
        self.now = (self.now + timedelta(days=1)).replace(hour=hour, minute=0)
        while not is_workday(self.now.date()):
            self.now += timedelta(days=1)

    def actions(self) -> list[tuple[str, str]]:
        """Who did what, oldest first."""
        return [(entry.actor, entry.action) for entry in reversed(self.store.audit.latest(100))]


@contextmanager
def a_desk(now: datetime, **settings: object) -> Iterator[Desk]:
    with Database(":memory:") as database:
        yield Desk(Store(database), now, **settings)


def a_message(person: str, text: str, conversation: str | None = None) -> Incoming:
    return Incoming(
        id="m",
        conversation=conversation or f"private-{person}",
        chat=ChatKind.GROUP if conversation else ChatKind.PRIVATE,
        sender=Sender(person, nick=person),
        text=text,
    )


def private_to(person: str, sent: Sequence[Outgoing]) -> Body:
    """The one private message to somebody."""
    (body,) = [one.body for one in sent if isinstance(one, Private) and person in one.to]
    return body


def hearers(sent: Sequence[Outgoing]) -> list[str]:
    """Who hears something in private."""
    return [person for one in sent if isinstance(one, Private) for person in one.to]


def posts(sent: Sequence[Outgoing]) -> dict[str, str]:
    """What groups hear."""
    return {one.conversation: one.body.text for one in sent if isinstance(one, GroupPost)}


def reply(sent: Sequence[Outgoing] | None) -> Body:
    """The one reply."""
    assert sent is not None
    (body,) = [one.body for one in sent if isinstance(one, Reply)]
    return body
