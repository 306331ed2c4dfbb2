"""Steward as a whole: everything is built here once, and runs under one task group."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Awaitable, Sequence
from typing import Self

import aiohttp

from bot import rules_in_use, wire
from bot.addresses import is_loopback
from bot.bridge.waking import wake_on_others
from bot.clock import Clock
from bot.desk import Desk
from bot.directory import Directory
from bot.dispatch import SIDE_BY_SIDE, Dispatch, Item
from bot.files import Files
from bot.gateway.intake import Intake
from bot.gateway.stream import Gateway, Patience
from bot.metrics import Meter
from bot.models import Models
from bot.monitoring.exposition import Metrics
from bot.monitoring.health import Watch
from bot.openapi import Mark, OpenAPI
from bot.outbox.sender import Sender
from bot.outbox.thrift import Thrift
from bot.presence import Pulse
from bot.reloading import Reloading, reloading
from bot.schedule import SYNC, Schedule
from bot.selfcheck.attempt import SelfCheck
from bot.settings import Settings
from bot.writer import Writer
from handlers.access import Ground
from handlers.commands import doctor
from handlers.fetched import Fetched
from handlers.message import Due, Incoming, Priority
from handlers.moderation import book
from handlers.moderation.editing import importing as rule_files
from handlers.moderation.rules import read_rule_files
from handlers.moderation.scanner import Scanner
from handlers.policy import shipped
from handlers.policy.documents.drafts import wants_file
from handlers.quiet_hours import QuietHours
from storage.audit import AuditEntry
from storage.database import Database
from storage.lock import ProcessLock
from storage.store import Store

logger = logging.getLogger(__name__)

_LAST_ANSWERS_SECONDS = 5.0
"""After being told to stop, at most so long is spent on answering what came in before."""


class _Stopped(Exception):
    """Ends the task group."""


class Steward:
    """The bot. `open` it, `run` it once, `stop` it from anywhere in its loop."""

    def __init__(self, settings: Settings, clock: Clock, lock: ProcessLock, store: Store, scanner: Scanner) -> None:
        """For `open`."""
        self._settings = settings
        self._clock = clock
        self._lock = lock
        self.store = store
        self._desk = Desk(settings, store, scanner)
        self._writer = Writer(store.database)
        self._stopping = asyncio.Event()
        self._sender: Sender | None = None
        self._openapi: OpenAPI | None = None
        self._selfcheck: SelfCheck | None = None
        self._files: Files | None = None
        self._directory: Directory | None = None
        # Without anybody who asks, nothing is counted.
        self._metrics = Metrics() if settings.http.port else None
        self._meter: Meter = self._metrics or Meter()
        self._dispatch = Dispatch(
            store,
            clock,
            self._desk.handle,
            self._writer,
            queued=self._queued,
            prepare=self._prepare,
            is_ahead=self._is_ahead,
            meter=self._meter,
        )
        self.models = Models(settings, store, self._desk, clock, self._writer, self._meter)
        self.schedule = Schedule(clock, store, settings, self._dispatch.take_due, self._dispatch.wake)

    @classmethod
    def open(cls, settings: Settings, clock: Clock) -> Self:
        """Open the database, bring it up to date, read rules and schedules; nothing is connected yet.

        Raises `AlreadyInUseError`, `DatabaseError`, `RuleError` or `WhenError`, each with lines for people.
        """
        in_files = read_rule_files(settings.rule_paths)
        lock = ProcessLock(settings.database_path)
        with contextlib.ExitStack() as opened:
            opened.callback(lock.release)
            store = Store(opened.enter_context(Database(settings.database_path, is_owner=True)))
            shipped.install_if_empty(store, clock.now())
            with store.database.transaction():
                book.follow(store.rules, in_files, clock.now())
            scanner = rules_in_use.scanner_of(store.rules, settings.moderation)
            steward = cls(settings, clock, lock, store, scanner)
            opened.pop_all()  # from now on `close` lets go of them
        return steward

    async def run(self) -> None:
        """Work until `stop`, then finish what is under way and close everything."""
        try:
            is_local = is_loopback(self._settings.dingtalk.openapi_endpoint)
            with self._writer:
                async with wire.open_session(trust_env=not is_local) as http:
                    await self._run(http)
        finally:
            self.close()

    async def _run(self, http: aiohttp.ClientSession) -> None:
        settings, clock, dingtalk = self._settings, self._clock, self._settings.dingtalk
        openapi = self._openapi = OpenAPI(
            http,
            clock,
            client_id=dingtalk.client_id,
            client_secret=settings.secret,
            robot_code=settings.robot_code,
            openapi_endpoint=dingtalk.openapi_endpoint,
            oapi_endpoint=dingtalk.oapi_endpoint,
            entered=self._enter,
            calls_per_second=settings.quota.calls_per_second,
            meter=self._meter,
        )
        self._selfcheck = SelfCheck(openapi, http, lambda: self._settings, self.store, clock, self._writer, self.models)
        self._files = Files(openapi, http)
        directory = self._directory = Directory(openapi, self.store, clock, self._writer, self._desk, self._enter)
        sender = self._sender = Sender(
            self.store,
            clock,
            openapi,
            self._writer,
            group_messages_per_minute=settings.quota.group_messages_per_minute,
            quiet=QuietHours(settings.quota.quiet_from, settings.quota.quiet_to, settings.scheduler.timezone),
            thrift=Thrift(self.store, settings.quota, settings.scheduler.timezone),
            meter=self._meter,
        )
        gateway = Gateway(
            http,
            Intake(self._writer, self.store.inbox, self._dispatch.wake, self._meter),
            clock,
            endpoint=dingtalk.openapi_endpoint,
            client_id=dingtalk.client_id,
            client_secret=settings.secret,
            connections=dingtalk.connections,
            patience=Patience.of(dingtalk.mute_seconds),
            meter=self._meter,
        )
        pulse = Pulse(
            gateway,
            self._writer,
            self.store,
            clock,
            self._dispatch.take_due,
            self._dispatch.wake,
            settings=lambda: self._settings,
        )
        try:
            async with asyncio.TaskGroup() as group:
                taking = [group.create_task(gateway.run()), group.create_task(self.schedule.run(self._writer))]
                group.create_task(self._dispatch.run())
                group.create_task(sender.run())
                group.create_task(pulse.run())
                group.create_task(self.models.run())
                group.create_task(self._read_directory_first(gateway, directory))
                bridge = wake_on_others(self.store.database, self._dispatch.wake, lambda: self._settings.bridge.enabled)
                group.create_task(bridge)
                if self._metrics is not None:
                    watch = self._watch(gateway, self._metrics)
                    group.create_task(watch.serve(settings.http.host, settings.http.port))
                group.create_task(self._until_stopped(taking))
        except* _Stopped:
            logger.info("群管家已停止 / stopped")
        finally:
            await directory.close()

    def stop(self) -> None:
        """Ask `run` to end."""
        self._stopping.set()

    async def reload(self, settings: Settings) -> Reloading:
        """Let other settings hold from now on, as far as they can without a start, and read the rule files anew.

        Nothing is lost meanwhile; what is just being handled may still go by the old ones. Only while `run` runs, and one
        after the other. Raises `RuleError` or `WhenError`, and then nothing has changed.
        """
        found = reloading(self._settings, settings)
        new = found.settings
        in_files = await asyncio.to_thread(read_rule_files, new.rule_paths)

        def obey() -> None:
            self.schedule.obey(new)
            book.follow(self.store.rules, in_files, self._clock.now())
            self.store.audit.add(AuditEntry(self._clock.now(), "cli", "reload", detail=", ".join(found.changed)))

        await self._writer.do(obey)
        await asyncio.to_thread(self._desk.obey, new)
        self._settings = new
        await self.models.obey(new)
        quota, zone = new.quota, new.scheduler.timezone
        if self._openapi is not None:
            self._openapi.obey(quota.calls_per_second)
        if self._sender is not None:
            quiet = QuietHours(quota.quiet_from, quota.quiet_to, zone)
            self._sender.obey(quota.group_messages_per_minute, quiet, Thrift(self.store, quota, zone))
        return found

    def wake(self) -> None:
        """The clock was moved: everything that waits for a time looks again."""
        self.schedule.wake()
        self._dispatch.wake()
        self._queued()

    @property
    def is_idle(self) -> bool:
        """Nothing that came in could be handled now, and nothing is being fetched for it. Only while `run` runs."""
        return self._dispatch.is_idle

    def close(self) -> None:
        """Let go of the database. `run` does it by itself."""
        self.store.database.close()
        self._lock.release()

    def _watch(self, gateway: Gateway, metrics: Metrics) -> Watch:
        return Watch(
            self.store,
            self._clock,
            gateway,
            metrics,
            settings=lambda: self._settings,
            dead_parts=self._dead_parts,
        )

    def _dead_parts(self) -> list[str]:
        """Threads that should live as long as the bot and do not."""
        parts = {"writer": self._writer.is_alive, "handlers": self._dispatch.alive == SIDE_BY_SIDE}
        return [name for name, is_alive in parts.items() if not is_alive]

    async def _until_stopped(self, taking: Sequence[asyncio.Task[None]]) -> None:
        """When asked to stop: take nothing more, then answer what was taken, as far as that is soon done."""
        await self._stopping.wait()
        for task in taking:
            task.cancel()
        await asyncio.wait(taking)
        try:
            async with asyncio.timeout(_LAST_ANSWERS_SECONDS):
                await self._dispatch.until_idle()
                while self._owes_answers():
                    await asyncio.sleep(0.02)
        except TimeoutError:
            pass  # the rest is answered after the next start
        except sqlite3.Error as error:
            logger.error("数据库读不出来，不再等最后的回复 / the database cannot be read, ending at once: %s", error)
        raise _Stopped

    def _owes_answers(self) -> bool:
        """Something that people wait for could go out now, or is going out."""
        outbox = self.store.outbox
        urgent = outbox.due(self._clock.now(), 1)
        return outbox.counts()["sending"] > 0 or any(row.draft.priority == Priority.ANSWER for row in urgent)

    async def _read_directory_first(self, gateway: Gateway, directory: Directory) -> None:
        """A fresh database knows nobody: read the directory as soon as DingTalk is reached, not only at night."""
        await gateway.has_connected.wait()
        due = Due(SYNC[0], SYNC[0], self._clock.now())
        while True:
            try:
                if directory.is_unknown:
                    await self._writer.do(lambda: self._dispatch.take_due(due))
                    self._dispatch.wake()
                return
            except sqlite3.Error as error:
                # An import that holds the file for long, say: no reason to end.
                logger.error("数据库读写出错，稍后再读通讯录 / the directory is read later: %s", error)
                await asyncio.sleep(self._dispatch.after_disk_error)

    def _prepare(self, item: Item) -> Awaitable[Fetched | None] | None:
        """What is fetched before an item is handled: from DingTalk, or from a model beside the bot."""
        if isinstance(item, Due):
            return None if self._directory is None else self._directory.wanted_before(item)
        if isinstance(item, Incoming) and doctor.needs_probes(item) and self._selfcheck is not None:
            return self._selfcheck.refresh() if doctor.may_check(item, self._settings, self.store) else None
        if (
            isinstance(item, Incoming)
            and self._files is not None
            and (wants_file(item, ground := Ground(self._settings, self.store)) or rule_files.wants_file(item, ground))
        ):
            return self._files.of(item)
        if isinstance(item, Incoming) and self.models.wants(item):
            return self.models.fetch(item)
        return None

    def _queued(self) -> None:
        if self._sender is not None:
            self._sender.wake()

    def _is_ahead(self) -> bool:
        return self._sender is not None and self._sender.is_behind

    async def _enter(self, api: str, mark: Mark) -> None:
        """Count a call in the ledger of the day, and store what its caller marks with it, in one transaction."""
        day = self._desk.today(self._clock.now())

        def enter() -> None:
            self.store.quota.count(day, api)
            mark()

        await self._writer.do(enter)
