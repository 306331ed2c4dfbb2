"""Trying the two models for a self-check. What is off is well; what does not work is a warning, for answers stand without."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime

from bot.language.client import LanguageModel
from bot.model_calls import TROUBLES, ModelError
from bot.models import Models, key_of
from bot.settings import Settings
from bot.vectors.keeper import Keeper
from bot.vectors.sources import MissingError, source_of
from handlers.doctor import model_texts as texts
from handlers.doctor.probe_texts import OFFLINE
from handlers.policy.finding.index import Hit
from storage.policies import Article, Document
from storage.probes import Probe, Status

SEMANTIC, LANGUAGE = "semantic", "language-model"
WITHIN_SECONDS = 5.0
_TRIAL = "宿舍晚上几点熄灯"
_ARTICLE = Hit(
    Document("宿舍管理办法"),
    Article("第五条", "学生宿舍每天晚上十一点熄灯，周末和节假日推迟到十一点半。"),
    1.0,
    1.0,
)
"""Nothing of the college's, so that a trial tells nobody anything."""
_SOME = 5


async def probe_models(settings: Settings, now: datetime, models: Models | None, *, online: bool) -> list[Probe]:
    """Both, side by side. `models`: those of the running bot; None: nobody else is at work."""
    semantic = _of_keeper(models.keeper, settings, now) if models is not None else _tried(settings, now, online=online)
    language = _language(settings, now, models, online=online)
    return list(await asyncio.gather(semantic, language))


async def _of_keeper(keeper: Keeper, settings: Settings, now: datetime) -> Probe:
    seconds = settings.semantic.timeout_seconds
    match keeper.state:
        case "off":
            return _found(SEMANTIC, now, "ok", texts.SEMANTIC_OFF)
        case "filling":
            return _found(SEMANTIC, now, "ok", texts.semantic_filling(keeper.there, keeper.wanted))
        case "ready":
            return _found(SEMANTIC, now, "ok", texts.semantic_ready(keeper.there))
        case "missing":
            return _found(SEMANTIC, now, "warning", texts.semantic_missing(keeper.trouble))
        case "failing":
            return _found(SEMANTIC, now, "warning", texts.semantic_trouble(keeper.trouble, seconds))


async def _tried(settings: Settings, now: datetime, *, online: bool) -> Probe:
    """One sentence, from the console."""
    semantic = settings.semantic
    source = source_of(semantic, key_of(semantic, settings.base))
    if source is None:
        return _found(SEMANTIC, now, "ok", texts.SEMANTIC_OFF)
    if semantic.source == "address" and not online:
        return _found(SEMANTIC, now, "unknown", OFFLINE)
    began = time.monotonic()
    try:
        async with asyncio.timeout(WITHIN_SECONDS):
            await source.embed([_TRIAL], "query")
            import numpy  # noqa: F401 - vectors are of no use without it
    except (ImportError, MissingError) as error:
        name = error.name or "numpy" if isinstance(error, ImportError) else str(error)
        return _found(SEMANTIC, now, "warning", texts.semantic_missing(name))
    except ModelError as error:
        return _found(SEMANTIC, now, "warning", texts.semantic_trouble(error.trouble, semantic.timeout_seconds))
    except TimeoutError:
        return _found(SEMANTIC, now, "warning", texts.semantic_trouble("timeout", WITHIN_SECONDS))
    finally:
        await source.close()
    found, advice = texts.SEMANTIC_GOOD
    milliseconds = round((time.monotonic() - began) * 1000)
    return Probe(SEMANTIC, now, "ok", found.format(milliseconds=milliseconds), advice)


async def _language(settings: Settings, now: datetime, models: Models | None, *, online: bool) -> Probe:
    given = settings.language_model
    if not given.address:
        return _found(LANGUAGE, now, "ok", texts.LANGUAGE_OFF)
    if not online:
        return _found(LANGUAGE, now, "unknown", OFFLINE)
    model = models.language if models is not None else LanguageModel(given, key_of(given, settings.base))
    began = time.monotonic()
    try:
        _, outcome = await model.attempt(_TRIAL, [_ARTICLE])
    finally:
        if models is None:
            await model.close()
    recent = model.counts()
    if outcome in TROUBLES:
        return _found(LANGUAGE, now, "warning", texts.language_trouble(outcome, given.timeout_seconds))
    if outcome != "used":
        return _found(LANGUAGE, now, "warning", texts.language_dropped(outcome))
    worth = recent["used"] + recent["declined"]
    if model.is_resting or (recent.total() >= _SOME and 2 * worth < recent.total()):
        return _found(LANGUAGE, now, "warning", texts.language_dropping(recent))
    milliseconds = round((time.monotonic() - began) * 1000)
    return _found(LANGUAGE, now, "ok", texts.language_good(milliseconds, recent))


def _found(name: str, now: datetime, status: Status, said: texts.Said) -> Probe:
    found, advice = said
    return Probe(name, now, status, found, advice)
