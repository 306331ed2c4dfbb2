"""The sentence model for the command line, which tries questions as the bot would answer them."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Sequence

from bot.model_calls import ModelError
from bot.model_settings import SemanticSettings
from bot.vectors.sources import Embedded, MissingError
from handlers.policy.finding.index import PolicyIndex
from handlers.policy.finding.semantic import Meanings, Sighted
from storage.store import Store


def sighted(index: PolicyIndex, store: Store, settings: SemanticSettings, questions: Sequence[str]) -> PolicyIndex:
    """The index that knows what these questions mean, when the model is on this machine and the bot has made all vectors;
    else the index itself. Never over the network."""
    if settings.source != "embedded" or not questions:
        return index
    try:
        meanings = Meanings.of(index, store.vectors.all(Embedded().name))
        if meanings is None:
            return index
        found = asyncio.run(_vectors(questions))
    except (ImportError, ModelError, MissingError):
        return index
    return Sighted(index, meanings, dict(zip(questions, found, strict=True)))


async def _vectors(questions: Sequence[str]) -> list[array[float]]:
    source = Embedded()
    try:
        return await source.embed(questions, "query")
    finally:
        await source.close()
