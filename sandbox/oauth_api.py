"""Access tokens by both doors (docs/platform.md §5.1)."""

from __future__ import annotations

from typing import Any

from sandbox.endpoints import Ask, Endpoint, Family
from sandbox.refusals import Refusal


def endpoints() -> list[Endpoint]:
    """All calls of this part."""
    return [
        Endpoint(
            "POST", "/v1.0/oauth2/accessToken", _new, ("appKey", "appSecret"), needs_token=False, is_metered=False
        ),
        Endpoint(
            "GET", "/gettoken", _legacy, ("appkey", "appsecret"), Family.LEGACY, needs_token=False, is_metered=False
        ),
    ]


def _new(ask: Ask) -> dict[str, Any]:
    if (ask.fields.text("appKey"), ask.fields.text("appSecret")) != (ask.core.client_id, ask.core.client_secret):
        raise Refusal("invalidClientIdOrSecret", "无效的clientId或者clientSecret", is_violation=True)
    token, seconds = ask.core.tokens.issue()
    return {"accessToken": token, "expireIn": seconds}


def _legacy(ask: Ask) -> dict[str, Any]:
    if (ask.fields.text("appkey"), ask.fields.text("appsecret")) != (ask.core.client_id, ask.core.client_secret):
        raise Refusal("40096", "不合法的appKey或appSecret", is_violation=True)
    token, seconds = ask.core.tokens.issue()
    return {"errcode": 0, "access_token": token, "errmsg": "ok", "expires_in": seconds}
