"""Roles, usage, suggestions and confirmations, as people meet them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.commands.registry import COMMANDS
from handlers.message import Reply
from storage.roles import Grant
from tests.handlers.hall import ADMIN, CLASS, CLERK, EXTERNAL, NEW, OFFICE, OWNER, SUB, Hall, a_hall, reply


@pytest.fixture
def hall() -> Iterator[Hall]:
    with a_hall() as hall:
        yield hall


def code_in(text: str) -> str:
    """The code of `/确认 代码`."""
    return text.split("/确认 ")[1][:4]


# -- help ------------------------------------------------------------------------------------------------------


def test_help_shows_what_the_person_may_use(hall: Hall) -> None:
    for_clerk, for_admin = hall.ask(CLERK, "/帮助").text, hall.ask(ADMIN, "/帮助").text
    assert "发起" not in for_clerk
    assert "/规则" not in for_clerk
    assert "/清理" in for_clerk
    assert "发起" in for_admin
    assert "/规则" in for_admin


def test_help_in_plain_words_is_the_same(hall: Hall) -> None:
    assert hall.ask(CLERK, "帮助") == hall.ask(CLERK, "/帮助") == hall.ask(CLERK, "／help")


def test_help_for_one_command_shows_usage_and_example(hall: Hall) -> None:
    text = hall.ask(ADMIN, "/帮助 清理 发起").text
    assert "用法：/清理 发起" in text
    assert "/cleanup start" in text
    assert "子管理员及以上" in text


def test_help_for_what_nobody_knows_is_the_overview(hall: Hall) -> None:
    assert hall.ask(CLERK, "/帮助 今天天气如何") == hall.ask(CLERK, "/帮助")


def test_help_for_a_family_lists_its_commands(hall: Hall) -> None:
    text = hall.ask(CLERK, "/帮助 清理").text
    assert "/清理 名单" in text
    assert "/清理 发起" not in text


def test_every_command_has_its_help(hall: Hall) -> None:
    for command in COMMANDS:
        text = hall.ask(ADMIN, "/帮助 " + " ".join(command.words)).text
        assert command.example in text
        assert command.summary in text


# -- roles -----------------------------------------------------------------------------------------------------


def test_a_refusal_names_the_role_and_the_group(hall: Hall) -> None:
    text = hall.ask(CLERK, "/清理 发起", OFFICE).text
    assert "子管理员" in text
    assert "教职工" in text
    assert OFFICE in text


def test_a_refused_command_changes_nothing(hall: Hall) -> None:
    hall.ask(CLERK, "/清理 发起")
    assert hall.store.findings.last_cycle() is None
    assert hall.store.confirmations.get(CLERK, f"private-{CLERK}") is None


def test_the_same_command_is_carried_out_for_an_admin(hall: Hall) -> None:
    assert "/确认" in hall.ask(ADMIN, "/清理 发起").text


def test_a_sub_admin_acts_only_in_the_families_of_the_grant(hall: Hall) -> None:
    assert "/确认" in hall.ask(SUB, "/清理 发起").text
    assert "需要子管理员" in hall.ask(SUB, "/规则 列表").text
    hall.store.roles.grant(Grant(SUB, "sub-admin"), ADMIN, hall.now)
    assert "需要" not in hall.ask(SUB, "/规则 列表").text


def test_an_owner_is_one_in_the_own_group_and_in_private(hall: Hall) -> None:
    assert "教务处工作群" in reply(hall.say(OWNER, "/群 列表")).text
    assert "需要群主" in hall.ask(OWNER, "/群 列表", NEW).text


def test_an_outsider_may_ask_who_they_are_and_nothing_else(hall: Hall) -> None:
    assert "不是本组织" in hall.ask(None, "/我是谁", EXTERNAL).text
    assert "需要" in hall.ask(None, "/群 登记 外部群", EXTERNAL).text
    assert "需要" in hall.ask(None, "/状态", EXTERNAL).text


# -- wrong arguments, unknown commands --------------------------------------------------------------------------


def test_wrong_arguments_get_the_usage_and_an_example(hall: Hall) -> None:
    text = hall.ask(OWNER, "/群 登记 小群", OFFICE).text
    assert "小群" in text
    assert "用法：/群 登记" in text
    assert "例如：/群 登记 部门群 教务处 日常工作" in text


def test_an_unknown_command_gets_the_nearest_that_the_person_may_run(hall: Hall) -> None:
    assert "/清理 状态" in hall.ask(CLERK, "/清里 状态").text
    assert "/清理 发起" in hall.ask(ADMIN, "/清里 发起").text
    assert "/清理 发起" not in hall.ask(CLERK, "/清里 发起").text
    assert "/规则" not in hall.ask(CLERK, "/规责 列表").text


def test_a_family_alone_lists_what_the_person_may_run_of_it(hall: Hall) -> None:
    text = hall.ask(CLERK, "/清理").text
    assert "/清理 名单" in text
    assert "/清理 发起" not in text
    assert "/清理 发起" in hall.ask(ADMIN, "/cleanup").text
    for bare in ("/清理", "/ 规章", "／学习", "/学习 导出"):
        assert "是不是" not in hall.ask(ADMIN, bare).text
    assert "是不是想用" in hall.ask(ADMIN, "/规章 擦看").text


def test_nonsense_is_pointed_to_help(hall: Hall) -> None:
    assert "/帮助" in hall.ask(CLERK, "/ㄅㄆㄇ").text
    assert "/帮助" in hall.ask(CLERK, "/").text


def test_what_was_typed_does_nothing_in_the_answer(hall: Hall) -> None:
    for text in ("/[领奖](http://x.cn)", "/群 登记 [领奖](http://x.cn)", "/帮助 @all"):
        said = hall.ask(OWNER, text, OFFICE).text
        assert "](" not in said
        assert "http://" not in said
        assert "@all" not in said


# -- confirmations -----------------------------------------------------------------------------------------------


def test_what_needs_confirming_happens_only_with_the_code(hall: Hall) -> None:
    asked = hall.ask(ADMIN, "/清理 发起 部门群")
    assert hall.store.findings.last_cycle() is None
    assert "将核对 1 个群" in asked.text
    code = code_in(asked.text)
    assert [button.says for button in asked.buttons] == [f"/确认 {code}", "/取消"]
    done = reply(hall.say(ADMIN, f"/确认 {code}")).text
    assert "已发起" in done
    cycle = hall.store.findings.last_cycle()
    assert cycle is not None
    assert cycle.kinds == ("department",)
    assert hall.audited()[:2] == ["确认", "清理 发起"]
    assert hall.store.audit.latest(2)[0].subject == "/清理 发起 部门群"


@pytest.mark.parametrize("typed", ["/确认{}", "/确认：{}", "／确认 {}。", "/confirm{}"])
def test_a_code_may_be_typed_carelessly(hall: Hall, typed: str) -> None:
    code = code_in(hall.ask(ADMIN, "/清理 发起 部门群").text)
    assert "已发起" in reply(hall.say(ADMIN, typed.format(code))).text


def test_no_number_that_somebody_typed_is_said_again_in_the_group(hall: Hall) -> None:
    for text in ("/13812345678", "/群 登记 13812345678", "/规章 查看 13812345678", "/帮助 13812345678"):
        sent = hall.say(OWNER, text, OFFICE)
        assert all("13812345678" not in one.body.text for one in sent if isinstance(one, Reply))


def test_a_code_counts_once(hall: Hall) -> None:
    code = code_in(hall.ask(ADMIN, "/清理 发起").text)
    hall.say(ADMIN, f"/确认 {code}")
    assert "不对" in hall.ask(ADMIN, f"/确认 {code}").text


def test_a_code_is_good_for_two_minutes(hall: Hall) -> None:
    code = code_in(hall.ask(ADMIN, "/清理 发起").text)
    hall.later(timedelta(minutes=2, seconds=1))
    assert "不对" in hall.ask(ADMIN, f"/确认 {code}").text
    code = code_in(hall.ask(ADMIN, "/清理 发起").text)
    hall.later(timedelta(minutes=2))
    assert "已发起" in reply(hall.say(ADMIN, f"/confirm {code}")).text


def test_a_code_is_good_for_the_same_person_in_the_same_chat(hall: Hall) -> None:
    code = code_in(hall.ask(ADMIN, "/清理 发起", OFFICE).text)
    assert "不对" in hall.ask(SUB, f"/确认 {code}", OFFICE).text
    assert "不对" in hall.ask(ADMIN, f"/确认 {code}").text
    assert "不对" in hall.ask(ADMIN, f"/确认 {code}", CLASS).text
    assert "已发起" in reply(hall.say(ADMIN, f"/确认 {code}", OFFICE)).text


def test_a_wrong_code_spoils_nothing(hall: Hall) -> None:
    code = code_in(hall.ask(ADMIN, "/清理 发起").text)
    wrong = "0000" if code != "0000" else "1111"
    assert "不对" in hall.ask(ADMIN, f"/确认 {wrong}").text
    assert "用法：/确认 代码" in hall.ask(ADMIN, "/确认").text
    assert "已发起" in reply(hall.say(ADMIN, f"/确认 {code}")).text


def test_cancelling_drops_it(hall: Hall) -> None:
    code = code_in(hall.ask(ADMIN, "/清理 发起").text)
    assert "已取消" in hall.ask(ADMIN, "/取消").text
    assert hall.audited() == ["取消"]
    assert "不对" in hall.ask(ADMIN, f"/确认 {code}").text
    assert "没有等你确认" in hall.ask(ADMIN, "/取消").text
    assert hall.audited() == ["取消"]


def test_a_role_that_was_taken_away_in_between_counts(hall: Hall) -> None:
    code = code_in(hall.ask(SUB, "/清理 发起").text)
    hall.store.roles.grant(Grant(SUB, "sub-admin", families=("规则",)), ADMIN, hall.now)
    assert "需要子管理员" in hall.ask(SUB, f"/确认 {code}").text
    assert hall.store.findings.last_cycle() is None


def test_wrong_arguments_are_said_before_anything_waits(hall: Hall) -> None:
    assert "用法" in hall.ask(ADMIN, "/清理 发起 小群").text
    assert hall.store.confirmations.get(ADMIN, f"private-{ADMIN}") is None


# -- whatever people type -----------------------------------------------------------------------------------------


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(
    st.sampled_from([*(" ".join(c.words) for c in COMMANDS), *(" ".join(c.aliases) for c in COMMANDS), ""]),
    st.text(max_size=60),
    st.sampled_from([ADMIN, SUB, OWNER, CLERK, None]),
    st.sampled_from([OFFICE, CLASS, EXTERNAL, NEW]),
)
def test_any_command_with_any_arguments_gets_a_reply(
    hall: Hall, name: str, rest: str, person: str | None, chat: str
) -> None:
    sent = hall.say(person, f"/{name} {rest}", chat)
    assert sent
    assert all(body.text.strip() for body in [reply(sent)])
