"""The robot's calls on api.dingtalk.com."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from sandbox.platform import Sandbox
from sandbox.world import Person, ShownButton
from tests.sandbox.client import Client
from tests.sandbox.college_of_three import GROUP, SCENE, clock_of

ROBOT = "/v1.0/robot"
SEND = f"{ROBOT}/groupMessages/send"
BATCH = f"{ROBOT}/oToMessages/batchSend"
DING = f"{ROBOT}/ding/send"
TEXT = {"robotCode": "dingsandbox", "msgKey": "sampleText", "msgParam": '{"content":"通知"}'}
TO_GROUP = {**TEXT, "openConversationId": GROUP}
TO_PEOPLE = {**TEXT, "userIds": ["0001", "0002"]}
A_DING = {"robotCode": "dingsandbox", "remindType": 1, "receiverUserIdList": ["0001"], "content": "请处理"}


@pytest.fixture
async def robot(client: Client) -> Client:
    """The client, logged in."""
    await client.log_in()
    return client


async def test_the_token_lives_two_hours(sandbox: Sandbox, client: Client) -> None:
    body = {"appKey": "dingsandbox", "appSecret": "sandbox-secret"}
    _, first = await client.post("/v1.0/oauth2/accessToken", body)
    clock_of(sandbox.world).advance(timedelta(seconds=7199))
    _, same = await client.post("/v1.0/oauth2/accessToken", body)
    assert (first["expireIn"], same) == (7200, {"accessToken": first["accessToken"], "expireIn": 1})
    client.token = first["accessToken"]
    assert (await client.post(SEND, TO_GROUP))[0] == 200
    clock_of(sandbox.world).advance(timedelta(seconds=1))
    status, answer = await client.post(SEND, TO_GROUP)
    assert (status, answer["code"]) == (401, "InvalidAuthentication")
    assert sandbox.violations == [], "a token may expire at any time"
    _, new = await client.post("/v1.0/oauth2/accessToken", body)
    assert new["accessToken"] != first["accessToken"]


async def test_the_legacy_token_is_the_same(client: Client) -> None:
    status, answer = await client.get("/gettoken", appkey="dingsandbox", appsecret="sandbox-secret")
    await client.log_in()
    assert status == 200
    assert answer == {"errcode": 0, "access_token": client.token, "errmsg": "ok", "expires_in": 7200}


async def test_a_wrong_secret_gets_no_token(sandbox: Sandbox, client: Client) -> None:
    body = {"appKey": "dingsandbox", "appSecret": "wrong"}
    status, answer = await client.post("/v1.0/oauth2/accessToken", body)
    assert (status, answer["code"]) == (400, "invalidClientIdOrSecret")
    _, answer = await client.get("/gettoken", appkey="dingsandbox", appsecret="wrong")
    assert answer["errcode"] == 40096
    assert len(sandbox.violations) == 2


async def test_a_token_that_was_never_issued_is_a_violation(sandbox: Sandbox, client: Client) -> None:
    client.token = "invented"
    status, answer = await client.post(SEND, TO_GROUP)
    assert (status, answer["code"]) == (401, "InvalidAuthentication")
    legacy = await client.legacy("/topapi/v2/user/get", {"userid": "0001"})
    assert (legacy["errcode"], legacy["sub_code"]) == (88, "40014")
    assert "subcode=40014" in legacy["errmsg"]
    assert len(sandbox.violations) == 2
    assert sandbox.world.messages == []


async def test_a_group_message_is_shown(sandbox: Sandbox, robot: Client) -> None:
    status, answer = await robot.post(SEND, TO_GROUP)
    assert status == 200
    assert answer.keys() == {"processQueryKey"}
    message = sandbox.world.messages[-1]
    assert (message.chat, message.author, message.text, message.via) == (GROUP, "robot", "通知", "groupMessages")
    assert sandbox.violations == []


def _card(count: int, title: str, url: str) -> dict[str, str]:
    buttons = {f"{title}{n}": f"键{n}" for n in range(1, count + 1)} | {
        f"{url}{n}": f"u{n}" for n in range(1, count + 1)
    }
    return {"title": "t", "text": "md", **buttons}


@pytest.mark.parametrize(
    ("key", "param", "buttons"),
    [
        ("sampleActionCard", {"title": "t", "text": "md", "singleTitle": "键1", "singleURL": "u1"}, 1),
        ("sampleActionCard2", _card(2, "actionTitle", "actionURL"), 2),
        ("sampleActionCard3", _card(3, "actionTitle", "actionURL"), 3),
        ("sampleActionCard4", _card(4, "actionTitle", "actionURL"), 4),
        ("sampleActionCard5", _card(5, "actionTitle", "actionURL"), 5),
        ("sampleActionCard6", _card(2, "buttonTitle", "buttonUrl"), 2),
    ],
)
async def test_action_cards_show_their_buttons(
    sandbox: Sandbox, robot: Client, key: str, param: dict[str, str], buttons: int
) -> None:
    status, answer = await robot.post(SEND, {**TO_GROUP, "msgKey": key, "msgParam": json.dumps(param)})
    assert status == 200, answer
    message = sandbox.world.messages[-1]
    assert (message.kind, message.title, message.text) == ("actionCard", "t", "md")
    assert message.buttons == tuple(ShownButton(f"键{n}", f"u{n}") for n in range(1, buttons + 1))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"robotCode": None}, "invalidParameter.robotCode.empty"),
        ({"robotCode": "dingother"}, "invalidParameter.robotCode.auth"),
        ({"openConversationId": 5}, "invalidParameter.openConversationId.invalid"),
        ({"msgKey": "sampleActionCard1"}, "invalidParameter.msgKey.invalid"),
        ({"msgParam": {"content": "x"}}, "invalidParameter.msgParam.invalid"),
        ({"msgParam": "x"}, "invalidParameter.msgParam.invalid"),
        ({"msgParam": "[]"}, "invalidParameter.msgParam.invalid"),
        ({"msgParam": '{"text":"x"}'}, "invalidParameter.msgParam.invalid"),
        ({"msgParam": '{"content":5}'}, "invalidParameter.msgParam.invalid"),
        ({"msgParam": json.dumps({"content": "长" * 5000})}, "invalidParameter.msgParam.tooLong"),
        ({"at": {"atUserIds": ["0002"]}}, "invalidParameter.at.invalid"),
        (
            {"msgKey": "sampleActionCard3", "msgParam": json.dumps(_card(2, "actionTitle", "actionURL"))},
            "invalidParameter.msgParam.invalid",
        ),
        (
            {"msgKey": "sampleActionCard2", "msgParam": json.dumps(_card(3, "actionTitle", "actionURL"))},
            "invalidParameter.msgParam.invalid",
        ),
    ],
)
async def test_bad_group_messages_are_refused_and_noted(
    sandbox: Sandbox, robot: Client, change: dict[str, Any], code: str
) -> None:
    status, answer = await robot.post(SEND, {**TO_GROUP, **change})
    assert (status, answer["code"]) == (400, code)
    assert len(sandbox.violations) == 1
    assert sandbox.violations[0].startswith(f"POST {SEND}: {code}")
    assert sandbox.world.messages == []


@pytest.mark.parametrize(("size", "status"), [(15_000, 200), (15_001, 400)])
async def test_fifteen_thousand_bytes_are_the_most(robot: Client, size: int, status: int) -> None:
    empty = json.dumps({"content": ""})
    param = json.dumps({"content": "x" * (size - len(empty))})
    assert (await robot.post(SEND, {**TO_GROUP, "msgParam": param}))[0] == status


async def test_a_group_without_the_robot_cannot_be_reached(sandbox: Sandbox, robot: Client) -> None:
    sandbox.world.groups[GROUP].has_robot = False
    status, answer = await robot.post(SEND, TO_GROUP)
    assert (status, answer["code"]) == (400, "invalidParameter.openConversationId.invalid")
    assert sandbox.violations == [], "the robot may have been removed a moment ago"


async def test_private_messages_reach_people_of_the_directory(sandbox: Sandbox, robot: Client) -> None:
    sandbox.world.people["0004"] = Person("0004", "0004", "看不见", "u5iEiE", dept_ids=[3])
    sandbox.quotas.flow_controlled, sandbox.quotas.out_of_sight = {"0002"}, {"0004"}
    status, answer = await robot.post(BATCH, {**TEXT, "userIds": ["0001", "0002", "0003", "guest", "9999", "0004"]})
    assert status == 200
    assert answer["filteredStaffIdList"] == ["0004"]
    assert answer["invalidStaffIdList"] == ["0003", "guest", "9999"]
    assert answer["flowControlledStaffIdList"] == ["0002"]
    assert [(message.chat, message.via) for message in sandbox.world.messages] == [("private:0001", "oToMessages")]
    _, read = await robot.get(
        f"{ROBOT}/oToMessages/readStatus", robotCode="dingsandbox", processQueryKey=answer["processQueryKey"]
    )
    assert read["messageReadInfoList"] == [{"userId": "0001", "name": "王主任", "readStatus": "UNREAD"}]


@pytest.mark.parametrize(
    ("user_ids", "code", "violations"),
    [
        ([], "invalidParameter.userIds.empty", 1),
        ("0001", "invalidParameter.userIds.invalid", 1),
        (["0001"] * 21, "invalidParameter.userIds.overMax", 1),
        (["0003", "9999"], "staffId.notExisted", 0),
    ],
)
async def test_bad_receivers(sandbox: Sandbox, robot: Client, user_ids: Any, code: str, violations: int) -> None:
    status, answer = await robot.post(BATCH, {**TEXT, "userIds": user_ids})
    assert (status, answer["code"]) == (400, code)
    assert len(sandbox.violations) == violations


async def test_a_sent_message_can_be_recalled(sandbox: Sandbox, robot: Client) -> None:
    _, sent = await robot.post(SEND, TO_GROUP)
    key = sent["processQueryKey"]
    body = {"robotCode": "dingsandbox", "openConversationId": GROUP, "processQueryKeys": [key, "unknown"]}
    status, answer = await robot.post(f"{ROBOT}/groupMessages/recall", body)
    assert status == 200
    assert answer["successResult"] == [key]
    assert list(answer["failedResult"]) == ["unknown"]
    assert sandbox.world.messages == []


async def test_a_ding_reaches_its_receivers(sandbox: Sandbox, robot: Client) -> None:
    status, answer = await robot.post(DING, {**A_DING, "receiverUserIdList": ["0001", "0003"]})
    assert status == 200
    assert list(answer["failedList"]) == ["0003"]
    assert answer["openDingId"]
    message = sandbox.world.messages[-1]
    assert (message.chat, message.kind, message.via, message.text) == ("private:0001", "ding", "ding", "请处理")


@pytest.mark.parametrize(
    "change",
    [
        {"remindType": 4},
        {"remindType": "1"},
        {"receiverUserIdList": []},
        {"remindType": 2, "receiverUserIdList": ["0001"] * 21},
        {"receiverUserIdList": ["0001"] * 201},
        {"content": None},
        {"callVoice": "Robot_Voice"},
    ],
)
async def test_bad_dings_are_refused_and_noted(sandbox: Sandbox, robot: Client, change: dict[str, Any]) -> None:
    assert (await robot.post(DING, {**A_DING, **change}))[0] == 400
    assert len(sandbox.violations) == 1
    assert sandbox.world.messages == []


async def test_the_groups_of_the_robot_are_paged(robot: Client) -> None:
    body: dict[str, Any] = {"robotCode": "dingsandbox", "pageNumber": 1, "pageSize": 1}
    _, first = await robot.post(f"{ROBOT}/installed/groups/query", body)
    _, second = await robot.post(f"{ROBOT}/installed/groups/query", {**body, "pageNumber": 2})
    assert first == {"openConversationIds": [GROUP], "hasMore": True}
    assert second == {"openConversationIds": [SCENE], "hasMore": False}
    _, marked = await robot.post(f"{ROBOT}/groups/query", {"robotCode": "dingsandbox", "maxResult": 1})
    body = {"robotCode": "dingsandbox", "maxResult": 1, "nextToken": marked["nextToken"]}
    _, rest = await robot.post(f"{ROBOT}/groups/query", body)
    assert (marked["openConversationIds"], rest["openConversationIds"], rest["hasMore"]) == ([GROUP], [SCENE], False)
