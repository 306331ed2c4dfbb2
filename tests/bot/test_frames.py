"""From DingTalk's raw data to what handlers read: every shape in docs/platform.md §3, and everything else."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gateway import frames
from handlers.message import ChatKind, Event, Incoming, MessageKind

GROUP_TEXT: dict[str, Any] = {
    "conversationId": "cidAAA==",
    "conversationType": "2",
    "conversationTitle": "测试群",
    "chatbotCorpId": "dingC",
    "chatbotUserId": "$:LWCP_v1:$bot",
    "robotCode": "dingX",
    "msgId": "msgAAA==",
    "msgtype": "text",
    "text": {"content": " 你好 "},
    "senderId": "$:LWCP_v1:$u",
    "senderNick": "张三",
    "senderStaffId": "0427",
    "senderCorpId": "dingC",
    "senderUnionId": "uiEiE",
    "isAdmin": False,
    "isInAtList": True,
    "atUsers": [{"dingtalkId": "$:LWCP_v1:$bot"}, {"dingtalkId": "$:LWCP_v1:$v", "staffId": "0999"}],
    "createAt": 1690362101894,
    "sessionWebhook": "https://oapi.dingtalk.com/robot/sendBySession?session=s",
    "sessionWebhookExpiredTime": 1690367502152,
    "somethingNew": {"a": [1]},
}
RUNS = [{"text": "@群管家"}, {"text": " "}, {"text": "看"}, {"type": "picture", "downloadCode": "d"}, {"text": "这个"}]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
keys = st.sampled_from([*GROUP_TEXT, "content", "quoteMessage", "originalMsgId", "originalProcessQueryKey"])
inner_keys = st.sampled_from(
    [
        "content",
        "repliedMsg",
        "richText",
        "text",
        "msgType",
        "createdAt",
        "downloadCode",
        "fileName",
        "recognition",
        "staffId",
    ]
)
strange = st.dictionaries(
    keys,
    json_values
    | st.dictionaries(inner_keys, json_values | st.dictionaries(inner_keys, json_values, max_size=3), max_size=4)
    | st.sampled_from([kind.value for kind in MessageKind]),
)


def read(**changes: Any) -> Incoming:
    found = frames.incoming({**GROUP_TEXT, **changes})
    assert isinstance(found, Incoming)
    return found


def test_a_group_message_as_documented() -> None:
    message = read()
    assert (message.id, message.conversation, message.chat) == ("msgAAA==", "cidAAA==", ChatKind.GROUP)
    assert (message.text, message.kind, message.title) == ("你好", MessageKind.TEXT, "测试群")
    assert (message.sender.staff_id, message.sender.nick) == ("0427", "张三")
    assert message.sent_at == datetime(2023, 7, 26, 9, 1, 41, 894000, tzinfo=UTC)
    assert message.webhook_expires_at == datetime(2023, 7, 26, 10, 31, 42, 152000, tzinfo=UTC)
    assert message.mentioned == ("0999",)
    assert message.quoted is None


def test_numbers_and_strings_are_taken_alike() -> None:
    message = read(createAt="1690362101894", conversationType=2, senderStaffId=427)
    assert message.sent_at == read().sent_at
    assert message.chat is ChatKind.GROUP
    assert message.sender.staff_id == "427"


def test_somebody_outside_the_organisation_has_no_staff_id() -> None:
    data = {key: value for key, value in GROUP_TEXT.items() if key not in ("senderStaffId", "senderCorpId")}
    message = frames.incoming(data)
    assert isinstance(message, Incoming)
    assert message.sender.staff_id is None
    assert read(senderStaffId="").sender.staff_id is None


@pytest.mark.parametrize(
    ("msgtype", "content", "kind", "text", "file_name", "code"),
    [
        ("picture", {"downloadCode": "d1", "pictureDownloadCode": "p"}, MessageKind.PICTURE, "", "", "d1"),
        ("richText", {"richText": RUNS}, MessageKind.RICH_TEXT, "看这个", "", None),
        (
            "audio",
            {"downloadCode": "d", "duration": 4000, "recognition": "谁是群主"},
            MessageKind.AUDIO,
            "谁是群主",
            "",
            "d",
        ),
        ("video", {"downloadCode": "d", "duration": "5", "videoType": "mp4"}, MessageKind.VIDEO, "", "", "d"),
        ("file", {"fileName": "名单.xlsx", "downloadCode": "d"}, MessageKind.FILE, "", "名单.xlsx", "d"),
        ("unknownMsgType", {"unknownMsgType": "收不了"}, MessageKind.UNKNOWN, "", "", None),
        ("interactiveCard", {"title": "t"}, MessageKind.CARD, "", "", None),
        ("chatRecord", {"summary": "s"}, MessageKind.CHAT_RECORD, "", "", None),
        ("hologram", {"x": 1}, MessageKind.UNKNOWN, "", "", None),
        (None, None, MessageKind.UNKNOWN, "", "", None),
    ],
)
def test_every_kind(msgtype: Any, content: Any, kind: MessageKind, text: str, file_name: str, code: str | None) -> None:
    message = read(msgtype=msgtype, content=content, text=None)
    assert (message.kind, message.text, message.file_name, message.download_code) == (kind, text, file_name, code)


def test_an_at_sign_inside_a_rich_text_stays() -> None:
    runs = [{"text": "@群管家"}, {"text": "请看 "}, {"text": "@李四"}, {"text": " 的话"}]
    assert read(msgtype="richText", content={"richText": runs}).text == "请看 @李四 的话"


def test_a_quoted_text() -> None:
    replied = {"msgType": "text", "msgId": "old", "senderId": "$:x", "content": {"text": "原文"}}
    message = read(text={"content": " 举报", "isReplyMsg": True, "repliedMsg": replied}, originalMsgId="old")
    assert message.quoted is not None
    assert (message.quoted.text, message.quoted.message_id, message.quoted.sender_id) == ("原文", "old", "$:x")
    assert message.text == "举报"


def test_a_quoted_rich_text() -> None:
    runs = [{"msgType": "text", "content": "甲"}, {"msgType": "picture", "downloadCode": "d"}, {"content": "乙"}]
    replied = {"msgType": "richText", "msgId": "old", "content": {"richText": runs}}
    quoted = read(text={"content": "x", "repliedMsg": replied}).quoted
    assert quoted is not None
    assert (quoted.text, quoted.kind) == ("甲乙", MessageKind.RICH_TEXT)


def test_a_quoted_message_says_when_it_was_sent() -> None:
    replied = {"msgType": "text", "msgId": "old", "createdAt": 1690362000000, "content": {"text": "原文"}}
    quoted = read(text={"content": "x", "repliedMsg": replied}, originalProcessQueryKey="k1").quoted
    assert quoted is not None
    assert (quoted.platform_key, quoted.sent_at) == ("k1", datetime(2023, 7, 26, 9, 0, tzinfo=UTC))


def test_our_own_message_quoted_comes_with_its_key_alone() -> None:
    quoted = read(originalMsgId="ours", originalProcessQueryKey="k1").quoted
    assert quoted is not None
    assert (quoted.text, quoted.message_id, quoted.platform_key) == ("", "ours", "k1")


def test_the_older_shape_of_a_quote() -> None:
    quoted = read(quoteMessage={"msgId": "q", "msgtype": "text", "text": {"content": "旧"}, "senderId": "s"}).quoted
    assert quoted is not None
    assert (quoted.text, quoted.message_id, quoted.sender_id) == ("旧", "q", "s")


@pytest.mark.parametrize("missing", ["msgId", "conversationId"])
def test_without_its_ids_a_message_cannot_be_answered(missing: str) -> None:
    data = {key: value for key, value in GROUP_TEXT.items() if key != missing}
    assert isinstance(frames.incoming(data), frames.Unreadable)


@given(strange)
def test_nothing_that_json_holds_makes_it_raise(data: dict[str, Any]) -> None:
    found = frames.incoming({"msgId": "m", "conversationId": "c", **data})
    assert isinstance(found, Incoming | frames.Unreadable)
    if isinstance(found, Incoming):
        found.text.encode("utf-8")  # lone surrogates would end the database's transaction
        assert found.text == found.text.strip()
    json.dumps(data)


@given(st.dictionaries(st.text(max_size=10), json_values), st.dictionaries(st.text(max_size=8), json_values))
def test_no_event_makes_it_raise(headers: dict[str, Any], data: dict[str, Any]) -> None:
    found = frames.event({"eventId": "e", "eventType": "t", **headers}, data)
    assert isinstance(found, Event | frames.Unreadable)


def test_keys_of_events_are_read_in_both_spellings() -> None:
    headers = {"eventId": "e1", "eventType": "user_leave_org", "eventBornTime": "1690362101894"}
    upper = frames.event(headers, {"UserId": ["1"], "TimeStamp": "1", "OptStaffId": "m"})
    lower = frames.event(headers, {"userId": ["1"], "timeStamp": "1", "optStaffId": "m"})
    assert upper == lower
    assert isinstance(upper, Event)
    assert upper.born_at == datetime(2023, 7, 26, 9, 1, 41, 894000, tzinfo=UTC)


@pytest.mark.parametrize("moment", ["", "soon", None, -1, 10**30, [], True])
def test_a_strange_time_is_no_time_or_a_time(moment: Any) -> None:
    read(createAt=moment, sessionWebhookExpiredTime=moment)
