"""A whole Steward beside a whole pretended DingTalk, for conversations from end to end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.app import Steward
from bot.schedule import SYNC
from bot.settings import Settings, load
from sandbox.college import build
from sandbox.platform import Sandbox
from sandbox.world import SandboxClock, ShownMessage, World

TUESDAY_MORNING = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
"""09:30 in Shanghai, a workday."""


@dataclass
class CollegeDay:
    """The running pair. People speak by key, chats are conversation ids or `private:<key>`."""

    world: World
    clock: SandboxClock
    sandbox: Sandbox
    steward: Steward

    async def hear(
        self, chat: str, *parts: str, after: int = 0, unless: str | None = None, seconds: float = 8
    ) -> ShownMessage:
        """The first message of the robot in `chat`, younger than message number `after`, that holds all `parts`."""

        def fits(message: ShownMessage) -> bool:
            if message.chat != chat or message.author != "robot" or message.number <= after:
                return False
            if unless is not None and unless in message.text:
                return False
            return all(part in message.text for part in parts)

        try:
            return await self.sandbox.wait_for(fits, timeout=seconds)
        except TimeoutError:
            said = "\n---\n".join(m.text for m in self.world.in_chat(chat) if m.number > after)
            raise AssertionError(f"nobody said {parts} in {chat}; said there was:\n{said}") from None

    async def ask(self, person: str, chat: str, text: str, *parts: str, **how: object) -> ShownMessage:
        """`person` says `text` in `chat` and the robot answers there with all `parts`."""
        before = self.last_number
        await self.sandbox.say(person, chat, text, **how)  # type: ignore[arg-type]
        return await self.hear(chat, *parts, after=before)

    @property
    def last_number(self) -> int:
        """Number of the newest message anywhere."""
        return self.world.messages[-1].number if self.world.messages else 0

    async def settle(self) -> None:
        """Wait until nothing waits in the inbox or the outbox."""
        database = self.steward.store.database
        async with asyncio.timeout(10):
            while database.row(
                "select 1 from inbox where state = 'new' union all "
                "select 1 from outbox where state in ('queued', 'sending') limit 1"
            ):
                await asyncio.sleep(0.02)

    async def directory_read(self) -> None:
        """Wait until people and scene groups were read for the first time."""
        store = self.steward.store
        scene_groups = [group for group in self.world.groups.values() if group.is_scene_group]
        async with asyncio.timeout(20):
            while not all(store.members.of(group.conversation_id) for group in scene_groups):
                await asyncio.sleep(0.02)

    def go_to(self, moment: datetime) -> None:
        """Move the clock forward and let the schedule look at it."""
        self.clock.advance_to(moment)
        self.steward.wake()

    def robot_said(self, chat: str, *, after: int = 0) -> list[str]:
        """All that the robot said in `chat` since message number `after`."""
        return [m.text for m in self.world.in_chat(chat) if m.author == "robot" and m.number > after]


def write_settings(folder: Path, sandbox: Sandbox, *, more: str = "", admins: tuple[str, ...] = ()) -> Settings:
    """A configuration file for a bot that talks to `sandbox`, loaded the way `steward run` loads it."""
    names = ", ".join(f'"{admin}"' for admin in admins)
    path = folder / "config.toml"
    path.write_text(
        f"""
[dingtalk]
client_id = "dingsandbox"
client_secret = "sandbox-secret"
openapi_endpoint = "{sandbox.url}"
oapi_endpoint = "{sandbox.url}"
connections = 1  # tests move the clock, and a ticket that is on its way then is older than it may be

[storage]
path = "steward.db"

[roles]
main_admins = [{names}]

[quota]
calls_per_second = 60
{more}
""",
        encoding="utf-8",
    )
    path.chmod(0o600)
    return load(path, environ={})


@asynccontextmanager
async def college_day(
    folder: Path,
    *,
    start: datetime = TUESDAY_MORNING,
    prepare: Callable[[Steward], None] | None = None,
    more: str = "",
    admins: tuple[str, ...] = (),
) -> AsyncIterator[CollegeDay]:
    """Start both, hand them over, end both. At the end the platform must have nothing to complain about."""
    clock = SandboxClock(start)
    world = World(clock)
    build(world)
    sandbox = Sandbox(world)
    await sandbox.start()
    steward = Steward.open(write_settings(folder, sandbox, more=more, admins=admins), clock)
    if prepare is not None:
        prepare(steward)
    running = asyncio.create_task(steward.run())
    try:
        await sandbox.until_connected(1)
        async with asyncio.timeout(10):
            while steward.store.schedules.get(SYNC[0]) is None:
                await asyncio.sleep(0.01)  # a clock that moves before the first look has nothing to fall due
        yield CollegeDay(world, clock, sandbox, steward)
    finally:
        steward.stop()
        async with asyncio.timeout(10):
            await running
        await sandbox.stop()
    assert sandbox.violations == []
