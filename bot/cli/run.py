"""`steward run`: connect to DingTalk and work until told to stop."""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path

import click

from bot import logs
from bot.app import Steward
from bot.cli.options import config_option, end_with, load_or_exit
from bot.cli.stopping import on_stop_signals
from bot.clock import SystemClock
from bot.settings import Settings, SettingsError, load, missing_credentials, unreadable_keys, warnings
from handlers.cleanup.when import WhenError
from handlers.moderation.rules import RuleError
from storage.database import DatabaseError
from storage.lock import AlreadyInUseError

logger = logging.getLogger(__name__)

_DEFAULT = Path("config.toml")


@click.command("run")
@config_option
def run(config: Path | None) -> None:
    """连接钉钉，开始工作；Ctrl-C 结束 / connect to DingTalk and work; Ctrl-C ends it.

    再按一次 Ctrl-C 立即结束。后台运行时，SIGHUP（systemctl reload）重新读取设置和规则。/ A second Ctrl-C ends it at once. In the
    background, SIGHUP (systemctl reload) has it read settings and rules anew.

    Exit status 0: ended by request; 1: ended by an error of our own, start it again; 2: the configuration or the database is not usable.
    """
    settings = load_or_exit(config)
    if config is None and _DEFAULT.exists():
        config = _DEFAULT  # when it is read anew, it has to be there
    if missing := missing_credentials(settings) + unreadable_keys(settings):
        end_with(*missing)
    for line in warnings(settings, config):
        click.echo(f"提醒 / warning: {line}", err=True)
    secrets = settings.secrets
    logs.set_up(settings.log.level, settings.log.format, hidden=secrets)
    logging.captureWarnings(True)
    try:
        asyncio.run(_work(settings, config))
    except Exception:
        # In the log, and so without secrets; whoever started it starts it again.
        logger.exception("意外结束 / ended by an error of our own")
        sys.exit(1)


async def _work(settings: Settings, config: Path | None) -> None:
    try:
        steward = Steward.open(settings, SystemClock())
    except RuleError as error:
        end_with(*error.problems)
    except (AlreadyInUseError, DatabaseError, WhenError) as error:
        end_with(str(error))
    loop = asyncio.get_running_loop()
    reloads: set[asyncio.Task[None]] = set()
    turn = asyncio.Lock()

    async def reload_in_turn() -> None:
        async with turn:  # the last one read is the last one that takes effect
            await _reload(steward, config)

    def reload() -> None:
        task = loop.create_task(reload_in_turn())
        reloads.add(task)
        task.add_done_callback(reloads.discard)

    on_stop_signals(loop, steward.stop, reload)
    await steward.run()


async def _reload(steward: Steward, config: Path | None) -> None:
    """Read settings and rules anew; with any mistake in them all stays as it was, and every mistake is in the log."""
    problems: list[str] = []
    try:
        settings = await asyncio.to_thread(load, config)
        if missing := missing_credentials(settings) + unreadable_keys(settings):
            raise SettingsError(missing)  # half a file, say; the bot could not start with it
        found = await steward.reload(settings)
    except (SettingsError, RuleError) as error:
        problems = error.problems
    except WhenError as error:
        problems = [str(error)]
    except Exception:
        logger.exception("没有重新读取，仍按原来的运行 / not read anew, all stays as it was")
        return
    for problem in problems:
        logger.error("%s", problem)
    if problems:
        logger.error(
            "设置或规则有 %d 处错误，仍按原来的运行 / mistakes in settings or rules: all stays as it was", len(problems)
        )
        return
    logs.set_up(found.settings.log.level, found.settings.log.format, hidden=found.settings.secrets)
    logger.info("已重新读取设置和规则，改动：%s / read anew, changed", "、".join(found.changed) or "无")
    if found.at_next_start:
        logger.warning("要重启才生效 / needs a restart: %s", "、".join(found.at_next_start))
