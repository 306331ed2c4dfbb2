"""`steward cleanup findings`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bot.cli.options import config_option, end_with, load_or_exit, open_or_exit, write_json
from bot.clock import SystemClock
from handlers.cleanup.cycle import findings_of
from handlers.cleanup.findings import Found
from handlers.cleanup.roster import Roster
from handlers.cleanup.texts import REASON_LABELS
from storage.store import Store


@click.group("cleanup")
def cleanup() -> None:
    """群成员清理 / membership clean-up (五.8)."""


@cleanup.command("findings")
@config_option
@click.option("--json", "as_json", is_flag=True, help="每行一个 JSON / one JSON object a line")
@click.option("--group", "conversation", default=None, metavar="ID", help="只看一个群 / one group only")
def findings(config: Path | None, as_json: bool, conversation: str | None) -> None:
    """列出每个群的问题，不联网、不改动 / list what is wrong in each group; offline, changes nothing.

    Exit status 0: nothing found; 1: something found; 2: bad input.
    """
    settings = load_or_exit(config)
    with open_or_exit(settings) as database:
        store = Store(database)
        groups = store.groups.all()
        if conversation is not None:
            groups = [group for group in groups if group.conversation == conversation]
            if not groups:
                end_with(f"没有 {conversation} 这个群 / no such group; steward import groups brings it in")
        titles = {group.conversation: group.label for group in groups}
        today = SystemClock().now().astimezone(settings.scheduler.timezone).date()
        roster = Roster.load(store.staff, today)
        found = findings_of(groups, store, roster, today, settings.cleanup)
    for one in found:
        if as_json:
            write_json(_as_json(one))
        else:
            who = one.name or "本群"
            detail = f"（{one.detail}）" if one.detail else ""
            click.echo(
                f"{titles[one.conversation]}：{who} {REASON_LABELS[one.reason]}{detail} [{one.article}] {one.recommendation}"
            )
    if not groups:
        click.echo("还没有群，请先用 steward import groups 导入 / there are no groups yet", err=True)
    elif not found and not as_json:
        click.echo("没有发现问题 / nothing found", err=True)
    sys.stdout.flush()
    sys.exit(1 if found else 0)


def _as_json(found: Found) -> dict[str, str | None]:
    return {
        "group": found.conversation,
        "kind": found.kind,
        "member": found.member,
        "reason": found.reason,
        "article": found.article,
        "recommendation": found.recommendation,
        "source": found.source,
    }
