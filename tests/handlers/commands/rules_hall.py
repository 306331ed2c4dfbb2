"""A hall with a handful of rules in the database, whose scanner follows them as the running bot's does."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from handlers import router
from handlers.context import Context
from handlers.fetched import Fetched, FetchedFile
from handlers.message import Body, ChatKind, Incoming, MessageKind, Outgoing, Sender
from handlers.moderation import book
from handlers.moderation.building import scanner_for
from handlers.moderation.rule import Examples, Rule
from handlers.moderation.rules import FromFile
from storage.database import Database
from storage.flags import Flag
from storage.roles import Grant
from storage.staff import StaffFact
from storage.store import Store
from tests.handlers.hall import ADMIN, OFFICE, Hall, reply

KEEPER, LOCAL, SECOND = "keeper", "local", "second"
"""Sub-admin for 规则; the same for 教务处 alone; another main admin."""

ADVERTS, ABUSE, NUMBERS = 1, 2, 3
RULES = (
    Rule(
        "adverts",
        "advertising",
        "五.2",
        "remind",
        words=("代写",),
        examples=Examples(fire=("专业代写",), quiet=("现在开会",)),
    ),
    Rule("abuse", "abuse", "一.2", "enforce", words=("骂人",)),
    Rule("numbers", "privacy", "四.(三).2", "observe", detectors=("mobile",)),
)


class RulesHall(Hall):
    """Main admins and sub-admins speak in private."""

    def __init__(self, store: Store, **sections: object) -> None:
        super().__init__(store, **sections)
        book.follow(store.rules, [FromFile(rule, "rules.toml") for rule in RULES], self.now)
        self.later(timedelta(hours=1))
        for staff_id, name in ((KEEPER, "郑可"), (LOCAL, "冯远"), (SECOND, "陈立")):
            store.staff.put(StaffFact(staff_id, "directory", name, "教务处"), self.now)
        store.roles.grant(Grant(KEEPER, "sub-admin", families=("规则",)), ADMIN, self.now)
        store.roles.grant(Grant(LOCAL, "sub-admin", ("教务处",), ("规则",)), ADMIN, self.now)
        self.samples: tuple[str, ...] = ()
        self._files = itertools.count(1)

    @property
    def rules(self) -> dict[str, Rule]:
        """What is in force, by id."""
        return {rule.id: rule for rule in book.read(self.store.rules).rules}

    def rule(self, name: str) -> Rule:
        """One of them."""
        return self.rules[name]

    @property
    def context(self) -> Context:
        scanner = scanner_for(tuple(self.rules.values()), self.settings.moderation)
        return replace(super().context, scanner=scanner, samples=self.samples)

    def confirm(self, person: str, asked: Body) -> list[Outgoing]:
        """Tap the first button."""
        assert asked.buttons[0].label == "确认", asked
        return self.say(person, asked.buttons[0].says)

    def change(self, person: str, text: str) -> Body:
        """A command and its confirmation; returns what is said at the end."""
        return reply(self.confirm(person, self.ask(person, text)))

    def send_file(self, person: str, data: bytes, name: str = "rules.toml", trouble: str = "") -> list[Outgoing]:
        message = Incoming(
            id=f"f{next(self._files)}",
            conversation=f"private-{person}",
            chat=ChatKind.PRIVATE,
            sender=Sender(person, nick=person),
            kind=MessageKind.FILE,
            file_name=name,
            download_code="code",
        )
        fetched = Fetched(file=FetchedFile(name, data, trouble))
        return router.handle(message, replace(self.context, fetched=fetched))

    def flagged(self, *excerpts: str, chat: str = OFFICE) -> None:
        """These were flagged before."""
        for excerpt in excerpts:
            flag = Flag(excerpt, "old", "abuse", "一.2", "remind", "mention", chat, "clerk", excerpt, self.now)
            assert self.store.flags.add(flag)


@contextmanager
def a_rules_hall(**sections: object) -> Iterator[RulesHall]:
    with Database(":memory:") as database:
        yield RulesHall(Store(database), **sections)
