"""Which way a row of the outbox goes: a fresh session webhook, else the robot's calls (docs/platform.md §4, §5.2)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.clock import Clock
from bot.openapi import ErrorKind, OpenAPI, OpenAPIError
from bot.outbox.drafts import body_from_json
from bot.outbox.shape import for_openapi, for_webhook
from storage.outbox import Draft, OutboxRow

logger = logging.getLogger(__name__)

WEBHOOK_MARGIN = timedelta(seconds=60)
"""A webhook that is about to expire is not used any more: the call could arrive too late."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """DingTalk took it. `still_lack` are recipients for whom it was too busy."""

    platform_key: str | None = None
    still_lack: tuple[str, ...] = ()


class Carrier:
    """Makes the one call that a row needs."""

    def __init__(self, openapi: OpenAPI, clock: Clock) -> None:
        self._openapi = openapi
        self._clock = clock

    async def carry(self, row: OutboxRow, mark: Callable[[], None]) -> Delivered:
        """Make the call; `mark` is called the moment before it is written. Raises OpenAPIError."""
        draft, body = row.draft, body_from_json(row.draft.body)
        if draft.kind == "ding":
            result = await self._openapi.send_ding(draft.recipients, body.text, mark)
            _tell_unreachable(result.invalid)
            return Delivered(result.platform_key)
        webhook = self._fresh_webhook(draft)
        if webhook is not None:
            await self._openapi.reply(webhook, for_webhook(body, draft.at_staff_ids), mark)
            return Delivered()
        key, parameters = for_openapi(body)
        if draft.recipients:
            result = await self._openapi.send_to_people(draft.recipients, key, parameters, mark)
            _tell_unreachable(result.invalid)
            return Delivered(result.platform_key, result.throttled)
        if draft.conversation is None:
            raise OpenAPIError("no-way", "", ErrorKind.PERMANENT)
        return Delivered(await self._openapi.send_to_group(draft.conversation, key, parameters, mark))

    def _fresh_webhook(self, draft: Draft) -> str | None:
        expires_at = draft.webhook_expires_at
        is_fresh = expires_at is None or self._clock.now() < expires_at - WEBHOOK_MARGIN
        return draft.webhook if is_fresh else None


def _tell_unreachable(staff_ids: tuple[str, ...]) -> None:
    if staff_ids:
        logger.warning(
            "%d 人不在应用可见范围，没有收到 / %d people are outside the application's visible scope",
            len(staff_ids),
            len(staff_ids),
        )
