"""`steward rules check|test|replay|export|import`: are the rules in order, what would they do, and taking them in and out."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from bot.cli.options import config_option, end_with, load_or_exit, write_json
from bot.cli.rule_store import rules_in_force, rules_of, samples_of
from bot.cli.rules_exchange import export, import_
from bot.cli.scan import describe, rules_option
from bot.imports.samples import read
from bot.imports.tables import TableError
from handlers.moderation.building import scanner_for
from handlers.moderation.masking import mask
from handlers.moderation.normalise import bare
from handlers.moderation.replay import Mistaken, Sample, caught_by, mistaken_examples
from handlers.moderation.rule import Rule
from handlers.moderation.texts import follows

FOUND = 1
"""Exit status: done, and something does not do what it should."""
_MOST_SHOWN = 200
_LONGEST_SHOWN = 80


@click.group("rules")
def rules() -> None:
    """内容规则 / content rules (五.2)."""


rules.add_command(export)
rules.add_command(import_)


@rules.command("check")
@config_option
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
def check(config: Path | None, files: tuple[Path, ...]) -> None:
    """检查规则和它们的例句；不写文件名就查现在用的和配置里的 / check rules and their examples; without a name those in use.

    Exit status 0: in order; 1: an example does not do what it should; 2: a mistake, with one line for each.
    """
    settings = load_or_exit(config)
    found = rules_of(list(files) or settings.rule_paths)
    # Somebody may have changed what the files say: the rules in use are looked at as well.
    sets = [found] if files else list(dict.fromkeys((found, rules_in_force(settings))))
    wrong = 0
    for one in sets:
        _warn_of_short_words(one)
        mistaken = mistaken_examples(scanner_for(one, settings.moderation), one)
        wrong += len(mistaken)
        for mistake in mistaken:
            click.echo(_said(mistake), err=True)
    if wrong:
        end_with(f"有 {wrong} 句例句不对 / {wrong} examples do not do what they should", status=FOUND)
    words = sum(len(rule.words) for rule in found)
    examples = sum(len(rule.examples.fire) + len(rule.examples.quiet) for rule in found)
    names = "、".join(map(str, list(files) or settings.rule_paths)) or "内置规则 / the built-in rules"
    click.echo(f"一切正常 / all well：{names}，{len(found)} 条规则，{words} 个词，{examples} 句例句")


def _warn_of_short_words(found: Sequence[Rule]) -> None:
    for rule in found:
        for word in rule.words:
            if len(bare(word)) == 1:
                click.echo(
                    f"提醒 / warning: {rule.id} words = {word!r}：只有一个字，误中会很多 / a single character hits often",
                    err=True,
                )


def _said(mistake: Mistaken) -> str:
    if mistake.should_fire:
        return f"规则 {mistake.rule.id} 例句「{mistake.text}」：应命中，没有命中 / must fire and does not"
    by = "、".join(rule.id for rule in mistake.by)
    return f"规则 {mistake.rule.id} 例句「{mistake.text}」：不应命中，被 {by} 命中 / must not fire; {by} does"


@rules.command("test")
@config_option
@rules_option
@click.argument("text")
def test(config: Path | None, rules_file: Path | None, text: str) -> None:
    """看一段文字会命中什么；不联网、不记录 / what would fire on a text; offline, nothing is recorded."""
    settings = load_or_exit(config)
    found = rules_in_force(settings) if rules_file is None else rules_of([rules_file])
    hits = scanner_for(found, settings.moderation).scan(text)
    for hit in hits:
        click.echo(f"{describe(hit)} {hit.rule.state}：{follows(hit.rule)}")
    if not hits:
        click.echo("没有规则会命中 / nothing fires")


@rules.command("replay")
@config_option
@rules_option
@click.option("--json", "as_json", is_flag=True, help="每行一个 JSON / one JSON object a line")
@click.argument("file", required=False, type=click.Path(path_type=Path))
def replay(config: Path | None, rules_file: Path | None, as_json: bool, file: Path | None) -> None:
    """在样本上重放规则：留存的片段和自己的样本，或者一个文件（.txt .csv .xlsx .jsonl） / replay rules over samples, or a file.

    写了 --rules 就和现在用的比：+ 是多命中的，- 是少命中的。/ With --rules that file is held against the rules in force: + fires
    with it only, - without it only. Exit status 0: done; 2: bad input.
    """
    settings = load_or_exit(config)
    samples = samples_of(settings) if file is None else _samples(file)
    now = scanner_for(rules_in_force(settings), settings.moderation)
    then = None if rules_file is None else scanner_for(rules_of([rules_file]), settings.moderation)
    counts: Counter[str] = Counter()
    shown = {"+": 0, "-": 0}
    for sample in samples:
        before = {rule.id for rule in caught_by(now, sample)}
        after = before if then is None else {rule.id for rule in caught_by(then, sample)}
        counts.update(after)
        if as_json:
            line = {"text": mask(sample.text), "origin": sample.origin, "rules": sorted(after)}
            write_json(line if then is None else {**line, "before": sorted(before)})
        elif bool(before) != bool(after):
            sign = "+" if after else "-"
            shown[sign] += 1
            if shown[sign] <= _MOST_SHOWN:
                text = " ".join(mask(sample.text)[:_LONGEST_SHOWN].split())
                click.echo(f"{sign} {'、'.join(sorted(after or before))}「{text}」{sample.origin}")
    sys.stdout.flush()
    if not as_json:
        _summary(len(samples), counts, shown if then is not None else None)


def _summary(total: int, counts: Counter[str], shown: dict[str, int] | None) -> None:
    if shown is None:
        for rule, count in counts.most_common():
            click.echo(f"{rule}：{count}")
    else:
        click.echo(f"多命中 {shown['+']} 条，少命中 {shown['-']} 条 / {shown['+']} more, {shown['-']} fewer", err=True)
    click.echo(f"共 {total} 条样本 / {total} samples", err=True)


def _samples(file: Path) -> list[Sample]:
    try:
        return [Sample(text, file.name) for text in read(file)]
    except TableError as error:
        end_with(str(error))
