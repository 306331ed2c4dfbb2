"""`steward bridge`: all messages of a group, from another program, for the bot to look at."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import sys
from pathlib import Path

import click

from bot.bridge.doors import PipeError, open_pipe, pipe_pieces, stream_pieces
from bot.bridge.listening import LEAST_TOKEN, Listening, ListeningError
from bot.bridge.taking import Taking
from bot.bridge.working import Complaints, Working
from bot.cli.options import config_option, end_with, load_or_exit, open_or_exit
from bot.cli.stopping import on_stop_signals
from bot.clock import SystemClock
from bot.secrets import SecretError
from bot.settings import Settings
from storage.bridge import Tally
from storage.store import Store


@click.command("bridge")
@config_option
@click.option("--stdin", "door", flag_value="stdin", help="从标准输入读 / read standard input")
@click.option(
    "--pipe", "door", flag_value="pipe", help="从命名管道 [bridge] pipe 读 / read the named pipe [bridge] pipe"
)
@click.option(
    "--listen",
    "door",
    flag_value="address",
    help="在本机 [bridge] port 上收，要带口令 / take POSTs on this machine, with a token",
)
@click.option(
    "--group",
    "groups",
    multiple=True,
    metavar="ID",
    help="只收这个群，可写几次；一个群一个进程时要写 / only this group; may be given several times",
)
def bridge(config: Path | None, door: str | None, groups: tuple[str, ...]) -> None:
    """接收另一个程序送来的群消息，每行一个 JSON / take a group's messages from another program, one JSON object a line.

    只收同意旁听的群（docs/bridge.md）；和 steward run 同时运行，机器人停着时先存着。/ Only groups that allow it (docs/bridge.md); runs
    beside steward run, and keeps what comes while that is stopped.

    Exit status 0: the source or a signal ended it, nothing was lost; 1: something was; 2: the configuration is not usable.
    """
    settings = load_or_exit(config)
    if not settings.bridge.enabled:
        end_with(
            "消息桥接没有开启：请先读 docs/bridge.md，再设 [bridge] enabled = true / the bridge is off, see docs/bridge.md"
        )
    if door is None:
        end_with("请写 --stdin、--pipe 或 --listen 之一 / say --stdin, --pipe or --listen")
    with open_or_exit(settings) as database:
        store = Store(database)
        complaints = Complaints(_say)
        clock = SystemClock()
        if door == "stdin":
            taking = Taking(store, settings.bridge, clock, "stdin", complaints, groups)
            _work(Working(taking, stream_pieces(sys.stdin.fileno()), _say))
        elif door == "pipe":
            pieces = pipe_pieces(_pipe(settings))
            taking = Taking(store, settings.bridge, clock, "pipe", complaints, groups)
            _work(Working(taking, pieces, _say))
        else:
            taking = Taking(store, settings.bridge, clock, "address", complaints, groups)
            asyncio.run(_listen(Listening(taking, _token(settings), _say), settings))
    _say(summary(taking.tally))
    sys.exit(1 if taking.tally.lost else 0)


def summary(tally: Tally) -> str:
    """What became of the lines, for people."""
    return (
        f"收到 {tally.lines} 行：新的 {tally.taken}，重复 {tally.known}，不用看 {tally.unwanted}，读不懂 {tally.bad}，"
        f"没存下 {tally.dropped}，对方说还有 {tally.missing} 条没送到 / lines, new, known, not wanted, bad, dropped, missing"
    )


def _work(working: Working) -> None:
    def stop(*_: object) -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        working.stop()

    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, stop)
    _say("开始接收 / reading")
    try:
        working.run()
    except sqlite3.Error as error:
        end_with(f"数据库写不了 / the database cannot be written: {error}")


async def _listen(listening: Listening, settings: Settings) -> None:
    until = asyncio.Event()
    on_stop_signals(asyncio.get_running_loop(), until.set)
    try:
        await listening.run(settings.bridge.host, settings.bridge.port, until)
    except ListeningError as error:
        end_with(str(error))
    except sqlite3.Error as error:
        end_with(f"数据库写不了 / the database cannot be written: {error}")


def _pipe(settings: Settings) -> int:
    if not settings.bridge.pipe:
        end_with('请设 [bridge] pipe，如 "bridge.pipe" / set [bridge] pipe')
    try:
        return open_pipe(settings.base / settings.bridge.pipe)
    except PipeError as error:
        end_with(str(error))


def _token(settings: Settings) -> str:
    try:
        token = settings.bridge.secret(settings.base)
    except SecretError as error:
        end_with(str(error))
    if len(token) < LEAST_TOKEN:
        end_with(
            f"[bridge] token 至少 {LEAST_TOKEN} 位：设环境变量 STEWARD_BRIDGE__TOKEN 或写 token_file / "
            f"needs {LEAST_TOKEN} characters at least: set the environment variable or token_file"
        )
    return token


def _say(line: str) -> None:
    click.echo(line, err=True)
