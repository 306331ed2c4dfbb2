"""Opening a connection: what is checked, and what a ticket is good for."""

from __future__ import annotations

from datetime import timedelta

import pytest
import websockets
from websockets.exceptions import InvalidStatus

from sandbox.platform import Sandbox
from tests.sandbox.client import OPEN, Client
from tests.sandbox.college_of_three import clock_of


async def test_a_good_request_gets_a_ticket_that_opens_one_connection(sandbox: Sandbox, client: Client) -> None:
    status, opened = await client.open(ua="test/1", localIp="10.0.0.1")
    assert status == 200
    address = f"{opened['endpoint']}?ticket={opened['ticket']}"
    async with websockets.connect(address, proxy=None):
        await sandbox.until_connected()
        assert sandbox.violations == []
        with pytest.raises(InvalidStatus) as refused:
            await websockets.connect(address, proxy=None)
    assert refused.value.response.status_code == 401
    assert "the ticket was used before" in sandbox.violations[0]


async def test_a_ticket_lives_ninety_seconds(sandbox: Sandbox, client: Client) -> None:
    _, opened = await client.open()
    _, other = await client.open()
    clock_of(sandbox.world).advance(timedelta(seconds=89))
    async with websockets.connect(f"{other['endpoint']}?ticket={other['ticket']}", proxy=None):
        await sandbox.until_connected()
    clock_of(sandbox.world).advance(timedelta(seconds=1))
    with pytest.raises(InvalidStatus):
        await websockets.connect(f"{opened['endpoint']}?ticket={opened['ticket']}", proxy=None)
    assert "older than 90 s" in sandbox.violations[0]


async def test_an_unknown_ticket_is_refused(sandbox: Sandbox, client: Client) -> None:
    with pytest.raises(InvalidStatus):
        await websockets.connect(sandbox.url.replace("http", "ws") + "/connect?ticket=x", proxy=None)
    assert "unknown ticket" in sandbox.violations[0]


@pytest.mark.parametrize(
    ("changes", "code", "named"),
    [
        ({"clientSecret": "wrong"}, "invalidParameter", "clientSecret"),
        ({"clientId": "dingother"}, "invalidParameter", "clientId"),
        ({"clientId": None}, "invalidParameter.clientId.empty", "clientId"),
        ({"clientSecret": 5}, "invalidParameter.clientSecret.invalid", "clientSecret"),
        ({"subscriptions": None}, "invalidParameter.subscriptions.empty", "subscriptions"),
        ({"subscriptions": []}, "invalidParameter.subscriptions.invalid", "subscriptions"),
        ({"subscriptions": ["*"]}, "invalidParameter.subscriptions.invalid", "subscriptions"),
        (
            {"subscriptions": [{"type": "EVENT", "topic": "user_leave_org"}]},
            "invalidParameter.subscriptions.invalid",
            "*",
        ),
        ({"subscriptions": [{"type": "EVENTS", "topic": "*"}]}, "invalidParameter.subscriptions.invalid", "EVENTS"),
        (
            {"subscriptions": [{"type": "CALLBACK", "topic": "/v1.0/im/bot/message/get"}]},
            "invalidParameter.subscriptions.invalid",
            "/v1.0/im/bot/message/get",
        ),
        ({"subscriptions": [{"type": "EVENT"}]}, "invalidParameter.topic.empty", "topic"),
        ({"localIP": "10.0.0.1"}, "invalidParameter.localIP.invalid", "localIP"),
    ],
)
async def test_a_bad_request_is_refused_and_noted(
    sandbox: Sandbox, client: Client, changes: dict[str, object], code: str, named: str
) -> None:
    status, answer = await client.open(**changes)
    assert status == 400
    assert answer["code"] == code
    assert set(answer) == {"code", "requestId", "message"}
    assert len(sandbox.violations) == 1
    assert sandbox.violations[0].startswith(f"POST {OPEN}: ")
    assert named in sandbox.violations[0]


async def test_without_accept_json_it_is_noted(sandbox: Sandbox, client: Client) -> None:
    body = {
        "clientId": "dingsandbox",
        "clientSecret": "sandbox-secret",
        "subscriptions": [{"type": "EVENT", "topic": "*"}],
    }
    async with client.http.post(client.url + OPEN, json=body) as answer:
        assert answer.status == 200
    assert "Accept: application/json" in sandbox.violations[0]


async def test_an_unknown_path_or_method_is_noted(sandbox: Sandbox, client: Client) -> None:
    await client.log_in()
    assert (await client.post("/v1.0/robot/groupMessage/send", {}))[0] == 404
    assert (await client.get("/v1.0/robot/groupMessages/send"))[0] == 404
    assert (await client.get("/nowhere"))[0] == 404
    assert sandbox.violations == [
        "POST /v1.0/robot/groupMessage/send: unknown path",
        "GET /v1.0/robot/groupMessages/send: unknown path",
        "GET /nowhere: unknown path",
    ]
    assert sandbox.calls[0].status == 200, "an earlier call of the same TCP connection keeps its own status"
