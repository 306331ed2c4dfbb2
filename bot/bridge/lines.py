"""From a line of another program to what the bot takes in. Pure, and raises nothing but `BadLineError`.

The format is that of the workspace command line's events (docs/platform.md §12): flattened or as they come, one JSON object
a line. Other programs may write the same with less: `message_id`, `conversation_id` and `content` are enough.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["message", "recall", "joined", "left", "disbanded"]

LONGEST_TEXT = 50_000
"""Characters of a message that are taken; no message that people can send is nearly as long."""
_LONGEST_ID = 200
_MOST_PEOPLE = 500
_EXITED = re.compile(r"\[event\] exited\b.*?\breceived (\d{1,12}) event")
_MESSAGES = re.compile(r"user_im_message_receive_(?:group|at|user|group_all)")
"""Not `o2o`: what somebody writes to one person in private is none of our business."""
_KINDS: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (_MESSAGES, "message"),
    (re.compile(r"user_im_message_recall_(?:group|group_all)"), "recall"),
    (re.compile(r"user_im_group_member_added"), "joined"),
    (re.compile(r"user_im_group_member_exited"), "left"),
    (re.compile(r"user_im_group_disbanded"), "disbanded"),
)


class BadLineError(Exception):
    """The line is none that we know; the text says why, and holds nothing of the line."""


@dataclass(frozen=True, slots=True)
class Line:
    """Something that happened in a group. `key` is the same whenever it comes again."""

    kind: Kind
    key: str
    conversation: str
    at: int | None
    """Milliseconds since 1970."""
    data: Mapping[str, Any]
    """`text`, `sender`, `sender_id`, `staff_id`, `message_id`, `people`: what the handler reads."""


@dataclass(frozen=True, slots=True)
class Exited:
    """The source says that it has ended, and how much it sent."""

    received: int


@dataclass(frozen=True, slots=True)
class Passed:
    """Nothing to take in: another kind of event, or a word of the source about itself."""

    is_event: bool


def parsed(raw: bytes) -> Line | Exited | Passed:
    """What a line says. Raises `BadLineError`."""
    try:
        text = raw.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise BadLineError("不是 UTF-8 / not UTF-8") from None
    if text.startswith("[event]"):
        found = _EXITED.match(text)
        return Exited(int(found[1])) if found else Passed(is_event=False)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise BadLineError("不是完整的 JSON / not complete JSON") from None
    if not isinstance(value, dict):
        raise BadLineError("不是 JSON 对象 / not a JSON object")
    return _line(_flattened(value))


def _flattened(value: Mapping[str, Any]) -> dict[str, Any]:
    """An event as it comes has its data as JSON in JSON, in lowerCamelCase; flattened it has all side by side."""
    inner = value.get("data")
    if not isinstance(inner, str):
        return {_snake(key): item for key, item in value.items()}
    try:
        data = json.loads(inner)
    except (ValueError, RecursionError):
        raise BadLineError("data 不是完整的 JSON / data is not complete JSON") from None
    data = _map(data)
    payload = _map(data.get("payload"))
    flat = {_snake(key): item for key, item in {**payload, **_map(payload.get("body"))}.items()}
    flat["type"] = _text(data.get("eventKey")) or _text(value.get("event_type"))
    flat.setdefault("event_id", _text(data.get("eventId")) or _text(value.get("event_id")))
    flat.setdefault("timestamp", data.get("occurredAtMs") or value.get("event_born_time"))
    return flat


def _line(flat: Mapping[str, Any]) -> Line | Passed:
    kind = _kind(_text(flat.get("type")), flat)
    if kind is None:
        return Passed(is_event=True)
    conversation = _id(flat, "conversation_id", "open_conversation_id")
    message, event = _id(flat, "message_id", "open_message_id"), _id(flat, "event_id")
    key = message if kind in ("message", "recall") else event
    if not conversation or not key:
        raise BadLineError(
            f"缺少 conversation_id 或 {'message_id' if message == key else 'event_id'} / an id is missing"
        )
    return Line(
        kind=kind,
        key=f"bridge:{kind}:{key}",
        conversation=conversation,
        at=_moment(flat.get("event_time")) or _moment(flat.get("timestamp")),
        data=_data(kind, message, flat),
    )


def _kind(name: str, flat: Mapping[str, Any]) -> Kind | None:
    if not name:  # another program's line, in the least form
        return "message" if isinstance(flat.get("content"), str) else None
    return next((kind for pattern, kind in _KINDS if pattern.fullmatch(name)), None)


def _data(kind: Kind, message: str, flat: Mapping[str, Any]) -> dict[str, Any]:
    if kind == "message":
        forwarded = [_content(one) for one in _maps(flat.get("forward_messages"))[:100]]
        text = "\n".join(part for part in (_content(flat), *forwarded) if part)
        return {
            "message_id": message,
            "text": text[:LONGEST_TEXT],
            "sender": _text(flat.get("sender"))[:_LONGEST_ID],
            "sender_id": _id(flat, "sender_open_dingtalk_id", "sender_open_ding_talk_id"),
            "staff_id": _id(flat, "sender_staff_id"),
        }
    if kind == "recall":
        return {"message_id": message}
    people = [_id(one, "open_dingtalk_id", "open_ding_talk_id") for one in _maps(flat.get("members"))[:_MOST_PEOPLE]]
    return {"people": [person for person in people if person]}


def _content(one: Mapping[str, Any]) -> str:
    return _text(one.get("content")).strip()


def _snake(key: str) -> str:
    """`openMessageId` and `open_message_id` are one."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key[:60]).lower()


def _id(flat: Mapping[str, Any], *names: str) -> str:
    """The first of these that is there; what is longer than any id is none."""
    for name in names:
        value = flat.get(name)
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else _text(value).strip()
        if text:
            return text if len(text) <= _LONGEST_ID else ""
    return ""


def _text(value: Any) -> str:
    """A string as it can be stored; lone surrogates, which nothing beyond JSON can hold, are replaced."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return ""


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _maps(value: Any) -> list[Mapping[str, Any]]:
    found = value if isinstance(value, list) else []
    return [{_snake(key): item for key, item in one.items()} for one in found if isinstance(one, Mapping)]


def _moment(value: Any) -> int | None:
    """Milliseconds, as number or string; text such as `2026-07-08 12:00` has no zone and says nothing."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int) or (isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16):
        return int(value)
    return None
