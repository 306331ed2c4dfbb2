"""Every message is looked at; those hear of it who are to, once a day, and never the group."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.message import Ding, GroupPost, MessageKind, Priority, Private, Quoted, Reply
from handlers.moderation.watch import watch
from storage.groups import Group
from storage.roles import Grant
from storage.staff import DepartmentRow
from storage.verdicts import Verdict
from tests.handlers.moderation.desk import (
    ADMIN,
    CLASS,
    CLERK,
    OFFICE,
    OTHER,
    OWNER,
    RULES,
    UNKNOWN,
    Desk,
    a_desk,
    reply,
    told,
    word_to,
)


@pytest.fixture
def desk() -> Iterator[Desk]:
    with a_desk() as desk:
        yield desk


def test_the_word_to_the_sender_as_it_is_read(desk: Desk) -> None:
    sent = desk.write(CLERK, "专业代写论文，请加微信")
    assert told(sent) == [(CLERK,)]
    assert word_to(CLERK, sent).title == "请看一下你刚发的内容"
    assert word_to(CLERK, sent).text == (
        "你刚才在「教务处工作群」发的内容，有一处可能不合适：\n\n"
        "- 广告推销（五.2）：专业【代写】论文，请【加微信】\n\n"
        "群里不发广告，请撤回这条消息。\n\n"
        "我没有在群里提这件事。要是误会了，回我「申诉 1 理由」，会请人再看看。"
    )
    assert [(button.label, button.says) for button in word_to(CLERK, sent).buttons] == [("可能是误会", "申诉 1")]


def test_the_flag_that_is_kept(desk: Desk) -> None:
    desk.write(CLERK, "身份证11010519491231002X", number="msg1")
    (flag,) = desk.flags
    assert (flag.id, flag.message_key, flag.rule, flag.category, flag.article) == (
        1,
        "msg1",
        "numbers",
        "privacy",
        "四.(三).2",
    )
    assert (flag.state, flag.source, flag.conversation, flag.sender, flag.reporter) == (
        "remind",
        "mention",
        OFFICE,
        CLERK,
        None,
    )
    assert flag.excerpt == "身份证110*************2X〔身份证号〕"
    assert flag.created_at == desk.now


def test_no_number_is_repeated_to_anybody(desk: Desk) -> None:
    sent = desk.write(CLERK, "机密★10年，电话 138📞0013📞8000，身份证11010519491231002X")
    texts = "".join(one.body.text for one in sent if isinstance(one, Private))
    assert "密★" in texts
    for number in ("0013", "8000", "19491231"):
        assert number not in texts


def test_what_people_write_cannot_become_markup(desk: Desk) -> None:
    desk.store.groups.save(Group(OFFICE, "[群](http://x)", "department", owner=OWNER))
    text = word_to(CLERK, desk.write(CLERK, "**代*写** [点我](http://x) @所有人")).text
    assert "](http" not in text
    assert "@所有人" not in text
    assert "*" not in text


def test_what_is_only_observed_is_recorded_and_nobody_hears(desk: Desk) -> None:
    assert desk.write(CLERK, "闲聊一下") == []
    assert [flag.rule for flag in desk.flags] == ["watched"]


def test_nothing_found_leaves_nothing(desk: Desk) -> None:
    assert desk.write(CLERK, "明天下午开会") == []
    assert desk.write(CLERK, "", kind=MessageKind.PICTURE) == []
    assert desk.flags == []


def test_enforced_rules_and_secrecy_reach_owner_and_admins(desk: Desk) -> None:
    for text, rule in (("当众骂人", "strict"), ("机密★10年", "marks")):
        sent = desk.write(CLERK, text)
        assert told(sent) == [(CLERK,), (OWNER,), (ADMIN,)]
        assert desk.flags[-1].rule == rule
    assert word_to(OWNER, sent).text == (
        "**内容提醒 #2**\n\n孙悦在「教务处工作群」发的内容请留意：\n\n- 涉密内容（五.3）：【机密★10年】\n\n"
        "我没有在群里提这件事，已经私下提醒过本人。也可能是误会；确有问题的话，请私下请本人撤回。"
    )
    assert word_to(OWNER, sent).buttons == ()
    assert [button.says for button in word_to(ADMIN, sent).buttons] == ["/复核 2"]


def test_many_rules_make_one_word_each(desk: Desk) -> None:
    sent = desk.write(CLERK, "代写，骂人，闲聊，13800138000")
    assert told(sent) == [(CLERK,), (OWNER,), (ADMIN,)]
    mine, theirs = word_to(CLERK, sent).text, word_to(OWNER, sent).text
    assert "有这些地方可能不合适" in mine
    assert all(label in mine for label in ("广告推销", "不文明用语", "个人信息"))
    assert "与工作无关" not in mine
    assert "不文明用语" in theirs
    assert "广告推销" not in theirs
    assert len(desk.flags) == 4


def test_an_owner_is_not_told_about_the_own_message(desk: Desk) -> None:
    assert told(desk.write(OWNER, "骂人")) == [(OWNER,), (ADMIN,)]


def test_an_admin_that_was_granted_the_role_is_told_too(desk: Desk) -> None:
    desk.store.roles.grant(Grant(OTHER, "main-admin"), ADMIN, desk.now)
    assert told(desk.write(CLERK, "骂人")) == [(CLERK,), (OWNER,), (ADMIN, OTHER)]


def test_one_word_a_person_rule_and_day(desk: Desk) -> None:
    assert told(desk.write(CLERK, "骂人")) == [(CLERK,), (OWNER,), (ADMIN,)]
    assert desk.write(CLERK, "又骂人", CLASS) == []
    assert told(desk.write(CLERK, "骂人，代写")) == [(CLERK,)]  # of the other rule nothing was said yet
    assert told(desk.write(OTHER, "骂人")) == [(OTHER,), (OWNER,), (ADMIN,)]
    assert [flag.rule for flag in desk.flags] == ["strict", "strict", "strict", "adverts", "strict"]


def test_the_day_is_the_college_s(desk: Desk) -> None:
    desk.write(CLERK, "代写")
    desk.now += timedelta(hours=11, minutes=59)  # 23:59 in Shanghai
    assert told(desk.write(CLERK, "代写")) == [(OWNER,)]
    desk.now += timedelta(minutes=1)
    assert (CLERK,) in told(desk.write(CLERK, "代写"))


def test_who_writes_the_like_again_after_a_word_is_heard_of_by_one_more_each_time(desk: Desk) -> None:
    desk.store.staff.put_departments([DepartmentRow(1, "教务处", None, "教务处", (OTHER,))], desk.now)
    assert told(desk.write(CLERK, "代写", CLASS)) == [(CLERK,)]
    desk.now += timedelta(minutes=9)
    assert desk.write(CLERK, "代写", OFFICE) == []  # the word may not have been read yet
    desk.now += timedelta(minutes=2)
    sent = desk.write(CLERK, "代写", CLASS)
    assert told(sent) == [(OWNER,)]  # the sender has had the word of today
    assert "近 30 天里同类内容第 2 次提醒，所以也告诉你。" in word_to(OWNER, sent).text
    assert "已经私下提醒过本人" in word_to(OWNER, sent).text
    desk.now += timedelta(minutes=11)
    assert desk.write(CLERK, "代写", CLASS) == []
    desk.now += timedelta(days=1)
    assert told(desk.write(CLERK, "加微信", CLASS)) == [(CLERK,), (OWNER,)]
    desk.now += timedelta(days=1)
    assert told(desk.write(CLERK, "代写", CLASS)) == [(CLERK,), (OWNER, OTHER)]
    desk.now += timedelta(days=1)
    assert told(desk.write(CLERK, "代写", CLASS)) == [(CLERK,), (OWNER, OTHER), (ADMIN,)]
    desk.now += timedelta(days=31)
    assert told(desk.write(CLERK, "代写", CLASS)) == [(CLERK,)]


def test_mistakes_and_what_is_of_another_kind_are_no_repetition(desk: Desk) -> None:
    desk.write(CLERK, "代写")
    desk.store.verdicts.put(Verdict(1, "wrong", ADMIN, desk.now))
    desk.write(CLERK, "13800138000")
    desk.now += timedelta(days=1)
    assert told(desk.write(CLERK, "代写")) == [(CLERK,)]


def test_the_window_is_a_setting() -> None:
    with a_desk(window_days=1) as desk:
        desk.write(CLERK, "代写")
        desk.now += timedelta(days=1, minutes=1)
        assert told(desk.write(CLERK, "代写")) == [(CLERK,)]


def test_without_an_owner_the_next_one_up_hears(desk: Desk) -> None:
    desk.store.groups.save(Group(OFFICE, "教务处工作群", "department", "教务处"))
    desk.store.staff.put_departments([DepartmentRow(1, "教务处", None, "教务处", (OTHER,))], desk.now)
    assert told(desk.write(CLERK, "骂人")) == [(CLERK,), (OTHER,)]
    assert told(desk.write(OTHER, "骂人")) == [(OTHER,), (ADMIN,)]


def test_secrecy_of_high_severity_is_a_ding_to_those_who_can_take_it_back(desk: Desk) -> None:
    sent = desk.write(CLERK, "绝密名单")
    (ding,) = [one for one in sent if isinstance(one, Ding)]
    assert ding.to == (CLERK, OWNER)
    assert ding.text == "「教务处工作群」里有一条消息可能涉密（#1），请看我的私信，尽快撤回。可能是误会，请先核对。"
    assert told([one for one in sent if isinstance(one, Private)]) == [(CLERK,), (OWNER,), (ADMIN,)]
    assert desk.write(CLERK, "绝密名单") == []
    assert [one for one in desk.write(CLERK, "绝密名单", None) if isinstance(one, Ding)] == []


def test_those_whom_a_rule_names_hear_and_nobody_else(desk: Desk) -> None:
    for _ in range(3):
        assert told(desk.write(CLERK, "灌水")) == [(ADMIN,)]
        desk.now += timedelta(days=1)


def test_a_word_in_the_group_is_offered_to_admins_alone(desk: Desk) -> None:
    sent = desk.write(CLERK, "群发")
    assert told(sent) == [(CLERK,), (ADMIN,)]
    assert [button.says for button in word_to(ADMIN, sent).buttons] == ["/复核 1", "/复核 1 公开"]


def test_what_a_rule_is_about_and_what_to_do_stand_in_the_word(desk: Desk) -> None:
    text = word_to(CLERK, desk.write(CLERK, "群发")).text
    assert "\n\n规则说的是：工作群只发工作消息。群发请走通知功能。\n\n" in text


def test_everybody_who_was_told_is_noted(desk: Desk) -> None:
    desk.write(CLERK, "骂人")
    assert [(one.person, one.rung) for one in desk.store.tellings.of(1)] == [
        (ADMIN, "head"),  # there is no head
        (OWNER, "owner"),
        (CLERK, "sender"),
    ]


def test_the_scope_of_a_rule_is_kept(desk: Desk) -> None:
    assert desk.write(CLERK, "夜聊") == []  # noon
    desk.now += timedelta(hours=9)
    assert desk.write(None, "夜聊") == []  # not for people from outside
    assert told(desk.write(CLERK, "夜聊")) == [(CLERK,)]


def test_what_came_by_the_bridge_is_recorded_so(desk: Desk) -> None:
    watch(desk.message(CLERK, "代写", OFFICE), desk.context, "bridge")
    assert desk.flags[0].source == "bridge"


def test_a_message_that_comes_twice_is_flagged_once(desk: Desk) -> None:
    desk.write(CLERK, "代写", number="same")
    assert desk.write(CLERK, "代写", number="same") == []
    assert len(desk.flags) == 1


def test_an_outsider_cannot_be_told_and_is_named_by_nick(desk: Desk) -> None:
    assert desk.write(None, "代写") == []
    sent = desk.write(None, "骂人")
    assert told(sent) == [(OWNER,), (ADMIN,)]
    assert "外部人员（昵称）" in word_to(OWNER, sent).text
    assert [flag.sender for flag in desk.flags] == [None, None]


def test_of_outsiders_owners_hear_once_a_day_for_each_group(desk: Desk) -> None:
    assert told(desk.write(None, "骂人")) == [(OWNER,), (ADMIN,)]
    assert desk.write(None, "骂人") == []
    assert told(desk.write(None, "骂人", CLASS)) == [(OWNER,), (ADMIN,)]


def test_in_a_private_chat_the_word_is_the_reply(desk: Desk) -> None:
    sent = desk.write(CLERK, "代写", None)
    assert reply(sent).text.startswith("你发给我的内容，有一处不适合发到群里")
    assert len(sent) == 1
    assert desk.flags[0].source == "private"


def test_what_was_told_already_is_held_against_the_sender_all_the_same(desk: Desk) -> None:
    assert desk.watched(CLERK, "代写").is_held_against
    again = desk.watched(CLERK, "代写")
    assert again.outgoing == ()
    assert again.is_held_against


def test_an_observed_rule_holds_nothing_against_anybody(desk: Desk) -> None:
    watched = desk.watched(CLERK, "闲聊")
    assert desk.flags[0].state == "observe"
    assert not watched.is_held_against


def test_in_a_private_chat_there_is_no_owner(desk: Desk) -> None:
    first, second = desk.write(CLERK, "机密★10年", None)
    assert isinstance(first, Reply)
    assert told([second]) == [(ADMIN,)]
    assert "孙悦私下发的内容" in word_to(ADMIN, [second]).text
    (only,) = desk.write(CLERK, "骂人", None)  # nobody else has seen it
    assert isinstance(only, Reply)


def test_the_sender_may_be_left_alone_by_the_settings() -> None:
    with a_desk(tell_sender=False) as desk:
        assert desk.write(CLERK, "代写") == []
        assert told(desk.write(CLERK, "骂人")) == [(OWNER,), (ADMIN,)]
        assert desk.write(CLERK, "代写", None) == []
        assert len(desk.flags) == 3


def test_rules_of_one_kind_of_group(desk: Desk) -> None:
    assert desk.write(CLERK, "班规", OFFICE) == []
    assert told(desk.write(CLERK, "班规", CLASS)) == [(CLERK,)]
    assert told(desk.write(OTHER, "班规", UNKNOWN)) == [(OTHER,)]  # not registered: every rule counts


def test_names_of_files_count_and_quotes_do_not(desk: Desk) -> None:
    quoted = Quoted(text="专业代写，加微信", message_id="q")
    assert desk.write(CLERK, "这个已经处理了", quoted=quoted) == []
    assert told(desk.write(CLERK, "", kind=MessageKind.FILE, file_name="代写价目表.xlsx")) == [(CLERK,)]


def test_one_rule_on_text_and_file_is_one_flag(desk: Desk) -> None:
    desk.write(CLERK, "代写", file_name="代写.docx")
    assert len(desk.flags) == 1


def test_questions_and_warnings_are_not_flagged(desk: Desk) -> None:
    assert desk.write(CLERK, "群里可以发代写的广告吗？") == []
    assert desk.flags == []
    assert desk.write(CLERK, "严禁在群里代写") == []
    assert told(desk.write(CLERK, "需要代写吗？加微信")) == [(CLERK,)]
    assert told(desk.write(OTHER, "13800138000 这个号码可以发群里吗？")) == [(OTHER,)]


@given(
    st.text(st.characters(exclude_categories=()), max_size=40),
    st.sampled_from(["代写", "骂人", "13800138000", "机密★", ""]),
)
def test_whatever_is_written_nothing_goes_to_the_group(text: str, bad: str) -> None:
    with a_desk() as desk:
        sent = desk.write(CLERK, text + bad + text)
        assert not any(isinstance(one, Reply | GroupPost) for one in sent)
        assert {flag.rule for flag in desk.flags} <= {rule.id for rule in RULES}


def test_when_it_cannot_be_stored_nobody_is_told(desk: Desk) -> None:
    desk.store.database.execute("drop table flags")
    with pytest.raises(sqlite3.OperationalError):
        desk.write(CLERK, "代写")


def test_what_is_exposed_waits_for_no_morning(desk: Desk) -> None:
    sent = desk.write(CLERK, "身份证11010519491231002X，专业代写论文，请加微信")
    assert sent
    assert {word.priority for word in sent if isinstance(word, Private)} == {Priority.ANSWER}


def test_everything_is_read_before_anything_is_written(desk: Desk) -> None:
    """After the first write nobody else can write, and to find the head of a department takes a while."""
    desk.write(CLERK, "代写")
    desk.now += timedelta(days=1)
    desk.write(CLERK, "代写")
    desk.now += timedelta(days=1)
    asked: list[str] = []
    message, database = desk.message(CLERK, "代写，绝密名单", OFFICE), desk.store.database
    database.connection.set_trace_callback(asked.append)
    with database.turn():
        watch(message, desk.context)
    database.connection.set_trace_callback(None)
    roster = [number for number, statement in enumerate(asked) if "from staff_facts order by" in statement]
    assert roster, "it looks for the head"
    assert max(roster) < asked.index("begin immediate")
