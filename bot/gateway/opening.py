"""Asking DingTalk for a stream connection: one call, one ticket, good once and for ninety seconds."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

import aiohttp
from dingtalk_stream import ChatbotMessage
from dingtalk_stream.frames import CallbackMessage, EventMessage

PATH = "/v1.0/gateway/connections/open"
TIMEOUT = aiohttp.ClientTimeout(total=10, connect=5)
"""Seconds; the SDK waits for ever here and blocks the event loop meanwhile (docs/decisions/0001)."""
SUBSCRIPTIONS = (
    {"type": EventMessage.TYPE, "topic": "*"},
    {"type": CallbackMessage.TYPE, "topic": ChatbotMessage.TOPIC},
)


class OpeningError(Exception):
    """The gateway could not be opened. `is_refused`: DingTalk answered and does not accept the application."""

    def __init__(self, message: str, *, is_refused: bool = False) -> None:
        super().__init__(message)
        self.is_refused = is_refused


@dataclass(frozen=True, slots=True)
class Ticket:
    """Where to connect. The address holds a secret and is kept out of every representation."""

    address: str = field(repr=False)


def is_loopback(address: str) -> bool:
    """The address is on this machine, where a proxy from the environment would only be in the way."""
    return urlsplit(address).hostname in {"127.0.0.1", "localhost", "::1"}


async def open_gateway(session: aiohttp.ClientSession, endpoint: str, client_id: str, client_secret: str) -> Ticket:
    """Ask for a connection. Raises `OpeningError` with one line for people."""
    body = {
        "clientId": client_id,
        "clientSecret": client_secret,
        "subscriptions": list(SUBSCRIPTIONS),
        "ua": "dingtalk-steward",
    }
    try:
        async with session.post(
            endpoint.rstrip("/") + PATH, json=body, headers={"Accept": "application/json"}, timeout=TIMEOUT
        ) as response:
            status = response.status
            text = await response.text(errors="replace")
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise OpeningError(
            f"连不上钉钉（{type(error).__name__}）：请检查本机网络、域名解析与代理 / DingTalk cannot be reached at "
            f"{endpoint}: check network, DNS and proxy"
        ) from None
    return _ticket(status, text)


def _ticket(status: int, text: str) -> Ticket:
    try:
        answer = json.loads(text)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise OpeningError(f"网关答复不是 JSON（HTTP {status}），多半是代理拦截 / the gateway's answer is not JSON")
    if status in (400, 401):
        raise OpeningError(
            f"钉钉不接受这个应用（{answer.get('code', status)}）：请核对 [dingtalk] client_id 与 client_secret，"
            "确认应用已发布、机器人已开通 Stream 模式 / DingTalk refuses the application: check client_id and "
            "client_secret, that the app is published and its robot is in stream mode",
            is_refused=True,
        )
    if status != 200:
        raise OpeningError(
            f"钉钉网关暂不可用（HTTP {status} {answer.get('code', '')}）/ the gateway is unavailable for now"
        )
    address, ticket = answer.get("endpoint"), answer.get("ticket")
    if not isinstance(address, str) or not isinstance(ticket, str):
        raise OpeningError("网关答复缺少 endpoint 或 ticket / the gateway's answer lacks endpoint or ticket")
    return Ticket(f"{address}?ticket={quote(ticket, safe='')}")
