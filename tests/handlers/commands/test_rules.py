"""`/规则`: what the rules are and what they would do, for admins, in private."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from handlers.access import Role
from handlers.commands import rules, rules_agree, rules_change, rules_exchange
from handlers.message import Private, Reply
from handlers.moderation.rule import Rule
from handlers.moderation.written import as_json, as_toml
from tests.handlers.commands.rules_hall import ADVERTS, KEEPER, NUMBERS, RulesHall, a_rules_hall
from tests.handlers.hall import ADMIN, CLERK, OFFICE, OWNER, private_to, reply


@pytest.fixture
def hall() -> Iterator[RulesHall]:
    with a_rules_hall() as made:
        yield made


def test_only_admins_may(hall: RulesHall) -> None:
    commands = (*rules.COMMANDS, *rules_change.COMMANDS, *rules_exchange.COMMANDS)
    assert {one.role for one in commands} == {Role.SUB_ADMIN}
    assert {one.role for one in rules_agree.COMMANDS} == {Role.MAIN_ADMIN}
    for one in (*commands, *rules_agree.COMMANDS):
        assert "需要" in hall.ask(CLERK, one.example).text
        assert "需要" in hall.ask(OWNER, f"/{' '.join(one.aliases)}").text


def test_the_list_goes_by_category_and_says_how_often_each_rule_fired(hall: RulesHall) -> None:
    hall.say(CLERK, "代写", OFFICE)
    text = hall.ask(ADMIN, "/规则 列表").text
    assert text.startswith(
        "**共 3 条内容规则**（命中数为近 30 天）\n\n**广告推销**\n\n- 1 adverts（五.2）：提醒，命中 1 次"
    )
    assert "**不文明用语**\n\n- 2 abuse（一.2）：执行" in text
    assert text.index("adverts") < text.index("numbers") < text.index("abuse")


@pytest.mark.parametrize(
    ("filters", "found"),
    [("广告", ["adverts"]), ("执行", ["abuse"]), ("骂", ["abuse"]), ("observe", ["numbers"]), ("广告 执行", [])],
)
def test_the_list_can_be_narrowed(hall: RulesHall, filters: str, found: list[str]) -> None:
    text = hall.ask(ADMIN, f"/规则 列表 {filters}").text
    assert [name for name in ("adverts", "abuse", "numbers") if name in text] == found


def test_of_very_many_rules_the_list_gives_counts(hall: RulesHall) -> None:
    for number in range(100):
        body = as_json(Rule(f"r{number}", "abuse", "一.2", words=(f"词{number}",)))
        hall.store.rules.put(replace(hall.store.rules.all()[0], id=f"r{number}", body=body))
    listed = hall.ask(ADMIN, "/规则 列表")
    assert "**不文明用语** 101 条" in listed.text
    assert len(listed.text) < 500
    assert [button.label for button in listed.buttons] == ["广告推销", "个人信息", "不文明用语"]
    of_one = hall.ask(ADMIN, listed.buttons[2].says)
    assert "另有 41 条" in of_one.text
    assert "r58" in of_one.text
    assert of_one.buttons == ()
    assert "r99" in hall.ask(ADMIN, "/规则 列表 辱骂 词99").text


def test_without_rules_the_list_says_how_to_make_one(hall: RulesHall) -> None:
    for number in (1, 2, 3):
        hall.change(ADMIN, f"/规则 删除 {number}")
    assert "/规则 新增" in hall.ask(ADMIN, "/规则 列表").text


@pytest.mark.parametrize("name", [str(ADVERTS), "adverts", "adv", f"#{ADVERTS}"])
def test_one_rule_is_shown_whole(hall: RulesHall, name: str) -> None:
    shown = hall.ask(KEEPER, f"/规则 查看 {name}")
    for said in (
        "广告推销，依据 五.2",
        "状态：提醒（私下提醒本人）",
        "范围：不限",
        "词：代写",
        "第 1 版",
        "跟随 rules.toml",
    ):
        assert said in shown.text
    assert [button.says for button in shown.buttons] == ["/规则 历史 1", "/规则 重放 1", "/规则 状态 1 观察"]


@pytest.mark.parametrize("name", ["", "99", "none", "a"])
def test_what_is_no_rule_gets_the_usage(hall: RulesHall, name: str) -> None:
    assert "用法" in hall.ask(ADMIN, f"/规则 查看 {name}").text


def test_the_history_says_who_changed_what_and_why(hall: RulesHall) -> None:
    hall.change(KEEPER, "/规则 修改 1 加词：代考 原因：学生反映")
    text = hall.ask(ADMIN, "/规则 历史 1").text
    assert "**第 2 版** 2026-11-24 10:30 郑可  \n加词：代考  \n原因：学生反映" in text
    assert "**第 1 版** 2026-11-24 09:30 规则文件  \n来自 rules.toml" in text
    assert text.index("第 2 版") < text.index("第 1 版")


def test_a_trial_says_what_would_follow_and_records_nothing(hall: RulesHall) -> None:
    text = hall.ask(ADMIN, "/规则 测试 专业代*写").text
    assert text.startswith(
        "**会命中 1 处**\n\n- **adverts**：代＊写（看穿：夹杂符号）  \n广告推销，依据 五.2，私下提醒本人"
    )
    assert hall.store.flags.count() == 0


def test_a_trial_of_something_harmless(hall: RulesHall) -> None:
    assert hall.ask(ADMIN, "/规则 测试 下午开会").text == "没有规则会命中这段文字。\n\n只是测试，没有记录。"


def test_a_trial_tells_when_a_question_is_excused(hall: RulesHall) -> None:
    text = hall.ask(ADMIN, "/规则 测试 群里可以发代写的广告吗？").text
    assert text.startswith("命中的部分看起来是在询问规定或提醒他人，不会提醒。")


def test_a_replay_counts_what_the_rules_catch_among_the_samples(hall: RulesHall) -> None:
    assert "还没有样本" in hall.ask(ADMIN, "/规则 重放").text
    hall.flagged("找人代写论文", "你骂人", "代写")
    hall.samples = ("代写接单", "下午开会")
    text = hall.ask(ADMIN, "/规则 重放").text
    assert text == "**重放最近 5 条样本**\n\n- 1 adverts：3 条\n- 2 abuse：1 条"
    text = hall.ask(ADMIN, "/规则 重放 1").text
    assert "规则 1（adverts）命中 3 条" in text
    assert "代写接单（样本文件）" in text
    assert f"规则 {NUMBERS}（numbers）命中 0 条" in hall.ask(ADMIN, f"/规则 重放 {NUMBERS}").text


def test_an_export_reads_as_a_rule_file(hall: RulesHall) -> None:
    text = hall.ask(ADMIN, "/规则 导出").text
    assert text == f"```toml\n{as_toml(hall.rules.values())}```"
    assert "adverts" in hall.ask(ADMIN, "/规则 导出 广告").text
    assert "adverts" not in hall.ask(ADMIN, "/规则 导出 abuse").text
    hall.change(ADMIN, "/规则 修改 1 说明：``` 乱写")
    assert hall.ask(ADMIN, "/规则 导出 1").text.count("```") == 2


def test_an_export_that_is_too_long_points_to_the_server(hall: RulesHall) -> None:
    words = tuple(f"很长很长的词语第{number}个" for number in range(2000))
    before = hall.store.rules.get(1)
    assert before is not None
    hall.store.rules.put(replace(before, body=as_json(replace(hall.rule("adverts"), words=words))))
    assert "steward rules export" in hall.ask(ADMIN, "/规则 导出").text
    assert "等 2000 个" in hall.ask(ADMIN, "/规则 查看 1").text


@pytest.mark.parametrize("text", ["/规则 列表", "/规则 查看 1", "/规则 历史 1", "/规则 测试 代写", "/规则 导出 1"])
def test_in_a_group_the_answer_goes_to_whoever_asked(hall: RulesHall, text: str) -> None:
    sent = hall.say(ADMIN, text, OFFICE)
    assert [type(one) for one in sent] == [Private, Reply]
    assert "adverts" in private_to(ADMIN, sent).text
    assert reply(sent).text == "已私下发给你。"


@pytest.mark.parametrize(
    "text", ["/规则 修改 1 加词：代考", "/规则 新增", "/规则 删除 1", "/规则 导入 1", "/规则 批准 1"]
)
def test_in_a_group_nothing_is_changed_and_no_word_is_said(hall: RulesHall, text: str) -> None:
    before = hall.store.rules.revision()
    assert "请私聊我" in reply(hall.say(ADMIN, text, OFFICE)).text
    assert hall.store.rules.revision() == before


def test_the_english_words_do_the_same(hall: RulesHall) -> None:
    assert hall.ask(ADMIN, "/rule list") == hall.ask(ADMIN, "/规则 列表")
    assert hall.ask(ADMIN, "/rule test 代写") == hall.ask(ADMIN, "/规则 测试 代写")
