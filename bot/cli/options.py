"""What several verbs share: `-c/--config`, loading it, and reading JSON lines."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from bot.settings import Settings, SettingsError, load
from storage.database import Database, DatabaseError

F = TypeVar("F", bound=Callable[..., Any])

BAD_INPUT = 2
"""Exit status for bad usage or bad input."""


def config_option(function: F) -> F:
    """Add `-c/--config FILE`."""
    option = click.option(
        "-c",
        "--config",
        type=click.Path(path_type=Path),
        default=None,
        help="配置文件，默认当前文件夹的 config.toml / configuration, default config.toml in the working directory",
    )
    return option(function)


def load_or_exit(config: Path | None) -> Settings:
    """The settings; on mistakes every line goes to standard error and the program ends with status 2."""
    try:
        return load(config)
    except SettingsError as error:
        end_with(*error.problems)


@contextmanager
def open_or_exit(settings: Settings) -> Iterator[Database]:
    """The database of the settings; on trouble while it is open, too, one line on standard error and status 2.

    The trouble that may come later: another process writes for longer than we wait, a full or broken disk.
    """
    try:
        with Database(settings.database_path) as database:
            yield database
    except DatabaseError as error:
        end_with(str(error))
    except sqlite3.OperationalError as error:
        end_with(
            f"数据库 {settings.database_path} 现在用不了（{error}），请稍后再试，并看看磁盘有没有空间 / "
            "the database cannot be used now: try again later, and see whether the disk is full"
        )


def end_with(*lines: str, status: int = BAD_INPUT) -> NoReturn:
    """Say these lines on standard error and end."""
    for line in lines:
        click.echo(line, err=True)
    sys.exit(status)


def json_lines(path: Path, key: str) -> Iterator[tuple[int, str]]:
    """Line number and text under `key` of every JSON line of a file, read as it goes, however long the file is.

    Ends the program with status 2 on a bad line.
    """
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                where, place = f"{path} 第 {number} 行", f"line {number}"
                if text := _decoded(line, where, place).strip():
                    yield number, _text_under(key, text, where, place)
    except OSError as error:
        end_with(f"{path}：读不到（{error.strerror}）/ cannot be read")


def _decoded(line: bytes, where: str, place: str) -> str:
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError:
        end_with(f"{where}：不是 UTF-8 编码，请另存为 UTF-8 / {place} is not UTF-8")


def _text_under(key: str, line: str, where: str, place: str) -> str:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        end_with(f"{where}：不是 JSON（{error}）/ {place} is not JSON")
    if not isinstance(found, dict) or not isinstance(found.get(key), str):
        end_with(f'{where}：要写 {{"{key}": "…"}} / {place} needs a text under "{key}"')
    text: str = found[key]
    return text


def write_json(value: dict[str, Any]) -> None:
    """One JSON object on a line of standard output, in UTF-8 whatever the console speaks.

    Half of a surrogate pair, which UTF-8 cannot hold, comes out as the `\\ud83d` that it came in as.
    """
    try:
        line = json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        line = json.dumps(value).encode()
    sys.stdout.buffer.write(line + b"\n")
