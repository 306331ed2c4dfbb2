"""Keeping a vector for every article and question in force, and making one for each question that is asked."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from array import array
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import islice
from typing import Literal

from bot.breaker import Breaker
from bot.metrics import Meter
from bot.model_calls import ModelError
from bot.vectors.sources import MissingError, Source
from bot.workers import Workers
from bot.writer import Writer
from handlers.moderation.masking import mask
from handlers.policy.finding.index import PolicyIndex
from handlers.policy.finding.semantic import Meanings, Text, packed, texts_of
from storage.store import Store
from storage.vectors import Vector

logger = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
"""So often it is seen whether the regulations have changed."""
AFTER_TROUBLE_SECONDS = 60.0
MOST_TEXTS = 6
"""Of one message; what it asks beyond that is looked up by words."""
AT_ONCE = 8
FAILURES = 3
_AT_ONCE_STORED = 64

State = Literal["off", "filling", "ready", "missing", "failing"]


class Keeper:
    """Everything that goes on with one source. It never raises; where it has nothing, words alone decide."""

    def __init__(
        self,
        source: Source | None,
        store: Store,
        writer: Writer,
        index: Callable[[], PolicyIndex],
        *,
        timeout_seconds: float,
        meter: Meter | None = None,
    ) -> None:
        """`index` gives that of today, and is called in a thread."""
        self._source = source
        self._store = store
        self._writer = writer
        self._index = index
        self._timeout = timeout_seconds
        self._meter = meter or Meter()
        self._reader = Workers(1, "meanings")
        self._breaker = Breaker(FAILURES, AFTER_TROUBLE_SECONDS, time.monotonic)
        self._under_way = 0
        self.meanings: Meanings | None = None
        """Of the newest index that is complete."""
        self.state: State = "off" if source is None else "filling"
        self.trouble = ""
        """The word of `ModelError`, or what is missing."""
        self.wanted = self.there = 0
        """Texts in force, and those of them that have a vector."""

    @property
    def is_ready(self) -> bool:
        """Questions are worth a vector."""
        return self.meanings is not None

    async def run(self) -> None:
        """Keep on, until cancelled."""
        if self._source is None:
            return
        self._reader.start()
        try:
            while True:
                await asyncio.sleep(LOOK_SECONDS if await self._round(self._source) else AFTER_TROUBLE_SECONDS)
        finally:
            await asyncio.to_thread(self._reader.stop)

    async def vectors_of(self, questions: Iterable[str]) -> dict[str, array[float]]:
        """The vectors of these questions, as far as they are to be had in time. Numbers in them are masked first."""
        asked = list(islice(dict.fromkeys(questions), MOST_TEXTS))
        if self._source is None or not asked:
            return {}
        if not self.is_ready or self._breaker.is_open or self._under_way >= AT_ONCE:
            self._meter.embedded("resting" if self._breaker.is_open else "busy" if self.is_ready else "unready", 0.0)
            return {}
        began = time.monotonic()
        self._under_way += 1
        try:
            async with asyncio.timeout(self._timeout):
                found = await self._source.embed([mask(question) for question in asked], "query")
        except TimeoutError:
            self._failed("timeout")
            return {}
        except (ModelError, MissingError) as error:
            self._failed(_word(error))
            return {}
        finally:
            self._under_way -= 1
        self._breaker.succeeded()
        self._meter.embedded("used", time.monotonic() - began)
        return dict(zip(asked, found, strict=True))

    async def close(self) -> None:
        """Let go of the source, after `run` has ended."""
        if self._source is not None:
            await self._source.close()

    def _failed(self, trouble: str) -> None:
        self._breaker.failed()
        self._meter.embedded(trouble, 0.0)
        if self._breaker.is_open:
            self._in_trouble("failing", trouble)

    async def _round(self, source: Source) -> bool:
        """See to it that everything in force has its vector. False when that could not be done."""
        try:
            index = await self._reader.do(self._index)
            if self.meanings is not None and self.meanings.index is index:
                if self.state == "failing" and not self._breaker.is_open:
                    await source.embed(["."], "query")
                    self._breaker.succeeded()
                    self.state, self.trouble = "ready", ""
                return True
            await self._fill(source, index)
        except (ModelError, MissingError) as error:
            self._in_trouble("missing" if isinstance(error, MissingError) else "failing", _word(error))
            return False
        except ImportError as error:
            self._in_trouble("missing", error.name or "numpy")
            return False
        except (sqlite3.Error, ValueError) as error:
            logger.error("句向量没有存成，稍后再试（%s）/ vectors could not be kept", error)
            return False
        return True

    async def _fill(self, source: Source, index: PolicyIndex) -> None:
        if not index.articles:
            self.meanings, self.state, self.trouble, self.wanted, self.there = None, "ready", "", 0, 0
            return
        name = source.name
        texts, known = await self._reader.do(lambda: (texts_of(index), self._store.vectors.known(name)))
        by_digest = {text.digest: text for _, text in texts}
        missing = [text for digest, text in by_digest.items() if digest not in known]
        self.wanted, self.there = len(by_digest), len(by_digest) - len(missing)
        if missing:
            self.state = "filling"
            logger.info("为 %d 段文字准备句向量 / vectors to be made", len(missing))
        for kind in ("passage", "query"):
            await self._make(source, [text for text in missing if text.kind == kind])
        meanings = await self._reader.do(lambda: Meanings.of(index, self._store.vectors.all(name)))
        if meanings is None:
            raise ModelError("unreadable")
        self.meanings, self.state, self.trouble = meanings, "ready", ""
        self._breaker.succeeded()
        await self._writer.do(lambda: self._tidy(name, known - by_digest.keys()))

    async def _make(self, source: Source, texts: Sequence[Text]) -> None:
        """Vectors for texts of one kind, stored as they come, so that a stop loses next to nothing."""
        for start in range(0, len(texts), _AT_ONCE_STORED):
            made: dict[bytes, Vector] = {}
            some = texts[start : start + _AT_ONCE_STORED]
            for at in range(0, len(some), source.batch):
                batch = some[at : at + source.batch]
                vectors = await source.embed([text.text for text in batch], batch[0].kind)
                made |= {text.digest: packed(vector) for text, vector in zip(batch, vectors, strict=True)}
            await self._writer.do(partial(self._store.vectors.put, source.name, made))
            self.there += len(made)

    def _tidy(self, name: str, gone: Iterable[bytes]) -> None:
        self._store.vectors.forget(name, gone)
        self._store.vectors.forget_others(name)

    def _in_trouble(self, state: State, trouble: str) -> None:
        if (self.state, self.trouble) != (state, trouble):
            logger.warning(
                "句向量模型用不了，只按字面查（%s）/ the sentence model cannot be used: words alone", trouble
            )
        self.state, self.trouble = state, trouble


def _word(error: ModelError | MissingError) -> str:
    return error.trouble if isinstance(error, ModelError) else str(error)
