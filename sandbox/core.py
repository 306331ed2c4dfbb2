"""What the parts of the sandbox share: the world, the application's credentials, the switches and the record."""

from __future__ import annotations

import random
import re
import uuid
from dataclasses import dataclass, field
from typing import Any

from sandbox.faults import HttpFaults
from sandbox.quotas import Quotas
from sandbox.record import Record
from sandbox.tokens import Tokens
from sandbox.world import Person, ShownButton, World

ROBOT = "robot"
_PICTURE = re.compile(r"!\[[^\]]*\]\((@[^)\s]*)\)")
"""A picture in Markdown, by its `media_id`."""
PRIVATE = "private:"


@dataclass(slots=True)
class StoredFile:
    """A file that somebody sent, for messageFiles/download."""

    name: str
    data: bytes


@dataclass(slots=True)
class Core:
    """One application (one robot) of one organisation."""

    world: World
    client_id: str
    client_secret: str
    robot_name: str
    random: random.Random
    record: Record = field(default_factory=Record)
    faults: HttpFaults = field(default_factory=HttpFaults)
    quotas: Quotas = field(init=False)
    tokens: Tokens = field(init=False)
    url: str = ""
    app_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    files: dict[str, StoredFile] = field(default_factory=dict)
    media: dict[str, StoredFile] = field(default_factory=dict)
    """What was laid down, by `media_id`."""
    process_keys: dict[str, str] = field(default_factory=dict)
    """`msgId` of a message that the robot sent by API → its processQueryKey."""
    said: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    """`msgId` of what a person said → its msgtype and the part with the content, for quoting it."""
    denied_scopes: set[str] = field(default_factory=set)
    """Permission points that the application lacks; none at first."""

    def __post_init__(self) -> None:
        self.quotas = Quotas(self.world)
        self.tokens = Tokens(self.world)

    @property
    def robot_code(self) -> str:
        """The robot's code: that of the application."""
        return self.client_id

    @property
    def robot_user_id(self) -> str:
        """DingTalk's opaque id of the robot."""
        return f"$:LWCP_v1:$robot-{self.client_id}"

    def forget(self) -> None:
        """What was said and sent is gone: files, quotes and keys of a world that begins anew."""
        for things in (self.files, self.media, self.process_keys, self.said):
            things.clear()

    def staff(self, staff_id: str) -> Person | None:
        """The person of the directory with this staff id; None for strangers and for those who have left."""
        person = self.world.by_staff_id(staff_id)
        return person if person is not None and person.is_in_directory else None

    def show_from_robot(
        self,
        chat: str,
        *,
        via: str,
        kind: str,
        text: str,
        title: str = "",
        buttons: tuple[ShownButton, ...] = (),
        at_staff_ids: tuple[str, ...] = (),
        process_key: str | None = None,
    ) -> str:
        """Put a message of the robot into a chat; returns its `msgId`."""
        for media_id in _PICTURE.findall(text) if kind in ("markdown", "actionCard") else ():
            if media_id not in self.media:
                self.record.violate(f"a message shows {media_id!r}, which was not uploaded")
        message_id = new_msg_id()
        if process_key is not None:
            self.process_keys[message_id] = process_key
        self.world.show(
            chat=chat,
            author=ROBOT,
            kind=kind,
            text=text,
            title=title,
            buttons=buttons,
            at_staff_ids=at_staff_ids,
            message_id=message_id,
            via=via,
        )
        return message_id


def new_msg_id() -> str:
    """A fresh `msgId`."""
    return f"msg{uuid.uuid4().hex[:20]}=="
