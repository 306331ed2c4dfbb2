"""Asking DingTalk for a stream connection: one call, one ticket, good once and for ninety seconds."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import quote

import aiohttp
import websockets
from dingtalk_stream import ChatbotMessage
from dingtalk_stream.frames import CallbackMessage, EventMessage

PATH = "/v1.0/gateway/connections/open"
OPENING_SECONDS = 10.0
"""For the call, and again for the WebSocket; the SDK waits for ever and blocks the event loop (docs/decisions/0001)."""
_MOST_CODE = 80
"""Characters of DingTalk's own code that are shown."""
SUBSCRIPTIONS = (
    {"type": EventMessage.TYPE, "topic": "*"},
    {"type": CallbackMessage.TYPE, "topic": ChatbotMessage.TOPIC},
)


class Trouble(StrEnum):
    """What kind of thing keeps us from a connection. Each is worth a line of its own, however its details vary."""

    UNREACHED = "unreached"
    """No answer: network, name resolution, proxy."""
    UNAVAILABLE = "unavailable"
    """An answer that is not a ticket: throttled, out of order, or somebody else's page."""
    REFUSED = "refused"
    """DingTalk answered and does not accept the application."""
    NO_SOCKET = "no-socket"
    """A ticket, and no WebSocket for it."""
    SHORT_LIVED = "short-lived"
    """Connections stand and are ended again and again."""


class OpeningError(Exception):
    """The gateway could not be opened; the message is for people and holds no secret."""

    def __init__(self, message: str, trouble: Trouble) -> None:
        super().__init__(message)
        self.trouble = trouble

    @property
    def is_refused(self) -> bool:
        """DingTalk answered and does not accept the application: trying again alone will not help."""
        return self.trouble is Trouble.REFUSED


@dataclass(frozen=True, slots=True)
class Ticket:
    """Where to connect. The address holds a secret and is kept out of every representation."""

    address: str = field(repr=False)


async def open_gateway(
    session: aiohttp.ClientSession,
    endpoint: str,
    client_id: str,
    client_secret: str,
    seconds: float = OPENING_SECONDS,
) -> Ticket:
    """Ask for a connection, at most so many seconds. Raises `OpeningError` with one line for people.

    Names are resolved in another thread. A resolver that hangs costs this call its time, and nobody else anything:
    the next call waits for the same answer, so no more threads are caught.
    """
    body = {
        "clientId": client_id,
        "clientSecret": client_secret,
        "subscriptions": list(SUBSCRIPTIONS),
        "ua": "dingtalk-steward",
    }
    try:
        async with session.post(
            endpoint.rstrip("/") + PATH,
            json=body,
            headers={"Accept": "application/json"},
            timeout=aiohttp.ClientTimeout(total=seconds, connect=seconds / 2),
            allow_redirects=False,  # the body holds the secret: it goes where the settings say and nowhere else
        ) as response:
            status = response.status
            text = await response.text(errors="replace")
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise OpeningError(
            f"连不上钉钉（{type(error).__name__}）：请检查本机网络、域名解析与代理 / DingTalk cannot be reached at "
            f"{endpoint}: check network, DNS and proxy",
            Trouble.UNREACHED,
        ) from None
    return _ticket(status, text)


def _ticket(status: int, text: str) -> Ticket:
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise OpeningError(
            f"网关答复不是 JSON（HTTP {status}），多半是代理拦截 / the gateway's answer is not JSON",
            Trouble.UNAVAILABLE,
        )
    code = str(answer.get("code", status))[:_MOST_CODE]
    if status in (400, 401):
        raise OpeningError(
            f"钉钉不接受这个应用（{code}）：请核对 [dingtalk] client_id 与 client_secret，"
            "确认应用已发布、机器人已开通 Stream 模式 / DingTalk refuses the application: check client_id and "
            "client_secret, that the app is published and its robot is in stream mode",
            Trouble.REFUSED,
        )
    if status != 200:
        raise OpeningError(
            f"钉钉网关暂不可用（HTTP {status} {code}）/ the gateway is unavailable for now",
            Trouble.UNAVAILABLE,
        )
    address, ticket = answer.get("endpoint"), answer.get("ticket")
    if not isinstance(address, str) or not isinstance(ticket, str):
        raise OpeningError(
            "网关答复缺少 endpoint 或 ticket / the gateway's answer lacks endpoint or ticket", Trouble.UNAVAILABLE
        )
    return Ticket(f"{address}?ticket={quote(ticket, safe='')}")


def no_socket(error: Exception) -> OpeningError:
    """What became of a ticket. The library's own texts may hold the address, and so the ticket: only its kind is told."""
    kind = type(error).__name__
    if isinstance(error, websockets.InvalidStatus):
        kind = f"HTTP {error.response.status_code}"
    return OpeningError(
        f"拿到了地址，但 WebSocket 连不上（{kind}）：多半是代理或 TLS 拦截 / "
        "the WebSocket cannot be opened: look at proxy and TLS interception",
        Trouble.NO_SOCKET,
    )
