"""`steward sandbox`: a pretended DingTalk, a sample college, the bot, and a page to chat in, all in one process."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from bot import logs
from bot.app import Steward
from bot.cli.options import end_with
from bot.cli.sandbox_jobs import next_job
from bot.cli.stopping import on_stop_signals
from bot.clock import Clock
from bot.imports import rosters
from bot.imports.tables import Row
from bot.schedule import REMINDERS
from bot.settings import Settings
from handlers.moderation import book
from handlers.moderation.written import as_json
from sandbox import college
from sandbox.platform import Sandbox
from sandbox.web.controls import NextJob
from sandbox.web.routes import add_page
from sandbox.world import SandboxClock, World
from storage.database import DatabaseError
from storage.lock import AlreadyInUseError
from storage.store import Store

HOST = "127.0.0.1"
DATABASE = "sandbox.db"
STOP_SECONDS = 10.0
"""How long the bot may take to end before it is cancelled."""
CONNECT_SECONDS = 10.0
"""How long the page's address is held back for the bot to be connected."""
PORTS_TO_TRY = 50


class PortTakenError(Exception):
    """Nobody can listen there; the message says what to do."""


class Playground:
    """The sandbox with its bot, and the page's controls over both."""

    def __init__(self, port: int, folder: Path, clock: SandboxClock | None = None) -> None:
        """The page on `port` (0: any), the database in `folder`, the time from `clock` (none: the machine's)."""
        self._folder = folder
        self.world = World(clock or SandboxClock())
        college.build(self.world)
        self.sandbox = Sandbox(self.world, host=HOST, port=port)
        add_page(
            self.sandbox.app,
            self.world,
            self.sandbox.say,
            self,
            roles=college.ROLES,
            robot_name=self.sandbox.robot_name,
        )
        self._steward: Steward | None = None
        self._running: asyncio.Task[None] | None = None
        self._resetting = asyncio.Lock()
        self.has_failed: asyncio.Future[BaseException] = asyncio.get_running_loop().create_future()
        """Resolves to what made the bot end by itself."""

    async def start(self) -> None:
        """Listen, then start the bot. Raises PortTakenError."""
        try:
            await self.sandbox.start()
        except OSError as error:
            raise PortTakenError(
                f"端口 {self.sandbox.port} 用不了（{error.strerror}），请用 --port 换一个 / the port cannot be used, "
                "choose another with --port"
            ) from error
        self._start_bot()

    async def stop(self) -> None:
        """End the bot, then the sandbox."""
        try:
            await self._stop_bot()
        finally:
            await self.sandbox.stop()

    def _settings(self) -> Settings:
        return Settings.model_validate(
            {
                "base": self._folder,
                "dingtalk": {
                    "client_id": self.sandbox.client_id,
                    "client_secret": self.sandbox.client_secret,
                    "corp_id": self.world.corp_id,
                    "openapi_endpoint": self.sandbox.url,
                    "oapi_endpoint": self.sandbox.url,
                },
                "storage": {"path": DATABASE},
                "roles": {"main_admins": [college.ADMIN]},
                # Nobody waits for the pretended DingTalk: reading its directory takes a call for each department. Nor for
                # the morning: whoever plays at night wants to see what happens.
                "quota": {"calls_per_second": 60, "quiet_from": "00:00", "quiet_to": "00:00"},
            }
        )

    def _start_bot(self) -> None:
        steward = Steward.open(self._settings(), self.world.clock)
        fill(steward.store, self.world.clock)
        self._steward = steward
        self._running = asyncio.get_running_loop().create_task(steward.run())
        self._running.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if task is self._running and not self.has_failed.done():
            error = None if task.cancelled() else task.exception()
            self.has_failed.set_result(error or RuntimeError("the bot ended"))

    async def _stop_bot(self) -> None:
        running, self._running = self._running, None
        if running is None or self._steward is None:
            return
        self._steward.stop()
        _, unfinished = await asyncio.wait({running}, timeout=STOP_SECONDS)
        for task in unfinished:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running

    def robot_is_online(self) -> bool:
        """The bot holds a stream connection at the moment."""
        return bool(self.sandbox.connections)

    def next_job(self) -> NextJob | None:
        """The next fire that people notice."""
        if self._steward is None:
            return None
        return next_job(self._steward.schedule.next_fires(), self._steward.store.findings.asks(), self._settings())

    async def advance(self) -> NextJob | None:
        """Move the clock to the next job and let the bot look at it.

        Days on which nobody is reminded are lived through, or the schedule would take the reminder for a late one.
        """
        job, steward = self.next_job(), self._steward
        if job is None or steward is None:
            return None
        while (moment := dict(steward.schedule.next_fires()).get(REMINDERS[0], job.at)) < job.at:
            self._go_to(steward, moment)
            await self._is_looked_at(steward)
        self._go_to(steward, job.at)
        return job

    def _next_look(self, steward: Steward) -> datetime:
        return dict(steward.schedule.next_fires())[REMINDERS[0]]

    async def _is_looked_at(self, steward: Steward) -> None:
        """Until the schedule, which looks in another thread, has taken the reminders that are due now, and they are done.

        A token lives two hours: days must not pass while the directory is being read.
        """
        while self._plays(steward) and self._next_look(steward) <= self.world.clock.now():
            await asyncio.sleep(0.01)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                while self._plays(steward) and not steward.is_idle:
                    await asyncio.sleep(0.01)

    def _plays(self, steward: Steward) -> bool:
        """It is the bot of the page, and is not being stopped."""
        return steward is self._steward and self._running is not None

    def _go_to(self, steward: Steward, moment: datetime) -> None:
        self.world.clock.advance_to(max(moment, self.world.clock.now()))
        steward.wake()

    async def reset(self) -> None:
        """The college as it was, the present time, and a bot with an empty database."""
        async with self._resetting:
            await self._stop_bot()
            self.sandbox.clear()
            college.build(self.world)
            self.world.clock.restart()
            for suffix in ("", "-wal", "-shm"):
                (self._folder / f"{DATABASE}{suffix}").unlink(missing_ok=True)
            self._start_bot()


def fill(store: Store, clock: Clock) -> None:
    """Bring the college's personnel file, register of groups and member lists into the bot's database."""
    now = clock.now()
    with store.database.transaction():
        for chat in college.CHATS:
            store.groups.heard(chat.conversation_id, chat.title, now - timedelta(days=chat.quiet_days))
        for take, rows in (
            (rosters.import_staff, college.personnel_rows()),
            (rosters.import_groups, college.group_rows()),
            (rosters.import_members, college.member_rows()),
        ):
            result = take([Row(line, values) for line, values in enumerate(rows, start=2)], store, now)
            if result.bad:
                raise ValueError(f"the sample college has bad rows: {result.bad[0]}")
        _let_some_be_reminded_of(store, now)


def _let_some_be_reminded_of(store: Store, now: datetime) -> None:
    """The shipped rules only observe, until a college knows them; a visitor wants to see what senders read."""
    for known in book.read(store.rules).known:
        if known.rule.category in ("advertising", "privacy") and known.rule.state == "observe":
            body = as_json(replace(known.rule, state="remind"))
            changed = replace(known.stored, body=body, at=now, by="cli", what="沙盒里从提醒开始", why="", follows=None)
            store.rules.put(changed)


def free_port(first: int) -> int:
    """The first port from `first` on that nobody listens on. Raises click.ClickException when all are taken."""
    for port in range(first, first + PORTS_TO_TRY):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            if os.name == "posix":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise click.ClickException(
        f"端口 {first}–{first + PORTS_TO_TRY - 1} 都被占用，请用 --port 换一个 / all taken, choose another with --port"
    )


async def _first_of(*futures: asyncio.Future[Any]) -> None:
    await asyncio.wait(futures, return_when=asyncio.FIRST_COMPLETED)


async def play(port: int, folder: Path) -> None:
    """Run everything until Ctrl-C. Raises what ended the bot, if it ended by itself."""
    stop = asyncio.Event()
    on_stop_signals(asyncio.get_running_loop(), stop.set)
    playground = Playground(free_port(port), folder)
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await playground.start()
        connecting = asyncio.ensure_future(playground.sandbox.until_connected(timeout=CONNECT_SECONDS))
        await _first_of(connecting, stopping, playground.has_failed)
        connecting.cancel()
        await asyncio.gather(connecting, return_exceptions=True)
        if not playground.has_failed.done():
            url = f"{playground.sandbox.url}/"
            click.echo(f"群管家沙盒已就绪，请用浏览器打开 / the sandbox is ready, open in a browser: {url}")
            click.echo("按 Ctrl-C 结束 / Ctrl-C ends it.")
        await _first_of(stopping, playground.has_failed)
    finally:
        stopping.cancel()
        await playground.stop()
    if playground.has_failed.done():
        raise playground.has_failed.result()


@click.command("sandbox")
@click.option("--port", default=8800, show_default=True, type=click.IntRange(1, 65_000), help="网页端口 / page's port")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="数据库放在哪个文件夹；不写则用完即弃 / folder for the database; without it nothing is kept",
)
def sandbox(port: int, data: Path | None) -> None:
    """本机试用：模拟钉钉、示例学院和机器人 / a local DingTalk, a sample college and the bot."""
    with contextlib.ExitStack() as stack:
        if data is None:
            name = stack.enter_context(tempfile.TemporaryDirectory(prefix="steward-", ignore_cleanup_errors=True))
            data = Path(name)
        try:
            data.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise click.ClickException(f"--data {data}: {error.strerror}") from error
        logs.set_up("warning", "console")
        try:
            asyncio.run(play(port, data))
        except PortTakenError as error:
            raise click.ClickException(str(error)) from error
        except (AlreadyInUseError, DatabaseError) as error:
            end_with(str(error))
    click.echo("已结束 / ended.")
    sys.stdout.flush()
