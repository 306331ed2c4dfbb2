"""A small college at the router: real rows, the shipped digest and rules, and a clock that is set by hand."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from handlers import router
from handlers.context import Context
from handlers.message import Body, ChatKind, Incoming, MessageKind, Outgoing, Private, Quoted, Reply, Sender
from handlers.moderation.rule import Rule
from handlers.moderation.rules import load_rule_files
from handlers.moderation.scanner import Scanner
from handlers.policy import shipped
from handlers.policy.finding.index import PolicyIndex
from handlers.settings import HandlerSettings
from storage.database import Database
from storage.groups import Group
from storage.roles import Grant
from storage.staff import StaffFact
from storage.store import Store

ADMIN, SUB, OWNER, CLERK = "admin", "sub", "owner", "clerk"
"""Main admin; sub-admin for 清理 alone; owner of OFFICE; somebody without any role."""
OFFICE, CLASS, EXTERNAL, NEW = "cidOffice", "cidClass", "cidExternal", "cidNew"
"""A department group, a class group, a group with another company, and one that the bot does not know yet."""
MORNING = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


@cache
def _scanner() -> Scanner:
    return Scanner.from_rules(reminding())


def reminding() -> tuple[Rule, ...]:
    """The shipped rules, which only observe, as a college may have them after a while: the grave ones remind."""
    return tuple(
        replace(rule, state="observe" if rule.category in ("non-work", "abuse") else "remind")
        for rule in load_rule_files([])
    )


@cache
def _index() -> PolicyIndex:
    with Database(":memory:") as database:
        store = Store(database)
        shipped.install(store.policies, MORNING)
        return PolicyIndex.load(store.policies, MORNING.date())


class Hall:
    """People speak, and what the router returns is returned."""

    def __init__(self, store: Store, **sections: object) -> None:
        self.store = store
        self.now = MORNING
        self.settings = HandlerSettings.model_validate({"roles": {"main_admins": [ADMIN]}, **sections})
        self._numbers = itertools.count(1)
        for staff_id, name in ((ADMIN, "周敏"), (SUB, "吴凡"), (OWNER, "王建国"), (CLERK, "孙悦")):
            fact = StaffFact(staff_id, "directory", name, "教务处/教学科", "13812345678", title="科员")
            store.staff.put(fact, self.now)
        store.roles.grant(Grant(SUB, "sub-admin", families=("清理",)), ADMIN, self.now)
        for conversation, title, kind in (
            (OFFICE, "教务处工作群", "department"),
            (CLASS, "软件2301班级群", "class"),
            (EXTERNAL, "校企合作群", "external"),
        ):
            store.groups.save(Group(conversation, title, kind, "教务处", OWNER, (CLERK,), registered_at=self.now))

    @property
    def context(self) -> Context:
        return Context(self.now, self.settings, self.store, _index(), _scanner())

    def say(
        self,
        person: str | None,
        text: str,
        chat: str | None = None,
        *,
        kind: MessageKind = MessageKind.TEXT,
        quoted: Quoted | None = None,
        file_name: str = "",
    ) -> list[Outgoing]:
        """`person` (None: an outsider) writes in a group, or in private where `chat` is None."""
        message = Incoming(
            id=f"m{next(self._numbers)}",
            conversation=chat or f"private-{person}",
            chat=ChatKind.GROUP if chat else ChatKind.PRIVATE,
            sender=Sender(person, nick=person or "来宾", sender_id=f"$:{person}"),
            text=text,
            kind=kind,
            quoted=quoted,
            file_name=file_name,
            title="新群" if chat == NEW else "",
        )
        return router.handle(message, self.context)

    def ask(self, person: str | None, text: str, chat: str | None = None) -> Body:
        """The one reply to a text, with nothing else sent."""
        sent = self.say(person, text, chat)
        assert len(sent) == 1, sent
        return reply(sent)

    def later(self, by: timedelta) -> None:
        """The clock moves."""
        self.now += by

    def audited(self) -> list[str]:
        """The actions of the audit, newest first."""
        return [entry.action for entry in self.store.audit.latest(100)]


@contextmanager
def a_hall(**sections: object) -> Iterator[Hall]:
    with Database(":memory:") as database:
        yield Hall(Store(database), **sections)


def reply(sent: Sequence[Outgoing]) -> Body:
    """The one reply among what was sent."""
    (body,) = [one.body for one in sent if isinstance(one, Reply)]
    return body


def private_to(person: str, sent: Sequence[Outgoing]) -> Body:
    """The one private word to somebody among what was sent."""
    (body,) = [one.body for one in sent if isinstance(one, Private) and person in one.to]
    return body
