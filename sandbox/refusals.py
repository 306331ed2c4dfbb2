"""The error bodies of DingTalk's two API families (docs/platform.md §5.7)."""

from __future__ import annotations

import uuid
from typing import Any


class Refusal(Exception):
    """An error answer of the platform.

    `code` is a dotted name in the new API and a number (as text) in the legacy one. `is_violation`: the caller
    broke a rule that it can know, so the sandbox notes it. `scopes` are the permission points that it lacks.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: int = 400,
        is_wrapped: bool = False,
        is_violation: bool = False,
        scopes: tuple[str, ...] = (),
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.is_wrapped = is_wrapped
        self.is_violation = is_violation
        self.scopes = scopes


def new_style(refusal: Refusal, id_key: str = "requestid") -> dict[str, Any]:
    """The body that api.dingtalk.com sends with 4xx. The gateway spells the id `requestId` (docs/platform.md §1.1)."""
    body: dict[str, Any] = {"code": refusal.code, id_key: str(uuid.uuid4()).upper(), "message": refusal.message}
    if refusal.scopes:
        body["accessdenieddetail"] = {"requiredScopes": list(refusal.scopes)}
    return body


def legacy_style(refusal: Refusal) -> dict[str, Any]:
    """The body that oapi.dingtalk.com sends with status 200; some codes come wrapped in 88."""
    request_id = uuid.uuid4().hex[:12]
    if not refusal.is_wrapped:
        return {"errcode": int(refusal.code), "errmsg": refusal.message, "request_id": request_id}
    return {
        "errcode": 88,
        "sub_code": refusal.code,
        "sub_msg": refusal.message,
        "errmsg": f"ding talk error[subcode={refusal.code},submsg={refusal.message}]",
        "request_id": request_id,
    }


def wrong_token(*, is_legacy: bool, has_expired: bool) -> Refusal:
    """The access token is unknown or expired. Only one that was never issued is a breach; any can expire early."""
    text, is_violation = "不合法的access_token", not has_expired
    if is_legacy:
        return Refusal("40014", text, is_wrapped=True, is_violation=is_violation)
    return Refusal("InvalidAuthentication", text, status=401, is_violation=is_violation)


def no_permission(scope: str, *, is_legacy: bool) -> Refusal:
    """The application was not given a permission point. No breach: somebody may have taken it back a moment ago."""
    if is_legacy:
        return Refusal("60011", f"没有调用该接口的权限，接口权限申请参考：{scope}", is_wrapped=True)
    message = "应用尚未开通所需的权限"
    return Refusal("Forbidden.AccessDenied.AccessTokenPermissionDenied", message, status=403, scopes=(scope,))


def too_many_a_second(path: str, *, is_legacy: bool) -> Refusal:
    """The application's calls a second of one API are used up."""
    if is_legacy:
        return Refusal("90018", "您的应用调用该接口超过了当前QPS限制,请稍后重试", is_wrapped=True)
    return Refusal("Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", f"appkey and api qps limited: {path}", status=403)


def monthly_quota_used(used: int, allowed: int, *, is_legacy: bool) -> Refusal:
    """The organisation's API calls of this calendar month are used up."""
    text = f"企业本月API调用量已超出限额,已用{used}次,限额{allowed}次"
    if is_legacy:
        return Refusal("90020", text)
    return Refusal("Forbidden.AccessDenied.ApiCountLimitForOrg", text, status=403)
