"""A few people, two groups, a handful of rules, and a clock that is set by hand."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from handlers import router
from handlers.context import Context
from handlers.message import Body, ChatKind, Incoming, MessageKind, Outgoing, Private, Quoted, Reply, Sender
from handlers.moderation import reports
from handlers.moderation.rule import Rule, Scope
from handlers.moderation.scanner import Scanner
from handlers.moderation.watch import Watched, watch
from handlers.policy.finding.index import PolicyIndex
from handlers.settings import HandlerSettings
from storage.database import Database
from storage.flags import Flag
from storage.groups import Group
from storage.staff import StaffFact
from storage.store import Store

ADMIN, OWNER, CLERK, OTHER = "admin", "owner", "clerk", "other"
OFFICE, CLASS, UNKNOWN = "cidOffice", "cidClass", "cidUnknown"
"""A department group and a class group with an owner, and a group that is not registered."""
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
"""Twelve o'clock in Shanghai."""

LADDER = ("sender", "owner", "head", "admins")
RULES = (
    Rule("watched", "non-work", "一.2", "observe", words=("闲聊",)),
    Rule("adverts", "advertising", "五.2", "remind", words=("代写", "加微信")),
    Rule("numbers", "privacy", "四.(三).2", "remind", detectors=("mobile", "id-number")),
    Rule("marks", "secrecy", "五.3", "remind", detectors=("classification-mark",)),
    Rule("strict", "abuse", "一.2", "enforce", words=("骂人",)),
    Rule("classes", "abuse", "五.9", "remind", words=("班规",), scope=Scope(kinds=("class",))),
    Rule("secret", "secrecy", "五.3", "remind", "high", words=("绝密名单",), consequences=(*LADDER, "ding")),
    Rule("named", "non-work", "一.2", "remind", words=("灌水",), consequences=("admins",)),
    Rule(
        "public",
        "non-work",
        "一.2",
        "remind",
        words=("群发",),
        consequences=("sender", "public"),
        meaning="工作群只发工作消息。",
        advice="群发请走通知功能。",
    ),
    Rule("nights", "non-work", "一.2", "remind", words=("夜聊",), scope=Scope(roles=("staff",), hours="20:00-06:00")),
)


class Desk:
    """People write, and what `watch` or `report` returns is returned."""

    def __init__(self, store: Store, now: datetime, **moderation: object) -> None:
        self.store = store
        self.now = now
        self.settings = HandlerSettings.model_validate({"roles": {"main_admins": [ADMIN]}, "moderation": moderation})
        self._scanner = Scanner.from_rules(RULES)
        self._numbers = itertools.count(1)
        for staff_id, name in ((ADMIN, "周敏"), (OWNER, "王建国"), (CLERK, "孙悦"), (OTHER, "李明")):
            store.staff.put(StaffFact(staff_id, "directory", name, "教务处"), now)
        store.groups.save(Group(OFFICE, "教务处工作群", "department", "教务处", OWNER))
        store.groups.save(Group(CLASS, "软件2301班级群", "class", "教务处", OWNER))

    @property
    def context(self) -> Context:
        return Context(self.now, self.settings, self.store, PolicyIndex(), self._scanner)

    def message(
        self,
        person: str | None,
        text: str,
        chat: str | None = None,
        *,
        kind: MessageKind = MessageKind.TEXT,
        quoted: Quoted | None = None,
        file_name: str = "",
        number: str | None = None,
    ) -> Incoming:
        return Incoming(
            id=number or f"m{next(self._numbers)}",
            conversation=chat or f"private-{person}",
            chat=ChatKind.GROUP if chat else ChatKind.PRIVATE,
            sender=Sender(person, nick="昵称", sender_id=f"$:{person}"),
            text=text,
            kind=kind,
            quoted=quoted,
            file_name=file_name,
        )

    def write(self, person: str | None, text: str, chat: str | None = OFFICE, **how: object) -> list[Outgoing]:
        """What is said about a message."""
        return list(self.watched(person, text, chat, **how).outgoing)

    def say(self, person: str | None, text: str, chat: str | None = None, **how: object) -> list[Outgoing]:
        """What the router makes of a message; in private where no group is named."""
        return router.handle(self.message(person, text, chat, **how), self.context)  # type: ignore[arg-type]

    def watched(self, person: str | None, text: str, chat: str | None = OFFICE, **how: object) -> Watched:
        return watch(self.message(person, text, chat, **how), self.context)  # type: ignore[arg-type]

    def report(
        self, person: str | None, quoted: Quoted | None, chat: str | None = OFFICE, text: str = "举报"
    ) -> list[Outgoing]:
        message = self.message(person, text, chat, quoted=quoted)
        assert reports.is_report(message)
        return reports.report(message, self.context)

    @property
    def flags(self) -> list[Flag]:
        """Oldest first."""
        return self.store.flags.latest(100)[::-1]


@contextmanager
def a_desk(now: datetime = NOON, **moderation: object) -> Iterator[Desk]:
    with Database(":memory:") as database:
        yield Desk(Store(database), now, **moderation)


def told(sent: Sequence[Outgoing]) -> list[tuple[str, ...]]:
    """Who hears something in private."""
    assert all(isinstance(one, Private) for one in sent)
    return [one.to for one in sent if isinstance(one, Private)]


def word_to(person: str, sent: Sequence[Outgoing]) -> Body:
    """The one private word to somebody."""
    (body,) = [one.body for one in sent if isinstance(one, Private) and person in one.to]
    return body


def reply(sent: Sequence[Outgoing]) -> Body:
    """The one reply, with nothing else sent to the sender."""
    (body,) = [one.body for one in sent if isinstance(one, Reply)]
    return body


def ask(desk: Desk, text: str, person: str = ADMIN) -> Body:
    """What this person reads when they say this in private."""
    return reply(desk.say(person, text))


def private(sent: Sequence[Outgoing]) -> list[tuple[str, ...]]:
    """Who hears something in private, whatever else is said."""
    return [one.to for one in sent if isinstance(one, Private)]


def numbers(body: Body) -> list[int]:
    """The flags in a page of the queue, in their order."""
    return [int(one) for entry in re.findall(r"\*\*(#[#\d、]+)\*\*", body.text) for one in re.findall(r"\d+", entry)]
