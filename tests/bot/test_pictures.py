"""A message with a chart goes out with its picture; and without, rather than not at all."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.outbox.drafts import body_from_json, body_to_json
from handlers.message import Body, Button, GroupPost, Private
from tests.bot.postbox import PRIVATE, PRIVATE_SEND, queue
from tests.bot.rig import GROUP, rig
from tests.bot.test_charts import CHART

UPLOAD = "/media/upload"
DIGEST = Body("上周命中 6 次。", "内容提醒周报", (Button("看规则", "/规则 列表"),), CHART)
PICTURE = re.compile(r"!\[近 8 周的内容提醒\]\((@lAL\w+)\)\n\n上周命中 6 次。")


async def test_the_picture_stands_above_the_text(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        queue(it, Private(("0001", "0002"), DIGEST), GroupPost(GROUP, replace(DIGEST, buttons=())))
        await it.settle()
        (said,), (posted,) = it.robot_said(PRIVATE), it.robot_said(GROUP)
        found = PICTURE.match(said)
        assert found is not None
        assert PICTURE.match(posted)
        assert it.sandbox.core.media[found[1]].data.startswith(b"\x89PNG")
        assert len(it.sandbox.record.calls_to(UPLOAD)) == 1, "the same picture is uploaded once"
        (month,) = it.store.database.rows("select calls from calls where api = 'media/upload'")
        assert month["calls"] == 1, "it is in the ledger"


async def test_it_is_tried_again_when_dingtalk_is_busy(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        it.sandbox.faults.answer(UPLOAD, status=200, body={"errcode": -1, "errmsg": "busy"}, times=2)
        queue(it, Private(("0001",), DIGEST))
        await it.settle()
        assert PICTURE.match(it.robot_said(PRIVATE)[0])


@pytest.mark.parametrize(
    "body", [{"errcode": 60011, "errmsg": "no permission"}, {"errcode": 0, "media_id": "](x)"}, {}]
)
async def test_without_a_picture_the_text_goes_out(tmp_path: Path, body: dict[str, object]) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        it.sandbox.faults.answer(UPLOAD, status=200, body=body, times=9)
        queue(it, Private(("0001",), DIGEST))
        await it.settle()
        (said,) = it.robot_said(PRIVATE)
        assert said.startswith("上周命中 6 次。")


async def test_a_chart_that_cannot_be_drawn_keeps_nothing_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "no-python"))
    async with rig(tmp_path, with_gateway=False) as it:
        queue(it, Private(("0001",), DIGEST))
        await it.settle()
        (said,) = it.robot_said(PRIVATE)
        assert said.startswith("上周命中 6 次。")
        assert it.sandbox.record.calls_to(UPLOAD) == []


async def test_the_log_says_why_there_is_no_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As where the library is missing: the process says it, and the bot hands it on."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "pypdfium2").mkdir()
    (tmp_path / "pypdfium2" / "__init__.py").write_text("raise ImportError('no PDFium here')")
    async with rig(tmp_path, with_gateway=False) as it:
        queue(it, Private(("0001",), DIGEST))
        await it.settle()
        assert it.robot_said(PRIVATE)[0].startswith("上周命中 6 次。")
    assert "ImportError: no PDFium here" in caplog.text


async def test_a_message_with_a_picture_is_not_merged(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        it.sandbox.faults.answer(PRIVATE_SEND, status=500, body={"code": "ServiceUnavailable"}, times=1)
        queue(it, *(Private(("0001",), body) for body in (Body("一"), DIGEST, Body("二"), Body("三"))))
        await it.settle()
        said = it.robot_said(PRIVATE)
        assert sum(PICTURE.match(text) is not None for text in said) == 1
        assert all(text in "\n".join(said) for text in "一二三")


def test_the_outbox_keeps_the_numbers_not_the_picture() -> None:
    stored = body_to_json(DIGEST)
    assert body_from_json(stored) == DIGEST
    assert len(stored) < 1000
    assert body_from_json('{"title": "", "text": "旧的", "buttons": []}') == Body("旧的")
