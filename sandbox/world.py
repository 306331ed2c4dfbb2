"""The state of the pretended organisation: who there is, which chats, and what was said in them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


class SandboxClock:
    """The machine's time plus an offset that the page can move forward."""

    def __init__(self, start: datetime | None = None) -> None:
        """Begin at `start` (aware), else at the machine's present time."""
        self._first_offset = timedelta() if start is None else start - datetime.now(UTC)
        self._offset = self._first_offset

    def now(self) -> datetime:
        """The pretended present moment, aware, in UTC."""
        return datetime.now(UTC) + self._offset

    def advance_to(self, moment: datetime) -> None:
        """Jump forward to `moment`. Raises ValueError for a moment that has passed."""
        if moment < self.now():
            raise ValueError("the clock only goes forward")
        self._offset = moment - datetime.now(UTC)

    def restart(self) -> None:
        """Take back all jumps: the time is as if nobody had moved the clock."""
        self._offset = self._first_offset


@dataclass(slots=True)
class Department:
    """A department of the directory. Id 1 is the college itself."""

    dept_id: int
    name: str
    parent_id: int | None
    manager_ids: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Person:
    """Somebody with DingTalk. `staff_id` is None for people outside the organisation."""

    key: str
    """How the sandbox names the person: the staff id, or an invented key for an outsider."""
    staff_id: str | None
    name: str
    union_id: str
    mobile: str = ""
    title: str = ""
    dept_ids: list[int] = field(default_factory=list)
    is_in_directory: bool = True
    """False once the person has left the organisation; the account may still sit in groups."""
    nick: str = ""
    """Display name in groups; empty: the name."""
    left_at: datetime | None = None
    """When the person left; None: unknown, about a month ago."""

    @property
    def sender_id(self) -> str:
        """DingTalk's opaque id of the person."""
        return f"$:LWCP_v1:${self.key}"


@dataclass(slots=True)
class Group:
    """A group chat."""

    conversation_id: str
    chat_id: str
    title: str
    owner: str
    """Key of the owner."""
    admins: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    """Keys of all members, owner and admins included."""
    is_scene_group: bool = False
    """Only then can the robot read its members."""
    has_robot: bool = True
    is_external: bool = False


@dataclass(frozen=True, slots=True)
class ShownButton:
    """A button as a client shows it."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message as it stands in a chat. `chat` is a group's conversation id or `private:<person key>`."""

    number: int
    chat: str
    author: str
    """Key of the person, or `robot`."""
    kind: str
    """text, markdown, actionCard, ding, picture, file, audio …"""
    title: str
    text: str
    at: datetime
    buttons: tuple[ShownButton, ...] = ()
    at_staff_ids: tuple[str, ...] = ()
    message_id: str = ""
    quotes: str | None = None
    """`message_id` of the message that this one quotes."""
    via: str = "person"
    """person, webhook, groupMessages, oToMessages, ding"""


class World:
    """Departments, people, groups and all messages, in memory."""

    def __init__(self, clock: SandboxClock) -> None:
        self.clock = clock
        self.corp_id = "dingsandboxcorp"
        self.departments: dict[int, Department] = {}
        self.people: dict[str, Person] = {}
        self.groups: dict[str, Group] = {}
        self.messages: list[ShownMessage] = []
        self._numbers = itertools.count(1)
        self._listeners: list[Callable[[ShownMessage], None]] = []

    def listen(self, listener: Callable[[ShownMessage], None]) -> Callable[[], None]:
        """Call `listener` with every message that appears from now on. Returns what ends that."""
        self._listeners.append(listener)

        def silence() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return silence

    def show(
        self,
        *,
        chat: str,
        author: str,
        kind: str,
        text: str,
        title: str = "",
        buttons: tuple[ShownButton, ...] = (),
        at_staff_ids: tuple[str, ...] = (),
        message_id: str = "",
        quotes: str | None = None,
        via: str = "person",
    ) -> ShownMessage:
        """Put a message into a chat and tell the listeners."""
        message = ShownMessage(
            number=next(self._numbers),
            chat=chat,
            author=author,
            kind=kind,
            title=title,
            text=text,
            at=self.clock.now(),
            buttons=buttons,
            at_staff_ids=at_staff_ids,
            message_id=message_id,
            quotes=quotes,
            via=via,
        )
        self.messages.append(message)
        for listener in list(self._listeners):
            listener(message)
        return message

    def recall(self, message_ids: set[str]) -> None:
        """Take messages back; nothing is left of them in the chats."""
        self.messages = [message for message in self.messages if message.message_id not in message_ids]

    def clear(self) -> None:
        """Forget departments, people, groups and messages; listeners stay, and numbers are not given twice."""
        for things in (self.departments, self.people, self.groups, self.messages):
            things.clear()

    def in_chat(self, chat: str) -> list[ShownMessage]:
        """All messages of a chat, oldest first."""
        return [message for message in self.messages if message.chat == chat]

    def by_staff_id(self, staff_id: str) -> Person | None:
        """The person of the organisation with this id, gone or not."""
        person = self.people.get(staff_id)
        return person if person is not None and person.staff_id == staff_id else None
