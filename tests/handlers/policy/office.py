"""The hall with an office that answers for a regulation: what people pass on, what its owner replies, what is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from handlers.context import Context
from handlers.message import Body, Outgoing, Private, Reply
from handlers.policy import shipped
from handlers.policy.curated.matching import CuratedIndex
from handlers.policy.documents.corpus import parse
from handlers.policy.documents.importing import take_in
from handlers.policy.finding.index import PolicyIndex
from storage.database import Database
from storage.policies import Asked
from storage.staff import StaffFact
from storage.store import Store
from tests.handlers import hall
from tests.handlers.hall import Hall
from tests.handlers.policy.desk import CARS, CARS_TEXT

KEEPER, TEACHER, FRIEND = "keeper", "teacher", "friend"
"""Owner of the regulation on cars; two who ask."""


class Office(Hall):
    """The regulation on cars belongs to KEEPER, the digest to nobody."""

    def __init__(self, store: Store, **sections: object) -> None:
        super().__init__(store, **sections)
        for staff_id, name in ((KEEPER, "郑保管"), (TEACHER, "何老师"), (FRIEND, "许老师")):
            store.staff.put(StaffFact(staff_id, "directory", name, "学院办公室"), self.now)
        shipped.install(store.policies, self.now)
        self.bring(CARS_TEXT)
        store.database.execute("update policy_documents set owner = ? where title = ?", (KEEPER, CARS))
        self._policies: tuple[object, PolicyIndex] | None = None

    @property
    def context(self) -> Context:
        state = (self.store.policies.revision(), self.now.date())
        if self._policies is None or self._policies[0] != state:
            self._policies = (state, PolicyIndex.load(self.store.policies, self.now.date()))
        policies = self._policies[1]
        curated = CuratedIndex.load(self.store.curated, policies)
        scanner = hall._scanner()
        return Context(self.now, self.settings, self.store, policies, scanner, curated=curated)

    def bring(self, text: str) -> None:
        """Import a regulation, or a new version of one; its owner stays."""
        take_in(parse(text), self.store.policies, self.now, self.now.date())
        self.store.database.execute("update policy_documents set owner = ? where title = ?", (KEEPER, CARS))

    def asked(
        self,
        question: str,
        person: str | None = TEACHER,
        chat: str | None = None,
        *,
        is_answered: bool = False,
        document: str | None = CARS,
        article: str | None = "第三条",
        score: float = 0.3,
    ) -> int:
        """Somebody asked something; its number."""
        row = Asked(self.now, chat or f"private-{person}", question, is_answered, document, article, score)
        return self.store.policies.asked(row)

    def confirmed(self, person: str, text: str) -> list[Outgoing]:
        """Say something that has to be confirmed, and confirm it."""
        return self.say(person, f"/确认 {code_in(self.ask(person, text))}")


def code_in(body: Body) -> str:
    """The code that a body asks for."""
    return body.text.split("/确认 ")[1][:4]


def privates(sent: Sequence[Outgoing]) -> dict[tuple[str, ...], str]:
    """What goes to whom in private."""
    return {one.to: one.body.text for one in sent if isinstance(one, Private)}


def replied(sent: Sequence[Outgoing]) -> str:
    """The text of the one reply."""
    (text,) = [one.body.text for one in sent if isinstance(one, Reply)]
    return text


@contextmanager
def an_office(**sections: object) -> Iterator[Office]:
    with Database(":memory:") as database:
        yield Office(Store(database), **sections)
