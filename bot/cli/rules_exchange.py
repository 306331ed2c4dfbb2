"""`steward rules export|import`: content rules as a rule file, out of the database and into it."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.options import config_option, load_or_exit, open_or_exit
from bot.cli.policy_exchange import write_or_exit
from bot.cli.rule_store import rules_in_force, rules_of
from bot.clock import SystemClock
from handlers.moderation import book
from handlers.moderation.editing.differences import differences
from handlers.moderation.rule import Rule
from handlers.moderation.rules import read_rule_files
from handlers.moderation.written import as_json, as_toml
from storage.audit import AuditEntry
from storage.rules import Rules, StoredRule
from storage.store import Store

_HEAD = """\
# 内容规则：改好以后用 steward rules import 导入，或者私聊发给群管家；没写到的规则不受影响。写法见 docs/rules.md。
# Content rules. Take them in with: steward rules import FILE

"""


@click.command("export")
@config_option
@click.argument("file", type=click.Path(path_type=Path))
def export(config: Path | None, file: Path) -> None:
    """把现在用的规则写成规则文件 / write the rules in force to a rule file.

    Exit status 0: done; 2: bad input, or the file cannot be written.
    """
    found = rules_in_force(load_or_exit(config))
    write_or_exit(file, (_HEAD + as_toml(found)).encode())
    click.echo(f"已导出 {len(found)} 条规则 / {len(found)} rules exported", err=True)


@click.command("import")
@config_option
@click.option("--dry-run", is_flag=True, help="只看会改什么，不导入 / only show what it would change")
@click.argument("file", type=click.Path(path_type=Path))
def import_(config: Path | None, dry_run: bool, file: Path) -> None:
    """导入规则文件，运行中的群管家马上用上；没写到的规则不受影响 / take in a rule file; rules that it does not name stay.

    有错就什么都不改。/ With anything wrong nothing is changed. Exit status 0: done; 2: bad input.
    """
    settings = load_or_exit(config)
    wanted = rules_of([file])
    rules_of(settings.rule_paths)  # a database without rules begins with these
    now = SystemClock().now()
    with open_or_exit(settings) as database, database.transaction():
        store = Store(database)
        if not store.rules.revision():
            book.follow(store.rules, read_rule_files(settings.rule_paths), now)
        changed = [(rule, lines) for rule in wanted if (lines := _changes(store.rules, rule))]
        for rule, lines in changed:
            click.echo(f"{rule.id}：{'；'.join(lines)}", err=True)
            if not dry_run:
                what = "；".join(lines)[:500]
                number = store.rules.put(StoredRule(rule.id, as_json(rule), now, "cli", what, f"导入 {file.name}"))
                store.audit.add(AuditEntry(now, "cli", "rules import", f"{number} {rule.id}", what[:200]))
    done = "会改 / would change" if dry_run else "已导入 / imported"
    click.echo(f"{done} {len(changed)}，没有变化 / unchanged {len(wanted) - len(changed)}", err=True)


def _changes(rules: Rules, rule: Rule) -> list[str]:
    """What a rule of the file changes, in lines for people."""
    stored = rules.get(rule.id)
    before = None if stored is None else book.known_of(stored)
    if before is not None and before.stored.is_removed:
        return ["恢复这条规则", *differences(before.rule, rule)]
    return differences(None if before is None else before.rule, rule)
