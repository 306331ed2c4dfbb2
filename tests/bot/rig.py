"""The two doors and what lies between them, with a handler that the test gives, against the real sandbox."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from bot import wire
from bot.dispatch import Dispatch, Item
from bot.gateway import stream
from bot.gateway.intake import Intake
from bot.gateway.stream import Gateway
from bot.metrics import Meter
from bot.openapi import Mark, OpenAPI
from bot.outbox.patience import Patience
from bot.outbox.sender import Sender
from bot.writer import Writer
from handlers.fetched import NOTHING, Fetched
from handlers.message import Body, Incoming, Outgoing, Reply
from sandbox.platform import Sandbox
from sandbox.world import Department, Group, Person, SandboxClock, World
from storage.database import Database
from storage.store import Store

GROUP = "cidGROUP=="
SCENE = "cidSCENE=="
START = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
QUICK = Patience(first=0.02, longest=0.05, blocked=0.05, quota=0.05)
EAGER = stream.Patience(mute=30.0, apart=0.0, first_retry=0.01, longest_retry=0.05, stable=0.0, linger=0.05)
SECONDS = 10.0
"""How long anything is waited for at most."""


def small_world(clock: SandboxClock | None = None) -> World:
    """One department, a handful of people, an outsider, two groups."""
    world = World(clock or SandboxClock(START))
    world.departments = {
        1: Department(1, "某学院", None, ["0001"]),
        2: Department(2, "办公室", 1, ["0001"]),
    }
    people = [Person(f"{n:04}", f"{n:04}", f"老师{n}", f"u{n}iEiE", dept_ids=[2]) for n in range(1, 31)]
    people.append(Person("guest", None, "外来客", "u99iEiE", nick="小客"))
    world.people = {person.key: person for person in people}
    everybody = list(world.people)
    world.groups = {
        GROUP: Group(GROUP, "chatgroup", "办公室群", "0001", ["0002"], everybody),
        SCENE: Group(SCENE, "chatscene", "项目群", "0001", ["0002"], everybody, is_scene_group=True),
    }
    return world


def echo(item: Item, now: datetime) -> list[Outgoing]:
    """Answers every message with its own words."""
    return [Reply(Body(f"你说：{item.text}"))] if isinstance(item, Incoming) else []


class Rig:
    """Everything that runs, and what the tests look at."""

    def __init__(self, sandbox: Sandbox, store: Store, handle: Callable[[Item, datetime], list[Outgoing]]) -> None:
        self.sandbox = sandbox
        self.store = store
        self.clock = sandbox.world.clock
        assert isinstance(self.clock, SandboxClock)
        self.handle = handle
        self.handled: list[Item] = []
        self.writer = Writer(store.database)
        self.sender: Sender
        self.openapi: OpenAPI
        self.gateway: Gateway
        self.dispatch: Dispatch

    def note(self, item: Item, now: datetime, fetched: Fetched = NOTHING) -> list[Outgoing]:
        """The handler of the test, remembering what it was given."""
        found = self.handle(item, now)
        self.handled.append(item)
        return found

    async def connected(self, n: int = 1) -> None:
        """Wait until both sides know of `n` connections."""
        await self.sandbox.until_connected(n)
        async with asyncio.timeout(SECONDS):
            while self.gateway.connected < n:
                await asyncio.sleep(0.005)

    async def settle(self) -> None:
        """Wait until everything said has arrived, and nothing is open in inbox and outbox."""
        await self.sandbox.until_settled()
        async with asyncio.timeout(SECONDS):
            while self.store.inbox.counts()["new"] or self.is_anything_to_send():
                await asyncio.sleep(0.005)

    def is_anything_to_send(self) -> bool:
        """Something waits in the outbox, or is under way. Asked once: meanwhile a row may go from the one to the other."""
        counts = self.store.outbox.counts()
        return counts["queued"] + counts["sending"] > 0

    def robot_said(self, chat: str) -> list[str]:
        """All texts of the robot in a chat."""
        return [m.text for m in self.sandbox.world.in_chat(chat) if m.author == "robot"]

    async def enter(self, api: str, mark: Mark) -> None:
        """The ledger, as the application keeps it."""

        def enter() -> None:
            self.store.quota.count(date(2026, 11, 25), api)
            mark()

        await self.writer.do(enter)


@asynccontextmanager
async def rig(
    folder: Path,
    *,
    handle: Callable[[Item, datetime], list[Outgoing]] = echo,
    connections: int = 1,
    patience: stream.Patience = EAGER,
    secret: str = "sandbox-secret",
    endpoint: str | None = None,
    with_gateway: bool = True,
    timeout_seconds: float = 15.0,
    group_messages_per_minute: int = 1000,
    sending: Patience = QUICK,
    meter: Meter | None = None,
    violations_expected: bool = False,
) -> AsyncIterator[Rig]:
    """Start all, hand it over, end all. At the end the platform must have nothing to complain about."""
    sandbox = Sandbox(small_world(), seed=7)
    await sandbox.start()
    store = Store(Database(folder / "steward.db", is_owner=True))
    made = Rig(sandbox, store, handle)
    made.writer.start()
    async with wire.open_session() as http:
        made.openapi = OpenAPI(
            http,
            made.clock,
            client_id=sandbox.client_id,
            client_secret=secret,
            robot_code=sandbox.client_id,
            openapi_endpoint=sandbox.url,
            oapi_endpoint=sandbox.url,
            entered=made.enter,
            calls_per_second=1000,
            timeout=wire.timeout_of(timeout_seconds),
            pause=0.01,
        )
        made.sender = Sender(
            store,
            made.clock,
            made.openapi,
            made.writer,
            group_messages_per_minute=group_messages_per_minute,
            patience=sending,
            meter=meter,
        )
        made.dispatch = Dispatch(store, made.clock, made.note, made.writer, queued=made.sender.wake)
        made.gateway = Gateway(
            http,
            Intake(made.writer, store.inbox, made.dispatch.wake),
            made.clock,
            endpoint=endpoint or sandbox.url,
            client_id=sandbox.client_id,
            client_secret=secret,
            connections=connections,
            patience=patience,
        )
        running = [asyncio.create_task(made.dispatch.run()), asyncio.create_task(made.sender.run())]
        if with_gateway:
            running.append(asyncio.create_task(made.gateway.run()))
        try:
            yield made
            for task in running:
                assert not task.done(), task
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            made.writer.stop()
            store.database.close()
            await sandbox.stop()
    assert violations_expected or sandbox.violations == []
