"""`/规则 新增|修改|放行|状态|范围|删除|恢复`: shown first, confirmed, in force at once, and never lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from handlers.moderation.rule import Rule, Scope
from tests.handlers.commands.rules_hall import ABUSE, KEEPER, LOCAL, RulesHall, a_rules_hall
from tests.handlers.hall import ADMIN, CLERK, OFFICE, private_to, reply


@pytest.fixture
def hall() -> Iterator[RulesHall]:
    with a_rules_hall() as made:
        yield made


def refused(hall: RulesHall, person: str, text: str) -> str:
    """What is said to a command that does nothing; nothing was stored."""
    before = hall.store.rules.revision()
    body = hall.ask(person, text)
    assert not any(button.label == "确认" for button in body.buttons), body
    assert hall.store.rules.revision() == before
    return body.text


def test_a_change_shows_what_it_would_catch_and_takes_effect_when_confirmed(hall: RulesHall) -> None:
    hall.flagged("找人代考", "代写论文", "你骂人")
    asked = hall.ask(KEEPER, "/规则 修改 1 加词：代考、替考 删词：代写 原因：改行了")
    for said in (
        "**修改规则 1 adverts**",
        "- 加词：代考、替考",
        "- 删词：代写",
        "这样改后：最近 3 条样本中多命中 1 条、少命中 1 条。",
        "- 找人代考（#1）",
        "- 代写论文（#2）",
        "⚠ 规则自带的例句有 1 句不对：\n\n- adverts：「专业代写」应命中，没有命中",
    ):
        assert said in asked.text
    assert hall.rule("adverts").words == ("代写",)
    done = reply(hall.confirm(KEEPER, asked))
    assert done.text == "规则 1（adverts）已改好，现在是第 2 版，马上生效。"
    assert done.buttons[1].says == "/规则 恢复 1 1"
    assert hall.rule("adverts").words == ("代考", "替考")
    stored = hall.store.rules.get(1)
    assert stored is not None
    assert (stored.by, stored.why, stored.what) == (KEEPER, "改行了", "加词：代考、替考；删词：代写")
    assert hall.audited()[0] == "确认"
    assert hall.audited()[1] == "规则 修改"
    assert hall.say(CLERK, "代考", OFFICE)


def test_what_is_not_confirmed_changes_nothing(hall: RulesHall) -> None:
    hall.ask(ADMIN, "/规则 修改 1 加词：代考")
    hall.ask(ADMIN, "/取消")
    assert hall.rule("adverts").words == ("代写",)


def test_what_somebody_else_changed_meanwhile_is_looked_at_again(hall: RulesHall) -> None:
    asked = hall.ask(KEEPER, "/规则 修改 1 词：代考")
    hall.change(ADMIN, "/规则 修改 1 加词：枪手")
    assert "刚被别人改过" in reply(hall.confirm(KEEPER, asked)).text
    assert hall.rule("adverts").words == ("代写", "枪手")
    hall.later(timedelta(minutes=3))
    hall.change(KEEPER, "/规则 修改 1 词：代考")
    assert hall.rule("adverts").words == ("代考",)


def test_without_samples_the_effect_says_so(hall: RulesHall) -> None:
    assert "还没有样本" in hall.ask(ADMIN, "/规则 修改 1 加词：代考").text


def test_the_examples_of_other_rules_warn_of_a_word_that_is_too_wide(hall: RulesHall) -> None:
    text = hall.ask(ADMIN, "/规则 修改 2 加词：开会").text
    assert "- adverts：「现在开会」不应命中，被「abuse」命中" in text


def test_rules_with_a_meaning_are_called_by_it_where_examples_warn(hall: RulesHall) -> None:
    hall.change(ADMIN, "/规则 修改 1 说明：代写和代考的广告")
    hall.change(ADMIN, "/规则 修改 2 说明：骂人的话")
    text = hall.ask(ADMIN, "/规则 修改 2 加词：开会").text
    assert "- 代写和代考的广告：「现在开会」不应命中，被「骂人的话」命中" in text


def test_one_line_makes_a_rule_that_observes(hall: RulesHall) -> None:
    hall.samples = ("低价代考", "替考加微信", "下午开会")
    asked = hall.ask(
        KEEPER, "/规则 新增 广告 五.2 词：代考 搭配：替考+微信 相隔：6 例外：代考虑 群类型：班级群 说明：替人考试"
    )
    assert "多命中 2 条、少命中 0 条" in asked.text
    assert "已新增，先观察" in reply(hall.confirm(KEEPER, asked)).text
    assert hall.rule("advertising-1") == Rule(
        "advertising-1",
        "advertising",
        "五.2",
        words=("代考",),
        combinations=(("替考", "微信"),),
        within=6,
        allow=("代考虑",),
        scope=Scope(kinds=("class",)),
        meaning="替人考试",
    )
    assert "advertising-2" in hall.ask(KEEPER, "/规则 新增 广告 五.2 词：枪手").text


def test_words_may_stand_without_a_label(hall: RulesHall) -> None:
    hall.change(ADMIN, "/rule add abuse 一.2 丑话、坏话")
    assert hall.rule("abuse-1").words == ("丑话", "坏话")


def test_step_by_step_the_buttons_lead_to_the_same(hall: RulesHall) -> None:
    body = hall.ask(ADMIN, "/规则 新增")
    assert [button.label for button in body.buttons][:2] == ["广告推销", "个人信息"]
    body = hall.ask(ADMIN, body.buttons[0].says)
    assert body.buttons[0].says == "/规则 新增 广告推销 五.2"
    text = hall.ask(ADMIN, body.buttons[0].says).text
    assert "/规则 新增 广告推销 五.2 词：代写、代考" in text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/规则 新增 广高 五.2 词：代考", "没有「广高」这一类"),
        ("/规则 新增 广告 词：代考", "依据的条款"),
        ("/规则 新增 广告 五.2 例外：代考", "规则是空的"),
        ("/规则 新增 广告 五.2 词：", "没有写内容"),
        ("/规则 新增 广告 五.2 词：***", "没有文字"),
        ("/规则 新增 广告 五.2 搭配：代考", "只有一个词"),
        ("/规则 新增 广告 五.2 识别：指纹", "可写："),
        ("/规则 新增 广告 五.2 表达式：(", "RE2 不认识"),
        ("/规则 新增 广告 五.2 词：代考 相隔：三", "要写数字"),
        ("/规则 新增 广告 五.2 词：代考 时间：25:00-3:00", "没有 25:00 这个时刻"),
        ("/规则 新增 广告 五.2 词：代考 告知：打钉", "打钉只用于"),
        ("/规则 修改 1", "请写改什么"),
        ("/规则 修改 1 代考", "请写改什么"),
        ("/规则 修改 99 加词：代考", "没有规则「99」"),
        ("/规则 修改 1 删词：枪手", "里没有「枪手」"),
        ("/规则 修改 1 删词：代写", "规则是空的"),
        ("/规则 修改 1 加轻重：重", "只能改"),
        ("/规则 放行 1", "请写要放行的词"),
        ("/规则 状态 1 打骂", "请写状态"),
        ("/规则 范围 1 词：代考", "请写范围"),
        ("/规则 范围 1 群类型：家长群", "没有「家长群」"),
        ("/规则 恢复 1", "请写回到哪一版"),
        ("/规则 恢复 1 9", "没有第「9」版"),
        ("/规则 修改 1 加词：代写", "没有变化"),
        ("/规则 状态 1 提醒", "没有变化"),
    ],
)
def test_what_does_not_fit_is_said_in_one_line_and_changes_nothing(hall: RulesHall, text: str, said: str) -> None:
    assert said in refused(hall, ADMIN, text)


def test_an_allow_word_excuses_at_once(hall: RulesHall) -> None:
    hall.flagged("现代写作课", "专业代写")
    asked = hall.ask(KEEPER, "/规则 放行 adverts 现代写、当代写 原因：误中")
    assert "- 加例外：现代写、当代写" in asked.text
    assert "少命中 1 条" in asked.text
    hall.confirm(KEEPER, asked)
    assert hall.rule("adverts").allow == ("现代写", "当代写")
    assert "没有规则会命中" in hall.ask(ADMIN, "/规则 测试 现代写作课").text


def test_a_scope_narrows_a_rule_and_is_taken_away_again(hall: RulesHall) -> None:
    hall.flagged("代写", chat=OFFICE)
    asked = hall.ask(ADMIN, "/规则 范围 1 群类型：班级群、外部群 部门：教务处 身份：学生 时间：周一至周五 8:00-18:00")
    assert "范围：不限 → 群类型：班级群、外部群，部门：教务处，身份：学生，时间：周一至周五 8:00-18:00" in asked.text
    assert "少命中 1 条" in asked.text
    hall.confirm(ADMIN, asked)
    assert hall.rule("adverts").scope == Scope(
        ("class", "external"), ("教务处",), (), ("student",), "Mon-Fri 8:00-18:00"
    )
    hall.change(ADMIN, "/规则 范围 1 时间：工作时间 身份：不限")
    assert hall.rule("adverts").scope == Scope(("class", "external"), ("教务处",), hours="working-hours")
    hall.change(ADMIN, "/规则 范围 1 不限")
    assert hall.rule("adverts").scope == Scope()


def test_a_group_may_be_named_by_its_title(hall: RulesHall) -> None:
    hall.change(ADMIN, "/规则 范围 1 群：教务处工作群、cidClass")
    assert hall.rule("adverts").scope.groups == (OFFICE, "cidClass")
    assert "没有「教务群」这个群" in refused(hall, ADMIN, "/规则 范围 1 群：教务群")


def test_a_department_that_nobody_knows_is_told_before(hall: RulesHall) -> None:
    assert "都没有「教悟处」" in hall.ask(ADMIN, "/规则 范围 1 部门：教悟处、教务处").text
    assert "⚠" not in hall.ask(ADMIN, "/规则 范围 1 部门：教务处").text


def test_a_removed_rule_fires_no_more_and_comes_back(hall: RulesHall) -> None:
    assert "已删除" in hall.change(ADMIN, "/规则 删除 1 和别的重复").text
    assert "adverts" not in hall.rules
    assert "没有规则「1」" in refused(hall, ADMIN, "/规则 修改 1 加词：代考")
    shown = hall.ask(ADMIN, "/规则 查看 1")
    assert "已删除" in shown.text
    asked = hall.ask(ADMIN, shown.buttons[0].says)
    assert "恢复这条规则" in asked.text
    hall.confirm(ADMIN, asked)
    assert hall.rule("adverts").words == ("代写",)


def test_an_earlier_version_comes_back_as_a_new_one(hall: RulesHall) -> None:
    hall.change(ADMIN, "/规则 修改 1 加词：代考")
    hall.change(ADMIN, "/规则 修改 1 词：别的")
    asked = hall.ask(ADMIN, "/规则 恢复 1 第2版")
    assert "- 加词：代写、代考\n- 删词：别的" in asked.text
    hall.confirm(ADMIN, asked)
    assert hall.rule("adverts").words == ("代写", "代考")
    assert [version.version for version in hall.store.rules.history(1)] == [4, 3, 2, 1]


def test_a_rule_may_follow_its_file_again(hall: RulesHall) -> None:
    hall.change(ADMIN, "/规则 修改 1 加词：代考")
    hall.change(ADMIN, "/规则 恢复 1 文件")
    stored = hall.store.rules.get(1)
    assert stored is not None
    assert stored.follows is not None
    assert hall.rule("adverts").words == ("代写",)
    hall.change(ADMIN, "/规则 新增 广告 五.2 词：代考")
    assert "不是从文件来的" in refused(hall, ADMIN, "/规则 恢复 advertising-1 文件")


def test_enforcing_is_for_main_admins(hall: RulesHall) -> None:
    assert "只有主管理员" in refused(hall, KEEPER, "/规则 状态 1 执行")
    assert "只有主管理员" in refused(hall, KEEPER, "/规则 修改 2 加词：坏话")
    assert "只有主管理员" in refused(hall, KEEPER, "/规则 状态 2 提醒")
    assert "只有主管理员" in refused(hall, KEEPER, "/规则 删除 2")
    assert "只有主管理员" in refused(hall, KEEPER, "/规则 修改 1 告知：群里公开")
    hall.change(ADMIN, "/规则 状态 1 执行 屡禁不止")
    assert hall.rule("adverts").state == "enforce"
    stored = hall.store.rules.get(1)
    assert stored is not None
    assert stored.why == "屡禁不止"


def test_an_allow_word_is_for_sub_admins_even_where_a_rule_is_enforced(hall: RulesHall) -> None:
    hall.change(KEEPER, "/规则 放行 2 被骂人")
    assert hall.rule("abuse").allow == ("被骂人",)
    assert "要主管理员来定" in refused(hall, KEEPER, "/规则 放行 2 骂 人")
    hall.change(ADMIN, "/规则 放行 2 骂人")


def test_a_sub_admin_of_a_department_keeps_to_it(hall: RulesHall) -> None:
    assert "范围是「教务处」" in refused(hall, LOCAL, "/规则 修改 1 加词：代考")
    assert "范围是「教务处」" in refused(hall, LOCAL, "/规则 新增 广告 五.2 词：代考 部门：财务处")
    assert "范围是「教务处」" in refused(hall, LOCAL, "/规则 范围 1 部门：教务处")
    hall.change(LOCAL, "/规则 新增 广告 五.2 词：代考")
    assert hall.rule("advertising-1").scope.departments == ("教务处",)
    hall.change(LOCAL, "/规则 范围 advertising-1 部门：教务处/教学科")
    assert "范围是「教务处」" in refused(hall, LOCAL, "/规则 范围 advertising-1 不限")


def test_numbers_of_people_do_not_get_into_history_or_audit(hall: RulesHall) -> None:
    hall.change(ADMIN, "/规则 修改 1 加词：13812345678 原因：找13812345678")
    stored = hall.store.rules.get(1)
    assert stored is not None
    assert "13812345678" not in stored.what + stored.why
    assert all("13812345678" not in entry.detail + entry.subject for entry in hall.store.audit.latest())


@pytest.fixture
def two() -> Iterator[RulesHall]:
    """The settings ask for two admins, and there are two."""
    with a_rules_hall(moderation={"two_admins": True}, roles={"main_admins": [ADMIN, "second"]}) as made:
        yield made


def test_with_two_admins_the_other_one_has_to_agree(two: RulesHall) -> None:
    asked = two.ask(ADMIN, "/规则 状态 1 执行 屡禁不止")
    assert "还要另一位主管理员同意" in asked.text
    sent = two.confirm(ADMIN, asked)
    assert "已提交" in reply(sent).text
    assert two.rule("adverts").state == "remind"
    word = private_to("second", sent)
    assert "周敏想改一条规则" in word.text
    assert "状态：提醒 → 执行" in word.text
    assert "自己提的" in refused(two, ADMIN, word.buttons[0].says)
    assert "等另一位主管理员同意" in two.ask("second", "/规则 列表").text
    agreeing = two.ask("second", word.buttons[0].says)
    assert "周敏提的" in agreeing.text
    assert two.rule("adverts").state == "remind"
    sent = two.confirm("second", agreeing)
    assert two.rule("adverts").state == "enforce"
    assert "陈立同意了" in private_to(ADMIN, sent).text
    stored = two.store.rules.get(1)
    assert stored is not None
    assert (stored.by, stored.why) == (ADMIN, "屡禁不止，陈立同意")
    assert "没有这项改动" in refused(two, "second", word.buttons[0].says)


def test_the_other_admin_may_refuse(two: RulesHall) -> None:
    sent = two.confirm(ADMIN, two.ask(ADMIN, "/规则 状态 1 执行"))
    sent = two.say("second", private_to("second", sent).buttons[1].says)
    assert "已退回" in reply(sent).text
    assert "没有同意" in private_to(ADMIN, sent).text
    assert two.rule("adverts").state == "remind"
    assert "没有这项改动" in two.ask("second", "/规则 驳回 1").text


def test_what_changed_meanwhile_is_not_agreed_to(two: RulesHall) -> None:
    two.confirm(ADMIN, two.ask(ADMIN, "/规则 状态 1 执行"))
    two.change(ADMIN, "/规则 修改 1 加词：代考")
    assert "后来又改过" in refused(two, "second", "/规则 批准 1")


def test_what_is_enforced_already_needs_no_second(two: RulesHall) -> None:
    two.change(ADMIN, f"/规则 修改 {ABUSE} 加词：坏话")
    assert two.rule("abuse").words == ("骂人", "坏话")
    two.change(ADMIN, f"/规则 状态 {ABUSE} 观察")
    assert "还要另一位" in two.ask(ADMIN, f"/规则 恢复 {ABUSE} 1").text


def test_where_there_is_no_second_that_is_said() -> None:
    with a_rules_hall(moderation={"two_admins": True}) as hall:
        assert "现在只有你一位" in refused(hall, ADMIN, "/规则 状态 1 执行")
