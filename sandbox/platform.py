"""The sandbox itself: a DingTalk on localhost that a bot can connect to and people can talk in."""

from __future__ import annotations

import asyncio
import json
import random
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from aiohttp import web

from sandbox import callbacks, contacts_api, groups_api, media_api, oauth_api, robot_api
from sandbox.buttons import said_by
from sandbox.core import PRIVATE, Core, new_msg_id
from sandbox.delivery import Connection, Delivery, Parcel
from sandbox.endpoints import mount
from sandbox.frames import ROBOT_TOPIC, milliseconds
from sandbox.gateway import Gateway
from sandbox.happenings import Happenings
from sandbox.quotas import Quotas
from sandbox.record import Ack, Call, Record
from sandbox.recorder import middleware, unknown_path
from sandbox.tokens import Tokens
from sandbox.webhooks import Webhooks
from sandbox.wire_faults import Faults
from sandbox.world import Group, Person, ShownMessage, World


class Sandbox:
    """One organisation with one robot, served on `url` from `start` to `stop`."""

    def __init__(
        self,
        world: World,
        *,
        client_id: str = "dingsandbox",
        client_secret: str = "sandbox-secret",
        host: str = "127.0.0.1",
        port: int = 0,
        robot_name: str = "群管家",
        seed: int | None = None,
    ) -> None:
        """`port` 0: any free one. `seed` makes the choice of connections the same every time."""
        self.world = world
        self.robot_name = robot_name
        self.host = host
        self.port = port
        self.core = Core(world, client_id, client_secret, robot_name, random.Random(seed))
        self.delivery = Delivery(self.core)
        self.gateway = Gateway(self.core, self.delivery)
        self.webhooks = Webhooks(self.core)
        self.faults = Faults(self.core.faults, self.delivery)
        self.happenings = Happenings(world, self.send_event)
        self.is_online = True
        self.app = web.Application(
            middlewares=[middleware(self.core, lambda: self.is_online)], client_max_size=32 * 1024 * 1024
        )
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None
        self._routes()

    # -- what a test looks at ------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """`http://host:port`, for api, oapi, webhooks and the page. Good after `start`."""
        return self.core.url

    @property
    def client_id(self) -> str:
        """AppKey of the application, also its robotCode."""
        return self.core.client_id

    @property
    def client_secret(self) -> str:
        """AppSecret of the application."""
        return self.core.client_secret

    @property
    def record(self) -> Record:
        """Calls, acknowledgements, violations."""
        return self.core.record

    @property
    def violations(self) -> list[str]:
        """One line for each breach of the protocol."""
        return self.core.record.violations

    @property
    def calls(self) -> list[Call]:
        """Every HTTP call, oldest first."""
        return self.core.record.calls

    @property
    def acks(self) -> list[Ack]:
        """Every acknowledgement that matched a frame."""
        return self.core.record.acks

    @property
    def quotas(self) -> Quotas:
        """Quotas and throttling, all off at first."""
        return self.core.quotas

    @property
    def tokens(self) -> Tokens:
        """The access tokens that were issued."""
        return self.core.tokens

    @property
    def secrets(self) -> list[str]:
        """Every secret that was ever handed out: what must stand in no log."""
        return [self.client_secret, *self.tokens.issued, *self.gateway.issued, *self.webhooks.issued]

    @property
    def connections(self) -> list[Connection]:
        """The stream connections that are open now."""
        return self.delivery.connections

    # -- life ----------------------------------------------------------------------------------------------------

    def _routes(self) -> None:
        mount(self.app, self.core, oauth_api.endpoints())
        mount(self.app, self.core, robot_api.endpoints(), robot_api.SCOPE)
        mount(self.app, self.core, contacts_api.endpoints(), contacts_api.SCOPE)
        mount(self.app, self.core, groups_api.endpoints(), groups_api.SCOPE)
        mount(self.app, self.core, media_api.endpoints())
        mount(self.app, self.core, self.gateway.endpoints())
        mount(self.app, self.core, self.webhooks.endpoints())
        self.app.router.add_get("/connect", self.gateway.connect)
        self.app.router.add_get("/sandbox-files/{code}", self._file)
        self.app.router.add_get("/sandbox/media/{media_id}", self._media)

    async def _file(self, request: web.Request) -> web.Response:
        stored = self.core.files.get(request.match_info["code"])
        if stored is None:
            raise web.HTTPNotFound
        return web.Response(body=stored.data, content_type="application/octet-stream")

    async def _media(self, request: web.Request) -> web.Response:
        """A picture for the page, as the clients get it by its `media_id`."""
        stored = self.core.media.get(request.match_info["media_id"])
        kind = None if stored is None else media_api.picture_type(stored.data)
        if stored is None or kind is None:
            raise web.HTTPNotFound
        return web.Response(body=stored.data, content_type=kind, headers={"X-Content-Type-Options": "nosniff"})

    async def start(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        self.app.router.add_route("*", "/{tail:.*}", unknown_path(self.core))
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        self._site = web.TCPSite(self._runner, self.host, self.port)
        await self._site.start()
        self.port = int(self._runner.addresses[0][1])
        self.core.url = f"http://{self.host}:{self.port}"

    async def unplug(self) -> None:
        """As if the cable were pulled: every connection ends, and nobody listens on the port any more.

        Streams are cut. Calls are closed: what was answered still arrives, where a cut would throw away an answer that
        is not read yet, and make a call doubtful without the record's being able to tell.
        """
        assert self._runner is not None and self._runner.server is not None and self._site is not None
        await self._accept_no_more(self._site)
        await self._site.stop()
        self._site = None
        self.faults.abort()
        for handler in self._runner.server.connections:
            if handler.transport is not None:
                handler.transport.close()

    @staticmethod
    async def _accept_no_more(site: web.TCPSite) -> None:
        """What asyncio has accepted and not yet handed over when its server is closed is never closed itself."""
        server = site._server
        assert isinstance(server, asyncio.Server)
        for listening in server.sockets:
            asyncio.get_running_loop().remove_reader(listening.fileno())
        for _ in range(3):
            await asyncio.sleep(0)

    async def plug_in(self) -> None:
        """Listen on the same port again. Raises OSError when somebody has taken it meanwhile."""
        assert self._runner is not None
        if self._site is None:
            self._site = web.TCPSite(self._runner, self.host, self.port)
            await self._site.start()

    async def stop(self) -> None:
        """End every connection and listen no more."""
        self.delivery.stop()
        self.core.faults.clear()
        await self.faults.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = self._site = None

    def go_offline(self) -> None:
        """The network is gone: connections are cut, every call is dropped."""
        self.is_online = False
        self.faults.abort()

    def go_online(self) -> None:
        """The network is back."""
        self.is_online = True

    def clear(self) -> None:
        """Forget the world and everything on its way in it; the bot should have been stopped before."""
        self.world.clear()
        self.core.forget()
        self.delivery.forget()
        self.webhooks.expire_all()

    # -- what people do ------------------------------------------------------------------------------------------

    async def say(
        self,
        person_key: str,
        chat: str,
        text: str,
        *,
        at_robot: bool = True,
        quotes: str | None = None,
        kind: str = "text",
        content: dict[str, Any] | None = None,
        mentions: Sequence[str] = (),
    ) -> str:
        """Somebody says something; returns the `msgId`.

        `chat` is a conversation id or `private:<person key>`. The robot hears it in private, and in a group when
        it is there and @-mentioned. `quotes` is the `message_id` of a shown message, `mentions` are keys of other
        people who are @-mentioned, `content` is what DingTalk sends under `content` (see `callbacks.body_of`).
        Raises ValueError for people and chats that do not fit together.
        """
        person, group = self._speaker(person_key, chat)
        quoted = self._quoted(quotes, chat)
        at_people = [self._person(key) for key in mentions]
        message_id = new_msg_id()
        in_group = group is not None
        type_, body = callbacks.body_of(self.core, kind, text, content, in_group=in_group and at_robot)
        self.core.said[message_id] = (type_, dict(body.get("content", {})))
        is_heard = group is None or (at_robot and group.has_robot and kind not in callbacks.ONLY_PRIVATE)
        self.world.show(
            chat=chat,
            author=person.key,
            kind=kind,
            text=f"@{self.robot_name} {text}" if in_group and at_robot else text,
            message_id=message_id,
            quotes=quotes,
            at_staff_ids=tuple(one.staff_id for one in at_people if one.staff_id is not None),
        )
        if is_heard:
            data = callbacks.robot_message(
                self.core,
                message_id=message_id,
                person=person,
                group=group,
                kind=type_,
                body=body,
                mentions=at_people,
                quoted=quoted,
                webhook=self.webhooks.open(chat),
            )
            await self.deliver(data)
        return message_id

    async def press(self, person_key: str, message: ShownMessage, title: str) -> str:
        """Somebody taps a button that speaks for them (docs/platform.md §5.6); returns the `msgId` of what it said.

        Raises ValueError when the message has no such button, or its button opens an address instead.
        """
        return await self.say(person_key, message.chat, said_by(message, title))

    async def deliver(self, data: dict[str, Any]) -> None:
        """Deliver a robot message callback as it is, for shapes that `say` does not make."""
        text = json.dumps(data, ensure_ascii=False)
        await self.delivery.deliver(Parcel("CALLBACK", ROBOT_TOPIC, text, str(data.get("msgId", ""))))

    async def send_event(self, event_type: str, data: dict[str, Any]) -> str:
        """Deliver an event as it is and return its `eventId`; `happenings` makes those of docs/platform.md §8.

        It waits for a connection where there is none.
        """
        event_id = uuid.uuid4().hex
        headers = {
            "eventType": event_type,
            "eventId": event_id,
            "eventCorpId": self.world.corp_id,
            "eventBornTime": str(milliseconds(self.world.clock.now())),
            "eventUnifiedAppId": self.core.app_id,
        }
        text = json.dumps(data, ensure_ascii=False)
        await self.delivery.deliver(Parcel("EVENT", "*", text, event_id, headers))
        return event_id

    def _person(self, key: str) -> Person:
        person = self.world.people.get(key)
        if person is None:
            raise ValueError(f"there is nobody with the key {key!r}")
        return person

    def _speaker(self, person_key: str, chat: str) -> tuple[Person, Group | None]:
        person = self._person(person_key)
        if chat.startswith(PRIVATE):
            if chat != PRIVATE + person_key:
                raise ValueError(f"{person_key!r} cannot write in somebody else's chat {chat!r}")
            return person, None
        group = self.world.groups.get(chat)
        if group is None:
            raise ValueError(f"there is no chat {chat!r}")
        if person_key not in group.members:
            raise ValueError(f"{person_key!r} is not a member of {chat!r}")
        return person, group

    def _quoted(self, message_id: str | None, chat: str) -> ShownMessage | None:
        if message_id is None:
            return None
        for message in reversed(self.world.messages):
            if message.message_id == message_id and message.chat == chat:
                return message
        raise ValueError(f"there is no message {message_id!r} to quote in {chat!r}")

    # -- waiting -------------------------------------------------------------------------------------------------

    async def wait_for(self, predicate: Callable[[ShownMessage], bool], timeout: float = 5) -> ShownMessage:
        """The first message, past or to come, of which `predicate` is true. Else a telling TimeoutError."""
        for message in self.world.messages:
            if predicate(message):
                return message
        found: asyncio.Future[ShownMessage] = asyncio.get_running_loop().create_future()

        def look(message: ShownMessage) -> None:
            if not found.done() and predicate(message):
                found.set_result(message)

        silence = self.world.listen(look)
        try:
            return await asyncio.wait_for(found, timeout)
        except TimeoutError:
            last = "\n".join(f"  {m.chat} {m.author} {m.via}: {m.text[:80]!r}" for m in self.world.messages[-8:])
            raise TimeoutError(
                f"no such message within {timeout:g} s; the last ones:\n{last}\nviolations: {self.violations[-5:]}"
            ) from None
        finally:
            silence()

    async def until_connected(self, n: int = 1, timeout: float = 10) -> None:
        """Wait for `n` open stream connections. Raises TimeoutError."""
        await self.until(lambda: len(self.connections) >= n, timeout)

    async def until(self, condition: Callable[[], bool], timeout: float = 5) -> None:
        """Wait until a condition on connections, calls, acknowledgements or violations holds. Raises TimeoutError."""
        await self.record.bell.until(condition, timeout)

    async def until_acknowledged(self, key: str, timeout: float = 5) -> Ack:
        """Wait for the acknowledgement of a `msgId` or `eventId`. Raises TimeoutError."""
        await self.until(lambda: any(ack.key == key for ack in self.acks), timeout)
        return next(ack for ack in self.acks if ack.key == key)

    async def until_settled(self, timeout: float = 10) -> None:
        """Wait until every message and event is acknowledged (or given up). Raises TimeoutError."""
        await self.until(lambda: not self.delivery.unacknowledged, timeout)
