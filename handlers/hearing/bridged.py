"""What a bridge brings of a group (docs/bridge.md): looked at like any other message, and never answered.

Only private words come of it. What is said to the robot comes to it by its own way as well, and is carried out there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from handlers import events
from handlers.commands import grammar
from handlers.commands.registry import COMMANDS
from handlers.context import Context
from handlers.hearing import senders
from handlers.hearing.coverage import may_hear
from handlers.message import ChatKind, Ding, Event, Incoming, Outgoing, Private, Sender
from handlers.moderation.reports import is_report
from handlers.moderation.watch import watch

_LATELY = timedelta(minutes=30)
_COMPARED, _FEWEST = 60, 12
"""Letters, digits and characters at the beginning of a text by which what the robot said is found, and how many it takes."""
_SIGNS = re.compile(r"[\W_]+")
PREFIX = "bridge_"
"""How the types of these events begin; DingTalk's own never do."""


def is_bridged(event: Event) -> bool:
    """It came by the bridge."""
    return event.type.startswith(PREFIX)


def handle(event: Event, context: Context) -> list[Outgoing]:
    """Take in what happened in a group, if that may still be read."""
    conversation = _text(event.data.get("conversation"))
    take_in = _KINDS.get(event.type)
    if take_in is None or not may_hear(conversation, context.settings.bridge, context.store.coverage):
        return []
    return take_in(event, conversation, context)


def _message(event: Event, conversation: str, context: Context) -> list[Outgoing]:
    data, store = event.data, context.store
    nick, open_id = _text(data.get("sender")), _text(data.get("sender_id"))
    text, message_id = _text(data.get("text")), _text(data.get("message_id"))
    staff_id = _text(data.get("staff_id")) or store.bridge.staff_ids([open_id]).get(open_id)
    if staff_id is None and (nick in context.settings.bridge.robots or _is_ours(text, conversation, context)):
        return []
    # The robot hears only what mentions it: nothing else comes both ways, and most messages need not be written about.
    may_come_twice = bool(open_id) and "@" in text
    seen = senders.look("bridge", conversation, message_id, nick, text, open_id, context) if may_come_twice else None
    message = Incoming(
        id=message_id,
        conversation=conversation,
        chat=ChatKind.GROUP,
        sender=Sender(staff_id, nick, open_id, is_unmatched=staff_id is None),
        text=text,
        sent_at=event.born_at,
    )
    # What the robot heard by its own way was looked at there, also when the two ways call it by different ids.
    is_known = seen is not None and seen.match is not None
    watched = () if is_known or _is_said_to_robot(message) else watch(message, context, "bridge").outgoing
    register = store.groups.get(conversation)
    store.groups.heard(conversation, "", context.now)
    if register is None or register.coverage != "bridge":
        store.coverage.set_mode(conversation, "bridge")
    if seen is not None:
        senders.note(seen, context)
    return [one for one in watched if isinstance(one, Private | Ding)]


def _is_ours(text: str, conversation: str, context: Context) -> bool:
    """The robot has just posted these words itself, whatever it is called there: its answers quote what is forbidden."""
    said = _SIGNS.sub("", text)
    if len(said) < _FEWEST:
        return False
    posted = context.store.bridge.sent_lately(conversation, context.now - _LATELY)
    return any(_is_out_of(_SIGNS.sub("", one), said) for one in posted)


def _is_out_of(posted: str, said: str) -> bool:
    """It begins with what was posted, and nearly all of the rest stands there, too: clients leave out where links go.

    The beginning alone would let everybody who copies it go on with whatever they like.
    """
    if len(said) > len(posted) or said[:_COMPARED] not in posted:
        return False
    rest = [said[start : start + _FEWEST] for start in range(_COMPARED, len(said), _FEWEST)]
    return sum(piece not in posted for piece in rest) <= len(rest) // 10


def _is_said_to_robot(message: Incoming) -> bool:
    """A command or a report, which quote what they are about; only what mentions somebody can be one."""
    mention = senders.LEADING_MENTIONS.match(message.text.lstrip())
    if mention is None:
        return False
    said = message.text.lstrip()[mention.end() :].strip()
    is_command = grammar.is_command(said) and grammar.find(said, COMMANDS) is not None
    return is_command or is_report(Incoming(message.id, message.conversation, message.chat, message.sender, said))


def _recall(event: Event, conversation: str, context: Context) -> list[Outgoing]:
    context.store.bridge.recalled(_text(event.data.get("message_id")), event.born_at or context.now)
    return []


def _joined(event: Event, conversation: str, context: Context) -> list[Outgoing]:
    return _passed_on("chat_add_member", event, conversation, context)


def _left(event: Event, conversation: str, context: Context) -> list[Outgoing]:
    return _passed_on("chat_remove_member", event, conversation, context)


def _disbanded(event: Event, conversation: str, context: Context) -> list[Outgoing]:
    return _passed_on("chat_disband", event, conversation, context)


def _passed_on(type_: str, event: Event, conversation: str, context: Context) -> list[Outgoing]:
    """As if DingTalk had told it; of people whom nobody has matched with a staff id nothing is known."""
    people = event.data.get("people")
    open_ids = [one for one in people if isinstance(one, str)] if isinstance(people, list) else []
    known = list(context.store.bridge.staff_ids(open_ids).values())
    if open_ids and not known:
        return []
    data = {"openConversationId": conversation, "userId": known, "operator": "bridge"}
    return events.handle(Event(event.id, type_, event.born_at, data), context)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


_KINDS: dict[str, Callable[[Event, str, Context], list[Outgoing]]] = {
    f"{PREFIX}message": _message,
    f"{PREFIX}recall": _recall,
    f"{PREFIX}joined": _joined,
    f"{PREFIX}left": _left,
    f"{PREFIX}disbanded": _disbanded,
}
