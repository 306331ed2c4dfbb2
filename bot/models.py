"""The two models beside the bot: what they are asked for a message before its handler begins, and how they stand."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bot.clock import Clock
from bot.desk import Desk
from bot.language.client import LanguageModel
from bot.metrics import Meter
from bot.model_settings import LanguageModelSettings, SemanticSettings
from bot.secrets import SecretError
from bot.settings import Settings
from bot.vectors.keeper import Keeper
from bot.vectors.sources import source_of
from bot.workers import Workers
from bot.writer import Writer
from handlers.fetched import Fetched
from handlers.message import Incoming
from handlers.policy.answering.preview import Where, hits_for, questions_of
from storage.store import Store

logger = logging.getLogger(__name__)

T = TypeVar("T")


class Models:
    """Off unless the settings say otherwise: then nothing of this costs anything."""

    def __init__(
        self, settings: Settings, store: Store, desk: Desk, clock: Clock, writer: Writer, meter: Meter
    ) -> None:
        self._store = store
        self._desk = desk
        self._clock = clock
        self._writer = writer
        self._meter = meter
        self._reader = Workers(2, "preview")
        self._changed = asyncio.Event()
        self._set(settings)

    def _set(self, settings: Settings) -> None:
        self._settings = settings
        semantic = settings.semantic
        language = settings.language_model
        self.language = LanguageModel(language, key_of(language, settings.base), self._meter)
        self.keeper = Keeper(
            source_of(semantic, key_of(semantic, settings.base)),
            self._store,
            self._writer,
            lambda: self._desk.index(self._clock.now()),
            timeout_seconds=semantic.timeout_seconds,
            meter=self._meter,
        )

    async def run(self) -> None:
        """Keep the vectors; ends only by cancellation."""
        self._reader.start()
        try:
            while True:
                self._changed.clear()
                keeping = asyncio.create_task(self.keeper.run())
                try:
                    await self._changed.wait()
                finally:
                    keeping.cancel()
                    await asyncio.gather(keeping, return_exceptions=True)
        finally:
            await asyncio.to_thread(self._reader.stop)
            await self._close(self.keeper, self.language)

    async def obey(self, settings: Settings) -> None:
        """Other settings hold from now on; what is under way ends by itself."""
        is_same = (settings.semantic, settings.language_model) == (
            self._settings.semantic,
            self._settings.language_model,
        )
        if is_same and settings.base == self._settings.base:
            return
        before = self.keeper, self.language
        self._set(settings)
        self._desk.meanings = None
        self._changed.set()
        await self._close(*before)

    def wants(self, message: Incoming) -> bool:
        """Something may be worth fetching for this message."""
        return bool(message.text) and (self.keeper.is_ready or self.language.is_on)

    async def fetch(self, message: Incoming) -> Fetched | None:
        """What the models make of a message, as far as it is to be had in time. Never raises for their sake."""
        self._desk.meanings = self.keeper.meanings
        try:
            fetched = Fetched()
            if self.keeper.is_ready:
                asked = await self._read(lambda: questions_of(message, self._desk.context(self._clock.now(), fetched)))
                fetched = Fetched(vectors=await self.keeper.vectors_of(asked))
            if not self.language.is_on or self.language.is_resting:
                return fetched
            settings = self._settings.language_model
            where = Where(settings.kinds, settings.private, settings.outsiders)
            so_far = fetched
            question, hits = await self._read(
                lambda: hits_for(message, self._desk.context(self._clock.now(), so_far), where)
            )
            return Fetched(vectors=fetched.vectors, rephrased=await self.language.rephrase(question, hits))
        except sqlite3.Error as error:
            logger.error("准备回答时数据库读写出错（%s）/ the database could not be read", error)
            return None

    async def _read(self, work: Callable[[], T]) -> T:
        """In a thread, as of one moment."""

        def read() -> T:
            with self._store.database.turn():
                return work()

        return await self._reader.do(read)

    @staticmethod
    async def _close(keeper: Keeper, language: LanguageModel) -> None:
        await keeper.close()
        await language.close()


def key_of(section: SemanticSettings | LanguageModelSettings, base: Path) -> str:
    """The key; one that cannot be read was told of before the start, and without it the address says that it refuses."""
    try:
        return section.secret(base)
    except SecretError as error:
        logger.error("%s", error)
        return ""
