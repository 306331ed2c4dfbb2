"""Mounts API calls on the web application: authorisation, quotas, strict reading and error bodies, once for all."""

from __future__ import annotations

import json
import uuid
from collections.abc import Awaitable, Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC
from email.utils import format_datetime
from enum import Enum
from typing import Any

from aiohttp import web

from sandbox.core import Core
from sandbox.fields import BadField, Fields
from sandbox.record import Call
from sandbox.refusals import Refusal, legacy_style, new_style, no_permission, wrong_token

FORM = "multipart/form-data"
CALL: ContextVar[Call] = ContextVar("call")
"""The call that is being answered in this task."""


class Family(Enum):
    """Which of DingTalk's API families a call belongs to."""

    NEW = "api.dingtalk.com"
    LEGACY = "oapi.dingtalk.com"
    WEBHOOK = "session webhook"


@dataclass(frozen=True, slots=True)
class Ask:
    """One call, ready to be answered."""

    core: Core
    fields: Fields
    variables: dict[str, str]
    """The parts of the path that vary."""
    call: Call
    accept: str = ""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One call of the API. `known` are all the fields that it has."""

    method: str
    path: str
    answer: Callable[[Ask], Any]
    known: tuple[str, ...] = ()
    family: Family = Family.NEW
    needs_token: bool = True
    is_metered: bool = True
    scope: str = ""
    """The permission point that it needs (docs/platform.md §11); empty: none that the sandbox knows."""
    id_key: str = "requestid"
    """How its errors spell the id of the request."""
    is_form: bool = False
    """It takes a form with a file, and no JSON."""


def mount(app: web.Application, core: Core, endpoints: Iterable[Endpoint], scope: str = "") -> None:
    """Add the calls to the application. They need the permission point `scope`, unless one names its own."""
    for endpoint in endpoints:
        if scope and not endpoint.scope:
            endpoint = replace(endpoint, scope=scope)
        app.router.add_route(endpoint.method, endpoint.path, _handler(core, endpoint))


def _handler(core: Core, endpoint: Endpoint) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request) -> web.StreamResponse:
        call = CALL.get()
        try:
            result = _work(core, endpoint, request, call)
        except Refusal as refusal:
            if refusal.is_violation:
                core.record.violate(f"{call.method} {call.path}: {refusal}")
            return _refuse(endpoint, call, refusal)
        if endpoint.family is Family.LEGACY and "errcode" not in result:
            result = {"errcode": 0, "errmsg": "ok", "result": result, "request_id": uuid.uuid4().hex[:12]}
        return reply(call, 200, result)

    return handle


def _work(core: Core, endpoint: Endpoint, request: web.Request, call: Call) -> Any:
    is_legacy = endpoint.family is not Family.NEW
    if endpoint.needs_token:
        token = call.query.get("access_token") if is_legacy else request.headers.get("x-acs-dingtalk-access-token")
        if not core.tokens.is_good(token):
            raise wrong_token(is_legacy=is_legacy, has_expired=core.tokens.was_issued(token))
    if endpoint.scope in core.denied_scopes:
        raise no_permission(endpoint.scope, is_legacy=is_legacy)
    if endpoint.is_metered:
        core.quotas.enter_call(endpoint.path, is_legacy=is_legacy)
    fields = _fields(endpoint, request, call)
    fields.only(endpoint.known)
    return endpoint.answer(Ask(core, fields, dict(request.match_info), call, request.headers.get("Accept", "")))


def _fields(endpoint: Endpoint, request: web.Request, call: Call) -> Fields:
    if endpoint.method == "GET":
        return Fields({name: value for name, value in call.query.items() if name != "access_token"})
    if call.body is None:
        if endpoint.known and not endpoint.path.startswith("/v1.0/im/chat/"):
            raise BadField("body", "missing")
        return Fields({})
    if not isinstance(call.body, dict):
        raise BadField("body", f"a JSON object is needed, not {str(call.body)[:80]!r}")
    kind = FORM if endpoint.is_form else "application/json"
    if request.content_type != kind:
        raise BadField("Content-Type", f"{kind} is needed, not {request.content_type}")
    return Fields(call.body)


def _refuse(endpoint: Endpoint, call: Call, refusal: Refusal) -> web.Response:
    if endpoint.family is Family.NEW:
        return reply(call, refusal.status, new_style(refusal, endpoint.id_key))
    if isinstance(refusal, BadField):
        refusal = Refusal("40035", f"不合法的参数: {refusal.message}")
    body = legacy_style(refusal)
    if endpoint.family is Family.WEBHOOK:
        del body["request_id"]
    return reply(call, 200, body)


def reply(call: Call, status: int, body: Any) -> web.Response:
    """An answer, entered in the record of the call. A string is sent as it is, all else as JSON. It bears the world's time."""
    call.status, call.answer = status, body
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    dated = {"Date": format_datetime(call.at.astimezone(UTC), usegmt=True)}
    kind = "text/plain" if text is body else "application/json"
    return web.Response(status=status, text=text, content_type=kind, headers=dated)
