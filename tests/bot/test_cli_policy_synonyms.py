"""`steward policy synonyms`, run as people run it; and that the running bot sees the file at once."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.imports.synonyms import read
from bot.own_words import OwnWords
from handlers.policy.finding.synonyms import Group, shipped
from storage.database import Database
from storage.store import Store

FIRST = '[[synonyms]]\nwords = ["教务", "教学管理"]\n'
SECOND = '[[synonyms]]\nwords = ["拉丁舞", "交谊舞"]\nmeans = "舞蹈"\n'


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: str, verb: Sequence[str] = ("policy", "synonyms")) -> Result:
    result = CliRunner().invoke(main, [*verb, *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def given(text: str, name: str = "new.toml") -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def test_words_come_in_and_go_out() -> None:
    result = run("import", given(FIRST + SECOND))
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        "+ 教务、教学管理",
        "+ 拉丁舞、交谊舞 → 舞蹈",
        "已新增 2 组，去掉 0 组，0 组没变 / 2 added, 0 taken out, 0 the same",
    ]
    for name in ("out.toml", "out.csv"):
        assert run("export", name).exit_code == 0
        assert read(Path(name)).groups == read(Path("new.toml")).groups
        assert "已新增 0 组，去掉 0 组，2 组没变" in run("import", name).stderr
    with Database("steward.db") as database:
        [entry] = [one for one in Store(database).audit.latest() if one.action == "policy synonyms import"]
    assert (entry.subject, entry.detail) == ("new.toml", "2 groups, before 0")


def test_a_trial_changes_nothing() -> None:
    run("import", given(FIRST))
    before = Path("synonyms.toml").read_bytes()
    result = run("import", "--dry-run", given(SECOND))
    assert result.stderr.splitlines()[:2] == ["- 教务、教学管理", "+ 拉丁舞、交谊舞 → 舞蹈"]
    assert "没有导入" in result.stderr
    assert Path("synonyms.toml").read_bytes() == before


def test_what_ships_is_not_taken_twice() -> None:
    run("export", "--shipped", "all.csv")
    assert len(read(Path("all.csv")).groups) == len(shipped().groups)
    result = run("import", "all.csv")
    assert "已新增 0 组" in result.stderr
    assert not Path("synonyms.toml").exists()


def test_with_anything_wrong_nothing_is_changed() -> None:
    result = run("import", given(FIRST + '[[synonyms]]\nwords = ["单"]\n'))
    assert result.exit_code == 2
    assert "new.toml 第 2 个 [[synonyms]]「words」：至少要两个不同的词" in result.stderr
    assert "什么都没有改" in result.stderr
    assert not Path("synonyms.toml").exists()


def test_where_nothing_can_be_written_or_read() -> None:
    assert run("import", "gone.toml").exit_code == 2
    assert run("export", "a.txt").exit_code == 2
    Path("config.toml").write_text('[policy]\nsynonyms = ""\n', encoding="utf-8")
    result = run("import", given(FIRST))
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)


def test_check_config_names_what_is_wrong_in_the_file() -> None:
    given("[[synonyms]]\nword = 1\n", "synonyms.toml")
    result = run(verb=("check-config",))
    assert result.exit_code == 2
    assert "[policy] synonyms：" in result.stderr
    assert "没有「word」这一项" in result.stderr
    Path("synonyms.toml").unlink()
    assert "synonyms" not in run(verb=("check-config",)).stderr


def test_the_running_bot_sees_a_change_at_once(caplog: pytest.LogCaptureFixture) -> None:
    path = Path("synonyms.toml")
    words = OwnWords(path)
    assert words.current() is shipped()
    given(FIRST, "synonyms.toml")
    first = words.current()
    assert first.groups[-1] == Group(("教务", "教学管理"))
    assert words.current() is first
    given("broken", "synonyms.toml")
    assert words.current() is first
    assert "同义词有错" in caplog.text
    caplog.clear()
    assert words.current() is first
    assert caplog.text == "", "said once"
    given(SECOND, "synonyms.toml")
    os.utime(path, (1, 1))  # whatever the clock of the disk says, it is another time
    assert words.current().groups[-1].means == "舞蹈"
    path.unlink()
    assert words.current() is shipped()
    assert OwnWords(None).current() is shipped()
