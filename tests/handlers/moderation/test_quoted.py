"""What somebody quotes is looked at for open data, and never held against them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from handlers.message import Quoted
from tests.handlers.moderation.desk import CLERK, OFFICE, OTHER, Desk, a_desk

ID = "11010519491231002X"


@pytest.fixture
def desk() -> Iterator[Desk]:
    with a_desk() as desk:
        yield desk


def test_a_number_in_a_quote_is_on_record_for_reviewers_and_told_to_nobody(desk: Desk) -> None:
    watched = desk.watched(CLERK, "这个怎么处理？", quoted=Quoted(f"他的是{ID}", message_id="q", sender_id="$:other"))
    assert watched.outgoing == ()
    assert not watched.is_held_against
    (flag,) = desk.flags
    assert (flag.message_key, flag.rule, flag.state, flag.sender, flag.reporter) == (
        "q",
        "numbers",
        "observe",
        None,
        None,
    )
    assert ID not in flag.excerpt
    assert flag.author_key


def test_it_is_on_record_once_however_often_it_is_quoted(desk: Desk) -> None:
    quoted = Quoted(f"机密★10年 {ID}", message_id="q")
    for person in (CLERK, OTHER):
        desk.write(person, "看这个", quoted=quoted)
    assert sorted(flag.rule for flag in desk.flags) == ["marks", "numbers"]


@pytest.mark.parametrize(
    ("quoted", "chat"),
    [
        (Quoted("专业代写，加微信", message_id="q"), OFFICE),  # words are asked about, or reported
        (Quoted(f"您的{ID}", message_id="q", platform_key="k"), OFFICE),  # the robot's own words
        (Quoted(f"我的{ID}", message_id="q"), None),
        (Quoted(ID), OFFICE),
    ],
)
def test_what_is_left_alone(desk: Desk, quoted: Quoted, chat: str | None) -> None:
    assert desk.write(CLERK, "这个能发吗", chat, quoted=quoted) == []
    assert desk.flags == []


def test_what_the_sender_writes_counts_beside_it(desk: Desk) -> None:
    watched = desk.watched(CLERK, "代写加微信", quoted=Quoted(ID, message_id="q"))
    assert watched.is_held_against
    assert {(flag.rule, flag.sender) for flag in desk.flags} == {("numbers", None), ("adverts", CLERK)}


def test_a_report_of_it_is_passed_on_all_the_same(desk: Desk) -> None:
    quoted = Quoted(ID, message_id="q", sender_id="$:other")
    desk.write(CLERK, "看这个", quoted=quoted)
    assert len(desk.report(OTHER, quoted)) > 1
