"""One call to an OpenAI-compatible address: bounded in time and size, going nowhere else, and telling nothing in errors."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Literal, get_args

import aiohttp

from bot.addresses import is_loopback

Trouble = Literal["timeout", "unreachable", "refused", "overloaded", "broken", "redirect", "unreadable", "huge"]
"""What went wrong. `refused`: the address says that the request is not good (key, model); `broken`: its own error."""
TROUBLES: tuple[Trouble, ...] = get_args(Trouble)
_PIECE = 64 * 1024


class ModelError(Exception):
    """There is no answer that could be used. Holds neither address nor text."""

    def __init__(self, trouble: Trouble, status: int = 0) -> None:
        super().__init__(f"{trouble} {status}" if status else trouble)
        self.trouble = trouble
        self.status = status


def open_session(address: str) -> aiohttp.ClientSession:
    """A session for one address: no cookies, and the environment's proxy unless the address is on this machine."""
    return aiohttp.ClientSession(trust_env=not is_loopback(address), cookie_jar=aiohttp.DummyCookieJar())


async def post(
    session: aiohttp.ClientSession, url: str, body: dict[str, Any], *, key: str, seconds: float, most_bytes: int
) -> dict[str, Any]:
    """POST JSON, read JSON. Raises `ModelError` within so many seconds.

    Redirects are not followed: the key and the question are for the address in the settings alone.
    """
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    try:
        async with asyncio.timeout(seconds):
            async with session.post(url, json=body, headers=headers, allow_redirects=False) as response:
                status = response.status
                data = await _read(response, most_bytes) if status == 200 else b""
    except TimeoutError:
        raise ModelError("timeout") from None
    except (aiohttp.ClientError, OSError, ValueError, RuntimeError):
        # The last one: the session was closed meanwhile, because other settings hold now.
        raise ModelError("unreachable") from None
    if status != 200:
        raise ModelError(_trouble(status), status)
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise ModelError("unreadable") from None
    if not isinstance(found, dict):
        raise ModelError("unreadable")
    return found


async def _read(response: aiohttp.ClientResponse, most_bytes: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for piece in response.content.iter_chunked(_PIECE):
        size += len(piece)
        if size > most_bytes:
            raise ModelError("huge")
        parts.append(piece)
    return b"".join(parts)


def _trouble(status: int) -> Trouble:
    if 300 <= status < 400:
        return "redirect"
    if status in (408, 429, 502, 503, 504):
        return "overloaded"
    return "refused" if 400 <= status < 500 else "broken"
