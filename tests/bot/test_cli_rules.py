"""`steward rules`, run as people run it, beside a database that a bot has used and without one."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.app import Steward
from bot.cli import main
from bot.clock import SystemClock
from bot.settings import Settings
from handlers.moderation import book
from handlers.moderation.rule import Rule
from handlers.moderation.rules import load_rule_files
from handlers.moderation.written import as_json
from handlers.settings import ModerationSettings
from storage.database import Database
from storage.flags import Flag
from storage.store import Store
from tests.bot.rig import START

RULE = """\
[[rule]]
id = "adverts"
category = "advertising"
article = "五.2"
state = "remind"
words = ["代写"]
"""
EXAMPLES = '[rule.examples]\nfire = ["专业代写"]\nquiet = ["下午开会"]\n'
OTHER = RULE.replace("adverts", "other").replace("代写", "开会")


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("config.toml").write_text('[moderation]\nrules = ["mine.toml"]\n', encoding="utf-8")
    given(RULE + EXAMPLES, "mine.toml")


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, ["rules", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def given(text: str, name: str = "new.toml") -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def a_bot_that_ran(tmp_path: Path) -> None:
    settings = Settings(base=tmp_path, moderation=ModerationSettings(rules=("mine.toml",)))
    Steward.open(settings, SystemClock()).close()


def stored() -> dict[str, Rule]:
    with Database(Path("steward.db")) as database:
        return {rule.id: rule for rule in book.read(Store(database).rules).rules}


def put(rule: Rule) -> None:
    with Database(Path("steward.db")) as database, database.transaction():
        rules = Store(database).rules
        before = rules.get(rule.id)
        assert before is not None
        rules.put(replace(before, body=as_json(rule), follows=None, by="li"))


def test_check_tries_the_examples() -> None:
    result = run("check")
    assert result.exit_code == 0
    assert "mine.toml，1 条规则，1 个词，2 句例句" in result.output
    assert not Path("steward.db").exists()


def test_check_names_each_example_that_is_wrong() -> None:
    given(RULE + EXAMPLES.replace("专业代写", "专业代考") + OTHER, "mine.toml")
    result = run("check")
    assert result.exit_code == 1
    assert "规则 adverts 例句「专业代考」：应命中，没有命中 / must fire and does not" in result.output
    assert "规则 adverts 例句「下午开会」：不应命中，被 other 命中 / must not fire; other does" in result.output


def test_check_looks_at_what_is_in_use_as_well(tmp_path: Path) -> None:
    a_bot_that_ran(tmp_path)
    put(replace(stored()["adverts"], words=("代考",)))
    assert run("check").exit_code == 1
    assert run("check", "mine.toml").exit_code == 0


def test_check_tells_mistakes_and_single_characters() -> None:
    assert run("check", given(RULE.replace("remind", "warn"))).exit_code == 2
    assert "只有一个字" in run("check", given(RULE.replace("代写", "代"))).output


def test_test_goes_by_the_rules_in_force(tmp_path: Path) -> None:
    assert "adverts" in run("test", "专业代*写").output
    a_bot_that_ran(tmp_path)
    put(replace(stored()["adverts"], words=("代考",)))
    assert "nothing fires" in run("test", "专业代写").output
    assert "adverts" in run("test", "代考").output
    assert "adverts" in run("test", "--rules", "mine.toml", "专业代写").output


def test_replay_over_a_file_counts_by_rule() -> None:
    file = given("代写论文\n下午开会\n专业代写，电话13812345678\n", "samples.txt")
    result = run("replay", file)
    assert result.exit_code == 0
    assert "adverts：2" in result.output
    assert "共 3 条样本" in result.output
    lines = [json.loads(line) for line in run("replay", "--json", file).stdout.splitlines()]
    assert lines[0] == {"text": "代写论文", "origin": "samples.txt", "rules": ["adverts"]}
    assert "13812345678" not in lines[2]["text"]


def test_replay_holds_a_file_against_the_rules_in_force() -> None:
    file = given("代写论文\n下午开会\n会议\n", "all.txt")
    result = run("replay", "--rules", given(OTHER), file)
    assert "+ other「下午开会」all.txt" in result.output
    assert "- adverts「代写论文」all.txt" in result.output
    assert "多命中 1 条，少命中 1 条" in result.output
    assert json.loads(run("replay", "--json", "--rules", "new.toml", file).stdout.splitlines()[0])["before"] == [
        "adverts"
    ]


def test_replay_without_a_file_takes_what_is_stored_and_the_own_file(tmp_path: Path) -> None:
    given("代写论文\n", "samples.txt")
    assert "共 1 条样本" in run("replay").output
    a_bot_that_ran(tmp_path)
    with Database(Path("steward.db")) as database, database.transaction():
        flag = Flag("m", "adverts", "advertising", "五.2", "remind", "mention", "c", "li", "专业代写", START)
        Store(database).flags.add(flag)
    assert "共 2 条样本" in run("replay").output


@pytest.mark.parametrize("name", ["none.txt", "config.toml"])
def test_replay_refuses_what_it_cannot_read(name: str) -> None:
    assert run("replay", name).exit_code == 2


def test_rules_go_out_and_come_in(tmp_path: Path) -> None:
    a_bot_that_ran(tmp_path)
    assert run("export", "out.toml").exit_code == 0
    assert load_rule_files([Path("out.toml")]) == load_rule_files([Path("mine.toml")])
    given(Path("out.toml").read_text(encoding="utf-8").replace('"代写"', '"代写", "代考"') + OTHER, "out.toml")
    result = run("import", "--dry-run", "out.toml")
    assert "adverts：加词：代考" in result.output
    assert "would change 2" in result.output
    assert set(stored()) == {"adverts"}
    assert "imported 2" in run("import", "out.toml").output
    assert stored()["adverts"].words == ("代写", "代考")
    assert set(stored()) == {"adverts", "other"}
    assert "imported 0" in run("import", "out.toml").output
    with Database(Path("steward.db")) as database:
        assert {entry.action for entry in Store(database).audit.latest(2)} == {"rules import"}
        found = Store(database).rules.get("adverts")
    assert found is not None
    assert (found.by, found.why, found.follows) == ("cli", "导入 out.toml", None)


def test_rules_come_in_before_the_first_start_beside_those_of_the_files() -> None:
    assert run("import", given(OTHER)).exit_code == 0
    assert set(stored()) == {"adverts", "other"}


def test_a_wrong_file_changes_nothing() -> None:
    assert run("import", given(OTHER.replace("remind", "warn"))).exit_code == 2
    assert not Path("steward.db").exists()
