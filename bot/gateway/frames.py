"""From the data of a frame to what a handler understands. Pure, and never raises for anything that JSON can hold.

The SDK's own `ChatbotMessage` knows three of the message types and raises on missing keys (docs/decisions/0001),
so this reads the raw data, ignores what it does not know, and takes numbers and strings for times alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from handlers.message import ChatKind, Event, Incoming, MessageKind, Quoted, Sender


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A frame that carries no message that could be answered, and why."""

    reason: str


def message_id(data: Mapping[str, Any]) -> str | None:
    """DingTalk's `msgId`, the key of a message for ever; None when there is none."""
    return _text(data.get("msgId")) or None


def event_id(headers: Mapping[str, Any]) -> str | None:
    """The `eventId` of an event frame, the key of the event for ever; None when there is none."""
    return _text(headers.get("eventId")) or None


def conversation_of(data: Mapping[str, Any]) -> str:
    """Where a message was written; empty when it does not say."""
    return _text(data.get("conversationId"))


def incoming(data: Mapping[str, Any]) -> Incoming | Unreadable:
    """The message of a robot callback (docs/platform.md §3)."""
    identifier = message_id(data)
    conversation = conversation_of(data)
    if identifier is None or not conversation:
        return Unreadable("msgId or conversationId is missing")
    kind = _kind(data.get("msgtype"))
    content = _map(data.get("content"))
    return Incoming(
        id=identifier,
        conversation=conversation,
        chat=ChatKind.GROUP if _text(data.get("conversationType")) == "2" else ChatKind.PRIVATE,
        sender=Sender(
            staff_id=_text(data.get("senderStaffId")) or None,
            nick=_text(data.get("senderNick")),
            sender_id=_text(data.get("senderId")),
            union_id=_text(data.get("senderUnionId")) or None,
            corp_id=_text(data.get("senderCorpId")) or None,
        ),
        text=_words(kind, data, content),
        kind=kind,
        title=_text(data.get("conversationTitle")),
        sent_at=_moment(data.get("createAt")),
        webhook=_text(data.get("sessionWebhook")) or None,
        webhook_expires_at=_moment(data.get("sessionWebhookExpiredTime")),
        quoted=_quoted(data),
        file_name=_text(content.get("fileName")),
        download_code=_text(content.get("downloadCode")) or None,
        mentioned=tuple(
            staff_id for person in _maps(data.get("atUsers")) if (staff_id := _text(person.get("staffId")))
        ),
    )


def event(headers: Mapping[str, Any], data: Mapping[str, Any]) -> Event | Unreadable:
    """A subscribed event (docs/platform.md §8). Both spellings of keys are taken."""
    identifier = event_id(headers)
    kind = _text(headers.get("eventType"))
    if identifier is None or not kind:
        return Unreadable("eventId or eventType is missing")
    return Event(
        id=identifier,
        type=kind,
        born_at=_moment(headers.get("eventBornTime")),
        data={key[:1].lower() + key[1:]: value for key, value in data.items()},
    )


def _kind(msgtype: Any) -> MessageKind:
    try:
        return MessageKind(_text(msgtype))
    except ValueError:
        return MessageKind.UNKNOWN


def _words(kind: MessageKind, data: Mapping[str, Any], content: Mapping[str, Any]) -> str:
    if kind is MessageKind.TEXT:
        return _text(_map(data.get("text")).get("content")).strip()
    if kind is MessageKind.RICH_TEXT:
        return _joined(content.get("richText"))
    if kind is MessageKind.AUDIO:
        return _text(content.get("recognition")).strip()
    return ""


def _joined(runs: Any) -> str:
    """The text of a rich text. A leading run that is only the @-mention is dropped (docs/platform.md §3)."""
    parts = [_text(run.get("text")) or _text(run.get("content")) for run in _maps(runs)]
    while parts and (not parts[0].strip() or (parts[0].strip().startswith("@") and " " not in parts[0].strip())):
        parts.pop(0)
    return "".join(parts).strip()


def _quoted(data: Mapping[str, Any]) -> Quoted | None:
    text = _map(data.get("text"))
    replied = _map(text.get("repliedMsg")) or _map(_map(data.get("content")).get("repliedMsg"))
    older = _map(data.get("quoteMessage"))
    if replied:
        kind = _kind(replied.get("msgType"))
        content = _map(replied.get("content"))
        words = _text(content.get("text")) or _joined(content.get("richText")) or _text(content.get("fileName"))
        return Quoted(
            text=words.strip(),
            message_id=_text(replied.get("msgId")) or _text(data.get("originalMsgId")) or None,
            sender_id=_text(replied.get("senderId")) or None,
            platform_key=_text(data.get("originalProcessQueryKey")) or None,
            sent_at=_moment(replied.get("createdAt")),
            kind=kind,
        )
    if older:
        return Quoted(
            text=_text(_map(older.get("text")).get("content")).strip(),
            message_id=_text(older.get("msgId")) or None,
            sender_id=_text(older.get("senderId")) or None,
            kind=_kind(older.get("msgtype")),
        )
    original = _text(data.get("originalMsgId"))
    if original:
        return Quoted(message_id=original, platform_key=_text(data.get("originalProcessQueryKey")) or None)
    return None


def _text(value: Any) -> str:
    """A string or whole number as text. Lone surrogates, which nothing beyond JSON can hold, are replaced."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _maps(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _moment(value: Any) -> datetime | None:
    """Milliseconds since 1970, as number or string."""
    try:
        return datetime.fromtimestamp(int(_text(value)) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
