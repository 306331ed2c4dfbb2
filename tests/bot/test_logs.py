"""What is written to the log, and what never is."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from bot import logs


@pytest.fixture(autouse=True)
def untouched() -> Iterator[None]:
    """Leave the root logger as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in (*logs.OURS, "dingtalk_stream")}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, value in levels.items():
        logging.getLogger(name).setLevel(value)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("connect wss://x/connect?ticket=7c1d0e0a-11 now", "7c1d0e0a-11"),
        ("GET /topapi/x?access_token=abc123&y=1", "abc123"),
        ("POST https://oapi.dingtalk.com/robot/sendBySession?session=deadbeef", "deadbeef"),
        ('{"ticket": "7c1d0e0a", "endpoint": "wss://x"}', "7c1d0e0a"),
        ("{'clientSecret': 's3cret', 'a': 1}", "s3cret"),
        ('{"sessionWebhook":"https://oapi.dingtalk.com/robot/sendBySession?session=zz"}', "zz"),
        ("headers x-acs-dingtalk-access-token: tok123456", "tok123456"),
        ("电话 13812345678", "12345678"),
        ("电话 138-1234-5678", "1234-5678"),
        ("电话 +86 138 1234 5678", "1234 5678"),
        ("电话 8613812345678", "12345678"),
        ("证件 11010519491231002X。", "11010519491231002X"),
        ("证件 110105491231002", "110105491231002"),
        ("卡号 6222021234567890123", "6222021234567890123"),
        (json.dumps({"data": json.dumps({"ticket": "7c1d0e0a", "a": 1})}), "7c1d0e0a"),
        (json.dumps({"data": json.dumps({"sessionWebhook": "https://x/s?session=zz"})}), "zz"),
        ("{'access_token': 'abc123'}", "abc123"),
    ],
)
def test_secrets_and_numbers_are_masked(text: str, secret: str) -> None:
    assert secret not in logs.redacted(text)


def test_ordinary_text_stays() -> None:
    text = "收到 3 条消息，编号 20261124013000，群 cidAAA=="
    assert logs.redacted(text) == text


@pytest.mark.parametrize("form", ["console", "json"])
def test_a_traceback_is_masked_too_and_carries_the_correlation(form: str) -> None:
    out = io.StringIO()
    logs.set_up("debug", form, out)  # type: ignore[arg-type]
    with logs.correlation("in-7"):
        try:
            raise ValueError("https://x/robot/sendBySession?session=deadbeef")
        except ValueError:
            logging.getLogger("bot.test").exception("没有成功 %s", "access_token=abc")
    text = out.getvalue()
    assert "in-7" in text
    assert "ValueError" in text
    assert "deadbeef" not in text
    assert "abc" not in text


def test_json_is_one_object_a_line() -> None:
    out = io.StringIO()
    logs.set_up("info", "json", out)
    logging.getLogger("bot").info("第一行\n第二行")
    logging.getLogger("bot").debug("not at this level")
    [line] = out.getvalue().splitlines()
    entry = json.loads(line)
    assert (entry["level"], entry["message"], entry["correlation"]) == ("INFO", "第一行\n第二行", "-")


def test_the_sdk_and_other_libraries_are_quiet() -> None:
    """The SDK would log the connection ticket at INFO (docs/platform.md §2)."""
    out = io.StringIO()
    logs.set_up("debug", "console", out)
    logging.getLogger("dingtalk_stream.client").info("open connection, ticket=abc")
    logging.getLogger("aiohttp").info("x")
    assert out.getvalue() == ""
