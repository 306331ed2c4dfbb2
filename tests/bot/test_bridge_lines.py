"""What a line of the bridge says, wherever the stream is cut and whatever stands in it."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bridge.lines import LONGEST_TEXT, BadLineError, Exited, Line, Passed, parsed
from bot.bridge.splitting import LONGEST_LINE, TOO_LONG, Splitter

MESSAGE = {
    "type": "user_im_message_receive_group",
    "event_id": "e1",
    "timestamp": 1783483236995,
    "subscribe_id": "s1",
    "message_id": "msg-1",
    "conversation_id": "cid-1",
    "sender": "张三",
    "sender_open_dingtalk_id": "open-1",
    "content": "在吗",
    "create_time": "2026-07-08 12:00:35",
    "event_time": 1783483235983,
}
TAKEN = {"message_id": "msg-1", "text": "在吗", "sender": "张三", "sender_id": "open-1", "staff_id": ""}


def raw(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def line(value: Any) -> Line:
    found = parsed(raw(value))
    assert isinstance(found, Line), found
    return found


def test_a_flattened_message() -> None:
    assert line(MESSAGE) == Line("message", "bridge:message:msg-1", "cid-1", 1783483235983, TAKEN)


def test_a_message_as_it_comes() -> None:
    body = {
        "openMessageId": "msg-1",
        "openConversationId": "cid-1",
        "sender": "张三",
        "senderOpenDingTalkId": "open-1",
        "content": "在吗",
        "createTime": "2026-07-08 12:00:35",
        "quotedMessage": {"content": "别人的话"},
    }
    data = {
        "eventId": "e1",
        "eventKey": "user_im_message_receive_group",
        "occurredAtMs": 1783483236995,
        "payload": {"body": body, "event_time": 1783483235983},
    }
    whole = {"event_id": "e1", "event_type": "im", "data": json.dumps(data), "headers": {}}
    assert line(whole) == line(MESSAGE)
    del data["payload"]["event_time"]  # type: ignore[attr-defined]
    assert line({**whole, "data": json.dumps(data)}).at == 1783483236995


def test_the_least_that_another_program_may_write() -> None:
    found = line({"message_id": 7, "conversation_id": "cid", "content": "好", "sender_staff_id": "0427"})
    assert (found.key, found.at, found.data["staff_id"]) == ("bridge:message:7", None, "0427")


def test_what_is_forwarded_is_said_by_whoever_forwards_it_and_what_is_quoted_is_not() -> None:
    value = {**MESSAGE, "quoted_message": {"content": "引用"}, "forward_messages": [{"content": "转发"}, {"x": 1}, 7]}
    assert line(value).data["text"] == "在吗\n转发"


def test_a_long_text_is_cut() -> None:
    assert len(line({**MESSAGE, "content": "长" * (LONGEST_TEXT + 5)}).data["text"]) == LONGEST_TEXT


@pytest.mark.parametrize("name", ["user_im_message_receive_at", "user_im_message_receive_group_all"])
def test_other_names_of_messages(name: str) -> None:
    assert line({**MESSAGE, "type": name}).kind == "message"


def test_recalls_and_members() -> None:
    found = line({"type": "user_im_message_recall_group", "message_id": "m", "conversation_id": "cid"})
    assert (found.kind, found.key, found.data) == ("recall", "bridge:recall:m", {"message_id": "m"})
    members = [{"nick": "李四", "open_dingtalk_id": "open-2"}, {"nick": "没有编号"}]
    base = {"event_id": "e", "conversation_id": "cid", "members": members}
    for name, kind in (("added", "joined"), ("exited", "left")):
        found = line({**base, "type": f"user_im_group_member_{name}"})
        assert (found.kind, found.key, found.data) == (kind, f"bridge:{kind}:e", {"people": ["open-2"]})


@pytest.mark.parametrize(
    "name",
    [
        "user_im_message_receive_o2o",
        "user_im_message_receive_o2o_all",
        "user_im_message_recall_o2o",
        "user_im_message_read_group",
        "user_im_message_reaction_group",
        "user_im_group_updated",
        "something_new",
    ],
)
def test_what_is_none_of_our_business_is_passed_over(name: str) -> None:
    assert parsed(raw({**MESSAGE, "type": name})) == Passed(is_event=True)


def test_words_of_the_source_about_itself() -> None:
    ready = b"[event] ready event_key=user_im_message_receive_group bus_pid=1 subscribe_id=s\n"
    assert parsed(ready) == Passed(is_event=False)
    exited = "[event] exited — received 12 event(s) in 3s (reason: signal)".encode()
    assert parsed(exited) == Exited(12)


@pytest.mark.parametrize(
    "bad",
    [
        raw(MESSAGE)[:-20],
        b"\xff\xfe\xff",
        b"[1]",
        b"7",
        b"[" * 100_000,
        TOO_LONG,
        raw({**MESSAGE, "message_id": ""}),
        raw({**MESSAGE, "conversation_id": "x" * 300}),
        raw({**MESSAGE, "data": "{"}),
    ],
)
def test_a_bad_line_is_said_to_be_one_without_its_words(bad: bytes) -> None:
    with pytest.raises(BadLineError) as caught:
        parsed(bad)
    assert "张三" not in str(caught.value)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4),
    max_leaves=8,
)
keys = st.sampled_from([*MESSAGE, "data", "members", "forward_messages", "openMessageId"])
names = st.sampled_from(
    ["user_im_message_receive_group", "user_im_message_recall_group", "user_im_group_member_added", ""]
)


@given(st.dictionaries(keys, values), names)
def test_whatever_json_holds_it_is_a_line_or_a_bad_one(value: dict[str, Any], name: str) -> None:
    try:
        found = parsed(json.dumps({**MESSAGE, **value, "type": name}).encode())
    except BadLineError:
        return
    if isinstance(found, Line):
        json.dumps(dict(found.data)).encode()
        assert found.conversation
        assert found.key.startswith(f"bridge:{found.kind}:")


@given(st.binary(max_size=200))
def test_whatever_bytes_come_nothing_else_is_raised(bad: bytes) -> None:
    with contextlib.suppress(BadLineError):
        parsed(bad)


@given(st.lists(st.binary(max_size=12).map(lambda piece: piece.replace(b"\n", b""))), st.lists(st.integers(1, 5)))
def test_lines_are_the_same_wherever_the_stream_is_cut(lines: list[bytes], cuts: list[int]) -> None:
    stream, splitter, found = b"\n".join(lines), Splitter(), list[bytes]()
    at = 0
    for cut in cuts:
        found += splitter.feed(stream[at : at + cut])
        at += cut
    found += splitter.feed(stream[at:])
    found += splitter.end()
    assert found == [stripped for line in lines if (stripped := line.strip())]


def test_a_line_without_an_end_takes_no_memory() -> None:
    splitter = Splitter()
    for _ in range(30):
        assert splitter.feed(b"x" * (LONGEST_LINE // 10)) == []
    assert splitter.feed(b"\nnext\n") == [TOO_LONG, b"next"]
