"""`steward run`: connect to DingTalk and work until told to stop."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from bot import logs
from bot.app import Steward
from bot.cli.options import config_option, end_with, load_or_exit
from bot.cli.stopping import on_stop_signals
from bot.clock import SystemClock
from bot.settings import Settings, missing_credentials, warnings
from handlers.cleanup.when import WhenError
from handlers.moderation.rules import RuleError
from storage.database import DatabaseError
from storage.lock import AlreadyInUseError


@click.command("run")
@config_option
def run(config: Path | None) -> None:
    """连接钉钉，开始工作；Ctrl-C 结束 / connect to DingTalk and work; Ctrl-C ends it.

    Exit status 0: ended by request; 2: the configuration or the database is not usable.
    """
    settings = load_or_exit(config)
    if missing := missing_credentials(settings):
        end_with(*missing)
    for line in warnings(settings, config):
        click.echo(f"提醒 / warning: {line}", err=True)
    logs.set_up(settings.log.level, settings.log.format)
    asyncio.run(_work(settings))


async def _work(settings: Settings) -> None:
    try:
        steward = Steward.open(settings, SystemClock())
    except RuleError as error:
        end_with(*error.problems)
    except (AlreadyInUseError, DatabaseError, WhenError) as error:
        end_with(str(error))
    on_stop_signals(asyncio.get_running_loop(), steward.stop)
    await steward.run()
