"""`steward check-config`: is the configuration usable, and what does it amount to?"""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.options import config_option, end_with
from bot.settings import SettingsError, examine, missing_credentials, warnings
from handlers.moderation.rules import RuleError, load_rule_files


@click.command("check-config")
@config_option
def check_config(config: Path | None) -> None:
    """检查配置与规则文件，不连网 / check configuration and rule files, without network.

    Every mistake is one line on standard error. Exit status 0: usable; 2: not.
    """
    try:
        settings, problems = examine(config)
    except SettingsError as error:
        end_with(*error.problems)
    problems += missing_credentials(settings)
    rules = 0
    try:
        rules = len(load_rule_files(settings.rule_paths))
    except RuleError as error:
        problems += error.problems
    for line in warnings(settings, config):
        click.echo(f"提醒 / warning: {line}", err=True)
    if problems:
        end_with(*problems)
    click.echo(
        f"一切正常 / all well：{rules} 条内容规则，{len(settings.cleanup.schedules)} 个清理计划，"
        f"数据库 {settings.database_path}"
    )
