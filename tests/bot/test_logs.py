"""What is written to the log, and what never is."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

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
        ("电话 138.1234.5678", "1234.5678"),
        ("电话 0086 13812345678", "12345678"),
        ("证件 110105 19491231 002X。", "19491231"),
        ("卡号 6222 0212 3456 7890 123", "3456 7890"),
        ("next=https%3A%2F%2Fx%2Fs%3Fsession%3Ddeadbeef%26a%3D1", "deadbeef"),
        (json.dumps({"headers": json.dumps({"x-acs-dingtalk-access-token": "tok123456"})}), "tok123456"),
        ("('x-acs-dingtalk-access-token', 'tok123456')", "tok123456"),
    ],
)
def test_secrets_and_numbers_are_masked(text: str, secret: str) -> None:
    assert secret not in logs.redacted(text)


@pytest.mark.parametrize(
    "text",
    [
        "收到 3 条消息，编号 20261124013000，群 cidAAA==",
        "2026-11-25 13:45:00 in-1234/out-5678 用了 1200 ms，共 10000 次",
        "下次 2026-12-01T01:00:00.000Z，端口 18500，文件 steward-20261125-134500.db",
        "session 已过期，ticket 用过一次，access_token 取到了",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
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


SECRET = st.text("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789-_", min_size=12, max_size=48).map(
    "Zq7".__add__
)
"""As DingTalk makes tickets, tokens, sessions and secrets."""
NUMBER = st.one_of(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.from_regex(r"\+86 1[3-9][0-9]{9}", fullmatch=True),
    st.from_regex(r"1[3-9][0-9][ .-][0-9]{4}[ .-][0-9]{4}", fullmatch=True),
    st.from_regex(r"[1-6][0-9]{16}[0-9X]", fullmatch=True),
    st.from_regex(r"62[0-9]{14,17}", fullmatch=True),
)
IN_TEXT = (
    "ticket={}",
    "access_token={}&a=1",
    "https://h/robot/sendBySession?session={}",
    "x-acs-dingtalk-access-token: {}",
)
AS_VALUE = ("ticket", "accessToken", "access_token", "clientSecret", "client_secret", "appSecret", "appsecret")
CONTEXT = st.text("abc，。 \n\t{}[]()\"'\\%/:=&?一二三", max_size=12)


@st.composite
def secretive(draw: st.DrawFn) -> tuple[str, object]:
    """A secret, and something to be logged with it somewhere inside."""
    secret = draw(SECRET)
    where = draw(st.sampled_from(("text", "json", "repr", "webhook", "nested")))
    if where == "text":
        return secret, f"{draw(CONTEXT)} {draw(st.sampled_from(IN_TEXT)).format(secret)} {draw(CONTEXT)}"
    body: object = {draw(CONTEXT): draw(CONTEXT), draw(st.sampled_from(AS_VALUE)): secret, "after": draw(CONTEXT)}
    if where == "webhook":
        body = {"sessionWebhook": f"https://oapi.dingtalk.com/robot/sendBySession?session={secret}"}
    if where == "repr":
        return secret, body
    for _ in range(draw(st.integers(1, 3 if where == "nested" else 1))):
        body = {"data": json.dumps(body, ensure_ascii=draw(st.booleans())), "type": "CALLBACK"}
    return secret, json.dumps(body)


def written(form: Literal["console", "json"], thing: object, *, raised: bool) -> str:
    """What the log holds of a thing: as an argument, or inside an exception with a cause."""
    out = io.StringIO()
    logs.set_up("debug", form, out)
    if not raised:
        logging.getLogger("bot.test").warning("收到 %s / got %r", thing, thing)
        return out.getvalue()
    try:
        try:
            raise ValueError(thing)
        except ValueError as error:
            raise RuntimeError(f"在处理 {thing}") from error
    except RuntimeError:
        logging.getLogger("bot.test").exception("没有成功")
    return out.getvalue()


@pytest.mark.parametrize("form", ["console", "json"])
@given(found=secretive(), raised=st.booleans())
def test_no_secret_is_ever_written(form: Literal["console", "json"], found: tuple[str, object], raised: bool) -> None:
    secret, thing = found
    assert secret not in written(form, thing, raised=raised)


@pytest.mark.parametrize("form", ["console", "json"])
@example(number="13000000000", before="一", after="", raised=False, is_json=True)  # behind an escape's last digit
@given(number=NUMBER, before=CONTEXT, after=CONTEXT, raised=st.booleans(), is_json=st.booleans())
def test_no_number_of_a_person_is_ever_written(
    form: Literal["console", "json"], number: str, before: str, after: str, raised: bool, is_json: bool
) -> None:
    thing = f"{before}{number}{after}"
    text = written(form, json.dumps({"text": json.dumps(thing)}) if is_json else thing, raised=raised)
    assert number not in text
    assert number[-9:] not in text


@pytest.mark.parametrize("form", ["console", "json"])
def test_what_is_known_to_be_secret_is_hidden_wherever_it_stands(form: Literal["console", "json"]) -> None:
    out = io.StringIO()
    logs.set_up("info", form, out, hidden=["a-secret-of-ours", "", "short"])
    logging.getLogger("bot").info("x a-secret-of-ours y, short")
    assert "x *** y, short" in out.getvalue()


def test_the_fields_of_json_are_those_and_no_others() -> None:
    """Programs rely on them; docs/operations.md names them."""
    out = io.StringIO()
    logs.set_up("debug", "json", out)
    logger = logging.getLogger("bot.test")
    for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
        logger.log(level, "x")
    try:
        raise ValueError("y")
    except ValueError:
        logger.critical("z", exc_info=True)
    entries = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [entry["level"] for entry in entries] == ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
    assert {tuple(entry) for entry in entries[:4]} == {("at", "level", "logger", "correlation", "message")}
    assert tuple(entries[4]) == ("at", "level", "logger", "correlation", "message", "error")
    assert datetime.fromisoformat(entries[0]["at"]).utcoffset() == timedelta()


LIBRARIES = (
    "aiohttp.access",
    "aiohttp.client",
    "apscheduler",
    "apscheduler.scheduler",
    "asyncio",
    "dingtalk_stream",
    "dingtalk_stream.client",
    "urllib3",
    "websockets",
    "websockets.client",
)


@pytest.mark.parametrize("name", LIBRARIES)
def test_at_debug_no_library_speaks_of_frames(name: str) -> None:
    """What they say below WARNING are frames, addresses and headers."""
    logs.set_up("debug", "console", io.StringIO())
    assert not logging.getLogger(name).isEnabledFor(logging.INFO)


def test_a_line_that_cannot_be_written_is_told_without_what_it_held(capsys: pytest.CaptureFixture[str]) -> None:
    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(28, "No space left on device")

    logs.set_up("info", "console", Full())
    logging.getLogger("bot.test").info("a %s", "very private thing")
    logging.getLogger("bot.test").info("wrong %d", "very private thing")
    said = capsys.readouterr().err
    assert said.count("bot.test") == 2
    assert "private" not in said
    assert "Traceback" not in said
