"""The events of what happens in the organisation, key by key as the platform's samples have them."""

from __future__ import annotations

import json
from typing import Any

from sandbox.platform import Sandbox
from sandbox.world import Person
from tests.sandbox.client import Client, Stream
from tests.sandbox.college_of_three import CHAT_ID, GROUP

AT = 1795482000000
OF_GROUP = {"timeStamp": AT, "chatId": CHAT_ID, "openConversationId": GROUP, "corpId": "dingsandboxcorp"}
BY_HEAD = {"operator": "0001", "operatorUnionId": "u1iEiE"}


async def next_event(stream: Stream) -> tuple[str, dict[str, Any]]:
    """Type and data of the next event, acknowledged."""
    frame = await stream.frame()
    await stream.ack(frame["headers"]["messageId"], {"status": "SUCCESS", "message": ""})
    return frame["headers"]["eventType"], json.loads(frame["data"])


async def test_people_come_and_go(sandbox: Sandbox, client: Client) -> None:
    stream = await client.connect()
    happenings, world = sandbox.happenings, sandbox.world
    await happenings.person_leaves("0002", by="0001")
    assert await next_event(stream) == (
        "user_leave_org",
        {"timeStamp": str(AT), "userId": ["0002"], "optStaffId": "0001"},
    )
    await client.log_in()
    assert (await client.legacy("/topapi/v2/user/get", {"userid": "0002"}))["errcode"] == 60121
    await happenings.person_comes(Person("0009", "0009", "新老师", "u9iEiE", dept_ids=[2]), by="0001")
    assert await next_event(stream) == (
        "user_add_org",
        {"timeStamp": str(AT), "userId": ["0009"], "optStaffId": "0001"},
    )
    assert (await client.legacy("/topapi/v2/user/get", {"userid": "0009"}))["result"]["name"] == "新老师"
    assert "0002" in world.groups[GROUP].members, "whoever left may go on sitting in groups"


async def test_members_come_and_go(sandbox: Sandbox, client: Client) -> None:
    stream = await client.connect()
    group = sandbox.world.groups[GROUP]
    await sandbox.happenings.members_are_removed(GROUP, ["0003", "guest"], by="0001")
    listed = {"userId": ["0003"], "unionId": ["u3iEiE", "u4iEiE"]}
    assert await next_event(stream) == ("chat_remove_member", {**OF_GROUP, **BY_HEAD, **listed})
    assert group.members == ["0001", "0002"]
    await sandbox.happenings.members_join(GROUP, ["guest"], by="0001")
    listed = {"userId": [], "unionId": ["u4iEiE"]}
    assert await next_event(stream) == ("chat_add_member", {**OF_GROUP, **BY_HEAD, **listed})
    assert group.members == ["0001", "0002", "guest"]
    await sandbox.happenings.member_quits(GROUP, "0002")
    assert await next_event(stream) == ("chat_quit", {**OF_GROUP, "operator": "0002", "operatorUnionId": "u2iEiE"})
    assert group.members == ["0001", "guest"]
    await sandbox.until_settled()
    assert sandbox.violations == []


async def test_groups_change(sandbox: Sandbox, client: Client) -> None:
    stream = await client.connect()
    await sandbox.happenings.owner_changes(GROUP, "0002", by="0001")
    kind, data = await next_event(stream)
    assert kind == "chat_update_owner"
    assert data == {
        "timeStamp": AT,
        "openConversationId": GROUP,
        "corpId": "dingsandboxcorp",
        "owner": "0002",
        "operatorUnionId": "u1iEiE",
    }, "neither chatId nor operator"
    await sandbox.happenings.title_changes(GROUP, "新群名", by="0001")
    assert await next_event(stream) == ("chat_update_title", {**OF_GROUP, **BY_HEAD, "title": "新群名"})
    await sandbox.happenings.group_is_disbanded(GROUP, by="0001")
    assert await next_event(stream) == ("chat_disband", {**OF_GROUP, **BY_HEAD})
    assert GROUP not in sandbox.world.groups
