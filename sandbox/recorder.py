"""The middleware before every API call: records it and lets the faults befall it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Middleware

from sandbox.core import Core
from sandbox.endpoints import CALL, FORM, reply
from sandbox.faults import Fault
from sandbox.record import Call

PLATFORM_PATHS = ("/v1.0/", "/topapi/", "/gettoken", "/robot/", "/media/", "/chat/", "/connect", "/sandbox-files/")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Dropped(Exception):
    """The TCP connection has been cut; nothing can be answered."""


def middleware(core: Core, is_online: Callable[[], bool]) -> Middleware:
    """The middleware for one sandbox. While `is_online()` is false every call is cut off."""

    @web.middleware
    async def record_and_spoil(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith(PLATFORM_PATHS):
            return await handler(request)
        if not is_online():
            return await cut(request)
        files: dict[str, bytes] = {}
        body = await _form(request, files) if request.content_type == FORM else await _body(request)
        call = Call(request.method, request.path, dict(request.query), body, core.world.clock.now(), files=files)
        CALL.set(call)
        core.record.calls.append(call)
        core.record.bell.ring()
        try:
            return await _dealt_with(core, handler, request, call)
        finally:
            call.is_under_way = False
            core.record.bell.ring()

    return record_and_spoil


async def _dealt_with(core: Core, handler: Handler, request: web.Request, call: Call) -> web.StreamResponse:
    fault = core.faults.next_for(request.path)
    if fault is not None and fault.delay_seconds:
        await asyncio.sleep(fault.delay_seconds)
    if fault is None or fault.delay_seconds:
        response = await handler(request)
        # Whoever asked may have gone meanwhile, and does not hear of it.
        has_gone = request.transport is None or request.transport.is_closing()
        call.is_in_doubt = call.was_done and has_gone
        return response
    if fault.after_work:
        await handler(request)
        call.is_in_doubt = call.was_done
    return await _befall(core, fault, request, call)


async def _befall(core: Core, fault: Fault, request: web.Request, call: Call) -> web.StreamResponse:
    if fault.status is not None:
        return reply(call, fault.status, fault.body)
    call.status = call.answer = None
    if fault.is_hang:
        await core.faults.wait_released()
    return await cut(request)


async def cut(request: web.Request) -> web.Response:
    """Drop the TCP connection under a request."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


async def _body(request: web.Request) -> Any:
    if request.method == "GET":
        return None
    text = (await request.read()).decode("utf-8", errors="replace")
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text


async def _form(request: web.Request, files: dict[str, bytes]) -> Any:
    """The fields of a form; a file is put into `files`."""
    body: dict[str, Any] = {}
    try:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                files[name] = value.file.read()
                body[name] = {"filename": value.filename, "size": len(files[name])}
            else:
                body[name] = value
    except ValueError:
        return "a form that cannot be read"
    return body


def unknown_path(core: Core) -> Handler:
    """Answers what no part of the sandbox knows, and notes it."""

    async def handle(request: web.Request) -> web.StreamResponse:
        if request.path != "/favicon.ico":
            core.record.violate(f"{request.method} {request.path}: unknown path")
        is_recorded = request.path.startswith(PLATFORM_PATHS)
        call = CALL.get() if is_recorded else Call(request.method, request.path, {}, None, core.world.clock.now())
        return reply(call, 404, {"code": "InvalidAction.NotFound", "message": "Specified api is not found"})

    return handle
