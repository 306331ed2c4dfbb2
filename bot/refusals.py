"""What DingTalk's answers mean: the kinds of errors, and which code is of which kind (docs/platform.md §4, §5.7)."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any

_STALE_TOKEN = {"33", "40001", "40014", "42001", "InvalidAuthentication"}
_STALE_SESSION = {"300001", "300005", "400101"}
"""Unknown session; the other two are what some report instead (docs/platform.md §4)."""
_BLOCKING = {
    "130101",
    "302033",
    "410100",
    "send.too.fast",
    "send.byToken.tooFast",
    "too.many.people",
    "too.many.group",
    "flow-controlled",
}
_THROTTLED = {"90018", "90002"}
_PASSING = {"-1", "15", "88", "504"}
"""88 without a code inside it is a time-out of the backend."""
_OF_GATEWAYS = {403, 407, 408, 425, 429}
RETRY_AFTER = "Retry-After"
"""The header; `wire.call` puts it into the answer that it came with."""
_SUB_CODE = re.compile(r"subcode=(\w+)")
QUOTA_CODES = {"90020", "Forbidden.AccessDenied.ApiCountLimitForOrg"}


class ErrorKind(StrEnum):
    """What the caller can do about an error."""

    UNREACHED = "unreached"
    """The call itself was never made: it certainly had no effect; try again soon."""
    UNKNOWN = "unknown"
    """The request was written and no answer came: nobody knows whether it had its effect."""
    PASSING = "passing"
    """DingTalk answered that it is in trouble: try again soon."""
    THROTTLED = "throttled"
    """More calls a second than the API allows: try again in a moment; the call had no effect."""
    BLOCKED = "blocked"
    """More messages a minute than the conversation may have: going on makes it worse, pause for a minute or more."""
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
    """DingTalk refused, or was not reached. `code` is the platform's own where there is one.

    `retry_after` are the seconds for which it wants to be left alone; 0 where it says nothing.
    """

    def __init__(self, code: str, message: str, kind: ErrorKind, retry_after: float = 0.0) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.kind = kind
        self.retry_after = retry_after


def check(status: int, answer: dict[str, Any]) -> None:
    """Raise what an answer of api.dingtalk.com says. Throttling is a 403 there, not a 429 (docs/platform.md §5.7)."""
    if 200 <= status < 300:
        return
    code = str(answer.get("code", f"http-{status}"))
    message = str(answer.get("message", ""))
    detail = answer.get("accessdenieddetail") or answer.get("accessDeniedDetail")
    scopes = detail.get("requiredScopes") if isinstance(detail, dict) else None
    if isinstance(scopes, list):
        message += f" (requiredScopes: {', '.join(map(str, scopes))})"
    raise OpenAPIError(code, message, _kind(code, status), _seconds(answer.get(RETRY_AFTER)))


def check_legacy(status: int, answer: dict[str, Any]) -> None:
    """Raise what an answer of oapi.dingtalk.com or of a webhook says: HTTP 200 with an `errcode`."""
    code = str(answer.get("errcode", 0 if status == 200 else f"http-{status}"))
    if code == "0":
        return
    if code == "88":
        inner = _SUB_CODE.search(str(answer.get("errmsg", "")))
        code = str(answer.get("sub_code") or (inner[1] if inner else code))
    asked = max(_seconds(answer.get(RETRY_AFTER)), _seconds(answer.get("wait")))  # `wait` comes with 130101
    raise OpenAPIError(code, str(answer.get("sub_msg") or answer.get("errmsg", "")), _kind(code, status), asked)


def unreadable(status: int, retry_after: str | None = None) -> OpenAPIError:
    """What an answer that is no JSON object means: mostly a proxy or gateway that speaks for itself.

    A gateway that has had too much says 403 as well (docs/platform.md §1.1).
    """
    is_permanent = 400 <= status < 500 and status not in _OF_GATEWAYS
    kind = ErrorKind.PERMANENT if is_permanent else ErrorKind.PASSING
    return OpenAPIError(f"http-{status}", "the answer is not a JSON object", kind, _seconds(retry_after))


def _seconds(value: Any) -> float:
    """A number of seconds, or 0; a date in `Retry-After` counts as nothing said."""
    text = str(value)
    return float(text) if text.isascii() and text.isdecimal() else 0.0


def _kind(code: str, status: int) -> ErrorKind:
    if code in _STALE_SESSION:
        return ErrorKind.STALE_SESSION
    if code in QUOTA_CODES:
        return ErrorKind.QUOTA
    if code in _BLOCKING:
        return ErrorKind.BLOCKED
    if code in _THROTTLED or "QpsLimit" in code or status == 429:
        return ErrorKind.THROTTLED
    if code in _STALE_TOKEN or status == 401:
        return ErrorKind.STALE_TOKEN
    if code in _PASSING or status >= 500:
        return ErrorKind.PASSING
    if "AccessTokenPermissionDenied" in code or code == "60011":
        return ErrorKind.PERMISSION
    return ErrorKind.PERMANENT
