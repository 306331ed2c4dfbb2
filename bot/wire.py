"""One HTTP call: with a deadline, without a secret in any error, and with a word the moment before it is written."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import aiohttp

from bot.refusals import RETRY_AFTER, ErrorKind, OpenAPIError, unreadable


def timeout_of(seconds: float) -> aiohttp.ClientTimeout:
    """A deadline for one call as a whole; a third of it for the connection."""
    return aiohttp.ClientTimeout(total=seconds, connect=seconds / 3)


TIMEOUT = timeout_of(15.0)
"""DingTalk's own backend gives up after three seconds."""


def open_session(*, trust_env: bool = True) -> aiohttp.ClientSession:
    """The session for all calls. `trust_env`: use the proxy of the environment.

    It tells each call the moment when its connection stands and nothing has been written yet: what is stored then,
    such as «this is being sent», is wrong after a crash only if the crash falls into the same instant
    (docs/decisions/0003-outbox-window.md).
    """

    async def tell(session: aiohttp.ClientSession, context: SimpleNamespace, parameters: Any) -> None:
        if context.trace_request_ctx is not None:
            await context.trace_request_ctx()

    tracing = aiohttp.TraceConfig()
    tracing.on_connection_create_end.append(tell)
    tracing.on_connection_reuseconn.append(tell)
    tracing.freeze()
    return aiohttp.ClientSession(trust_env=trust_env, trace_configs=[tracing])


async def fetch(
    session: aiohttp.ClientSession, url: str, most_bytes: int, timeout: aiohttp.ClientTimeout
) -> bytes | None:
    """GET what lies at an address; None where it is more than `most_bytes`, of which no more is read then.

    Raises `OpenAPIError` when it cannot be had. The address may be a secret and is in no error.
    """
    try:
        async with session.get(url, timeout=timeout, max_redirects=3) as response:
            if response.status != 200:
                is_passing = response.status >= 500 or response.status == 429
                kind = ErrorKind.PASSING if is_passing else ErrorKind.PERMANENT
                raise OpenAPIError(f"http-{response.status}", "the file is not given out", kind)
            if (response.content_length or 0) > most_bytes:
                return None
            found = bytearray()
            async for part in response.content.iter_chunked(1 << 16):
                found += part
                if len(found) > most_bytes:
                    return None
            return bytes(found)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise OpenAPIError("network", type(error).__name__, ErrorKind.UNREACHED) from None


async def call(
    session: aiohttp.ClientSession,
    url: str,
    body: dict[str, Any] | aiohttp.FormData,
    headers: dict[str, str],
    before_writing: Callable[[], Awaitable[None]],
    timeout: aiohttp.ClientTimeout = TIMEOUT,
) -> tuple[int, dict[str, Any]]:
    """POST JSON, or a form; return status and answer. Raises `OpenAPIError` when there is none, or none that can be read.

    `before_writing` is awaited once, when the connection stands. The error is `UNREACHED` when it never did.
    """
    is_written = False

    async def about_to_write() -> None:
        nonlocal is_written
        if not is_written:
            await before_writing()
            is_written = True

    try:
        async with session.post(
            url,
            json=body if isinstance(body, dict) else None,
            data=None if isinstance(body, dict) else body,
            headers=headers,
            timeout=timeout,
            allow_redirects=False,
            trace_request_ctx=about_to_write,
        ) as response:
            # A proxy's page of errors may well not be in the encoding that it names.
            text = await response.text(errors="replace")
            status, retry_after = response.status, response.headers.get(RETRY_AFTER)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        # The exception's text can hold the address, which for webhooks and legacy calls is a secret.
        kind = ErrorKind.UNKNOWN if is_written else ErrorKind.UNREACHED
        raise OpenAPIError("network", type(error).__name__, kind) from None
    try:
        answer = json.loads(text)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise unreadable(status, retry_after)
    if retry_after is not None:
        answer.setdefault(RETRY_AFTER, retry_after)
    return status, answer
