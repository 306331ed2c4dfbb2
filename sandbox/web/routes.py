"""What the page asks of the sandbox: `/`, its files, and an API under `/sandbox/`."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from aiohttp import web

from sandbox.web import views
from sandbox.web.controls import Controls, Say
from sandbox.web.roles import Role
from sandbox.world import ShownMessage, World

STATIC = Path(__file__).parent / "static"
LONGEST_TEXT = 1_100_000
"""Characters that the page takes in one message: a little over the megabyte that the bot must survive."""
KINDS = ("text", "picture", "audio", "file")
"""What people can send from the page."""
LARGEST_FILE = 21 * 1024 * 1024
"""Bytes of a file: a little over what the bot takes."""
BEAT_SECONDS = 1.0
"""How often the time and the next job are told to an open page, which also keeps its stream alive."""
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}


def add_page(
    app: web.Application, world: World, say: Say, controls: Controls, *, roles: Sequence[Role] = (), robot_name: str
) -> None:
    """Serve the page from `app`. To be called before the application starts."""
    page = Page(world, say, controls, tuple(roles), robot_name)
    world.listen(page.saw)
    app.on_shutdown.append(page.close)
    app.on_response_prepare.append(_be_fresh)
    app.router.add_get("/", page.index)
    app.router.add_get("/sandbox/state", page.state)
    app.router.add_get("/sandbox/events", page.events)
    app.router.add_post("/sandbox/say", page.say)
    app.router.add_post("/sandbox/advance", page.advance)
    app.router.add_post("/sandbox/reset", page.reset)
    app.router.add_static("/sandbox/static", STATIC)


class Page:
    """The handlers of the page's API, and the open pages that hear of every message."""

    def __init__(self, world: World, say: Say, controls: Controls, roles: tuple[Role, ...], robot_name: str) -> None:
        self._world = world
        self._say = say
        self._controls = controls
        self._roles = roles
        self._robot_name = robot_name
        self._streams: set[asyncio.Queue[str | None]] = set()
        self._epoch = uuid.uuid4().hex

    async def index(self, _: web.Request) -> web.StreamResponse:
        """The page itself."""
        return web.FileResponse(STATIC / "index.html", headers=SECURITY_HEADERS)

    async def state(self, _: web.Request) -> web.Response:
        """Everything that the page shows, to begin with."""
        return web.json_response(
            {
                "epoch": self._epoch,
                "robot": self._robot_name,
                "clock": self._clock(),
                "departments": [views.department(item) for item in self._world.departments.values()],
                "people": [views.person(item) for item in self._world.people.values()],
                "groups": [views.group(item) for item in self._world.groups.values()],
                "roles": [views.role(item) for item in self._roles],
                "messages": [views.message(item) for item in self._world.messages],
            }
        )

    async def say(self, request: web.Request) -> web.Response:
        """`{person, chat, text, at, quotes, kind, data}`: somebody writes in a chat they are in.

        `data` are the bytes of a file in base64; its name is the text.
        """
        asked = await _read_json(request)
        person, chat, text = (str(asked.get(key, "")) for key in ("person", "chat", "text"))
        quotes = asked.get("quotes")
        kind = str(asked.get("kind") or "text")
        data = _bytes(asked.get("data"))
        problem = self._why_not(person, chat, text, kind)
        if not problem and data is None:
            problem = f"文件太大了，沙盒最多收 {LARGEST_FILE // 1024 // 1024} MB。"
        if not problem and quotes and all(quotes != message.message_id for message in self._world.in_chat(chat)):
            problem = "引用的消息已经不在了。"
        if problem:
            return web.json_response({"error": problem}, status=400)
        message_id = await self._say(
            person,
            chat,
            text,
            at_robot=bool(asked.get("at", True)),
            quotes=str(quotes) if quotes else None,
            kind=kind,
            content={"data": data} if kind == "file" and data else None,
        )
        return web.json_response({"messageId": message_id})

    def _why_not(self, person_key: str, chat: str, text: str, kind: str) -> str:
        person = self._world.people.get(person_key)
        if person is None:
            return "没有这个人。"
        if kind not in KINDS:
            return "这里发不了这种消息。"
        if kind == "text" and not text.strip():
            return "消息是空的。"
        if len(text) > LONGEST_TEXT:
            return "消息太长了。"
        group = self._world.groups.get(chat)
        if group is not None and person_key in group.members:
            return ""
        if chat == f"private:{person_key}" and person.staff_id is not None and person.is_in_directory:
            return ""
        return f"{person.name} 不在这个会话里。"

    async def advance(self, _: web.Request) -> web.Response:
        """Move the clock to the next scheduled job."""
        ran = await self._controls.advance()
        self._tell("clock", self._clock())
        return web.json_response({"ran": views.job(ran), "clock": self._clock()})

    async def reset(self, _: web.Request) -> web.Response:
        """Begin anew; open pages read the state again."""
        await self._controls.reset()
        self._epoch = uuid.uuid4().hex
        self._tell("reset", {})
        return web.json_response({})

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: `message`, `clock`, `reset`."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._streams.add(queue)
        try:
            with contextlib.suppress(ConnectionError):
                await response.write(_event("clock", self._clock()).encode())
                while (item := await self._next(queue)) is not None:
                    await response.write(item.encode())
        finally:
            self._streams.discard(queue)
        return response

    async def _next(self, queue: asyncio.Queue[str | None]) -> str | None:
        try:
            return await asyncio.wait_for(queue.get(), BEAT_SECONDS)
        except TimeoutError:
            return _event("clock", self._clock())

    def saw(self, message: ShownMessage) -> None:
        """A message appeared somewhere: tell the open pages."""
        self._tell("message", views.message(message))

    async def close(self, _: web.Application) -> None:
        """End the streams of all open pages, so that the server can stop at once."""
        for queue in self._streams:
            queue.put_nowait(None)

    def _tell(self, name: str, data: dict[str, Any]) -> None:
        item = _event(name, data)
        for queue in self._streams:
            queue.put_nowait(item)

    def _clock(self) -> dict[str, Any]:
        return {
            "now": views.moment(self._world.clock.now()),
            "next": views.job(self._controls.next_job()),
            "isOnline": self._controls.robot_is_online(),
        }


async def _be_fresh(request: web.Request, response: web.StreamResponse) -> None:
    """A newer Steward on the same port must not be met by an older one's scripts."""
    if request.path.startswith("/sandbox/static/"):
        response.headers.update({"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"})


def _event(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _bytes(encoded: Any) -> bytes | None:
    """The bytes of a file; None for what is too large, nothing for what is no base64."""
    if not isinstance(encoded, str):
        return b""
    if len(encoded) > LARGEST_FILE * 4 // 3 + 4:
        return None
    try:
        return base64.b64decode(encoded, validate=True)
    except ValueError:
        return b""


async def _read_json(request: web.Request) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="JSON, please")
    try:
        asked = json.loads(await request.text())
    except ValueError as error:
        raise web.HTTPBadRequest(text="this is not JSON") from error
    if not isinstance(asked, dict):
        raise web.HTTPBadRequest(text="an object, please")
    return asked
