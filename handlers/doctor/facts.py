"""Everything that a self-check goes by, read once: values only, so that what follows from them is plain functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from handlers.hearing.coverage import Standing
from handlers.quota.standing import Level
from storage.backlog import Aside, Trouble, Waiting
from storage.gaps import Gap
from storage.presence import Presence
from storage.probes import Probe

NOTHING = Waiting()
NONE = Aside()
BEATS_WITHIN = timedelta(seconds=60)
"""A running bot says every fifteen seconds that it is there."""


class Asked(StrEnum):
    """From where the question comes: that alone proves something."""

    CHAT = "chat"
    """By a message to the bot: so it runs, and hears."""
    CONSOLE = "console"


@dataclass(frozen=True, slots=True)
class Plan:
    """One schedule. Times are when people are spoken to: what comes due at night waits for working hours."""

    name: str
    is_known: bool
    """The running bot has looked at it as it stands in the settings."""
    next_at: datetime | None = None
    last_at: datetime | None = None
    is_overdue: bool = False
    is_ours: bool = False
    """It has no entry in the settings and always runs."""


@dataclass(frozen=True, slots=True)
class Facts:
    """As of `now`. The defaults are those of a bot that is well, so that a test says only what it is about."""

    now: datetime
    zone: ZoneInfo
    asked: Asked
    is_store_readable: bool = True
    """False: what rests on the database is not known."""
    problems: tuple[str, ...] = ()
    """Mistakes of the configuration, a line each; the console alone can see them."""
    probes: Mapping[str, Probe] = field(default_factory=dict)
    """By name; empty: nothing was tried yet."""
    presence: Presence | None = None
    """The account of the process that ran last."""

    heard_at: datetime | None = None
    """Last message or event, this question included."""
    silences: tuple[Gap, ...] = ()
    """Times without any connection of the last days, oldest first."""
    rivals_at: datetime | None = None
    """When something last looked as if another process answered as the same robot."""
    bridge: Standing | None = None
    """How the bridge is that brings all messages of groups; None: it is off."""

    to_handle: Waiting = NOTHING
    """Messages and events that came in and are not handled; in a chat, without the question itself."""
    due_to_handle: Waiting = NOTHING
    """Due tasks that are not handled."""
    to_try_again: Waiting = NOTHING
    parked_in: Aside = NONE

    to_send: Waiting = NOTHING
    """What could go now, has met no error, and is not kept back on purpose."""
    troubled: tuple[Trouble, ...] = ()
    """What will be tried again, by error."""
    parked_out: tuple[Trouble, ...] = ()
    quiet: tuple[str, str] | None = ("22:00", "07:00")
    """From when to when only answers are sent; None: at no time."""
    held_for_night: int = 0
    held_for_quota: int = 0
    unreachable: int = 0
    """People whom DingTalk says no message reaches."""
    quota: Level = Level.PLENTY
    quota_used: int = 0
    quota_limit: int = 0

    documents: int = 1
    rules: int = 1
    groups: int = 1
    unheard: tuple[str, ...] = ()
    """Groups of the register that the bot never heard, by what people call them."""
    unregistered: tuple[str, ...] = ()
    """Groups of which nobody has said what they are for."""
    external_unanswered: int = 0
    """External groups in which, by the settings, no question about a regulation is answered."""
    admins: int = 1

    plans: tuple[Plan, ...] = ()
    ownerless: tuple[str, ...] = ()
    """Groups that a schedule covers and that have no owner to write to."""
    uncovered_years: tuple[int, ...] = ()
    """Years of coming schedules without an official calendar."""

    @property
    def account(self) -> Presence | None:
        """What the process that runs now says of itself; None where none does, or only an earlier one did."""
        presence = self.presence
        if presence is None or presence.stopped_at is not None or self.now - presence.beat_at > BEATS_WITHIN:
            return None
        return presence

    @property
    def can_write(self) -> bool:
        """A message of the robot's own accord would go out, as far as is known. Answers in a chat go another way."""
        sending = self.probes.get("sending")
        return (sending is None or sending.status != "bad") and self.quota is not Level.OUT

    @property
    def is_running(self) -> bool | None:
        """The bot runs; None: nobody can tell."""
        if self.asked is Asked.CHAT:
            return True
        return self.account is not None if self.is_store_readable else None
