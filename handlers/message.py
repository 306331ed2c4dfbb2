"""The only words that the doors and the handlers share: what came in, what is due, what is to be sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from handlers.chart import Chart


class ChatKind(StrEnum):
    """Where a message was written."""

    GROUP = "group"
    PRIVATE = "private"


class MessageKind(StrEnum):
    """What a message carries, by DingTalk's `msgtype` (docs/platform.md §3)."""

    TEXT = "text"
    RICH_TEXT = "richText"
    PICTURE = "picture"
    AUDIO = "audio"
    VIDEO = "video"
    FILE = "file"
    CARD = "interactiveCard"
    CHAT_RECORD = "chatRecord"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote a message.

    `staff_id` is the only id that authorises anything; it is None for people outside the organisation.
    `nick` is chosen by the person and proves nothing. `sender_id` is DingTalk's opaque id.
    """

    staff_id: str | None
    nick: str = ""
    sender_id: str = ""
    union_id: str | None = None
    corp_id: str | None = None
    is_unmatched: bool = False
    """Of a bridge, that gives no staff ids, and nobody knows yet whose the id is: perhaps a colleague's (docs/bridge.md)."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """The message that this one quotes (引用), as far as DingTalk hands it over."""

    text: str = ""
    message_id: str | None = None
    sender_id: str | None = None
    platform_key: str | None = None
    """`processQueryKey` of our own message, when ours is the one quoted."""
    sent_at: datetime | None = None
    kind: MessageKind = MessageKind.TEXT


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message that the robot heard. `text` is trimmed and free of the leading @robot."""

    id: str
    """DingTalk's `msgId`: the same for every redelivery of the same message."""
    conversation: str
    chat: ChatKind
    sender: Sender
    text: str = ""
    kind: MessageKind = MessageKind.TEXT
    title: str = ""
    """Title of the group; empty in private chats."""
    sent_at: datetime | None = None
    webhook: str | None = None
    """Session webhook: a bearer secret for about ninety minutes, never logged."""
    webhook_expires_at: datetime | None = None
    quoted: Quoted | None = None
    file_name: str = ""
    download_code: str | None = None
    mentioned: tuple[str, ...] = ()
    """Staff ids of the other people who were @-mentioned."""

    @property
    def is_group(self) -> bool:
        """The message was written in a group."""
        return self.chat is ChatKind.GROUP


@dataclass(frozen=True, slots=True)
class Event:
    """A subscribed event, such as `user_leave_org` (docs/platform.md §8). Keys of `data` are lowerCamelCase."""

    id: str
    type: str
    born_at: datetime | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Due:
    """Something that the schedule says is to happen now. It goes through dispatch like a message."""

    task: str
    """What is due: `cleanup-cycle`, `cleanup-reminders`, …"""
    schedule: str
    """Name of the schedule in the settings; the task's own name where there is only one."""
    planned_at: datetime
    is_late: bool = False
    """It should have run while the bot was stopped; what it sends says so."""

    @property
    def id(self) -> str:
        """The same for the same schedule and planned time, so it can be taken once only."""
        return f"{self.task}:{self.schedule}@{self.planned_at.isoformat()}"


class Priority(IntEnum):
    """What goes out first when not everything can: lower is sooner."""

    ANSWER = 0
    REMINDER = 1
    DIGEST = 2


@dataclass(frozen=True, slots=True)
class Button:
    """A button that makes the person who taps it say `says` in the chat."""

    label: str
    says: str


@dataclass(frozen=True, slots=True)
class Body:
    """What people read. `text` is DingTalk Markdown; `title` is the preview in the list of chats.

    The door out prints the plain command of every button below the text, because buttons fail on some clients
    (docs/platform.md §5.6); handlers only name the buttons.
    """

    text: str
    title: str = ""
    buttons: tuple[Button, ...] = ()
    chart: Chart | None = None
    """A picture above the text. An extra: where it cannot be drawn or uploaded, the text goes out alone."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer in the conversation that the message came from."""

    body: Body
    at_sender: bool = False
    priority: Priority = Priority.ANSWER


@dataclass(frozen=True, slots=True)
class GroupPost:
    """A post to a group that nobody asked for just now. It cannot @ anyone (docs/platform.md §5.2)."""

    conversation: str
    body: Body
    priority: Priority = Priority.REMINDER
    not_before: datetime | None = None
    expires_at: datetime | None = None
    """Useless after this time; None: always useful."""


@dataclass(frozen=True, slots=True)
class Private:
    """A private word to people of the organisation, by staff id."""

    to: tuple[str, ...]
    body: Body
    priority: Priority = Priority.REMINDER
    not_before: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ding:
    """A DING in the app (article 四.(二).1). Never sent twice: when in doubt it is not sent."""

    to: tuple[str, ...]
    text: str
    priority: Priority = Priority.REMINDER
    expires_at: datetime | None = None


Outgoing = Reply | GroupPost | Private | Ding
