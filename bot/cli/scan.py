"""`steward scan`: content rules over exported messages."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from bot.cli.options import config_option, end_with, json_lines, load_or_exit, write_json
from handlers.moderation.excerpts import masked
from handlers.moderation.rules import RuleError, load_rule_files
from handlers.moderation.scanner import Hit, Scanner
from handlers.moderation.texts import CATEGORY_LABELS

rules_option = click.option(
    "--rules",
    "rules_file",
    type=click.Path(path_type=Path),
    default=None,
    metavar="FILE",
    help="只用这个规则文件 / only the rules of this file",
)
"""Add `--rules FILE`."""


@click.command("scan")
@config_option
@click.option("--json", "as_json", is_flag=True, help="每行一个 JSON / one JSON object a line")
@rules_option
@click.argument("file", type=click.Path(path_type=Path))
def scan(config: Path | None, as_json: bool, rules_file: Path | None, file: Path) -> None:
    """扫描导出的消息，每行 {"text": "…"}；不联网、不记录 / scan exported messages; offline, nothing is recorded.

    Rules of every state count. Exit status 0: done, whatever was found; 2: bad input.
    """
    scanner = load_scanner(config, rules_file)
    lines = flagged = 0
    for number, text in json_lines(file, "text"):
        hits = scanner.scan(text)
        lines += 1
        flagged += bool(hits)
        if as_json:
            write_json({"text": text, "flagged": bool(hits), "hits": [as_object(hit) for hit in hits]})
        else:
            for hit in hits:
                click.echo(f"第 {number} 行：{describe(hit)}")
    sys.stdout.flush()
    if not as_json:
        click.echo(f"共 {lines} 条，命中 {flagged} 条 / {lines} messages, {flagged} flagged", err=True)


def load_scanner(config: Path | None, rules_file: Path | None) -> Scanner:
    """The scanner of one file, or of the configuration. Every mistake goes to standard error, with status 2."""
    paths: Sequence[Path] = load_or_exit(config).rule_paths if rules_file is None else [rules_file]
    try:
        return Scanner.from_rules(load_rule_files(paths))
    except RuleError as error:
        end_with(*error.problems)


def as_object(hit: Hit) -> dict[str, object]:
    """A hit as programs read it (docs/formats.md)."""
    return {
        "rule": hit.rule.id,
        "category": hit.rule.category,
        "article": hit.rule.article,
        "span": list(hit.span),
        "matched": hit.matched,
    }


def describe(hit: Hit) -> str:
    """A hit as people read it, numbers masked."""
    matched = " ".join(masked(hit).split())
    where = f"{CATEGORY_LABELS[hit.rule.category]}，{hit.rule.article}"
    return f"{hit.rule.id}（{where}）「{matched}」[{hit.span[0]}, {hit.span[1]}]"
