"""Contacts and groups, as far as they can be read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sandbox.platform import Sandbox
from sandbox.world import Person
from tests.sandbox.client import Client
from tests.sandbox.college_of_three import CHAT_ID, GROUP, SCENE, START


@pytest.fixture
async def reader(client: Client) -> Client:
    """The client, logged in."""
    await client.log_in()
    return client


async def test_departments_are_read_level_by_level(reader: Client) -> None:
    top = await reader.legacy("/topapi/v2/department/listsub", {"dept_id": 1})
    assert (top["errcode"], top["errmsg"]) == (0, "ok")
    assert [(row["dept_id"], row["name"], row["parent_id"]) for row in top["result"]] == [(2, "办公室", 1)]
    ids = await reader.legacy("/topapi/v2/department/listsubid", {"dept_id": 2})
    assert ids["result"] == {"dept_id_list": [3]}
    one = (await reader.legacy("/topapi/v2/department/get", {"dept_id": 2}))["result"]
    assert (one["name"], one["parent_id"], one["dept_manager_userid_list"], one["member_count"]) == (
        "办公室",
        1,
        ["0001"],
        2,
    )


async def test_people_are_listed_in_pages_without_those_who_left(sandbox: Sandbox, reader: Client) -> None:
    for number in range(100, 250):
        sandbox.world.people[f"{number}"] = Person(f"{number}", f"{number}", f"人{number}", f"u{number}", dept_ids=[3])
    seen: list[str] = []
    body: dict[str, Any] = {"dept_id": 3, "cursor": 0, "size": 100, "contain_access_limit": False}
    while True:
        page = (await reader.legacy("/topapi/v2/user/list", body))["result"]
        seen += [row["userid"] for row in page["list"]]
        if not page["has_more"]:
            break
        body["cursor"] = page["next_cursor"]
    assert seen == [str(number) for number in range(100, 250)]
    assert len(sandbox.record.calls_to("/topapi/v2/user/list")) == 2
    office = (await reader.legacy("/topapi/v2/user/list", {**body, "dept_id": 2, "cursor": 0}))["result"]["list"]
    assert [(row["userid"], row["name"], row["title"]) for row in office] == [
        ("0001", "王主任", "主任"),
        ("0002", "李老师", ""),
    ]


async def test_the_other_ways_to_a_person(reader: Client) -> None:
    listed = {"dept_id": 2, "cursor": 0, "size": 10}
    simple = await reader.legacy("/topapi/user/listsimple", listed)
    assert simple["result"]["list"][0] == {"userid": "0001", "name": "王主任"}
    ids = await reader.legacy("/topapi/user/listid", {"dept_id": 2})
    assert ids["result"] == {"userid_list": ["0001", "0002"]}
    found = await reader.legacy("/topapi/v2/user/getbymobile", {"mobile": "13800000002"})
    assert found["result"] == {"userid": "0002", "contact_type": 0}
    admins = await reader.legacy("/topapi/user/listadmin", {})
    assert admins["result"] == [{"userid": "0001", "sys_level": 1}]
    one = (await reader.legacy("/topapi/v2/user/get", {"userid": "0001", "language": "zh_CN"}))["result"]
    assert (one["unionid"], one["mobile"], one["admin"]) == ("u1iEiE", "13800000001", True)
    assert {"dept_id": 2, "leader": True} in one["leader_in_dept"]


@pytest.mark.parametrize(
    ("path", "body", "errcode", "violations"),
    [
        ("/topapi/v2/user/get", {"userid": "0003"}, 60121, 0),
        ("/topapi/v2/user/get", {"userid": "9999"}, 60121, 0),
        ("/topapi/v2/user/getbymobile", {"mobile": "1"}, 60121, 0),
        ("/topapi/v2/department/get", {"dept_id": 77}, 60003, 0),
        ("/topapi/v2/department/listsub", {"dept_id": "1"}, 40035, 1),
        ("/topapi/v2/user/list", {"dept_id": 1, "cursor": 0, "size": 101}, 40035, 1),
        ("/topapi/v2/user/list", {"dept_id": 1, "cursor": "0", "size": 100}, 40035, 1),
        ("/topapi/v2/user/list", {"dept_id": 1, "size": 100}, 40035, 1),
        ("/topapi/v2/user/get", {}, 40035, 1),
        ("/topapi/v2/user/get", {"userId": "0001"}, 40035, 1),
        ("/topapi/im/chat/scenegroup/get", {"open_conversation_id": GROUP}, 400020, 0),
        (
            "/topapi/im/chat/scenegroup/member/get",
            {"open_conversation_id": SCENE, "cursor": "0", "size": 1001},
            40035,
            1,
        ),
    ],
)
async def test_legacy_errors(
    sandbox: Sandbox, reader: Client, path: str, body: dict[str, Any], errcode: int, violations: int
) -> None:
    answer = await reader.legacy(path, body)
    assert answer["errcode"] == errcode
    assert answer.keys() == {"errcode", "errmsg", "request_id"}
    assert len(sandbox.violations) == violations


async def test_leavers_are_listed_by_the_time_they_left(sandbox: Sandbox, reader: Client) -> None:
    path = "/v1.0/contact/empLeaveRecords"
    start = (START - timedelta(days=10)).isoformat()
    status, answer = await reader.get(path, startTime=start, nextToken="0", maxResults="50")
    assert status == 200
    assert [(row["userId"], row["leaveTime"]) for row in answer["records"]] == [("0003", "2026-11-21T09:00:00+08:00")]
    _, later = await reader.get(path, startTime=(START - timedelta(days=1)).isoformat())
    assert later["records"] == []
    assert sandbox.violations == []
    assert (await reader.get(path))[0] == 400
    assert (await reader.get(path, startTime="gestern"))[0] == 400
    assert (await reader.get(path, startTime=(START - timedelta(days=366)).isoformat()))[0] == 400
    assert len(sandbox.violations) == 3


async def test_members_of_a_scene_group_are_read_page_by_page(reader: Client) -> None:
    path = "/v1.0/im/sceneGroups/members/batchQuery"
    body: dict[str, Any] = {"openConversationId": SCENE, "maxResults": 3}
    _, first = await reader.post(path, body)
    _, second = await reader.post(path, {**body, "nextToken": first["nextToken"]})
    assert first["memberUserIds"] == ["0001", "0002", "0003"]
    assert (first["unionIdList"], first["hasMore"]) == ([], True)
    assert (second["memberUserIds"], second["unionIdNickMap"], second["hasMore"]) == ([], {"u4iEiE": "小客"}, False)
    body = {"open_conversation_id": SCENE, "cursor": "0", "size": 1000}
    legacy = (await reader.legacy("/topapi/im/chat/scenegroup/member/get", body))["result"]
    assert legacy["member_user_ids"] == ["0001", "0002", "0003"]
    assert legacy["has_more"] is False


async def test_owner_and_title_of_a_scene_group(reader: Client) -> None:
    _, group = await reader.post("/v1.0/im/sceneGroups/query", {"openConversationId": SCENE})
    assert (group["title"], group["ownerUserId"]) == ("项目群", "0001")
    _, detail = await reader.post("/v1.0/im/sceneGroups/queryDetail", {"openConversationId": SCENE})
    assert (detail["owner_staff_id"], detail["sub_admin_staff_ids"], detail["member_amount"]) == ("0001", ["0002"], 4)
    legacy = (await reader.legacy("/topapi/im/chat/scenegroup/get", {"open_conversation_id": SCENE}))["result"]
    assert (legacy["title"], legacy["owner_staff_id"]) == ("项目群", "0001")


@pytest.mark.parametrize("path", ["query", "queryDetail", "members/batchQuery"])
async def test_an_ordinary_group_cannot_be_read(sandbox: Sandbox, reader: Client, path: str) -> None:
    status, answer = await reader.post(f"/v1.0/im/sceneGroups/{path}", {"openConversationId": GROUP})
    assert (status, answer["code"]) == (400, "400020")
    assert sandbox.violations == []


async def test_a_chat_id_becomes_a_conversation_id(reader: Client) -> None:
    path = "/v1.0/im/chat/{}/convertToOpenConversationId"
    assert await reader.post(path.format(CHAT_ID), {}) == (200, {"openConversationId": GROUP})
    assert (await reader.post(path.format("chatunknown"), {}))[0] == 400
