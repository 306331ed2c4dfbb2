"""What a handler is given beside the message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from handlers.fetched import NOTHING, Fetched
from handlers.moderation.scanner import Scanner
from handlers.policy.curated.matching import NO_ANSWERS, CuratedIndex
from handlers.policy.finding.index import PolicyIndex
from handlers.settings import HandlerSettings
from storage.policies import Document
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Context:
    """The world as one message finds it. `now` is read once a message and is aware, in UTC."""

    now: datetime
    settings: HandlerSettings
    store: Store
    policies: PolicyIndex
    scanner: Scanner
    fetched: Fetched = NOTHING
    curated: CuratedIndex = NO_ANSWERS
    """Answers that people gave, over the articles of `policies`."""
    samples: tuple[str, ...] = ()
    """The admins' own texts that changed rules are tried on (`[moderation] samples`)."""
    indexed: Callable[[Sequence[Document]], PolicyIndex] | None = None
    """Gives the index of these versions, as the desk keeps them; None: it is built anew each time."""

    def index_of(self, documents: Sequence[Document]) -> PolicyIndex:
        """The index of other versions than those in force today."""
        if self.indexed is not None:
            return self.indexed(documents)
        return PolicyIndex((document, self.store.policies.articles(document.id)) for document in documents)

    @property
    def local_now(self) -> datetime:
        """`now` in the configured zone, for what people read and for working hours."""
        return self.now.astimezone(self.settings.scheduler.timezone)

    @property
    def today(self) -> date:
        """The calendar day in the configured zone."""
        return self.local_now.date()
