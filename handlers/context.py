"""What a handler is given beside the message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from handlers.fetched import NOTHING, Fetched
from handlers.moderation.scanner import Scanner
from handlers.policy.index import PolicyIndex
from handlers.settings import HandlerSettings
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

    @property
    def local_now(self) -> datetime:
        """`now` in the configured zone, for what people read and for working hours."""
        return self.now.astimezone(self.settings.scheduler.timezone)

    @property
    def today(self) -> date:
        """The calendar day in the configured zone."""
        return self.local_now.date()
