"""Asking a language model to rephrase, and taking only what may be shown."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter, deque
from collections.abc import Sequence
from typing import Any

import aiohttp

from bot.breaker import Breaker
from bot.metrics import Meter
from bot.model_calls import TROUBLES, ModelError, open_session, post
from bot.model_settings import LanguageModelSettings
from handlers.fetched import Rephrasing
from handlers.policy.answering.rephrasing import Dropped, messages, verify
from handlers.policy.finding.index import Hit

logger = logging.getLogger(__name__)

MOST_BYTES = 256 * 1024
AT_ONCE = 4
"""Calls side by side. While they last further questions get the plain answer at once, so that no crowd waits."""
FAILURES, USELESS = 3, 10
"""In a row, calls that failed, and calls that failed or were dropped, after which the model is left alone for `REST_SECONDS`."""
REST_SECONDS = 60.0
REMEMBERED = 20
_MOST_TOKENS = 600
"""A model that thinks aloud needs room for it."""
_BUSY, _RESTING, _USED = "busy", "resting", "used"


class LanguageModel:
    """Asked for each question; never raises, and never lasts longer than the settings say."""

    def __init__(self, settings: LanguageModelSettings, key: str, meter: Meter | None = None) -> None:
        self.settings = settings
        self._key = key
        self._meter = meter or Meter()
        self._session: aiohttp.ClientSession | None = None
        self._under_way = 0
        self._breakers = [Breaker(after, REST_SECONDS, time.monotonic) for after in (FAILURES, USELESS)]
        self.recent: deque[str] = deque(maxlen=REMEMBERED)
        """What became of the last calls: `used`, a reason of `Dropped`, or a trouble of `ModelError`."""

    @property
    def is_on(self) -> bool:
        """There is a model to ask."""
        return bool(self.settings.address)

    @property
    def is_resting(self) -> bool:
        """It failed again and again, and is left alone for a while."""
        return any(breaker.is_open for breaker in self._breakers)

    async def rephrase(self, question: str, hits: Sequence[Hit]) -> Rephrasing | None:
        """What the model says about the question from these articles, when it may be shown; else None."""
        if not self.is_on or not hits:
            return None
        if self.is_resting or self._under_way >= AT_ONCE:
            self._meter.rephrased(_RESTING if self.is_resting else _BUSY, 0.0)
            return None
        began = time.monotonic()
        said, outcome = await self.attempt(question, hits)
        self._note(outcome, time.monotonic() - began)
        return Rephrasing(question, said) if outcome == _USED else None

    async def attempt(self, question: str, hits: Sequence[Hit]) -> tuple[str, str]:
        """One call, whatever came before it: the text and what became of it."""
        self._under_way += 1
        try:
            said = await self._ask(question, hits)
        except ModelError as error:
            return "", error.trouble
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a model sends, the plain answer goes out
            logger.error("语言模型的答复处理出错（%s）/ its answer could not be handled", type(error).__name__)
            return "", "unreadable"
        finally:
            self._under_way -= 1
        found = await asyncio.to_thread(verify, said, hits)
        return said, found.reason if isinstance(found, Dropped) else _USED

    def counts(self) -> Counter[str]:
        """How often each outcome came among the last calls."""
        return Counter(self.recent)

    async def close(self) -> None:
        """Let go of connections."""
        if self._session is not None:
            await self._session.close()

    async def _ask(self, question: str, hits: Sequence[Hit]) -> str:
        if self._session is None:
            self._session = open_session(self.settings.address)
        body = {
            "model": self.settings.model,
            "messages": messages(question, hits),
            "temperature": 0,
            "max_tokens": _MOST_TOKENS,
            "stream": False,
        }
        url = f"{self.settings.address}/chat/completions"
        found = await post(
            self._session, url, body, key=self._key, seconds=self.settings.timeout_seconds, most_bytes=MOST_BYTES
        )
        return _content(found)

    def _note(self, outcome: str, seconds: float) -> None:
        self._meter.rephrased(outcome, seconds)
        self.recent.append(outcome)
        is_failed = outcome in TROUBLES
        was_resting = self.is_resting
        failing, useless = self._breakers
        if is_failed:
            failing.failed()
        else:
            failing.succeeded()
        if outcome in (_USED, "declined"):
            useless.succeeded()
        else:
            useless.failed()
        if self.is_resting and not was_resting:
            logger.warning("语言模型接连不成（%s），%.0f 秒内不再问它 / left alone for a while", outcome, REST_SECONDS)


def _content(found: dict[str, Any]) -> str:
    """The text of a chat completion, whole. Raises `ModelError`."""
    try:
        choice = found["choices"][0]
        content, ending = choice["message"]["content"], choice.get("finish_reason")
    except (KeyError, IndexError, TypeError, AttributeError):
        raise ModelError("unreadable") from None
    if content is None:
        return ""
    if not isinstance(content, str) or ending == "length":  # cut off in the middle, it may say the opposite
        raise ModelError("unreadable")
    return content
