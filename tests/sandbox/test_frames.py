"""What an acknowledgement must look like."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.frames import BadAck, read_ack

GOOD = {"code": 200, "headers": {"contentType": "application/json", "messageId": "m"}, "message": "OK", "data": "{}"}


def test_a_good_one_is_taken_apart() -> None:
    ack = read_ack(json.dumps({**GOOD, "data": '{"response":null}'}))
    assert (ack.message_id, ack.code, ack.data) == ("m", 200, {"response": None})


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"code": "200"}, "code must be a number"),
        ({"code": True}, "code must be a number"),
        ({"code": 201}, "code 201 is none of 200, 400, 404, 500"),
        ({"headers": {"contentType": "application/json"}}, "messageId is missing"),
        ({"headers": {"messageId": "m"}}, "contentType"),
        ({"headers": None}, "messageId is missing"),
        ({"message": None}, "message must be a string"),
        ({"data": {"response": None}}, "data must be a string"),
        ({"data": "OK"}, "data holds no JSON"),
    ],
)
def test_a_bad_one_says_why(change: dict[str, object], why: str) -> None:
    with pytest.raises(BadAck, match=why):
        read_ack(json.dumps({**GOOD, **change}))


@given(st.one_of(st.text(), st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps)))
def test_nothing_that_comes_up_breaks_the_gateway(text: str) -> None:
    with pytest.raises(BadAck):
        read_ack(text)
