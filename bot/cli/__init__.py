"""The command line, a file a group of verbs. A verb's module is loaded only when it is used."""

from __future__ import annotations

import importlib
from typing import Any

import click

_VERBS = {
    "run": ("bot.cli.run:run", "连接钉钉，开始工作 / connect to DingTalk and work"),
    "sandbox": ("bot.cli.sandbox:sandbox", "本机试用：模拟钉钉与示例学院 / try it: a local DingTalk"),
    "check-config": ("bot.cli.check_config:check_config", "检查配置 / check the configuration"),
    "doctor": ("bot.cli.doctor:doctor", "自检：收不到、发不出、没反应、没按时的原因 / why it does not work"),
    "policy": ("bot.cli.policy:policy", "规章：导入、列表、测试 / regulations"),
    "rules": ("bot.cli.rules:rules", "内容规则：检查、测试 / content rules"),
    "scan": ("bot.cli.scan:scan", "扫描导出的消息 / scan exported messages"),
    "bridge": ("bot.cli.bridge:bridge", "接收整个群的消息（要同意） / take all messages of groups that allow it"),
    "import": ("bot.cli.imports:imports", "导入人员、群、群成员 / import people, groups, members"),
    "cleanup": ("bot.cli.cleanup:cleanup", "群成员清理 / membership clean-up"),
    "study": ("bot.cli.study:study_verbs", "学习与测验：导入题目、导出台账 / study and quizzes"),
    "backup": ("bot.cli.backup:backup", "备份数据库，运行中也可以 / back up the database, while the bot runs, too"),
    "restore": ("bot.cli.restore:restore", "用备份恢复数据库 / put a backup in the database's place"),
    "purge": ("bot.cli.purge:purge", "删除超过保留期限的记录 / delete what is older than the retention says"),
    "export": ("bot.cli.export:export", "导出存着的关于一个人的全部内容 / all that is stored about a person"),
    "forget": ("bot.cli.forget:forget", "删掉一个人的记录 / forget a person"),
    "version": ("bot.cli.version:version", "版本 / version"),
}


class _Verbs(click.Group):
    """Knows the names of all verbs without loading them, so that each starts fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _VERBS:
            return None
        module, _, name = _VERBS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        from bot.cli.output import guarded_output  # here, so that --help loads no settings

        with guarded_output():
            return super().invoke(ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _VERBS.items()])


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """群管家：钉钉群机器人，答规章、提醒不当内容、按期清理群成员。

    Steward, a DingTalk bot for colleges: answers about regulations, flags unfit content, keeps groups clean.
    """
