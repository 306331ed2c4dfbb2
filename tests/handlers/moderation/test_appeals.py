"""The sender says that it is a mistake, and somebody else looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.message import Body, Outgoing, Private, Reply
from handlers.moderation import appeals
from handlers.moderation.appeals import LONGEST_REASON
from storage.groups import Group
from storage.roles import Grant
from storage.verdicts import Verdict
from tests.handlers.moderation.desk import ADMIN, CLASS, CLERK, OFFICE, OTHER, OWNER, Desk, a_desk, reply, told, word_to

SUB = "sub"


@pytest.fixture
def desk() -> Iterator[Desk]:
    with a_desk() as desk:
        yield desk


def appealed(desk: Desk, text: str, person: str | None = CLERK, chat: str | None = None) -> list[Outgoing]:
    return desk.say(person, text, chat)


def private(sent: list[Outgoing]) -> list[tuple[str, ...]]:
    return [one.to for one in sent if isinstance(one, Private)]


def test_an_appeal_as_the_sender_and_the_reviewer_read_it(desk: Desk) -> None:
    desk.write(CLERK, "专业代写论文")
    sent = appealed(desk, "申诉 1 这是反诈课的例子，电话13800138000")
    assert reply(sent).text == "申诉 #1 记下了，会请没有参与的人来看，结果我私下告诉你。"
    assert word_to(ADMIN, sent).text == (
        "**有一条申诉请你看看**\n\n- #1 广告推销（五.2）：专业代写论文\n\n"
        "发送人的说法：\n\n> 这是反诈课的例子，电话138＊＊＊＊＊＊00"
    )
    assert [button.says for button in word_to(ADMIN, sent).buttons] == ["/复核 1"]
    appeal = desk.store.appeals.get(1)
    assert appeal is not None
    assert appeal.reason == "这是反诈课的例子，电话138******00"
    assert [entry.action for entry in desk.store.audit.latest(1)] == ["申诉"]


@pytest.mark.parametrize(
    "text",
    [
        "申诉1",
        "申诉 1",
        "申诉 #1",
        "申诉：1 误会",
        "/申诉 1 误会",
        "／申诉 1",
        "申诉１ 误会",
        "/appeal 1 oops",
        "申诉 1号 误会",
    ],
)
def test_the_ways_of_writing_it(desk: Desk, text: str) -> None:
    desk.write(CLERK, "代写")
    appealed(desk, text)
    assert desk.store.appeals.get(1) is not None


def test_several_numbers_with_the_word_for_them(desk: Desk) -> None:
    desk.write(CLERK, "代写，骂人")
    appealed(desk, "申诉 1号和 #2号 是课文")
    assert [one.reason for number in (1, 2) if (one := desk.store.appeals.get(number))] == ["是课文"] * 2


@pytest.mark.parametrize("text", ["申诉", "/申诉", "申诉 这是误会，是课文", "申诉：你们搞错了", "/申诉 是课文"])
def test_without_a_number_people_choose_among_what_they_were_told(desk: Desk, text: str) -> None:
    assert "请写提醒的编号" in reply(appealed(desk, text)).text
    desk.write(CLERK, "闲聊")  # only observed
    desk.write(OTHER, "骂人")
    desk.write(CLERK, "代写，13800138000")
    desk.write(CLERK, "骂人")
    body = reply(appealed(desk, text))
    assert body.text == "你想申诉哪一条？点按钮就行。\n\n- #5「骂人」\n- #3、#4「代写，138＊＊＊＊＊＊00〔手机号〕」"
    reason = {
        "申诉 这是误会，是课文": " 这是误会，是课文",
        "申诉：你们搞错了": " 你们搞错了",
        "/申诉 是课文": " 是课文",
    }.get(text, "")
    assert [(one.label, one.says) for one in body.buttons] == [
        ("申诉 #5", f"申诉 5{reason}"),
        ("申诉 #3、#4", f"申诉 3、4{reason}"),
    ]
    assert desk.store.appeals.open() == []
    appealed(desk, body.buttons[1].says)
    assert [one.reason for one in desk.store.appeals.open()] == [reason.strip()] * 2
    desk.say(ADMIN, "/复核 3、4、5 错")
    assert "请写提醒的编号" in reply(appealed(desk, text)).text


def test_a_long_reason_stands_on_no_button(desk: Desk) -> None:
    desk.write(CLERK, "代写")
    assert [one.says for one in reply(appealed(desk, "/申诉 " + "是课文" * 40)).buttons] == ["申诉 1"]


@pytest.mark.parametrize(
    "text", ["申诉12名学生的名单", "申诉怎么写", "我要申诉1", "关于申诉 1", "申诉 期限是几天", "申诉 误会怎么办？"]
)
def test_what_is_no_appeal(text: str) -> None:
    with a_desk() as desk:
        assert appeals.command_in(desk.message(CLERK, text)) is None


def test_the_button_of_a_word_with_several_flags_appeals_them_all(desk: Desk) -> None:
    word = word_to(CLERK, desk.write(CLERK, "代写，13800138000"))
    assert word.buttons[0].says == "申诉 1、2"
    sent = appealed(desk, word.buttons[0].says)
    assert "补一句理由" in reply(sent).text
    assert private(sent) == [(ADMIN,)]
    assert [desk.store.appeals.get(number) is not None for number in (1, 2)] == [True, True]
    again = appealed(desk, "申诉 1、2 是课件里的")
    assert private(again) == []
    assert [one.reason for number in (1, 2) if (one := desk.store.appeals.get(number))] == ["是课件里的"] * 2
    assert desk.store.appeals.get(1).reason == "是课件里的"  # type: ignore[union-attr]
    appealed(desk, "申诉 1")
    assert desk.store.appeals.get(1).reason == "是课件里的"  # type: ignore[union-attr]


def test_of_flags_that_are_not_theirs_nobody_hears_that_they_exist(desk: Desk) -> None:
    desk.write(CLERK, "代写")
    desk.write(CLERK, "闲聊")  # only observed: nobody was told
    not_there = reply(appealed(desk, "申诉 99 理由")).text
    for person, number in ((OTHER, 1), (ADMIN, 1), (CLERK, 2)):
        assert reply(appealed(desk, f"申诉 {number} 理由", person)).text == not_there
    assert desk.store.appeals.get(1) is None
    assert desk.store.appeals.get(2) is None


def test_an_outsider_cannot_appeal_what_nobody_told_them(desk: Desk) -> None:
    desk.write(None, "代写")
    assert private(appealed(desk, "申诉 1 误会", None, CLASS)) == []
    assert desk.store.appeals.get(1) is None


def test_in_a_group_it_is_answered_in_private(desk: Desk) -> None:
    desk.write(CLERK, "代写")
    sent = appealed(desk, "申诉 1 误会", chat=OFFICE)
    assert "申诉 #1 记下了" in word_to(CLERK, sent).text
    assert [one.body.text for one in sent if isinstance(one, Reply)] == ["已私下发给你。"]


def test_sub_admins_for_it_are_asked_before_main_admins(desk: Desk) -> None:
    for name, families, departments in (
        (SUB, ("复核",), ()),
        ("here", (), ("教务处",)),
        ("elsewhere", ("复核",), ("后勤处",)),
        ("cleaner", ("清理",), ()),
    ):
        desk.store.roles.grant(Grant(name, "sub-admin", departments, families), ADMIN, desk.now)
    desk.write(CLERK, "代写")
    assert private(appealed(desk, "申诉 1")) == [("here", SUB)]
    assert [one.person for one in desk.store.tellings.of(1) if one.rung == "reviewer"] == ["here", SUB]


def test_nobody_is_asked_about_the_own(desk: Desk) -> None:
    desk.store.roles.grant(Grant(SUB, "sub-admin"), ADMIN, desk.now)
    desk.write(SUB, "代写")
    assert private(appealed(desk, "申诉 1", SUB)) == [(ADMIN,)]
    desk.write(ADMIN, "代写")
    assert private(appealed(desk, "申诉 2", ADMIN)) == [(SUB,)]


def test_where_nobody_else_can_look_the_sender_is_told_so(desk: Desk) -> None:
    desk.write(ADMIN, "代写")
    sent = appealed(desk, "申诉 1", ADMIN)
    assert private(sent) == []
    assert reply(sent).text == "申诉 #1 记下了。现在没有别人能复核，请直接联系学院办公室。"


def test_what_was_decided_is_said_again(desk: Desk) -> None:
    desk.write(CLERK, "代写")
    desk.store.verdicts.put(Verdict(1, "right", ADMIN, desk.now))
    sent = appealed(desk, "申诉 1 误会")
    assert "已经复核过了" in reply(sent).text
    assert private(sent) == []
    assert desk.store.appeals.get(1) is None


def test_a_reason_is_kept_short_and_is_no_markup(desk: Desk) -> None:
    desk.write(CLERK, "代写")
    sent = appealed(desk, "申诉 1 [点我](http://x) **急**" + "说" * 1000)
    assert len(desk.store.appeals.get(1).reason) == LONGEST_REASON  # type: ignore[union-attr]
    assert "](http" not in word_to(ADMIN, sent).text


def test_the_command_needs_a_number(desk: Desk) -> None:
    assert "请写提醒的编号" in reply(appealed(desk, "/申诉 我冤枉")).text


@given(st.text(max_size=60))
def test_any_words_are_read(rest: str) -> None:
    found = appeals.read(rest)
    assert found is None or (found[0] and all(0 <= number < 10**9 for number in found[0]))


def test_the_owner_hears_nothing_of_an_appeal(desk: Desk) -> None:
    desk.store.groups.save(Group(OFFICE, "教务处工作群", "department", "教务处", OWNER))
    desk.write(CLERK, "骂人")
    assert all(OWNER not in people for people in private(appealed(desk, "申诉 1")))


def test_buttons_are_few(desk: Desk) -> None:
    body: Body = word_to(CLERK, desk.write(CLERK, "代写，骂人，13800138000"))
    sent = appealed(desk, body.buttons[0].says)
    assert told([one for one in sent if isinstance(one, Private)]) == [(ADMIN,)]
    assert [button.says for button in word_to(ADMIN, sent).buttons] == ["/复核 1"]  # it shows all of the message


def test_appeals_about_several_messages_have_a_button_each(desk: Desk) -> None:
    desk.write(CLERK, "代写，骂人")
    desk.now += timedelta(days=1)
    for number in range(4):
        desk.write(CLERK, ("代写", "骂人", "群发", "13800138000")[number])
    sent = appealed(desk, "申诉 2、1、6、5、4、3 都是例子")
    assert [button.says for button in word_to(ADMIN, sent).buttons] == ["/复核 1", "/复核 3", "/复核 4"]
