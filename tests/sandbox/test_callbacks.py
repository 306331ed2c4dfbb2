"""What the robot hears: the shapes of robot messages, and what is not delivered at all."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.platform import Sandbox
from sandbox.world import ShownButton
from tests.sandbox.client import Client, Stream
from tests.sandbox.college_of_three import GROUP, SCENE


async def heard(sandbox: Sandbox, client: Client, person: str, chat: str, text: str, **more: Any) -> dict[str, Any]:
    """Say something and return the callback's data."""
    stream = await client.connect()
    await sandbox.until_connected()
    await sandbox.say(person, chat, text, **more)
    return await taken(stream)


async def taken(stream: Stream) -> dict[str, Any]:
    """The next message, acknowledged."""
    message_id, data = await stream.message()
    await stream.ack(message_id)
    return data


async def test_a_text_in_a_group(sandbox: Sandbox, client: Client) -> None:
    data = await heard(sandbox, client, "0002", GROUP, "看看 @王主任", mentions=["0001", "guest"])
    assert data["text"] == {"content": " 看看 @王主任"}
    assert (data["conversationId"], data["conversationType"], data["conversationTitle"]) == (GROUP, "2", "办公室群")
    assert (data["senderStaffId"], data["senderCorpId"], data["senderNick"]) == ("0002", "dingsandboxcorp", "李老师")
    assert data["atUsers"] == [
        {"dingtalkId": data["chatbotUserId"]},
        {"dingtalkId": "$:LWCP_v1:$0001", "staffId": "0001"},
        {"dingtalkId": "$:LWCP_v1:$guest"},
    ]
    assert data["isInAtList"] is True
    assert data["robotCode"] == "dingsandbox"
    assert data["sessionWebhookExpiredTime"] - data["createAt"] == 90 * 60 * 1000
    assert sandbox.world.messages[-1].text == "@群管家 看看 @王主任"


async def test_a_text_in_private(sandbox: Sandbox, client: Client) -> None:
    data = await heard(sandbox, client, "0001", "private:0001", "你好")
    assert data["text"] == {"content": "你好"}
    assert data["conversationType"] == "1"
    assert not {"conversationTitle", "atUsers", "isInAtList"} & data.keys()
    assert data["isAdmin"] is True, "王主任 manages the root department"


async def test_an_outsider_has_no_staff_id(sandbox: Sandbox, client: Client) -> None:
    data = await heard(sandbox, client, "guest", GROUP, "你好")
    assert not {"senderStaffId", "senderCorpId"} & data.keys()
    assert (data["senderNick"], data["senderUnionId"]) == ("小客", "u4iEiE")


async def test_whoever_has_left_has_no_staff_id_any_more(sandbox: Sandbox, client: Client) -> None:
    data = await heard(sandbox, client, "0003", GROUP, "我还在群里", mentions=["0003"])
    assert not {"senderStaffId", "senderCorpId"} & data.keys()
    assert data["atUsers"][1] == {"dingtalkId": "$:LWCP_v1:$0003"}


async def test_an_external_group_names_no_corporation(sandbox: Sandbox, client: Client) -> None:
    sandbox.world.groups[GROUP].is_external = True
    data = await heard(sandbox, client, "0002", GROUP, "你好")
    assert data["senderStaffId"] == "0002"
    assert "senderCorpId" not in data


async def test_what_does_not_name_the_robot_is_not_heard(sandbox: Sandbox, client: Client) -> None:
    stream = await client.connect()
    await sandbox.until_connected()
    await sandbox.say("0002", GROUP, "不是说给机器人的", at_robot=False)
    await sandbox.say("0002", GROUP, "一段语音", kind="audio")
    sandbox.world.groups[GROUP].has_robot = False
    await sandbox.say("0002", GROUP, "机器人不在")
    await sandbox.say("0002", "private:0002", "在吗")
    assert (await taken(stream))["text"] == {"content": "在吗"}
    assert len(sandbox.world.messages) == 4


async def test_a_quoted_text(sandbox: Sandbox, client: Client) -> None:
    old = await sandbox.say("guest", GROUP, "加微信领红包", at_robot=False)
    data = await heard(sandbox, client, "0002", GROUP, "举报", quotes=old)
    assert data["originalMsgId"] == old
    assert "originalProcessQueryKey" not in data
    assert data["text"] == {
        "content": " 举报",
        "isReplyMsg": True,
        "repliedMsg": {
            "msgType": "text",
            "msgId": old,
            "senderId": "$:LWCP_v1:$guest",
            "createdAt": 1795482000000,
            "content": {"text": "加微信领红包"},
        },
    }


@pytest.mark.parametrize(
    ("chat", "kind", "keys"),
    [
        (GROUP, "picture", {"downloadCode", "pictureDownloadCode"}),
        (GROUP, "file", {"fileName"}),
        (GROUP, "audio", {"duration", "recognition"}),
        ("private:0002", "file", {"fileName", "downloadCode", "spaceId", "fileId"}),
    ],
)
async def test_what_comes_back_of_quoted_media(
    sandbox: Sandbox, client: Client, chat: str, kind: str, keys: set[str]
) -> None:
    stream = await client.connect()
    await sandbox.until_connected()
    old = await sandbox.say("0002", chat, "名单.csv", kind=kind, at_robot=False)
    if chat != GROUP:
        await taken(stream)
    await sandbox.say("0002", chat, "举报", quotes=old)
    replied = (await taken(stream))["text"]["repliedMsg"]
    assert (replied["msgType"], replied["msgId"]) == (kind, old)
    assert replied["content"].keys() == keys


async def test_a_quoted_rich_text_spells_its_runs_otherwise(sandbox: Sandbox, client: Client) -> None:
    stream = await client.connect()
    await sandbox.until_connected()
    old = await sandbox.say("0002", GROUP, "看图", kind="picture")
    code = (await taken(stream))["content"]["richText"][2]["downloadCode"]
    await sandbox.say("0001", GROUP, "举报", quotes=old)
    replied = (await taken(stream))["text"]["repliedMsg"]
    assert replied["msgType"] == "richText"
    assert replied["content"]["richText"] == [
        {"msgType": "text", "content": "@群管家"},
        {"msgType": "text", "content": "看图"},
        {"msgType": "picture", "downloadCode": code},
    ]


async def test_a_quoted_message_of_the_robot_comes_with_its_key(sandbox: Sandbox, client: Client) -> None:
    await client.log_in()
    param = '{"title":"t","text":"正文"}'
    body = {"robotCode": "dingsandbox", "openConversationId": GROUP, "msgKey": "sampleMarkdown", "msgParam": param}
    _, sent = await client.post("/v1.0/robot/groupMessages/send", body)
    data = await heard(sandbox, client, "0002", GROUP, "好", quotes=sandbox.world.messages[-1].message_id)
    assert data["originalProcessQueryKey"] == sent["processQueryKey"]
    assert "repliedMsg" not in data["text"], "the body of our own Markdown does not come back"


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        ("picture", {"downloadCode", "pictureDownloadCode"}),
        ("audio", {"downloadCode", "duration", "recognition"}),
        ("video", {"downloadCode", "duration", "videoType"}),
        ("file", {"downloadCode", "fileName", "spaceId", "fileId"}),
        ("unknownMsgType", {"unknownMsgType"}),
        ("richText", {"richText"}),
    ],
)
async def test_other_kinds_in_private(sandbox: Sandbox, client: Client, kind: str, keys: set[str]) -> None:
    data = await heard(sandbox, client, "0002", "private:0002", "内容", kind=kind)
    assert data["msgtype"] == kind
    assert data["content"].keys() == keys
    assert "text" not in data


async def test_a_picture_in_a_group_comes_as_rich_text(sandbox: Sandbox, client: Client) -> None:
    data = await heard(sandbox, client, "0002", GROUP, "看图", kind="picture")
    assert data["msgtype"] == "richText"
    at, text, picture = data["content"]["richText"]
    assert at == {"text": "@群管家"}, "in rich text the @ stays"
    assert text == {"text": "看图"}
    assert picture["type"] == "picture"
    assert picture["downloadCode"]


async def test_a_file_can_be_downloaded(sandbox: Sandbox, client: Client) -> None:
    content = {"fileName": "名单.csv", "data": "姓名\n李老师\n".encode()}
    data = await heard(sandbox, client, "0002", "private:0002", "", kind="file", content=content)
    await client.log_in()
    body = {"robotCode": "dingsandbox", "downloadCode": data["content"]["downloadCode"]}
    status, answer = await client.post("/v1.0/robot/messageFiles/download", body)
    assert status == 200
    async with client.http.get(answer["downloadUrl"]) as file:
        assert (await file.read()).decode() == "姓名\n李老师\n"
    body["downloadCode"] = "unknown"
    assert (await client.post("/v1.0/robot/messageFiles/download", body))[0] == 400


@pytest.mark.parametrize(
    ("person", "chat", "more"),
    [
        ("nobody", GROUP, {}),
        ("0002", "cidUNKNOWN==", {}),
        ("0002", "private:0001", {}),
        ("0002", GROUP, {"quotes": "msgUNKNOWN=="}),
        ("0002", SCENE, {"quotes": "msgGROUP=="}),
        ("0002", GROUP, {"kind": "hologram"}),
        ("0002", GROUP, {"mentions": ["nobody"]}),
    ],
)
async def test_what_cannot_be_said(sandbox: Sandbox, person: str, chat: str, more: dict[str, Any]) -> None:
    earlier = sandbox.world.show(chat=GROUP, author="0002", kind="text", text="别的群里的话", message_id="msgGROUP==")
    with pytest.raises(ValueError, match=r"."):
        await sandbox.say(person, chat, "你好", **more)
    assert sandbox.world.messages == [earlier]


async def test_waiting_in_vain_tells_what_came(sandbox: Sandbox) -> None:
    await sandbox.say("0002", GROUP, "有人吗", at_robot=False)
    with pytest.raises(TimeoutError, match="有人吗"):
        await sandbox.wait_for(lambda message: message.author == "robot", timeout=0.01)


async def test_a_button_speaks_for_whom_taps_it(sandbox: Sandbox, client: Client) -> None:
    stream = await client.connect()
    await sandbox.until_connected()
    buttons = (
        ShownButton(
            "都清走了", "dtmd://dingtalkclient/sendMessage?content=%E5%85%A8%E9%83%A8%E5%B7%B2%E7%A7%BB%E5%87%BA%201"
        ),
        ShownButton("看网页", "https://example.edu.cn/?content=1"),
    )
    card = sandbox.world.show(chat="private:0001", author="robot", kind="actionCard", text="请核对", buttons=buttons)
    await sandbox.press("0001", card, "都清走了")
    assert (await taken(stream))["text"] == {"content": "全部已移出 1"}
    await sandbox.until_settled()
    with pytest.raises(ValueError, match="opens 'https"):
        await sandbox.press("0001", card, "看网页")
    with pytest.raises(ValueError, match="only"):
        await sandbox.press("0001", card, "保留")
