"""Waiting that can be cancelled at every moment."""

from __future__ import annotations

import asyncio


async def heard_within(event: asyncio.Event, seconds: float | None) -> bool:
    """Wait for `event`, at most `seconds` (None: for ever). False when the time was up.

    Not `asyncio.wait_for`: in Python 3.11 that swallows a cancellation which comes in the same turn of the loop as the
    event, and whoever stops the bot would wait for ever.
    """
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
