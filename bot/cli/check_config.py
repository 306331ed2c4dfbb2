"""`steward check-config`: is the configuration usable, and what does it amount to?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from bot.cli.options import config_option, end_with
from bot.own_words import wrong_words
from bot.settings import Settings, SettingsError, examine, missing_credentials, unreadable_keys, warnings
from handlers.moderation.rules import RuleError, load_rule_files


@click.command("check-config")
@config_option
def check_config(config: Path | None) -> None:
    """检查配置与规则文件，不连网 / check configuration and rule files, without network.

    Every mistake is one line on standard error. Exit status 0: usable; 2: not.
    """
    found = look_at(config)
    for line in warnings(found.settings, config):
        click.echo(f"提醒 / warning: {line}", err=True)
    if found.problems:
        end_with(*found.problems)
    settings = found.settings
    click.echo(
        f"一切正常 / all well：{found.rules} 条内容规则，{len(settings.cleanup.schedules)} 个清理计划，"
        f"{len(settings.study.schedules)} 个学习计划，数据库 {settings.database_path}"
    )


@dataclass(frozen=True, slots=True)
class Examined:
    """What a configuration amounts to: defaults stand in for what is wrong in it."""

    settings: Settings
    problems: list[str]
    """A line for each mistake."""
    rules: int
    """Content rules that were read."""


def look_at(config: Path | None) -> Examined:
    """Read the configuration and the files that it names. A file that cannot be read ends the program with status 2."""
    try:
        settings, problems = examine(config)
    except SettingsError as error:
        end_with(*error.problems)
    wrong = [problem.partition(" = ")[0] for problem in problems]
    problems += [line for line in missing_credentials(settings) if line.partition(" 没有填")[0] not in wrong]
    problems += unreadable_keys(settings)
    rules = 0
    try:
        rules = len(load_rule_files(settings.rule_paths))
    except RuleError as error:
        problems += [f"[moderation] rules：{line}" for line in error.problems]
    words = [f"[policy] synonyms：{line}" for line in wrong_words(settings.synonyms_path)]
    return Examined(settings, problems + words + _no_file(settings), rules)


def _no_file(settings: Settings) -> list[str]:
    """A line where the database's path cannot be a file's. Nothing is created or opened."""
    path = settings.database_path
    above = next((folder for folder in path.parents if folder.exists()), Path())
    if path.is_dir():
        why = "是文件夹，要写文件名，如 steward.db / is a folder, must be a file's name"
    elif not above.is_dir():
        why = f"{above} 不是文件夹，里面放不下数据库 / {above} is no folder"
    else:
        return []
    return [f"[storage] path = {settings.storage.path!r}：{why}"]
