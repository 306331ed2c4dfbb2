"""Whether something is kept back though its time has come: over night, or because calls are scarce."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.outbox import texts
from bot.outbox.merge import way_of
from bot.outbox.thrift import Thrift
from handlers.message import Priority
from handlers.quiet_hours import QuietHours
from handlers.quota.standing import held_back
from storage.outbox import HELD_NIGHT, HELD_QUOTA, Draft


@dataclass(frozen=True, slots=True)
class Held:
    """It waits until then, whatever else may go."""

    until: datetime
    code: str
    error: str
    why: str
    """In a word for the meter."""


@dataclass(slots=True)
class Gate:
    """Lets every answer through, and other things when they disturb nobody and can be afforded."""

    quiet: QuietHours | None = None
    thrift: Thrift | None = None
    ask_again_seconds: float = 3600.0
    """Calls that were scarce may be plenty when somebody has bought more."""

    def holds(self, draft: Draft, now: datetime) -> Held | None:
        """None: it may go now."""
        priority = Priority(min(max(draft.priority, Priority.ANSWER), Priority.DIGEST))
        if priority is Priority.ANSWER:
            return None
        if self.quiet is not None and (morning := self.quiet.until(now)) is not None:
            return Held(morning, HELD_NIGHT, texts.HELD_NIGHT, "night")
        if self.thrift is None or way_of(draft, now) == "webhook":
            return None
        if held_back(priority, self.thrift.level(now)):
            return Held(self.next_look(now), HELD_QUOTA, texts.HELD_QUOTA, "quota")
        return None

    def next_look(self, now: datetime) -> datetime:
        """When it is worth asking again whether calls can be afforded: soon, and when the month changes."""
        soon = now + timedelta(seconds=self.ask_again_seconds)
        return soon if self.thrift is None else min(soon, self.thrift.next_month(now))
