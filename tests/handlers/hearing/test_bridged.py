"""What a bridge brings of a group: looked at, never answered, and held against nobody whom it might not have been."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.outbox.drafts import body_to_json
from handlers import router
from handlers.hearing import bridged, senders
from handlers.message import Body, ChatKind, Event, Incoming, Outgoing, Private, Sender
from handlers.moderation.circumstances import circumstances_of
from storage.flags import Flag
from storage.members import Member
from storage.outbox import Draft
from tests.handlers.hall import ADMIN, CLASS, CLERK, EXTERNAL, OFFICE, OWNER, Hall, a_hall, private_to

ADVERT = "专业代写论文，加微信包过"


@pytest.fixture
def hall() -> Iterator[Hall]:
    with a_hall(bridge={"enabled": True, "groups": [OFFICE]}) as made:
        yield made


def bring(
    hall: Hall, text: str, *, number: str = "b1", open_id: str = "open-clerk", nick: str = "孙悦", chat: str = OFFICE
) -> list[Outgoing]:
    data = {"conversation": chat, "message_id": number, "text": text, "sender": nick, "sender_id": open_id}
    return bridged.handle(Event(f"bridge:message:{number}", "bridge_message", hall.now, data), hall.context)


def known(hall: Hall) -> None:
    hall.store.bridge.learn("open-clerk", CLERK, 2, hall.now)


def flags(hall: Hall) -> list[Flag]:
    return hall.store.flags.latest(100)


def to(person: str, sent: list[Outgoing]) -> list[Private]:
    return [one for one in sent if isinstance(one, Private) and person in one.to]


def test_a_message_is_looked_at_like_one_to_the_robot_and_its_sender_hears_in_private(hall: Hall) -> None:
    known(hall)
    by_robot = hall.say(CLERK, ADVERT, OFFICE)
    hall.later(timedelta(days=40))
    by_bridge = bring(hall, ADVERT)
    assert [flag.source for flag in flags(hall)] == ["bridge"] * (len(flags(hall)) // 2) + ["mention"] * (
        len(flags(hall)) // 2
    )
    assert {flag.sender for flag in flags(hall)} == {CLERK}
    assert bool(to(CLERK, by_bridge)) == bool(to(CLERK, by_robot))
    assert all(isinstance(one, Private) for one in by_bridge)


def test_nothing_is_ever_said_in_the_group(hall: Hall) -> None:
    for number, text in enumerate([ADVERT, "@群管家 退休的老师还要留在群里吗", "@群管家 /帮助", "你好", "绝密★10年"]):
        assert all(isinstance(one, Private) for one in bring(hall, text, number=f"n{number}"))


def test_somebody_whom_nobody_knows_gets_no_private_word_and_is_no_outsider(hall: Hall) -> None:
    sent = bring(hall, "机密★10年 请看附件")
    assert flags(hall)
    assert {flag.sender for flag in flags(hall)} == {None}
    assert not to(CLERK, sent)
    for one in sent:
        assert isinstance(one, Private)
        assert "外部人员" not in one.body.text


def test_the_text_is_kept_nowhere(hall: Hall) -> None:
    words = "第一段私下的话，身份证110101199003074610，" + "很长的话" * 40 + ADVERT
    bring(hall, words)
    assert flags(hall)
    for (table,) in hall.store.database.rows("select name from sqlite_master where type = 'table'"):
        for row in hall.store.database.rows(f"select * from {table}"):
            kept = " ".join(str(value) for value in tuple(row))
            assert "110101199003074610" not in kept, table
            assert "第一段私下的话" not in kept or len(kept) < 400, table


@pytest.mark.parametrize(
    "text", ["@群管家 举报 代写论文加微信", "@群管家 /规则 测试 专业代写论文", "@群管家  /规章 查询 代写"]
)
def test_what_is_said_to_the_robot_quotes_what_it_is_about(hall: Hall, text: str) -> None:
    assert bring(hall, text) == []
    assert flags(hall) == []


@pytest.mark.parametrize(
    "text", ["@群管家 " + ADVERT, "@群管家 /" + ADVERT, "/规则 测试 " + ADVERT, "@所有人 " + ADVERT]
)
def test_a_mention_or_a_slash_makes_an_advert_no_command(hall: Hall, text: str) -> None:
    bring(hall, text)
    assert flags(hall)


def test_robots_are_not_looked_at(hall: Hall) -> None:
    assert bring(hall, ADVERT, nick="群管家") == []
    assert flags(hall) == []


def test_the_robots_own_words_are_not_looked_at_whatever_it_is_called(hall: Hall) -> None:
    posted = Body(f"**五.2** 群里不发广告：\n\n> {ADVERT}的都要撤回", "不发广告")
    row = hall.store.outbox.add(Draft("reply", body_to_json(posted), 0, hall.now, conversation=OFFICE))
    hall.store.outbox.sent(row, hall.now)
    shown = f"五.2 群里不发广告：\n{ADVERT}的都要撤回"
    assert bring(hall, shown, nick="小助手", open_id="open-robot") == []
    assert flags(hall) == []
    hall.later(timedelta(hours=1))
    bring(hall, shown, nick="小助手", open_id="open-robot", number="b3")
    assert flags(hall), "an hour later somebody else may have copied it"


def test_what_begins_with_the_robots_words_and_goes_on_is_looked_at(hall: Hall) -> None:
    words = "退休的老师原则上要在办完手续后一个月内移出工作群，确有需要的由群主写明理由报学院办公室同意后可以留下来，每学期开学时再核对一次名单"
    posted = Body(f"**七.1** [全文](https://example.com/a/b/c)：\n\n> {words}。{words}", "退休的老师")
    row = hall.store.outbox.add(Draft("reply", body_to_json(posted), 0, hall.now, conversation=OFFICE))
    hall.store.outbox.sent(row, hall.now)
    bring(hall, f"{words}。{words}", nick="小助手", open_id="open-robot")
    assert flags(hall) == []
    bring(hall, f"{words}。{ADVERT}", open_id="open-other", number="b2")
    assert flags(hall)


def test_a_group_that_does_not_allow_it_is_not_looked_at(hall: Hall) -> None:
    assert bring(hall, ADVERT, chat=CLASS) == []
    hall.store.coverage.allow(CLASS, OWNER, hall.now)
    bring(hall, ADVERT, chat=CLASS, number="b2")
    assert {flag.conversation for flag in flags(hall)} == {CLASS}
    hall.store.coverage.end(CLASS, OWNER, hall.now)
    before = len(flags(hall))
    bring(hall, ADVERT, chat=CLASS, number="b3")
    assert len(flags(hall)) == before


def test_a_group_with_other_organisations_is_not_looked_at_whoever_allowed_it(hall: Hall) -> None:
    hall.store.coverage.allow(EXTERNAL, OWNER, hall.now)
    assert bring(hall, ADVERT, chat=EXTERNAL) == []
    assert flags(hall) == []
    with a_hall(bridge={"enabled": True, "groups": [EXTERNAL]}) as named:
        assert bring(named, ADVERT, chat=EXTERNAL) == []
        assert flags(named) == []


def test_nothing_is_looked_at_while_it_is_off() -> None:
    with a_hall(bridge={"groups": [OFFICE]}) as hall:
        assert bring(hall, ADVERT) == []
        assert flags(hall) == []


def test_a_message_that_is_taken_back_is_marked(hall: Hall) -> None:
    bring(hall, ADVERT)
    data = {"conversation": OFFICE, "message_id": "b1"}
    assert bridged.handle(Event("bridge:recall:b1", "bridge_recall", hall.now, data), hall.context) == []
    assert {flag.recalled_at for flag in flags(hall)} == {hall.now}


def test_the_same_message_by_both_ways_is_one(hall: Hall) -> None:
    hall.say(CLERK, ADVERT, OFFICE)
    before = len(flags(hall))
    assert bring(hall, ADVERT, number="m1") == [], "the sandbox of this test calls the first message m1"
    assert len(flags(hall)) == before


def test_the_same_message_under_another_id_is_one_too(hall: Hall) -> None:
    said = f"@群管家 {ADVERT}"
    message = Incoming("robots-id", OFFICE, ChatKind.GROUP, Sender(CLERK, "孙悦"), ADVERT)
    router.handle(message, hall.context)
    senders.heard_by_robot(message, hall.context)
    before = len(flags(hall))
    assert before
    assert bring(hall, said, number="bridges-id") == []
    assert len(flags(hall)) == before
    bring(hall, said, number="of-another", nick="李明", open_id="open-other")
    assert len(flags(hall)) > before, "somebody else who says the same"


def test_a_colleague_who_calls_themselves_a_robot_is_looked_at(hall: Hall) -> None:
    known(hall)
    bring(hall, ADVERT, nick="群管家")
    assert flags(hall)


def test_rules_for_working_hours_go_by_when_it_was_written(hall: Hall) -> None:
    late = hall.now.replace(hour=15)  # eleven at night in Shanghai; looked at the next morning
    event = Event("e", "bridge_message", late, {"conversation": OFFICE, "message_id": "m", "text": "x", "sender": "y"})
    message = Incoming("m", OFFICE, ChatKind.GROUP, Sender(None), sent_at=event.born_at)
    hall.later(timedelta(days=1))
    at = circumstances_of(message, None, hall.context).at
    assert at is not None
    assert (at.day, at.hour) == (24, 23)
    for wrong in (hall.now + timedelta(hours=1), hall.now - timedelta(days=30), None):
        assert circumstances_of(replace(message, sent_at=wrong), None, hall.context).at == hall.context.local_now


def test_the_group_counts_as_heard(hall: Hall) -> None:
    bring(hall, "大家好")
    group = hall.store.groups.get(OFFICE)
    assert group is not None
    assert (group.coverage, group.last_heard_at, group.title) == ("bridge", hall.now, "教务处工作群")


def mention(hall: Hall, person: str, text: str, nick: str) -> None:
    """Somebody says something to the robot, under a name."""
    message = Incoming(f"r{text}", OFFICE, ChatKind.GROUP, Sender(person, nick), text)
    senders.heard_by_robot(message, hall.context)


def staff_of(hall: Hall, open_id: str) -> str | None:
    return hall.store.bridge.staff_ids([open_id]).get(open_id)


@pytest.mark.parametrize("robot_first", [True, False])
def test_who_somebody_is_is_learned_from_two_messages_that_came_both_ways(hall: Hall, robot_first: bool) -> None:
    for number, text in enumerate(["退休的老师还要留群吗", "调走的同事要移出去吗"]):
        assert staff_of(hall, "open-clerk") is None
        if robot_first:
            mention(hall, CLERK, text, "孙悦")
        bring(hall, f"@群管家 {text}", number=f"b{number}")
        if not robot_first:
            mention(hall, CLERK, text, "孙悦")
    assert staff_of(hall, "open-clerk") == CLERK


def test_the_same_message_id_is_enough(hall: Hall) -> None:
    mention(hall, CLERK, "好的", "孙悦")
    bring(hall, "@群管家 好的", number="r好的")
    assert staff_of(hall, "open-clerk") == CLERK


def test_short_words_other_names_and_other_times_prove_nothing(hall: Hall) -> None:
    for number, (said, nick, wait) in enumerate(
        [("好的", "孙悦", 0), ("退休的老师还要留群吗", "别人", 0), ("调走的同事要移出去吗", "孙悦", 11)]
    ):
        for again in range(2):
            mention(hall, CLERK, said, "孙悦")
            hall.later(timedelta(minutes=wait))
            bring(hall, f"@群管家 {said}", nick=nick, number=f"x{number}{again}")
    assert staff_of(hall, "open-clerk") is None


def test_where_two_may_be_meant_nobody_is(hall: Hall) -> None:
    for number, text in enumerate(["退休的老师还要留群吗", "调走的同事要移出去吗"]):
        mention(hall, CLERK, text, "孙悦")
        mention(hall, OWNER, text, "孙悦")
        bring(hall, f"@群管家 {text}", number=f"b{number}")
    assert staff_of(hall, "open-clerk") is None


def test_somebody_who_wears_anothers_name_is_believed_no_more(hall: Hall) -> None:
    for number, text in enumerate(["退休的老师还要留群吗", "调走的同事要移出去吗"]):
        mention(hall, CLERK, text, "孙悦")
        bring(hall, f"@群管家 {text}", number=f"b{number}")
    mention(hall, OWNER, "外聘的老师要进群吗", "王建国")
    bring(hall, "@群管家 外聘的老师要进群吗", nick="王建国", number="b9")
    assert staff_of(hall, "open-clerk") is None


def test_ordinary_talk_leaves_no_trace(hall: Hall) -> None:
    bring(hall, "下午三点开会，请准时")
    assert hall.store.database.rows("select * from bridge_sightings") == []


def test_members_who_are_known_come_and_go(hall: Hall) -> None:
    known(hall)
    data = {"conversation": OFFICE, "people": ["open-clerk", "open-nobody"]}
    bridged.handle(Event("e1", "bridge_joined", hall.now, data), hall.context)
    assert [member.staff_id for member in hall.store.members.of(OFFICE)] == [CLERK]
    hall.later(timedelta(minutes=1))
    bridged.handle(Event("e2", "bridge_left", hall.now, data), hall.context)
    assert hall.store.members.of(OFFICE) == []
    hall.store.members.add(OFFICE, Member(OFFICE, CLERK), "file", hall.now)
    only_unknown = {"conversation": OFFICE, "people": ["open-nobody"]}
    bridged.handle(Event("e3", "bridge_left", hall.now, only_unknown), hall.context)
    assert len(hall.store.members.of(OFFICE)) == 1


def test_secrecy_reaches_those_who_can_act_even_where_nobody_knows_the_sender(hall: Hall) -> None:
    assert any(rule.state != "observe" and rule.category == "secrecy" for rule in hall.context.scanner.rules)
    assert "孙悦" in private_to(ADMIN, bring(hall, "机密★10年 请看附件")).text
