"""Makes the one call that a parcel needs, by the way that it goes (docs/platform.md §4, §5.2)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.charts.pictures import Pictures
from bot.openapi import ErrorKind, Mark, OpenAPI, OpenAPIError
from bot.outbox.merge import Parcel
from bot.outbox.shape import for_openapi, for_webhook


@dataclass(frozen=True, slots=True)
class Delivered:
    """DingTalk took it."""

    platform_key: str | None = None
    still_lack: tuple[str, ...] = ()
    """Recipients for whom it was too busy."""
    missed: tuple[str, ...] = ()
    """Recipients whom it does not reach: unknown, or outside the application's visible scope."""


class Carrier:
    """Knows the calls that send."""

    def __init__(self, openapi: OpenAPI) -> None:
        self._openapi = openapi
        self._pictures = Pictures(openapi)

    async def carry(self, parcel: Parcel, mark: Mark) -> Delivered:
        """Make the call; `mark` is stored the moment before it is written. Raises OpenAPIError."""
        draft, body = parcel.draft, parcel.body
        if parcel.way == "ding":
            result = await self._openapi.send_ding(draft.recipients, body.text, mark)
            return Delivered(result.platform_key, missed=result.invalid)
        body = await self._pictures.put_into(body)
        if parcel.webhook is not None:
            said = for_webhook(body, parcel.at_staff_ids, stand_in_text=parcel.are_mentions_in_text)
            await self._openapi.reply(parcel.webhook, said, mark)
            return Delivered()
        key, parameters = for_openapi(body)
        if draft.recipients:
            result = await self._openapi.send_to_people(draft.recipients, key, parameters, mark)
            return Delivered(result.platform_key, result.throttled, result.invalid)
        if draft.conversation is None:
            raise OpenAPIError("no-way", "", ErrorKind.PERMANENT)
        return Delivered(await self._openapi.send_to_group(draft.conversation, key, parameters, mark))
