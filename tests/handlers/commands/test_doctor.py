"""`/自检`, as an admin uses it: asking, and seeing to what was put aside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.commands import doctor
from handlers.commands.registry import COMMANDS
from handlers.doctor.parked import IN_DOUBT
from handlers.message import Body, ChatKind, Incoming, Private, Reply, Sender
from storage.inbox import Arrival
from storage.outbox import Draft
from storage.presence import Presence
from storage.probes import Probe
from storage.roles import Grant
from tests.handlers.hall import ADMIN, CLERK, OFFICE, OWNER, SUB, Hall, a_hall, private_to, reply


@pytest.fixture
def hall() -> Iterator[Hall]:
    """A hall whose last self-check found nothing wrong."""
    with a_hall() as hall:
        hall.store.probes.replace(
            Probe(name, hall.now, "ok", "好")
            for name in [
                "network",
                "credentials",
                "clock",
                "gateway",
                "departments",
                "members",
                "scene-groups",
                "sending",
                "database",
                "disk",
            ]
        )
        hall.store.presence.put(
            Presence(hall.now, hall.now, "0.1.0", "pc", 7, wanted_connections=2, connections=2, heard_at=hall.now)
        )
        yield hall


def received(hall: Hall, error: str = "Traceback\nValueError: 电话 13812345678 不对", chat: str = OFFICE) -> int:
    """A message whose handling failed for good."""
    key = f"message:p{hall.store.inbox.counts()['parked']}"
    hall.store.inbox.take([Arrival(key, "message", chat, '{"text": "13812345678"}', hall.now)])
    row_id: int = hall.store.database.rows("select max(id) as id from inbox")[0]["id"]
    hall.store.inbox.park(row_id, error, hall.now)
    return row_id


def unsent(hall: Hall, code: str = "invalid", **changes: object) -> int:
    """A message that could not be sent."""
    draft = Draft(kind="private", body="{}", priority=1, created_at=hall.now, recipients=(OWNER, CLERK))
    row_id = hall.store.outbox.add(replace(draft, **changes))  # type: ignore[arg-type]
    hall.store.outbox.park(row_id, code, f"{code}：原因")
    return row_id


def confirm(hall: Hall, asked: Body, person: str = ADMIN, chat: str | None = None) -> Body:
    """Give the code that the bot asked for."""
    [button] = [button for button in asked.buttons if button.label == "确认"]
    return hall.ask(person, button.says, chat)


# -- asking ------------------------------------------------------------------------------------------------------


def test_the_short_answer_is_four_verdicts_and_what_is_to_be_seen_to(hall: Hall) -> None:
    body = hall.ask(ADMIN, "/自检")
    for question in ("收不到：正常", "发不出：正常", "群里没反应：正常", "定时没来：正常"):
        assert question in body.text
    assert "❌" not in body.text
    assert [button.says for button in body.buttons] == ["/自检 详情"]
    unsent(hall)
    body = hall.ask(ADMIN, "/doctor")
    assert "发不出：有问题" in body.text and "收不到：正常" in body.text
    assert [button.says for button in body.buttons] == ["/自检 详情", "/自检 搁置"]


def test_everything_is_in_the_details(hall: Hall) -> None:
    text = hall.ask(ADMIN, "/自检 详情").text
    assert "1 位主管理员" in text
    assert f"{len(hall.context.scanner.rules)} 条内容规则" in text
    assert len(text) > len(hall.ask(ADMIN, "/自检").text)


def test_what_was_tried_over_the_network_is_told(hall: Hall) -> None:
    hall.store.probes.replace([Probe("sending", hall.now, "bad", "应用缺少权限：某某", "去「权限管理」申请")])
    text = hall.ask(ADMIN, "/自检").text
    assert "❌ 发送权限：应用缺少权限：某某。去「权限管理」申请" in text
    assert "收不到：不确定" in text


def test_in_a_group_it_is_answered_in_private(hall: Hall) -> None:
    for text in ("/自检", "/自检 详情", "/自检 搁置", "/自检 重试 全部"):
        sent = hall.say(ADMIN, text, OFFICE)
        assert reply(sent).text == "已私下发给你。"
        assert private_to(ADMIN, sent).text


def test_whoever_could_not_be_written_to_is_told_to_ask_in_private(hall: Hall) -> None:
    """The very permission that lacks would be needed to say so from a group."""
    hall.store.probes.replace([Probe("sending", hall.now, "bad", "应用缺少权限", "去申请")])
    for text in ("/自检", "/自检 详情"):
        [only] = hall.say(ADMIN, text, OFFICE)
        assert isinstance(only, Reply) and "单聊里对我说 /自检" in only.body.text
        assert "应用缺少权限" in hall.ask(ADMIN, text).text
    hall.store.probes.replace([])
    hall.store.quota.count(hall.context.today, "v2/user/list", 10_000)
    assert "单聊里" in reply(hall.say(ADMIN, "/自检", OFFICE)).text
    assert "额度已用完" in hall.ask(ADMIN, "/自检").text


def test_who_may_ask(hall: Hall) -> None:
    for person in (OWNER, CLERK, SUB):  # SUB is a sub-admin for 清理 alone
        for command in doctor.COMMANDS:
            body = hall.ask(person, command.example)
            assert "需要子管理员" in body.text, (person, command.example)
    hall.store.roles.grant(Grant(SUB, "sub-admin", families=("自检",)), ADMIN, hall.now)
    assert "收不到：正常" in hall.ask(SUB, "/自检").text
    assert hall.audited() == []


def test_a_word_that_does_not_fit_gets_the_usage(hall: Hall) -> None:
    assert "详情、搁置、重试、丢弃" in hall.ask(ADMIN, "/自检 什么").text
    assert "收不到：正常" in hall.ask(ADMIN, "/自检？").text
    text = hall.ask(ADMIN, "/帮助 自检").text
    for command in doctor.COMMANDS:
        assert command.usage in text
    assert (
        "/自检：查收不到、发不出、群里没反应、定时没来的原因；还有 详情｜搁置｜重试｜丢弃"
        in hall.ask(ADMIN, "/帮助").text
    )


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("/自检", True),
        ("／自检", True),
        (" /doctor ", True),
        ("/自检？", True),
        ("/自检 详情", True),
        ("/自检详情", True),
        ("/doctor details", True),
        ("/自检 搁置", False),
        ("/自检 重试 全部", False),
        ("/自检 丢弃 收1", False),
        ("/自检 什么", False),
        ("自检", True),
        ("自检？", True),
        ("怎么自检", False),
        ("自检 搁置", False),
        ("/状态", False),
        ("", False),
    ],
)
def test_only_a_question_about_its_health_sets_the_network_to_work(hall: Hall, text: str, needs: bool) -> None:
    message = Incoming("m", "c", ChatKind.PRIVATE, Sender(ADMIN), text)
    assert doctor.needs_probes(message) is needs
    assert doctor.may_check(message, hall.settings, hall.store)
    assert not doctor.may_check(replace(message, sender=Sender(CLERK)), hall.settings, hall.store)
    assert not doctor.may_check(replace(message, sender=Sender(None)), hall.settings, hall.store)


@given(st.text())
def test_whatever_is_said_it_is_known_whether_it_asks_for_a_self_check(text: str) -> None:
    message = Incoming("m", "c", ChatKind.PRIVATE, Sender(ADMIN), text)
    assert doctor.needs_probes(message) in (True, False)


# -- what was put aside ------------------------------------------------------------------------------------------


def test_the_list_names_no_name_and_no_number(hall: Hall) -> None:
    first, second = received(hall), unsent(hall)
    third = unsent(hall, "interrupted", kind="group", recipients=(), conversation=OFFICE)
    text = hall.ask(ADMIN, "/自检 搁置").text
    assert f"**收{first}** 11-24 09:30 教务处工作群 的消息：ValueError: 电话 138＊＊＊＊＊＊78 不对" in text
    assert f"**发{second}** 11-24 09:30 给 王＊＊ 等 2 人的私信：invalid：原因" in text
    assert f"**发{third}** 11-24 09:30 教务处工作群 的群消息：interrupted：原因（可能已办过）" in text
    assert "王建国" not in text and "13812345678" not in text


def test_the_example_of_what_to_retry_is_one_that_cannot_come_twice(hall: Hall) -> None:
    certain = unsent(hall)
    doubtful = unsent(hall, "interrupted")
    text = hall.ask(ADMIN, "/自检 搁置").text
    assert text.index(f"**发{doubtful}**") < text.index(f"**发{certain}**")
    assert f"/自检 重试 发{certain}，" in text


def test_every_kind_of_row_can_be_listed(hall: Hall) -> None:
    hall.store.inbox.take(
        [
            Arrival("due:x", "due", "due:cleanup-cycle", "{}", hall.now),
            Arrival("event:x", "event", "events", "{}", hall.now),
            Arrival("message:x", "message", "private-chat", "{}", hall.now),
        ]
    )
    for row in hall.store.inbox.next_rows(hall.now):
        hall.store.inbox.park(row.id, "", hall.now)
    unsent(hall, kind="reply", recipients=(), conversation=None)
    unsent(hall, kind="reply", recipients=(), conversation="cidUnknown")
    unsent(hall, kind="ding", recipients=("nobody-known",))
    text = hall.ask(ADMIN, "/自检 搁置").text
    for part in (
        "定时任务 cleanup-cycle：原因不明",
        "通讯录或群的变动：",
        "私聊消息：",
        "给组织外人员的回复：",
        "一个群的回复：",
        "给 n＊＊的DING：",
    ):
        assert part in text, part


def test_of_many_the_newest_are_listed(hall: Hall) -> None:
    for _ in range(12):
        unsent(hall)
    hall.later(timedelta(minutes=1))
    newest = received(hall)
    text = hall.ask(ADMIN, "/自检 搁置").text
    assert "**搁置 13 条**" in text and "只列了最近 10 条" in text
    assert text.index(f"**收{newest}**") < text.index("**发")


def test_nothing_is_put_aside(hall: Hall) -> None:
    assert "没有搁置" in hall.ask(ADMIN, "/自检 搁置").text
    assert "没有可以重试的" in hall.ask(ADMIN, "/自检 重试 全部").text
    assert "没有可以丢弃的" in hall.ask(ADMIN, "/自检 丢弃 全部").text
    assert hall.audited() == []


def test_rows_are_taken_up_again_by_number(hall: Hall) -> None:
    first, second, left = received(hall), unsent(hall), unsent(hall)
    text = hall.ask(ADMIN, f"/自检 重试 收{first}、发{second} 发999").text
    assert f"2 条重新来过：收{first}、发{second}" in text
    assert "发999 不在搁置之列" in text
    assert [row.id for row in hall.store.inbox.next_rows(hall.now)] == [first]
    assert [row.id for row in hall.store.outbox.due(hall.now)] == [second]
    assert [row.id for row in hall.store.outbox.parked()] == [left]
    [entry] = hall.store.audit.latest()
    assert (entry.action, entry.actor, entry.subject) == ("自检 重试", ADMIN, f"收{first} 发{second}")


def test_all_means_all_that_certainly_did_not_arrive(hall: Hall) -> None:
    certain = [unsent(hall), unsent(hall)]
    doubtful = [unsent(hall, code) for code in IN_DOUBT]
    first = received(hall)
    text = hall.ask(ADMIN, "/自检 重试 全部").text
    assert f"3 条重新来过：收{first}、发{certain[0]}、发{certain[1]}" in text
    assert f"另有 {len(doubtful)} 条可能已经办过" in text
    assert sorted(row.id for row in hall.store.outbox.parked()) == sorted(doubtful)


def test_what_may_come_twice_is_asked_about_first(hall: Hall) -> None:
    certain, doubtful = unsent(hall), unsent(hall, "unknown-outcome")
    asked = hall.ask(ADMIN, f"/自检 重试 发{certain} 发{doubtful}")
    assert "可能收到两遍" in asked.text and f"发{doubtful} 给 王＊＊" in asked.text
    assert f"发{certain}" not in asked.text
    assert hall.store.outbox.due(hall.now) == []
    done = confirm(hall, asked)
    assert f"2 条重新来过：发{certain}、发{doubtful}" in done.text
    assert [row.id for row in hall.store.outbox.due(hall.now)] == [certain, doubtful]
    assert hall.audited() == ["确认", "自检 重试"]


def test_what_a_restored_backup_had_open_may_have_been_answered(hall: Hall) -> None:
    hall.store.inbox.take([Arrival("message:old", "message", OFFICE, "{}", hall.now)])
    [row] = hall.store.inbox.next_rows(hall.now)
    hall.store.database.execute("update inbox set state = 'parked', error = '备份时还没处理' where id = ?", (row.id,))
    assert "另有 1 条可能已经办过" in hall.ask(ADMIN, "/自检 重试 全部").text
    asked = hall.ask(ADMIN, f"/自检 重试 收{row.id}")
    assert "可能收到两遍" in asked.text and hall.store.inbox.next_rows(hall.now) == []
    confirm(hall, asked)
    assert [one.id for one in hall.store.inbox.next_rows(hall.now)] == [row.id]


def test_what_is_useless_by_now_is_not_sent(hall: Hall) -> None:
    row_id = unsent(hall, expires_at=hall.now + timedelta(hours=1))
    hall.later(timedelta(hours=1))
    text = hall.ask(ADMIN, f"/自检 重试 发{row_id}").text
    assert f"发{row_id} 已经过了有效时间" in text
    assert [row.id for row in hall.store.outbox.parked()] == [row_id]


def test_dropping_is_asked_about_and_then_final(hall: Hall) -> None:
    first, second, kept = received(hall), unsent(hall), unsent(hall)
    asked = hall.ask(ADMIN, f"/自检 丢弃 收{first} 发{second}")
    assert "不能恢复" in asked.text and "王建国" not in asked.text
    assert hall.store.inbox.counts()["parked"] == 1
    assert f"已丢弃 2 条：收{first}、发{second}" in confirm(hall, asked).text
    assert hall.store.inbox.counts()["parked"] == 0
    assert [row.id for row in hall.store.outbox.parked()] == [kept]
    assert hall.audited() == ["确认", "自检 丢弃"]
    assert "没有可以丢弃的" in hall.ask(ADMIN, f"/自检 丢弃 收{first}").text
    assert "没有可以重试的" in hall.ask(ADMIN, f"/自检 重试 收{first}").text


def test_all_are_dropped_those_in_doubt_too(hall: Hall) -> None:
    received(hall)
    unsent(hall, "interrupted")
    assert "已丢弃 2 条" in confirm(hall, hall.ask(ADMIN, "/自检 丢弃 全部")).text
    assert "没有搁置" in hall.ask(ADMIN, "/自检 搁置").text


def test_of_many_that_would_be_dropped_the_first_are_named(hall: Hall) -> None:
    for number in range(13):
        (received if number < 3 else unsent)(hall)
    asked = hall.ask(ADMIN, "/自检 丢弃 全部")
    assert asked.text.count("- 收") == 3 and asked.text.count("- 发") == 7 and "共 13 条" in asked.text
    assert "已丢弃 13 条" in confirm(hall, asked).text
    assert hall.store.audit.latest()[1].detail == "13 条"


@pytest.mark.parametrize("verb", ["重试", "丢弃"])
@pytest.mark.parametrize("typed", ["", "12", "那些"])
def test_unclear_numbers_get_the_usage_and_change_nothing(hall: Hall, verb: str, typed: str) -> None:
    unsent(hall)
    assert f"用法：/自检 {verb} 编号或全部" in hall.ask(ADMIN, f"/自检 {verb} {typed}").text
    assert len(hall.store.outbox.parked()) == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(
    verb=st.sampled_from(["重试", "丢弃"]),
    typed=st.text() | st.text("收发inout0123456789 ,、全部#号") | st.integers().map(lambda n: f"收{n} 发{n}"),
)
def test_whatever_is_typed_is_answered(hall: Hall, verb: str, typed: str) -> None:
    sent = hall.say(ADMIN, f"/自检 {verb} {typed}")
    assert len(sent) == 1 and isinstance(sent[0], Reply) and sent[0].body.text


def test_every_button_is_a_command_that_there_is(hall: Hall) -> None:
    unsent(hall)
    for text in ("/自检", "/自检 搁置"):
        for button in hall.ask(ADMIN, text).buttons:
            assert hall.say(ADMIN, button.says)
            assert any(button.says.startswith(f"/{' '.join(command.words)}") for command in COMMANDS)


def test_a_private_word_is_an_answer(hall: Hall) -> None:
    [word] = [one for one in hall.say(ADMIN, "/自检", OFFICE) if isinstance(one, Private)]
    assert (word.to, word.priority) == ((ADMIN,), 0)
