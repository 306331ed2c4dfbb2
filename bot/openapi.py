"""The calls that we make to DingTalk's servers, typed, with no policy in them (docs/platform.md §5 to §7)."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import aiohttp

from bot import wire
from bot.clock import Clock
from bot.limits import Limits
from bot.metrics import Meter
from bot.refusals import ErrorKind, OpenAPIError, check, check_legacy

__all__ = ["ErrorKind", "Mark", "OpenAPI", "OpenAPIError", "PrivateResult", "SceneGroup", "SceneMember", "UserPage"]

T = TypeVar("T")
Mark = Callable[[], None]
Examine = Callable[[int, dict[str, Any]], None]
"""Raises `OpenAPIError` for an answer that is a refusal."""
_TOKEN_MARGIN = timedelta(minutes=5)
_READING_TRIES = 3
_MEDIA_ID = re.compile(r"@[\w.~+/=-]{1,200}", re.ASCII)
"""What an address in Markdown can hold; anything else would break out of it."""
_WEBHOOK = "sessionWebhook"
_TOKEN = "accessToken"


def _nothing() -> None:
    """There is nothing to mark."""


async def _uncounted(api: str, mark: Mark) -> None:
    """Without a ledger."""
    mark()


@dataclass(frozen=True, slots=True)
class UserPage:
    """Up to a hundred people of a department, as DingTalk describes them."""

    users: list[dict[str, Any]]
    next_cursor: int | None


@dataclass(frozen=True, slots=True)
class SceneGroup:
    """What DingTalk tells about a scene group."""

    title: str
    owner: str | None
    admins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SceneMember:
    """A member of a scene group; people outside the organisation have no staff id."""

    staff_id: str | None
    union_id: str | None
    nick: str


@dataclass(frozen=True, slots=True)
class PrivateResult:
    """What became of a private message: the platform's key, and whom it did not reach and why."""

    platform_key: str
    invalid: tuple[str, ...] = ()
    """Unknown, or outside the application's visible scope."""
    throttled: tuple[str, ...] = ()


class OpenAPI:
    """One application's access to api.dingtalk.com and oapi.dingtalk.com."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        clock: Clock,
        *,
        client_id: str,
        client_secret: str,
        robot_code: str,
        openapi_endpoint: str,
        oapi_endpoint: str,
        entered: Callable[[str, Mark], Awaitable[None]] = _uncounted,
        calls_per_second: int = 10,
        timeout: aiohttp.ClientTimeout = wire.TIMEOUT,
        pause: float = 1.0,
        meter: Meter | None = None,
    ) -> None:
        """`session` comes from `wire.open_session`.

        `entered` is told each API's name the moment before a request to it is written, for the ledger, and what the
        caller wants marked together with that; the request is written when it returns. `calls_per_second` holds for each API. `pause` is in seconds, before
        reading is tried again.
        """
        self._session = session
        self._clock = clock
        self._client_id = client_id
        self._client_secret = client_secret
        self._robot_code = robot_code
        self._openapi = openapi_endpoint.rstrip("/")
        self._oapi = oapi_endpoint.rstrip("/")
        self._entered = entered
        self._limits = Limits(calls_per_second, 1.0)
        self._timeout = timeout
        self._pause = pause
        self._meter = meter or Meter()
        self._token: str | None = None
        self._token_expires_at: datetime | None = None
        self._token_lock = asyncio.Lock()

    # -- messages ------------------------------------------------------------------------------------------------

    async def reply(self, webhook: str, body: dict[str, Any], mark: Mark = _nothing) -> None:
        """Post to a session webhook. HTTP 200 means nothing there: `errcode` counts. Raises OpenAPIError.

        Of this and the other calls that send: `mark` is called when the request is about to be written.
        """
        await self._post(webhook, body, {}, _WEBHOOK, mark, check_legacy)

    async def send_to_group(
        self, conversation: str, key: str, parameters: dict[str, Any], mark: Mark = _nothing
    ) -> str:
        """Post to a group; return the platform's key. Raises OpenAPIError."""
        body = {
            "robotCode": self._robot_code,
            "openConversationId": conversation,
            "msgKey": key,
            "msgParam": json.dumps(parameters, ensure_ascii=False),
        }
        answer = await self._call("/v1.0/robot/groupMessages/send", body, mark)
        return str(answer.get("processQueryKey", ""))

    async def send_to_people(
        self, staff_ids: tuple[str, ...], key: str, parameters: dict[str, Any], mark: Mark = _nothing
    ) -> PrivateResult:
        """Send the same private message to up to twenty people. Raises OpenAPIError."""
        body = {
            "robotCode": self._robot_code,
            "userIds": list(staff_ids),
            "msgKey": key,
            "msgParam": json.dumps(parameters, ensure_ascii=False),
        }
        answer = await self._call("/v1.0/robot/oToMessages/batchSend", body, mark)
        return PrivateResult(
            platform_key=str(answer.get("processQueryKey", "")),
            invalid=(*_texts(answer.get("invalidStaffIdList")), *_texts(answer.get("filteredStaffIdList"))),
            throttled=_texts(answer.get("flowControlledStaffIdList")),
        )

    async def send_ding(self, staff_ids: tuple[str, ...], text: str, mark: Mark = _nothing) -> PrivateResult:
        """Send a DING in the app. Needs 钉钉专业版 or 专属版. Raises OpenAPIError."""
        body = {
            "robotCode": self._robot_code,
            "remindType": 1,
            "receiverUserIdList": list(staff_ids),
            "content": text,
        }
        answer = await self._call("/v1.0/robot/ding/send", body, mark)
        return PrivateResult(str(answer.get("openDingId", "")), invalid=tuple(_map(answer.get("failedList"))))

    async def file_address(self, download_code: str) -> str:
        """Where the file of a message lies for a short time (docs/platform.md §5.2). Raises OpenAPIError."""
        body = {"robotCode": self._robot_code, "downloadCode": download_code}
        answer = await self._again(lambda: self._call("/v1.0/robot/messageFiles/download", body, _nothing))
        address = answer.get("downloadUrl")
        if not isinstance(address, str) or not address.startswith(("https://", "http://")):
            raise OpenAPIError("no-address", "downloadUrl is missing", ErrorKind.PERMANENT)
        return address

    async def upload_picture(self, name: str, data: bytes) -> str:
        """Lay a PNG down at DingTalk's; return its `media_id`, an address for Markdown (docs/platform.md §5.4).

        Twice does no harm, so it is tried again. Raises OpenAPIError.
        """

        async def once(token: str) -> dict[str, Any]:
            form = aiohttp.FormData({"type": "image"})  # a form can be sent only once
            form.add_field("media", data, filename=name, content_type="image/png")
            url = f"{self._oapi}/media/upload?access_token={token}"
            return await self._post(url, form, {}, "media/upload", _nothing, check_legacy)

        answer = await self._again(lambda: self._with_fresh_token(once))
        media_id = answer.get("media_id")
        if not isinstance(media_id, str) or not _MEDIA_ID.fullmatch(media_id):
            raise OpenAPIError("no-media-id", "media_id is missing", ErrorKind.PERMANENT)
        return media_id

    # -- contacts ------------------------------------------------------------------------------------------------

    async def sub_departments(self, dept_id: int) -> list[dict[str, Any]]:
        """The departments directly below one. Raises OpenAPIError."""
        return _maps(await self._read("/topapi/v2/department/listsub", {"dept_id": dept_id, "language": "zh_CN"}))

    async def department(self, dept_id: int) -> dict[str, Any]:
        """One department with its managers. Raises OpenAPIError."""
        return _map(await self._read("/topapi/v2/department/get", {"dept_id": dept_id, "language": "zh_CN"}))

    async def users(self, dept_id: int, cursor: int = 0) -> UserPage:
        """Up to a hundred direct members of a department, from `cursor` on. Raises OpenAPIError."""
        page = _map(
            await self._read(
                "/topapi/v2/user/list",
                {"dept_id": dept_id, "cursor": cursor, "size": 100, "contain_access_limit": False, "language": "zh_CN"},
            )
        )
        following = page.get("next_cursor") if page.get("has_more") else None
        return UserPage(_maps(page.get("list")), following if isinstance(following, int) else None)

    # -- scene groups --------------------------------------------------------------------------------------------

    async def scene_group(self, conversation: str) -> SceneGroup:
        """Title, owner and admins of a scene group. Raises OpenAPIError (permanent) for an ordinary group."""
        found = _map(await self._read("/topapi/im/chat/scenegroup/get", {"open_conversation_id": conversation}))
        return SceneGroup(
            title=str(found.get("title", "")),
            owner=found.get("owner_staff_id") or None,
            admins=_texts(found.get("sub_admin_staff_ids")),
        )

    async def scene_group_members(self, conversation: str) -> list[SceneMember]:
        """All members of a scene group, outsiders included. Raises OpenAPIError."""
        members: list[SceneMember] = []
        cursor = "0"
        while True:
            body = {"open_conversation_id": conversation, "cursor": cursor, "size": 1000}
            page = _map(await self._read("/topapi/im/chat/scenegroup/member/get", body))
            nicks, outsiders = _map(page.get("staff_id_nick_map")), _map(page.get("union_id_nick_map"))
            members += [
                SceneMember(staff_id, None, str(nicks.get(staff_id, "")))
                for staff_id in _texts(page.get("member_user_ids"))
            ]
            members += [
                SceneMember(None, union_id, str(outsiders.get(union_id, "")))
                for union_id in _texts(page.get("union_ids"))
            ]
            following = str(page.get("next_cursor", ""))
            if not page.get("has_more") or following in ("", cursor):
                return members
            cursor = following

    # -- below ---------------------------------------------------------------------------------------------------

    def obey(self, calls_per_second: int) -> None:
        """Another limit for each API holds from now on."""
        self._limits.allow(calls_per_second)

    async def token(self) -> str:
        """A good access token, fetched at most once at a time. Raises OpenAPIError."""
        async with self._token_lock:
            now = self._clock.now()
            if self._token is None or self._token_expires_at is None or now >= self._token_expires_at:
                self._token, seconds = await self._fetch_token()
                self._token_expires_at = now + timedelta(seconds=seconds) - _TOKEN_MARGIN
            return self._token

    async def _fetch_token(self) -> tuple[str, int]:
        """Token and lifetime. Whatever goes wrong here, the call that needs the token has not been made."""
        body = {"appKey": self._client_id, "appSecret": self._client_secret}
        try:
            answer = await self._post(f"{self._openapi}/v1.0/oauth2/accessToken", body, {}, _TOKEN, _nothing, check)
        except OpenAPIError as error:
            raise OpenAPIError(error.code, error.message, ErrorKind.UNREACHED) from None
        token, seconds = answer.get("accessToken"), answer.get("expireIn")
        if not isinstance(token, str) or not isinstance(seconds, int):
            raise OpenAPIError("no-token", "accessToken or expireIn is missing", ErrorKind.UNREACHED)
        return token, seconds

    async def _call(self, path: str, body: dict[str, Any], mark: Mark) -> dict[str, Any]:
        async def once(token: str) -> dict[str, Any]:
            headers = {"x-acs-dingtalk-access-token": token}
            return await self._post(self._openapi + path, body, headers, path.removeprefix("/v1.0/"), mark, check)

        return await self._with_fresh_token(once)

    async def _read(self, path: str, body: dict[str, Any]) -> Any:
        """The result of a legacy call that changes nothing, so that it may be tried again."""

        async def once(token: str) -> Any:
            url = f"{self._oapi}{path}?access_token={token}"
            answer = await self._post(url, body, {}, path.removeprefix("/topapi/"), _nothing, check_legacy)
            return answer.get("result")

        return await self._again(lambda: self._with_fresh_token(once))

    async def _again(self, make: Callable[[], Awaitable[T]]) -> T:
        """Make a call that does no harm when it is made twice, again when it may succeed then."""
        for remaining in reversed(range(_READING_TRIES)):
            try:
                return await make()
            except OpenAPIError as error:
                if error.kind not in _WORTH_ANOTHER_TRY or not remaining:
                    raise
            await asyncio.sleep(self._pause * (_READING_TRIES - remaining))
        raise AssertionError("unreachable")

    async def _with_fresh_token(self, once: Callable[[str], Awaitable[T]]) -> T:
        """Make the call, and where its token is not accepted once more with another. Calls that fail together share it."""
        token = await self.token()
        try:
            return await once(token)
        except OpenAPIError as error:
            if error.kind is not ErrorKind.STALE_TOKEN:
                raise
        if self._token == token:
            self._token = None
        return await once(await self.token())

    async def _post(
        self,
        url: str,
        body: dict[str, Any] | aiohttp.FormData,
        headers: dict[str, str],
        api: str,
        mark: Mark,
        examine: Examine,
    ) -> dict[str, Any]:
        if api != _WEBHOOK:  # a webhook is limited by its conversation, not by the API (docs/platform.md §9)
            while (wait := self._limits.take(api, asyncio.get_running_loop().time())) > 0:
                await asyncio.sleep(wait)
        loop = asyncio.get_running_loop()
        began, outcome = loop.time(), "failed"
        try:
            status, answer = await wire.call(
                self._session, url, body, headers, lambda: self._entered(api, mark), self._timeout
            )
            examine(status, answer)
            outcome = "ok"
        except OpenAPIError as error:
            outcome = error.kind.value
            raise
        finally:
            self._meter.called(api, outcome, loop.time() - began)
        return answer


_WORTH_ANOTHER_TRY = (ErrorKind.UNREACHED, ErrorKind.UNKNOWN, ErrorKind.PASSING, ErrorKind.THROTTLED)


def _map(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _maps(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()
