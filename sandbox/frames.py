"""The JSON of the WebSocket: frames that go down, acknowledgements that come up (docs/platform.md §1.2, §1.3)."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

ROBOT_TOPIC = "/v1.0/im/bot/messages/get"
CONTENT_TYPE = "application/json"
ACK_CODES = (200, 400, 404, 500)


class BadAck(Exception):
    """What came up is not an acknowledgement as the protocol has it."""


@dataclass(frozen=True, slots=True)
class AckFrame:
    """An acknowledgement, taken apart."""

    message_id: str
    code: int
    data: Any


def milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970, as DingTalk writes times."""
    return int(moment.timestamp() * 1000)


def new_message_id() -> str:
    """A fresh `headers.messageId`."""
    return f"{uuid.uuid4().hex[:8]}_{uuid.uuid4().hex[:12]}"


def frame(
    type_: str,
    topic: str,
    data: str,
    *,
    message_id: str,
    connection_id: str,
    app_id: str,
    at: datetime,
    extra_headers: dict[str, str] | None = None,
) -> str:
    """One frame as text. `data` is JSON in a string; times are strings of milliseconds."""
    headers = {
        "appId": app_id,
        "connectionId": connection_id,
        "contentType": CONTENT_TYPE,
        "messageId": message_id,
        "time": str(milliseconds(at)),
        "topic": topic,
        **(extra_headers or {}),
    }
    body = {"specVersion": "1.0", "type": type_, "headers": headers, "data": data}
    if type_ == "SYSTEM":
        del body["specVersion"]
    return json.dumps(body, ensure_ascii=False)


def read_ack(text: str) -> AckFrame:
    """The acknowledgement in a text frame. Raises BadAck with what is wrong."""
    try:
        body = json.loads(text)
    except ValueError as error:
        raise BadAck(f"not JSON: {text[:80]!r}") from error
    if not isinstance(body, dict):
        raise BadAck(f"not an object: {text[:80]!r}")
    headers = body.get("headers")
    if not isinstance(headers, dict) or not isinstance(headers.get("messageId"), str):
        raise BadAck(f"headers.messageId is missing: {text[:200]!r}")
    if headers.get("contentType") != CONTENT_TYPE:
        raise BadAck(f"headers.contentType must be {CONTENT_TYPE}: {text[:200]!r}")
    code = body.get("code")
    if isinstance(code, bool) or not isinstance(code, int):
        raise BadAck(f"code must be a number: {text[:200]!r}")
    if code not in ACK_CODES:
        raise BadAck(f"code {code} is none of {', '.join(map(str, ACK_CODES))}: {text[:200]!r}")
    if not isinstance(body.get("message"), str):
        raise BadAck(f"message must be a string: {text[:200]!r}")
    data = body.get("data")
    if not isinstance(data, str):
        raise BadAck(f"data must be a string that holds JSON: {text[:200]!r}")
    try:
        return AckFrame(headers["messageId"], code, json.loads(data))
    except ValueError as error:
        raise BadAck(f"data holds no JSON: {data[:80]!r}") from error


def problems(type_: str, ack: AckFrame, opaque: str | None) -> list[str]:
    """What is wrong with the content of an acknowledgement for a frame of this type; `opaque` is that of a ping."""
    data = ack.data if isinstance(ack.data, dict) else {}
    found = []
    if opaque is not None and data.get("opaque") != opaque:
        found.append(f"data.opaque must be {opaque!r}, not {data.get('opaque')!r}")
    if type_ == "EVENT" and data.get("status") not in ("SUCCESS", "LATER"):
        found.append(f"data.status must be SUCCESS or LATER, not {data.get('status')!r}")
    if type_ == "CALLBACK" and "response" not in data:
        found.append(f'data must be {{"response": …}}, not {ack.data!r}')
    return found


def wants_again(ack: AckFrame) -> bool:
    """The acknowledgement of an event asks for another delivery."""
    return ack.code != 200 or (isinstance(ack.data, dict) and ack.data.get("status") == "LATER")
