"""`steward rules check|test`: are the rules in order, and what would they do?"""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.options import config_option, end_with, load_or_exit
from bot.cli.scan import describe, load_scanner, rules_option
from handlers.moderation.normalise import bare
from handlers.moderation.rules import RuleError, load_rule_files
from handlers.moderation.texts import follows


@click.group("rules")
def rules() -> None:
    """内容规则 / content rules (五.2)."""


@rules.command("check")
@config_option
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
def check(config: Path | None, files: tuple[Path, ...]) -> None:
    """检查规则文件；不写文件名就查配置里的 / check rule files; without a name those of the configuration.

    Exit status 0: in order; 2: not, with one line for each mistake.
    """
    paths = list(files) or load_or_exit(config).rule_paths
    try:
        found = load_rule_files(paths)
    except RuleError as error:
        end_with(*error.problems)
    for rule in found:
        for word in rule.words:
            if len(bare(word)) == 1:
                click.echo(
                    f"提醒 / warning: {rule.id} words = {word!r}：只有一个字，误中会很多 / a single character hits often",
                    err=True,
                )
    words = sum(len(rule.words) for rule in found)
    names = "、".join(map(str, paths)) or "内置规则 / the built-in rules"
    click.echo(f"一切正常 / all well：{names}，{len(found)} 条规则，{words} 个词")


@rules.command("test")
@config_option
@rules_option
@click.argument("text")
def test(config: Path | None, rules_file: Path | None, text: str) -> None:
    """看一段文字会命中什么；不联网、不记录 / what would fire on a text; offline, nothing is recorded."""
    hits = load_scanner(config, rules_file).scan(text)
    for hit in hits:
        click.echo(f"{describe(hit)} {hit.rule.state}：{follows(hit.rule)}")
    if not hits:
        click.echo("没有规则会命中 / nothing fires")
