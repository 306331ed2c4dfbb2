"""A hall whose regulations are those of its own database, and where people send files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from handlers import router
from handlers.context import Context
from handlers.fetched import NOTHING, Fetched, FetchedFile
from handlers.message import ChatKind, Incoming, MessageKind, Outgoing, Sender
from handlers.policy import shipped
from handlers.policy.finding.index import PolicyIndex
from storage.database import Database
from storage.policies import Document
from storage.store import Store
from tests.handlers.hall import ADMIN, Hall, reply


class Archive(Hall):
    """People send files, and ask about what has been imported from them."""

    fetched: Fetched = NOTHING

    @property
    def context(self) -> Context:
        context = super().context
        index = PolicyIndex.load(self.store.policies, context.today)
        return replace(context, policies=index, fetched=self.fetched)

    def send(
        self, person: str | None, name: str, data: bytes | str | None, trouble: str = "", chat: str | None = None
    ) -> list[Outgoing]:
        """Somebody sends a file; with `data` None it was not fetched."""
        content = data.encode() if isinstance(data, str) else data
        self.fetched = NOTHING if content is None else Fetched(file=FetchedFile(name, content, trouble))
        sent = router.handle(self.a_file(person, name, chat), self.context)
        self.fetched = NOTHING
        return sent

    def a_file(self, person: str | None, name: str, chat: str | None = None) -> Incoming:
        """The message that carries a file."""
        return Incoming(
            id=f"f{next(self._numbers)}",
            conversation=chat or f"private-{person}",
            chat=ChatKind.GROUP if chat else ChatKind.PRIVATE,
            sender=Sender(person, nick=person or "来宾", sender_id=f"$:{person}"),
            kind=MessageKind.FILE,
            file_name=name,
            download_code="code",
        )

    def run(self, text: str, person: str = ADMIN) -> str:
        """What a command answers in private; one that asks for confirmation is confirmed."""
        said = self.ask(person, text).text
        if "/确认 " in said:
            said = self.ask(person, f"/确认 {said.split('/确认 ')[1][:4]}").text
        return said

    def versions(self) -> list[tuple[str, int, bool]]:
        """Title, version, and whether it is in force today."""
        today = self.context.today
        return [(one.title, one.version, one.is_in_force(today)) for one in self.store.policies.documents()]

    def document(self, title: str, version: int = 1) -> Document:
        return next(one for one in self.store.policies.documents() if (one.title, one.version) == (title, version))


@contextmanager
def an_archive(*, with_digest: bool = True) -> Iterator[Archive]:
    with Database(":memory:") as database:
        archive = Archive(Store(database))
        if with_digest:
            shipped.install(archive.store.policies, archive.now)
        yield archive


def said(sent: Sequence[Outgoing]) -> str:
    return reply(sent).text
