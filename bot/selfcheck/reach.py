"""One plain call to DingTalk and what came of it, with the network's own troubles told apart."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

_LOG_IN_FIRST = 511
"""Network Authentication Required (RFC 6585)."""


class UnreachedError(Exception):
    """No answer that DingTalk could have given. `kind` is a key of `handlers.doctor.probe_texts.UNREACHED`."""

    def __init__(self, kind: str, status: int = 0) -> None:
        super().__init__(kind)
        self.kind = kind
        self.status = status


@dataclass(frozen=True, slots=True)
class Answer:
    """DingTalk's own answer."""

    status: int
    body: dict[str, Any]
    dated: datetime | None
    """DingTalk's clock, to the second; None when it does not say."""
    seconds: float
    """From the request to the answer."""


async def post(session: aiohttp.ClientSession, url: str, body: dict[str, Any], within: float) -> Answer:
    """POST JSON and wait `within` seconds at most. Raises `UnreachedError`."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    try:
        async with asyncio.timeout(within), session.post(url, json=body, allow_redirects=False) as response:
            text = await response.text(errors="replace")
            status, date = response.status, response.headers.get("Date", "")
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        # The exception's text can hold an address with a secret in it: only its kind goes on.
        raise UnreachedError(_kind(error)) from None
    if status == 407:
        raise UnreachedError("proxy")
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise UnreachedError("stranger" if status < 500 or status == _LOG_IN_FIRST else "error-page", status)
    return Answer(status, found, _moment(date), loop.time() - began)


def _kind(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientProxyConnectionError | aiohttp.ClientHttpProxyError):
        return "proxy"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "dns"
    if isinstance(error, aiohttp.ClientSSLError):
        return "tls"
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, aiohttp.ClientConnectorError):
        return "refused"
    return "cut"


def _moment(date: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
