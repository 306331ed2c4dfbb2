"""Rule files that are sent in private: read, shown, confirmed, and in force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.access import Ground
from handlers.message import ChatKind, Incoming, MessageKind, Sender
from handlers.moderation.editing.importing import wants_file
from handlers.moderation.rule import Rule
from handlers.moderation.written import as_toml
from tests.handlers.commands.rules_hall import KEEPER, LOCAL, RULES, RulesHall, a_rules_hall
from tests.handlers.hall import ADMIN, CLERK, SUB, reply

NEW = Rule("new", "advertising", "五.2", words=("代考",))
FILE = as_toml([replace(RULES[0], words=("代写", "枪手")), RULES[1], NEW]).encode()


@pytest.fixture
def hall() -> Iterator[RulesHall]:
    with a_rules_hall() as made:
        yield made


def test_a_file_is_shown_tried_and_taken_in_when_confirmed(hall: RulesHall) -> None:
    hall.flagged("找枪手", "代考")
    shown = reply(hall.send_file(KEEPER, FILE))
    assert "新增 1 条，改动 1 条，没有变化 1 条" in shown.text
    assert "adverts：加词：枪手" in shown.text
    asked = hall.ask(KEEPER, shown.buttons[0].says)
    assert "多命中 2 条、少命中 0 条" in asked.text
    assert "new" not in hall.rules
    assert "已导入 2 条规则" in reply(hall.confirm(KEEPER, asked)).text
    assert hall.rule("adverts").words == ("代写", "枪手")
    assert hall.rule("new") == NEW
    assert "numbers" in hall.rules
    assert "没有这份规则文件" in hall.ask(KEEPER, shown.buttons[0].says).text


def test_a_file_with_mistakes_names_them_and_nothing_is_kept(hall: RulesHall) -> None:
    body = reply(hall.send_file(ADMIN, FILE.replace(b"advertising", b"adverts")))
    assert "什么都没有导入" in body.text
    assert "规则 new category" in body.text
    assert body.buttons == ()
    assert "不是合格的 TOML" in reply(hall.send_file(ADMIN, b"[[rule]")).text


def test_a_file_that_changes_nothing_says_so(hall: RulesHall) -> None:
    body = reply(hall.send_file(ADMIN, as_toml(RULES).encode()))
    assert "新增 0 条，改动 0 条，没有变化 3 条" in body.text
    assert body.buttons == ()


def test_what_the_sender_may_not_change_is_named(hall: RulesHall) -> None:
    body = reply(hall.send_file(KEEPER, as_toml([replace(RULES[1], words=("坏话",)), NEW]).encode()))
    assert "abuse：强制执行的规则只有主管理员能改" in body.text
    assert body.buttons == ()
    assert "范围是「教务处」" in reply(hall.send_file(LOCAL, as_toml([NEW]).encode())).text


def test_a_draft_is_its_senders_alone_and_expires(hall: RulesHall) -> None:
    shown = reply(hall.send_file(KEEPER, FILE))
    assert "没有这份规则文件" in hall.ask(ADMIN, shown.buttons[0].says).text
    hall.later(timedelta(days=4))
    assert "没有这份规则文件" in hall.ask(KEEPER, shown.buttons[0].says).text


def test_with_two_admins_a_file_enforces_nothing_by_itself() -> None:
    with a_rules_hall(moderation={"two_admins": True}, roles={"main_admins": [ADMIN, "second"]}) as hall:
        shown = reply(hall.send_file(ADMIN, as_toml([replace(NEW, state="enforce")]).encode()))
        asked = hall.ask(ADMIN, shown.buttons[0].says)
        assert "new 先按「提醒」导入" in asked.text
        hall.confirm(ADMIN, asked)
        assert hall.rule("new").state == "remind"


def test_without_a_number_the_command_says_how(hall: RulesHall) -> None:
    assert ".toml" in hall.ask(ADMIN, "/规则 导入").text


def test_a_file_that_could_not_be_fetched_says_why(hall: RulesHall) -> None:
    assert reply(hall.send_file(ADMIN, b"", trouble="没有下载成")).text == "没有下载成"


@pytest.mark.parametrize(
    ("person", "name", "chat", "wanted"),
    [
        (ADMIN, "rules.toml", ChatKind.PRIVATE, True),
        (KEEPER, "规则.TOML", ChatKind.PRIVATE, True),
        (KEEPER, "rules.docx", ChatKind.PRIVATE, False),
        (KEEPER, "rules.toml", ChatKind.GROUP, False),
        (SUB, "rules.toml", ChatKind.PRIVATE, False),
        (CLERK, "rules.toml", ChatKind.PRIVATE, False),
    ],
)
def test_only_rule_files_of_those_who_may_change_rules_are_fetched(
    hall: RulesHall, person: str, name: str, chat: ChatKind, wanted: bool
) -> None:
    message = Incoming("m", "c", chat, Sender(person), kind=MessageKind.FILE, file_name=name, download_code="x")
    assert wants_file(message, Ground(hall.settings, hall.store)) is wanted


def test_a_rule_file_of_somebody_else_is_no_rule_file(hall: RulesHall) -> None:
    hall.send_file(CLERK, FILE)
    assert "new" not in hall.rules
    assert hall.store.rule_drafts.get(1, CLERK, hall.now) is None
