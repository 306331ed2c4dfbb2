"""Whose id at the bridge goes with which staff id, learned where both ways bring the same message (docs/bridge.md).

A wrong guess would blame somebody for what another wrote. So it takes the same message id, or twice the same name with the
same words in the same group within minutes, and nobody else who fits; one that contradicts it, and nobody is believed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.context import Context
from handlers.hearing.coverage import may_hear
from handlers.message import Incoming
from storage.bridge import SIGHTED, SURE, Side

LEADING_MENTIONS = re.compile(r"(?:@\S{1,60}\s+)+|@\S{1,60}$")
"""`@群管家 ` before what is said to it: the bridge brings it, the robot's own way does not."""
_FEWEST = 6
"""Characters; shorter texts (好的, 收到) are written by many."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What was seen of a message, and what follows; nothing of it is stored yet."""

    side: Side
    conversation: str
    message_id: str
    digest: str
    person: str
    match: tuple[str, str] | None = None
    """The bridge's id and the staff id that are probably one."""
    weight: int = 0


def look(
    side: Side, conversation: str, message_id: str, nick: str, text: str, person: str, context: Context
) -> Sighting:
    """See whether the other way brought this message, too. Reads only; `note` stores it."""
    digest = _digest(nick, text, context)
    since = context.now - SIGHTED
    found = context.store.bridge.counterparts(side, conversation, message_id, digest, since)
    same = {other for other, is_same in found if is_same} or {other for other, _ in found}
    if len(same) != 1:
        return Sighting(side, conversation, message_id, digest, person)
    (other,) = same
    match = (person, other) if side == "bridge" else (other, person)
    weight = SURE if any(is_same for _, is_same in found) else 1
    return Sighting(side, conversation, message_id, digest, person, match, weight)


def note(sighting: Sighting, context: Context) -> None:
    """Store what was seen and what follows."""
    one, bridge = sighting, context.store.bridge
    bridge.sighted(one.side, one.conversation, one.message_id, one.digest, one.person, context.now)
    if one.match is not None:
        bridge.learn(*one.match, one.weight, context.now)


def heard_by_robot(message: Incoming, context: Context) -> None:
    """A message that was said to the robot in a group that the bridge reads: it may tell who somebody is there."""
    staff_id = message.sender.staff_id
    if staff_id is None or not message.is_group:
        return
    if may_hear(message.conversation, context.settings.bridge, context.store.coverage):
        seen = look("robot", message.conversation, message.id, message.sender.nick, message.text, staff_id, context)
        note(seen, context)


def _digest(nick: str, text: str, context: Context) -> str:
    """A print of name and words; empty where there are too few to tell anybody by."""
    said = "".join(LEADING_MENTIONS.sub("", text.lstrip(), count=1).split())
    if len(said) < _FEWEST or not nick.strip():
        return ""
    return context.store.prints.of_text(f"{nick}：{said}")
