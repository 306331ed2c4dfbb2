"""Session webhooks: 200 whatever happens, and the truth in errcode."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from sandbox.platform import Sandbox
from sandbox.world import ShownButton
from tests.sandbox.client import Client
from tests.sandbox.college_of_three import GROUP, clock_of

OK = {"errcode": 0, "errmsg": "ok"}
TEXT = {"msgtype": "text", "text": {"content": "收到"}}


@pytest.fixture
def address(sandbox: Sandbox) -> str:
    """A fresh webhook of the group."""
    return sandbox.webhooks.open(GROUP)[0]


async def test_a_text_with_at(sandbox: Sandbox, client: Client, address: str) -> None:
    at = {"atUserIds": ["0002"], "atMobiles": ["13800000001"], "isAtAll": False}
    assert await client.webhook(address, {**TEXT, "at": at}) == OK
    message = sandbox.world.messages[-1]
    assert (message.kind, message.text, message.via) == ("text", "收到 @0002 @0001", "webhook")
    assert message.at_staff_ids == ("0002", "0001")
    assert sandbox.violations == []


async def test_markdown_notifies_only_whom_the_text_names(sandbox: Sandbox, client: Client, address: str) -> None:
    body = {"msgtype": "markdown", "markdown": {"title": "摘要", "text": "### 标题\n\n@0002 正文"}}
    assert await client.webhook(address, {**body, "at": {"atUserIds": ["0002", "0001"]}}) == OK
    message = sandbox.world.messages[-1]
    assert (message.kind, message.title, message.at_staff_ids) == ("markdown", "摘要", ("0002",))


@pytest.mark.parametrize(
    ("kind", "part", "buttons"),
    [
        (
            "actionCard",
            {"title": "t", "text": "md", "singleTitle": "查看", "singleURL": "https://a"},
            [("查看", "https://a")],
        ),
        (
            "actionCard",
            {
                "title": "t",
                "text": "md",
                "btnOrientation": "1",
                "btns": [
                    {"title": "同意", "actionURL": "dtmd://dingtalkclient/sendMessage?content=%E5%A5%BD"},
                    {"title": "不", "actionURL": "https://b"},
                ],
            },
            [("同意", "dtmd://dingtalkclient/sendMessage?content=%E5%A5%BD"), ("不", "https://b")],
        ),
        ("link", {"title": "t", "text": "s", "messageUrl": "https://a", "picUrl": ""}, [("t", "https://a")]),
        (
            "feedCard",
            {"links": [{"title": "t", "messageURL": "https://a", "picURL": "https://p"}]},
            [("t", "https://a")],
        ),
    ],
)
async def test_cards_and_links_show_buttons(
    sandbox: Sandbox, client: Client, address: str, kind: str, part: dict[str, Any], buttons: list[tuple[str, str]]
) -> None:
    assert await client.webhook(address, {"msgtype": kind, kind: part}) == OK
    message = sandbox.world.messages[-1]
    assert message.kind == kind
    assert message.buttons == tuple(ShownButton(*button) for button in buttons)


@pytest.mark.parametrize(
    ("body", "errcode", "named"),
    [
        ({"text": {"content": "x"}}, 40035, "msgtype: missing"),
        ({"msgtype": "image", "image": {}}, 40035, "image"),
        ({"msgtype": "image"}, 400105, "image"),
        ({"msgtype": "text"}, 40035, "text: missing"),
        ({"msgtype": "text", "text": "x"}, 40035, "text: an object"),
        ({"msgtype": "text", "text": {"content": ""}}, 40035, "content: missing"),
        ({"msgtype": "text", "text": {"content": 5}}, 40035, "content: a string"),
        ({"msgtype": "markdown", "markdown": {"text": "x"}}, 40035, "title: missing"),
        ({"msgtype": "actionCard", "actionCard": {"title": "t", "text": "x"}}, 40035, "singleTitle: missing"),
        ({"msgtype": "link", "link": {"title": "t", "text": "x", "messageURL": "u"}}, 40035, "messageURL"),
        ({"msgtype": "feedCard", "feedCard": {"links": []}}, 40035, "links"),
        ({**TEXT, "at": {"atUserIds": "0002"}}, 40035, "atUserIds"),
        ({**TEXT, "at": {"atUserIds": [None]}}, 40035, "atUserIds"),
        ({**TEXT, "markdown": {}}, 40035, "markdown"),
        ({"msgtype": "text", "text": {"content": "长" * 7000}}, 460101, "20000"),
        ([TEXT], 40035, "body"),
    ],
)
async def test_bad_messages_are_refused_and_noted(
    sandbox: Sandbox, client: Client, address: str, body: Any, errcode: int, named: str
) -> None:
    assert (await client.webhook(address, body))["errcode"] == errcode
    assert len(sandbox.violations) == 1
    assert named in sandbox.violations[0]
    assert sandbox.world.messages == []


@pytest.mark.parametrize(("size", "errcode"), [(20_000, 0), (20_001, 460101)])
async def test_twenty_thousand_bytes_are_the_most_of_a_whole_body(
    client: Client, address: str, size: int, errcode: int
) -> None:
    empty = {"msgtype": "markdown", "markdown": {"title": "t", "text": ""}, "at": {"atUserIds": ["0002"]}}
    text = "x" * (size - len(json.dumps(empty)))
    body = {**empty, "markdown": {"title": "t", "text": text}}
    assert (await client.webhook(address, body))["errcode"] == errcode


async def test_a_session_expires_after_ninety_minutes(sandbox: Sandbox, client: Client, address: str) -> None:
    clock_of(sandbox.world).advance(timedelta(minutes=89))
    assert await client.webhook(address, TEXT) == OK
    clock_of(sandbox.world).advance(timedelta(minutes=1))
    assert await client.webhook(address, TEXT) == {"errcode": 300001, "errmsg": "session 不存在"}
    assert sandbox.violations == [], "nobody can know when a session really dies"


async def test_a_session_can_die_early(sandbox: Sandbox, client: Client, address: str) -> None:
    sandbox.webhooks.expire_all()
    assert (await client.webhook(address, TEXT))["errcode"] == 300001


async def test_too_fast_blocks_the_chat_for_ten_minutes(sandbox: Sandbox, client: Client, address: str) -> None:
    sandbox.quotas.webhook_per_minute = 2
    codes = [(await client.webhook(address, TEXT))["errcode"] for _ in range(3)]
    assert codes == [0, 0, 130101]
    clock_of(sandbox.world).advance(timedelta(minutes=9))
    assert (await client.webhook(address, TEXT))["errcode"] == 130101
    private = sandbox.webhooks.open("private:0002")[0]
    assert await client.webhook(private, TEXT) == OK
    clock_of(sandbox.world).advance(timedelta(minutes=1))
    assert await client.webhook(sandbox.webhooks.open(GROUP)[0], TEXT) == OK


async def test_whoever_goes_on_at_the_end_of_a_block_is_blocked_again(
    sandbox: Sandbox, client: Client, address: str
) -> None:
    sandbox.quotas.webhook_per_minute = 2
    codes = [(await client.webhook(address, TEXT))["errcode"] for _ in range(3)]
    clock_of(sandbox.world).advance(timedelta(minutes=9, seconds=50))
    codes += [(await client.webhook(address, TEXT))["errcode"] for _ in range(2)]
    clock_of(sandbox.world).advance(timedelta(seconds=10))
    codes.append((await client.webhook(address, TEXT))["errcode"])
    assert codes == [0, 0, 130101, 130101, 130101, 130101]
