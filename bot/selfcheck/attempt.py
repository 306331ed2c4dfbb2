"""Trying the network for `/自检`, before its handler, which has none, reads what was found."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable

import aiohttp

from bot.clock import Clock
from bot.models import Models
from bot.openapi import OpenAPI
from bot.selfcheck.probes import is_recent, keep, probe_all
from bot.settings import Settings
from bot.writer import Writer
from storage.store import Store

logger = logging.getLogger(__name__)


class SelfCheck:
    """Keeps what was found in the database. Those who ask at the same time share one attempt."""

    def __init__(
        self,
        openapi: OpenAPI,
        http: aiohttp.ClientSession,
        settings: Callable[[], Settings],
        store: Store,
        clock: Clock,
        writer: Writer,
        models: Models | None = None,
    ) -> None:
        """`settings` are asked for each time: they may be read anew while the bot runs."""
        self._openapi = openapi
        self._http = http
        self._settings = settings
        self._store = store
        self._clock = clock
        self._writer = writer
        self._models = models
        self._trying = asyncio.Lock()

    async def refresh(self) -> None:
        """Try everything, unless that was done a moment ago. A database that cannot be written costs the result only."""
        async with self._trying:
            if is_recent(self._store.probes.all(), self._clock.now()):
                return
            settings = self._settings()
            found = await probe_all(self._openapi, self._http, settings, self._store, self._clock, models=self._models)
            day = self._clock.now().astimezone(settings.scheduler.timezone).date()
            try:
                await self._writer.do(lambda: keep(self._store, found, day))
            except sqlite3.Error as error:
                logger.error("自检结果没有存成（%s）/ what the self-check found could not be stored", error)
