"""`steward check-config` and `steward version`, run as people run them."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main

SECRET = "s3cret-that-nobody-may-see"
GOOD = f"""
[dingtalk]
client_id = "dingabc"
client_secret = "{SECRET}"
"""


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("STEWARD_DINGTALK__CLIENT_SECRET", raising=False)
    monkeypatch.chdir(tmp_path)


def check(text: str, *, mode: int = 0o600) -> Result:
    path = Path("college.toml")
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    result = CliRunner().invoke(main, ["check-config", "-c", str(path)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert SECRET not in result.output
    return result


def test_a_good_configuration_is_summed_up() -> None:
    result = check(GOOD + '[storage]\npath = "data.db"')
    assert result.exit_code == 0
    assert "一切正常" in result.stdout
    assert "1 个清理计划" in result.stdout
    assert "data.db" in result.stdout
    assert result.stderr == ""
    assert not Path("data.db").exists()


def test_a_bad_configuration_is_told_whole_and_at_once() -> None:
    result = check(
        """
        [dingtalk]
        client_id = ""
        client_secret_file = "nowhere"
        connections = 9
        [moderation]
        rules = ["no-such-rules.toml"]
        [[cleanup.schedules]]
        name = "monthly"
        when = "每月第一百个工作日"
        [colour]
        """
    )
    assert result.exit_code == 2
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    for part in (
        "connections = 9",
        "client_id 没有填",
        "client_secret_file",
        "no-such-rules.toml",
        "schedules 第 1 项 的 when",
        "[colour]",
    ):
        assert sum(part in line for line in lines) == 1, (part, lines)
    assert len(lines) == 6


def test_a_credential_of_the_wrong_kind_is_not_said_to_be_missing_as_well() -> None:
    result = check("[dingtalk]\nclient_id = 5\nclient_secret = 6\n")
    first, second = result.stderr.splitlines()
    assert first.startswith("[dingtalk] client_id = 5：")
    assert second.startswith("[dingtalk] client_secret = ***：")


@pytest.mark.parametrize("path", ["", ".", "college.toml/steward.db"])
def test_a_database_path_that_no_file_can_have_is_one_line(path: str) -> None:
    result = check(GOOD + f'[storage]\npath = "{path}"')
    (line,) = result.stderr.splitlines()
    assert (result.exit_code, result.stdout) == (2, "")
    assert line.startswith(f"[storage] path = {path!r}：")


def test_mistakes_in_rule_files_name_the_setting() -> None:
    Path("own.toml").write_text('[[rule]]\nid = "a"\nword = ["x"]\n', encoding="utf-8")
    result = check(GOOD + '[moderation]\nrules = ["own.toml", "none.toml"]')
    assert result.exit_code == 2
    assert all(line.startswith("[moderation] rules：") for line in result.stderr.splitlines())
    assert "rules：none.toml：没有这个规则文件" in result.stderr


def test_broken_toml_is_one_line() -> None:
    result = check("[dingtalk\n")
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)


def test_a_secret_open_to_all_is_a_warning_only() -> None:
    result = check(GOOD, mode=0o644)
    assert result.exit_code == 0
    assert "提醒 / warning: college.toml" in result.stderr


def test_without_any_file_the_credentials_are_missing() -> None:
    result = CliRunner().invoke(main, ["check-config"])
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 2


def test_a_wrong_option_is_bad_usage() -> None:
    assert CliRunner().invoke(main, ["check-config", "--colour"]).exit_code == 2


def test_the_version_is_the_installed_one() -> None:
    result = CliRunner().invoke(main, ["version"])
    assert (result.exit_code, result.output) == (0, f"dingtalk-steward {version('dingtalk-steward')}\n")
