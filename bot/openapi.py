"""The calls that we make to DingTalk's servers, typed, with no policy in them (platform reference §5 to §7)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

import aiohttp

from bot.clock import Clock

T = TypeVar("T")
TIMEOUT = aiohttp.ClientTimeout(total=15, connect=5)
"""Seconds for one call; DingTalk's own backend gives up after three."""
_TOKEN_MARGIN = timedelta(minutes=5)
_STALE_TOKEN = {"33", "40001", "40014", "42001", "InvalidAuthentication"}
_THROTTLED = {"90018", "90002", "130101", "302033", "send.too.fast", "send.byToken.tooFast", "too.many.group"}
_PASSING = {"-1", "15", "504"}
_QUOTA = {"90020", "Forbidden.AccessDenied.ApiCountLimitForOrg"}


class ErrorKind(StrEnum):
    """What the caller can do about an error."""

    UNREACHED = "unreached"
    """The call never arrived: it certainly had no effect; try again soon."""
    PASSING = "passing"
    """Time-out, 5xx, a connection that broke: nobody knows whether the call had its effect; try again soon."""
    THROTTLED = "throttled"
    """Too fast: try again later; the call had no effect."""
    QUOTA = "quota"
    """The month's calls are used up."""
    STALE_TOKEN = "stale-token"
    """The access token is not accepted."""
    STALE_SESSION = "stale-session"
    """The session webhook is no longer good."""
    PERMISSION = "permission"
    """The application lacks a permission."""
    PERMANENT = "permanent"
    """Trying again would not help."""


class OpenAPIError(Exception):
    """DingTalk refused, or was not reached. `code` is the platform's own where there is one."""

    def __init__(self, code: str, message: str, kind: ErrorKind) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.kind = kind


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
        counted: Callable[[str], None] = lambda api: None,
    ) -> None:
        """`counted` is told the name of each API before it is called, for the quota ledger."""
        self._session = session
        self._clock = clock
        self._client_id = client_id
        self._client_secret = client_secret
        self._robot_code = robot_code
        self._openapi = openapi_endpoint.rstrip("/")
        self._oapi = oapi_endpoint.rstrip("/")
        self._counted = counted
        self._token: str | None = None
        self._token_expires_at: datetime | None = None
        self._token_lock = asyncio.Lock()

    # -- messages ------------------------------------------------------------------------------------------------

    async def reply(self, webhook: str, body: dict[str, Any]) -> None:
        """Post to a session webhook. HTTP 200 means nothing there: `errcode` counts. Raises OpenAPIError."""
        self._counted("sessionWebhook")
        status, answer = await self._post(webhook, body, {})
        _check_legacy(status, answer)

    async def send_to_group(self, conversation: str, key: str, parameters: dict[str, Any]) -> str:
        """Post to a group; return the platform's key. Raises OpenAPIError."""
        answer = await self._call(
            "POST",
            "/v1.0/robot/groupMessages/send",
            {
                "robotCode": self._robot_code,
                "openConversationId": conversation,
                "msgKey": key,
                "msgParam": json.dumps(parameters, ensure_ascii=False),
            },
        )
        return str(answer.get("processQueryKey", ""))

    async def send_to_people(self, staff_ids: tuple[str, ...], key: str, parameters: dict[str, Any]) -> PrivateResult:
        """Send the same private message to up to twenty people. Raises OpenAPIError."""
        answer = await self._call(
            "POST",
            "/v1.0/robot/oToMessages/batchSend",
            {
                "robotCode": self._robot_code,
                "userIds": list(staff_ids),
                "msgKey": key,
                "msgParam": json.dumps(parameters, ensure_ascii=False),
            },
        )
        return PrivateResult(
            platform_key=str(answer.get("processQueryKey", "")),
            invalid=(*answer.get("invalidStaffIdList", ()), *answer.get("filteredStaffIdList", ())),
            throttled=tuple(answer.get("flowControlledStaffIdList", ())),
        )

    async def send_ding(self, staff_ids: tuple[str, ...], text: str) -> str:
        """Send a DING in the app; return its id. Needs 钉钉专业版 or 专属版. Raises OpenAPIError."""
        answer = await self._call(
            "POST",
            "/v1.0/robot/ding/send",
            {
                "robotCode": self._robot_code,
                "remindType": 1,
                "receiverUserIdList": list(staff_ids),
                "content": text,
            },
        )
        return str(answer.get("openDingId", ""))

    # -- contacts ------------------------------------------------------------------------------------------------

    async def sub_departments(self, dept_id: int) -> list[dict[str, Any]]:
        """The departments directly below one. Raises OpenAPIError."""
        result = await self._legacy("/topapi/v2/department/listsub", {"dept_id": dept_id, "language": "zh_CN"})
        return list(result or ())

    async def department(self, dept_id: int) -> dict[str, Any]:
        """One department with its managers. Raises OpenAPIError."""
        return dict(await self._legacy("/topapi/v2/department/get", {"dept_id": dept_id, "language": "zh_CN"}))

    async def users(self, dept_id: int, cursor: int = 0) -> UserPage:
        """Up to a hundred direct members of a department, from `cursor` on. Raises OpenAPIError."""
        result = await self._legacy(
            "/topapi/v2/user/list",
            {"dept_id": dept_id, "cursor": cursor, "size": 100, "contain_access_limit": False, "language": "zh_CN"},
        )
        return UserPage(list(result["list"]), result.get("next_cursor") if result.get("has_more") else None)

    # -- scene groups --------------------------------------------------------------------------------------------

    async def scene_group(self, conversation: str) -> SceneGroup:
        """Title, owner and admins of a scene group. Raises OpenAPIError (permanent) for an ordinary group."""
        result = await self._legacy("/topapi/im/chat/scenegroup/get", {"open_conversation_id": conversation})
        return SceneGroup(
            title=str(result.get("title", "")),
            owner=result.get("owner_staff_id") or None,
            admins=tuple(result.get("sub_admin_staff_ids") or ()),
        )

    async def scene_group_members(self, conversation: str) -> list[SceneMember]:
        """All members of a scene group, outsiders included. Raises OpenAPIError."""
        members: list[SceneMember] = []
        cursor = "0"
        while True:
            page = await self._legacy(
                "/topapi/im/chat/scenegroup/member/get",
                {"open_conversation_id": conversation, "cursor": cursor, "size": 1000},
            )
            nicks = page.get("staff_id_nick_map") or {}
            members += [SceneMember(staff_id, None, nicks.get(staff_id, "")) for staff_id in page["member_user_ids"]]
            outsiders = page.get("union_id_nick_map") or {}
            members += [
                SceneMember(None, union_id, outsiders.get(union_id, "")) for union_id in page.get("union_ids") or ()
            ]
            if not page.get("has_more"):
                return members
            cursor = str(page["next_cursor"])

    # -- below ---------------------------------------------------------------------------------------------------

    async def token(self) -> str:
        """A good access token, fetched at most once at a time. Raises OpenAPIError."""
        async with self._token_lock:
            now = self._clock.now()
            if self._token is None or self._token_expires_at is None or now >= self._token_expires_at:
                self._counted("accessToken")
                status, answer = await self._post(
                    f"{self._openapi}/v1.0/oauth2/accessToken",
                    {"appKey": self._client_id, "appSecret": self._client_secret},
                    {},
                )
                _check(status, answer)
                self._token = str(answer["accessToken"])
                self._token_expires_at = now + timedelta(seconds=int(answer["expireIn"])) - _TOKEN_MARGIN
            return self._token

    async def _call(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        async def once() -> dict[str, Any]:
            token = await self.token()
            self._counted(path.removeprefix("/v1.0/"))
            status, answer = await self._post(
                self._openapi + path, body, {"x-acs-dingtalk-access-token": token}, method=method
            )
            _check(status, answer)
            return answer

        return await self._with_fresh_token(once)

    async def _legacy(self, path: str, body: dict[str, Any]) -> Any:
        async def once() -> Any:
            token = await self.token()
            self._counted(path.removeprefix("/topapi/"))
            status, answer = await self._post(f"{self._oapi}{path}?access_token={token}", body, {})
            _check_legacy(status, answer)
            return answer.get("result")

        return await self._with_fresh_token(once)

    async def _with_fresh_token(self, once: Callable[[], Awaitable[T]]) -> T:
        try:
            return await once()
        except OpenAPIError as error:
            if error.kind is not ErrorKind.STALE_TOKEN:
                raise
        self._token = None
        return await once()

    async def _post(
        self, url: str, body: dict[str, Any], headers: dict[str, str], *, method: str = "POST"
    ) -> tuple[int, dict[str, Any]]:
        try:
            async with self._session.request(method, url, json=body, headers=headers, timeout=TIMEOUT) as response:
                text = await response.text()
                status = response.status
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise OpenAPIError("network", type(error).__name__, ErrorKind.UNREACHED) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            # The exception's text can hold the address, which for webhooks and legacy calls is a secret.
            raise OpenAPIError("network", type(error).__name__, ErrorKind.PASSING) from None
        try:
            answer = json.loads(text)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            kind = ErrorKind.PASSING if status >= 500 or status == 200 else ErrorKind.PERMANENT
            raise OpenAPIError(f"http-{status}", "the answer is not a JSON object", kind)
        return status, answer


def _check(status: int, answer: dict[str, Any]) -> None:
    """Raise what an answer of api.dingtalk.com says. Throttling comes as 403 there, not as 429 (§5.7)."""
    if 200 <= status < 300:
        return
    code = str(answer.get("code", f"http-{status}"))
    message = str(answer.get("message", ""))
    detail = answer.get("accessdenieddetail") or answer.get("accessDeniedDetail") or {}
    if isinstance(detail, dict) and detail.get("requiredScopes"):
        message += f" (requiredScopes: {', '.join(detail['requiredScopes'])})"
    raise OpenAPIError(code, message, _kind(code, status))


def _check_legacy(status: int, answer: dict[str, Any]) -> None:
    """Raise what an answer of oapi.dingtalk.com or of a webhook says: HTTP 200 with an `errcode`."""
    code = str(answer.get("errcode", 0 if status == 200 else f"http-{status}"))
    if code == "0":
        return
    if code == "88" and answer.get("sub_code"):
        code = str(answer["sub_code"])
    raise OpenAPIError(code, str(answer.get("sub_msg") or answer.get("errmsg", "")), _kind(code, status))


def _kind(code: str, status: int) -> ErrorKind:
    if code == "300001":
        return ErrorKind.STALE_SESSION
    if code in _STALE_TOKEN or status == 401:
        return ErrorKind.STALE_TOKEN
    if code in _QUOTA:
        return ErrorKind.QUOTA
    if code in _THROTTLED or "QpsLimit" in code or status == 429:
        return ErrorKind.THROTTLED
    if code in _PASSING or status >= 500:
        return ErrorKind.PASSING
    if "AccessTokenPermissionDenied" in code or code == "60011":
        return ErrorKind.PERMISSION
    return ErrorKind.PERMANENT
